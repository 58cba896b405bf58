// Package pinyin finds Chinese names by how they are said: by their syllables
// without tones, by initials, or by both mixed, as people type them. A character
// with several readings is found by each. It knows readings of single characters
// and no words, so it finds names and does not spell them. The registry imports it.
package pinyin

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
)

//go:embed syllables.txt
var syllables string

const (
	first = 0x4e00
	last  = 0x9fa5
)

// readings returns the readings of every character from first to last. 73 kB of
// text become a table in a millisecond, when first asked.
var readings = sync.OnceValue(func() [][]string {
	table := make([][]string, last-first+1)
	for line := range strings.Lines(syllables) {
		syllable, characters, ok := strings.Cut(strings.TrimSpace(line), " ")
		if !ok || syllable == "#" {
			continue
		}
		for _, c := range characters {
			table[c-first] = append(table[c-first], syllable)
		}
	}
	return table
})

// Readings returns how a character is said, without tones; nil for one that is no
// Han character of the table.
func Readings(c rune) []string {
	if c < first || c > last {
		return nil
	}
	return readings()[c-first]
}

// Query is typed letters, made ready to be looked for in many names.
type Query struct{ letters string }

// Parse reads a query: letters and digits count, blanks and apostrophes between
// syllables do not, and ü is v. ok is false for a query with anything else in it,
// such as Han characters, and for one without letters: they are not pinyin.
func Parse(text string) (q Query, ok bool) {
	var out strings.Builder
	lettered := false
	for _, c := range strings.ToLower(text) {
		switch {
		case c >= 'a' && c <= 'z':
			lettered = true
			out.WriteRune(c)
		case c >= '0' && c <= '9':
			out.WriteRune(c)
		case c == 'ü':
			lettered = true
			out.WriteRune('v')
		case c == '\'' || c == '’' || unicode.IsSpace(c):
		default:
			return Query{}, false
		}
	}
	return Query{out.String()}, lettered
}

// Find returns the place of the first character of name from which the query is
// said, counted in characters that are said; ok is false where it is nowhere.
// Each character may be typed in full or by its initial (zh, ch and sh are
// initials too), the last one also in part: yinchuan, yc, ych, yinc.
func (q Query) Find(name string) (at int, ok bool) {
	var said [][]string
	for _, c := range strings.ToLower(name) {
		switch r := Readings(c); {
		case r != nil:
			said = append(said, r)
		case unicode.IsLetter(c) || unicode.IsDigit(c):
			said = append(said, []string{string(c)})
		}
	}
	for at := range said {
		if spoken(q.letters, said[at:]) {
			return at, true
		}
	}
	return 0, false
}

func spoken(letters string, said [][]string) bool {
	if letters == "" {
		return true
	}
	if len(said) == 0 {
		return false
	}
	for _, syllable := range said[0] {
		if strings.HasPrefix(syllable, letters) {
			return true
		}
		for _, n := range []int{len(syllable), 2, 1} {
			if n > len(syllable) || n == 2 && len(syllable) > 2 && !compound(syllable) {
				continue
			}
			if rest, typed := strings.CutPrefix(letters, syllable[:n]); typed && spoken(rest, said[1:]) {
				return true
			}
		}
	}
	return false
}

// compound reports whether a syllable begins with an initial of two letters.
func compound(syllable string) bool {
	return strings.HasPrefix(syllable, "zh") || strings.HasPrefix(syllable, "ch") || strings.HasPrefix(syllable, "sh")
}
