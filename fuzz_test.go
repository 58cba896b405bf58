package lifecircle_test

import (
	"testing"

	"lifecircle"
)

// What is read from a text is written as a text that reads the same.

func FuzzNumber(f *testing.F) {
	for _, seed := range []string{"0", "-1", "3.15", "2/3", "9223372036854775807", "1e3", "0.000000000000000001", "", "1/0"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		n, err := lifecircle.ParseNumber(text)
		if err != nil {
			return
		}
		if again, err := lifecircle.ParseNumber(n.String()); err != nil || again != n {
			t.Fatalf("%q is %v, which reads as %v (%v)", text, n, again, err)
		}
	})
}

func FuzzPeriod(f *testing.F) {
	for _, seed := range []string{"2025", "2025-03", "2025-13", "", "0000", "2025-3"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := lifecircle.ParsePeriod(text)
		if err != nil {
			return
		}
		if again, err := lifecircle.ParsePeriod(p.String()); err != nil || again != p {
			t.Fatalf("%q is %v, which reads as %v (%v)", text, p, again, err)
		}
	})
}

func FuzzAreaCode(f *testing.F) {
	for _, seed := range []string{"640000", "640104001", "640104001000", "640104000000", "64", "６４００００"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		code, err := lifecircle.ParseAreaCode(text)
		if err != nil {
			if lifecircle.ErrorCode(err) != "area_code_invalid" {
				t.Fatal(err)
			}
			return
		}
		if again, err := lifecircle.ParseAreaCode(string(code)); err != nil || again != code {
			t.Fatalf("%q is %s, which reads as %s (%v)", text, code, again, err)
		}
	})
}
