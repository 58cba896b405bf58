package lifecircle_test

import (
	"testing"

	"pgregory.net/rapid"

	"lifecircle"
)

func TestGuardCell(t *testing.T) {
	for text, want := range map[string]string{
		"":               "",
		"城关卫生院":          "城关卫生院",
		"-12.5":          "-12.5",
		"=1+1":           "'=1+1",
		"@SUM(A1)":       "'@SUM(A1)",
		"-2+cmd|' /C'!A": "'-2+cmd|' /C'!A",
		"'=1+1":          "''=1+1",
		"'tis":           "'tis",
	} {
		if got := lifecircle.GuardCell(text); got != want {
			t.Errorf("GuardCell(%q) = %q, want %q", text, got, want)
		}
	}
	if got := lifecircle.BareCell("'=1+1"); got != "=1+1" {
		t.Errorf("BareCell = %q", got)
	}
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.SampledFrom([]rune("'=-+@\t1.a馆"))).Draw(t, "text")
		if got := lifecircle.BareCell(lifecircle.GuardCell(text)); got != text {
			t.Fatalf("%q came back as %q", text, got)
		}
	})
}
