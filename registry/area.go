package registry

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"lifecircle"
)

// AreaID identifies an area for ever, whatever its code and name become. It is
// opaque; an area that was never given one goes by its first code.
type AreaID string

// Area is an administrative area. Its parent lies one or more levels above; a
// root has none, and everything below one root is measured together. Areas are
// named by code, those that came before or after by id.
type Area struct {
	ID     AreaID              `json:"id,omitempty"`
	Code   lifecircle.AreaCode `json:"code"`
	Parent lifecircle.AreaCode `json:"parent"`
	Level  Level               `json:"level"`
	Name   lifecircle.Name     `json:"name"`
	Kind   string              `json:"kind,omitempty"`  // one of AreaKinds
	Class  string              `json:"class,omitempty"` // urban–rural class of the statistics office, 111 to 220
	Span
	// Origin is the area that counted what lies here before this one began, and
	// Successor the one that does since it ended.
	Origin     AreaID                `json:"origin,omitempty"`
	Successor  AreaID                `json:"successor,omitempty"`
	Outline    *Outline              `json:"outline,omitempty"` // nil: not known where it lies
	Past       []AreaState           `json:"past,omitempty"`    // earlier states, the oldest first
	Fields     Fields                `json:"fields,omitempty"`
	Source     string                `json:"source"`
	Provenance lifecircle.Provenance `json:"provenance"`
}

// AreaState is what an area was called and where it belonged until a day.
type AreaState struct {
	Until  Day                 `json:"until"`
	Code   lifecircle.AreaCode `json:"code"`
	Parent lifecircle.AreaCode `json:"parent"`
	Name   lifecircle.Name     `json:"name"`
	Kind   string              `json:"kind,omitempty"`
	// Outline is the ground it had then; nil where that is not known, whatever is
	// known of later.
	Outline *Outline `json:"outline,omitempty"`
}

// Outline says on what ground an area lies and who drew it. The ground itself, a
// geo.Shape in WGS-84, is kept apart under its hash: a region's borders weigh more
// than all else that is said of its areas, and a World needs only their names.
type Outline struct {
	Shape      string                `json:"shape"` // hash of a geo.Shape
	Note       lifecircle.Name       `json:"note,omitzero"`
	Source     string                `json:"source"`
	Provenance lifecircle.Provenance `json:"provenance"`
}

// check reports what an outline says that cannot be.
func (o *Outline) check() error {
	switch _, err := hex.DecodeString(o.Shape); {
	case err != nil || len(o.Shape) != 2*sha256.Size:
		return lifecircle.Errorf("outline_invalid", "its outline names the shape %q, which is no hash of one", o.Shape)
	case !o.Provenance.Valid():
		return lifecircle.Errorf("outline_invalid", "its outline has the provenance %q, which is not known", o.Provenance)
	}
	return nil
}

// Key returns what identifies the area for ever.
func (a *Area) Key() AreaID {
	if a.ID == "" {
		return AreaID(a.Code)
	}
	return a.ID
}

// On returns the area as it is on a day: one that never changed is itself.
func (a *Area) On(day Day) *Area {
	if !day.known {
		return a
	}
	for _, state := range a.Past {
		if day.date < state.Until.date {
			then := *a
			then.ID = a.Key()
			then.Code, then.Parent, then.Name, then.Kind = state.Code, state.Parent, state.Name, state.Kind
			then.Outline = state.Outline
			return &then
		}
	}
	return a
}

// Urban reports whether the urban–rural class says town; known is false where
// there is no class.
func (a *Area) Urban() (urban, known bool) {
	return strings.HasPrefix(a.Class, "1"), a.Class != ""
}

