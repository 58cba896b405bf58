package registry

import (
	"strings"

	"lifecircle"
)

// CheckCreditCode checks an organisation's unified social credit code: 18
// characters, the last of which follows from the others (GB 32100-2015, 5: the
// value of each character, weighted by a power of 3 modulo 31, adds up with the
// last to a multiple of 31).
func CheckCreditCode(code string) error {
	const alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY" // without I, O, S, V and Z
	invalid := func(format string, args ...any) error {
		return lifecircle.Errorf("credit_code_invalid", "credit code %q: "+format, append([]any{code}, args...)...).With("code", code)
	}
	if len(code) != 18 {
		return invalid("want 18 characters, has %d", len(code))
	}
	sum, weight := 0, 1
	for i := range 17 {
		value := strings.IndexByte(alphabet, code[i])
		if value < 0 {
			return invalid("character %d is %q: want digits and capitals without I, O, S, V and Z", i+1, code[i])
		}
		sum += value * weight
		weight = weight * 3 % 31
	}
	if want := alphabet[(31-sum%31)%31]; code[17] != want {
		return invalid("the last character does not follow from the others; one of them is mistyped")
	}
	return nil
}
