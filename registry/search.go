package registry

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"lifecircle/registry/pinyin"
)

// Search is what somebody typed to find something: characters, pinyin, initials
// or a code. The zero value finds everything.
type Search struct {
	text   string // lower case
	words  []string
	code   string // where all of it is digits, without the zeros of a higher level
	spoken pinyin.Query
	letter bool // spoken is set
}

// ParseSearch makes ready what was typed.
func ParseSearch(text string) Search {
	s := Search{text: strings.ToLower(strings.TrimSpace(text))}
	s.words = strings.Fields(s.text)
	s.spoken, s.letter = pinyin.Parse(s.text)
	if s.text != "" && strings.Trim(s.text, "0123456789") == "" {
		s.code = s.text
		for (len(s.code) == 12 || len(s.code) == 9) && strings.HasSuffix(s.code, "000") {
			s.code = s.code[:len(s.code)-3]
		}
	}
	return s
}

// All reports whether nothing was asked for.
func (s Search) All() bool { return s.text == "" }

// The ranks of what was found, the best first.
const (
	fitsWhole     = iota // the code or the whole name
	fitsBegin            // the name begins so
	fitsSaid             // the name is said so from its beginning
	fitsWithin           // somewhere in the name
	fitsSaidLater        // said so somewhere in the name
)

// Name looks in a name: rank says how well it fits, 0 best.
func (s Search) Name(name string) (rank int, found bool) {
	lower := strings.ToLower(name)
	switch {
	case s.text == "":
		return fitsWhole, true
	case name == "":
		return 0, false
	case lower == s.text:
		return fitsWhole, true
	case strings.HasPrefix(lower, s.text):
		return fitsBegin, true
	}
	best, found := fitsWithin, !slices.ContainsFunc(s.words, func(word string) bool { return !strings.Contains(lower, word) })
	if s.letter {
		switch at, heard := s.spoken.Find(name); {
		case heard && at == 0:
			return fitsSaid, true
		case heard && !found:
			return fitsSaidLater, true
		}
	}
	return best, found
}

// FoundArea is an area that a search found.
type FoundArea struct {
	Area *Area
	rank int
}

// FindAreas returns the areas that a search finds, the best first; among equals
// the higher level, the shorter name, then the order of codes.
func (s *Snapshot) FindAreas(search Search) []FoundArea {
	var found []FoundArea
	for _, a := range s.Areas() {
		rank, ok := search.Name(a.Name.ZH)
		if english, fits := search.Name(a.Name.EN); fits && (!ok || english < rank) {
			rank, ok = english, true
		}
		if search.code != "" {
			switch code := string(a.Code); {
			case code == search.code:
				rank, ok = fitsWhole, true
			case strings.HasPrefix(code, search.code):
				rank, ok = fitsBegin, true
			}
		}
		if ok {
			found = append(found, FoundArea{a, rank})
		}
	}
	SortFound(found)
	return found
}

// SortFound orders areas found in several snapshots as FindAreas does.
func SortFound(found []FoundArea) {
	levels := Levels()
	slices.SortStableFunc(found, func(a, b FoundArea) int {
		return cmp.Or(
			cmp.Compare(a.rank, b.rank),
			cmp.Compare(slices.Index(levels, a.Area.Level), slices.Index(levels, b.Area.Level)),
			cmp.Compare(utf8.RuneCountInString(a.Area.Name.ZH), utf8.RuneCountInString(b.Area.Name.ZH)),
			cmp.Compare(a.Area.Code, b.Area.Code),
		)
	})
}