// AreaKinds are the kinds of area by level, with their names. The quasi kinds are
// units of the statistics office that are no committee: farms, parks, reserves.
func AreaKinds(level Level) []Term {
	switch level {
	case Region:
		return []Term{{"autonomous_region", lifecircle.Name{ZH: "自治区", EN: "autonomous region"}}, {"province", lifecircle.Name{ZH: "省", EN: "province"}}, {"municipality", lifecircle.Name{ZH: "直辖市", EN: "municipality"}}}
	case Prefecture:
		return []Term{{"prefecture_city", lifecircle.Name{ZH: "地级市", EN: "prefecture city"}}, {"prefecture", lifecircle.Name{ZH: "地区", EN: "prefecture"}}, {"autonomous_prefecture", lifecircle.Name{ZH: "自治州", EN: "autonomous prefecture"}}}
	case County:
		return []Term{{"district", lifecircle.Name{ZH: "市辖区", EN: "district"}}, {"county", lifecircle.Name{ZH: "县", EN: "county"}}, {"county_city", lifecircle.Name{ZH: "县级市", EN: "county-level city"}}, {"autonomous_county", lifecircle.Name{ZH: "自治县", EN: "autonomous county"}}}
	case Township:
		return []Term{{"town", lifecircle.Name{ZH: "镇", EN: "town"}}, {"township", lifecircle.Name{ZH: "乡", EN: "township"}}, {"subdistrict", lifecircle.Name{ZH: "街道", EN: "subdistrict"}}, {"farm", lifecircle.Name{ZH: "农场", EN: "farm"}}, {"other", lifecircle.Name{ZH: "其他乡级单位", EN: "other unit of township level"}}}
	case Village:
		return []Term{{"villagers", lifecircle.Name{ZH: "村民委员会", EN: "villagers' committee"}}, {"residents", lifecircle.Name{ZH: "居民委员会", EN: "residents' committee"}}, {"quasi_villagers", lifecircle.Name{ZH: "类似村民委员会", EN: "unit like a villagers' committee"}}, {"quasi_residents", lifecircle.Name{ZH: "类似居民委员会", EN: "unit like a residents' committee"}}}
	}
	return nil
}

// Term is an id and what people call it.
type Term struct {
	ID   string
	Name lifecircle.Name
}

// LevelOf is the level a code has by its digits.
func LevelOf(code lifecircle.AreaCode) Level {
	switch {
	case len(code) == 12:
		return Village
	case len(code) == 9:
		return Township
	case strings.HasSuffix(string(code), "0000"):
		return Region
	case strings.HasSuffix(string(code), "00"):
		return Prefecture
	}
	return County
}

// areaClasses are the urban–rural classes of the statistics office.
func areaClasses() []string { return []string{"111", "112", "121", "122", "123", "210", "220"} }

// Check reports what one area says that cannot be; where it belongs is for a Base
// to check.
func (a *Area) Check() error {
	invalid := func(format string, args ...any) error {
		return lifecircle.Errorf("area_invalid", "area %s: "+format, append([]any{a.Code}, args...)...).With("area", string(a.Code))
	}
	codes, outlines := []lifecircle.AreaCode{a.Code}, []*Outline{a.Outline}
	var before Day
	for _, state := range a.Past {
		codes, outlines = append(codes, state.Code), append(outlines, state.Outline)
		if state.Until.IsZero() || before.known && state.Until.date <= before.date {
			return invalid("its earlier states need days that rise, has %q", state.Until)
		}
		before = state.Until
	}
	for _, code := range codes {
		if parsed, err := lifecircle.ParseAreaCode(string(code)); err != nil || parsed != code {
			return invalid("code %q: want 6, 9 or 12 digits without trailing zeros", code)
		}
	}
	for _, o := range outlines {
		if o == nil {
			continue
		}
		if err := o.check(); err != nil {
			return invalid("%w", err)
		}
	}
	switch known := func(term Term) bool { return term.ID == a.Kind }; {
	case !a.Level.Valid():
		return invalid("level %q is not known", a.Level)
	case !a.Provenance.Valid():
		return invalid("provenance %q is not known", a.Provenance)
	case a.Kind != "" && !slices.ContainsFunc(AreaKinds(a.Level), known):
		return invalid("kind %q is none of a %s", a.Kind, a.Level)
	case a.Class != "" && !slices.Contains(areaClasses(), a.Class):
		return invalid("urban–rural class %q: want one of %s", a.Class, strings.Join(areaClasses(), ", "))
	case !a.ordered():
		return invalid("it ends on %s, before it begins on %s", a.Until, a.From)
	case a.Successor != "" && a.Until.IsZero():
		return invalid("it has the successor %s and does not end", a.Successor)
	}
	return nil
}
