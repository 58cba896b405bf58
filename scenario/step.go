package scenario

import (
	"encoding/json"
	"slices"
	"strings"

	"lifecircle"
	"lifecircle/geo"
)

// Verb is what a planner does to what exists.
type Verb string

// The verbs of a step, each with the fields of Step it uses.
const (
	AddPlace      Verb = "add"      // Kind, At; Area, Name, Public, Fields, Date, ID
	MovePlace     Verb = "move"     // ID, At; Area
	ClosePlace    Verb = "close"    // ID; Date
	WithdrawPlace Verb = "withdraw" // ID: as if it had never been
	MergePlaces   Verb = "merge"    // ID, IDs; Date, Fields
	ChangePlace   Verb = "change"   // ID, and Kind, Name or Fields; Date
	Convert       Verb = "convert"  // ID of premises, Kind; Name, Public, Fields, Date
	Estate        Verb = "estate"   // At, People; Area, Name, Urban, Fields, Date, ID
	PutFigure     Verb = "put"      // Element, Area, Period, Value
	// SetNumber supposes another number of the plan: Object, Parameter, Value; Variant,
	// Area, and Period for the year of a target. It is no fact.
	SetNumber Verb = "parameter"
	// What is supposed of streets is no fact either; a street leads from one crossing or
	// dead end to the next.
	CloseStreet Verb = "close_street" // At: the nearest that people on foot may take
	OpenStreet  Verb = "open_street"  // At: the nearest that they may not
	NewStreet   Verb = "new_street"   // At, To: straight, between the streets nearest to them
)

// Verbs returns all verbs.
func Verbs() []Verb {
	return []Verb{AddPlace, MovePlace, ClosePlace, WithdrawPlace, MergePlaces, ChangePlace, Convert, Estate, PutFigure, SetNumber, CloseStreet, OpenStreet, NewStreet}
}

// Step is one thing a scenario does, in the words of who plans. Compile turns
// steps into Changes.
type Step struct {
	// Key names the step within its scenario for ever; it is made when the step
	// is saved.
	Key string `json:"key,omitempty" yaml:"-" maxLength:"60" doc:"names the step within its scenario; made by the server"`
	Op  Verb   `json:"op" yaml:"op" enum:"add,move,close,withdraw,merge,change,convert,estate,put,parameter,close_street,open_street,new_street"`
	ID  string `json:"id,omitempty" yaml:"id,omitempty" maxLength:"100" doc:"the facility; of convert the premises; of add and estate made when left out"`
	// IDs are the facilities that a merger closes in favour of ID.
	IDs     []string       `json:"ids,omitempty" yaml:"ids,omitempty" maxItems:"100" doc:"the facilities that a merger closes in favour of id"`
	Kind    string         `json:"kind,omitempty" yaml:"kind,omitempty" doc:"a facility kind of the plan" example:"sports_pitch"`
	Area    string         `json:"area,omitempty" yaml:"area,omitempty" doc:"when left out, the area of the nearest population point"`
	Name    string         `json:"name,omitempty" yaml:"name,omitempty" maxLength:"200"`
	At      []float64      `json:"at,omitempty" yaml:"at,omitempty" minItems:"2" maxItems:"2" doc:"longitude and latitude, WGS-84 degrees" example:"[106.28,38.47]"`
	To      []float64      `json:"to,omitempty" yaml:"to,omitempty" minItems:"2" maxItems:"2" doc:"where a new street ends" example:"[106.29,38.47]"`
	Public  *bool          `json:"public,omitempty" yaml:"public,omitempty" doc:"anyone may use it; true when left out"`
	Fields  map[string]any `json:"fields,omitempty" yaml:"fields,omitempty" doc:"beds, places, hours: what else is said; numbers in base units"`
	Date    string         `json:"date,omitempty" yaml:"date,omitempty" doc:"the day from which it holds; today when left out" example:"2026-09-01"`
	People  int64          `json:"people,omitempty" yaml:"people,omitempty" doc:"who will live on an estate"`
	Urban   *bool          `json:"urban,omitempty" yaml:"urban,omitempty" doc:"of an estate; true when left out"`
	Element string         `json:"element,omitempty" yaml:"element,omitempty"`
	Period  string         `json:"period,omitempty" yaml:"period,omitempty"`
	Value   string         `json:"value,omitempty" yaml:"value,omitempty" maxLength:"100" doc:"a decimal in the unit of the element or number" example:"3.15"`
	// Object, Variant and Parameter name a number of the plan.
	Object    string `json:"object,omitempty" yaml:"object,omitempty" maxLength:"100" doc:"id or clause of the indicator or provision whose number it is" example:"sport.fitness_10min"`
	Variant   string `json:"variant,omitempty" yaml:"variant,omitempty" maxLength:"100" doc:"the reading whose parameter it is; when left out the chosen one, or the object itself"`
	Parameter string `json:"parameter,omitempty" yaml:"parameter,omitempty" maxLength:"100" doc:"a parameter of the object, or target; period is then its year" example:"reach"`
	Note      string `json:"note,omitempty" yaml:"note,omitempty" maxLength:"2000" doc:"why"`
	// Seen is what was said of the facilities and premises that the step speaks
	// of when it was saved: what they are held against later. By entry, as
	// "facility/640104-0007"; the server writes it.
	Seen map[string]json.RawMessage `json:"seen,omitempty" yaml:"-" doc:"what was said of the objects of the step when it was saved; written by the server"`
}

// objects returns the facilities and premises that exist before the step and
// that it speaks of.
func (s *Step) objects() []object {
	switch s.Op {
	case MovePlace, ClosePlace, WithdrawPlace, ChangePlace:
		return []object{{id: s.ID}}
	case MergePlaces:
		objects := []object{{id: s.ID}}
		for _, id := range s.IDs {
			objects = append(objects, object{id: id})
		}
		return objects
	case Convert:
		return []object{{id: s.ID, of: aPremises}}
	case SetNumber:
		return []object{{id: strings.Join([]string{s.Object, s.Variant, s.Parameter, s.Period, s.Area}, "|"), of: aNumber}}
	}
	return nil
}

// object names what stands before a step: a facility, or something else.
type object struct {
	id string
	of kindOfObject
}

type kindOfObject uint8

const (
	aFacility kindOfObject = iota
	aPremises
	aNumber // of the plan: object|variant|parameter|period|area
)

func (o object) String() string {
	return [...]string{"facility/", "premises/", "number/"}[o.of] + o.id
}

// position reads At or To.
func position(name string, at []float64) (geo.Point, error) {
	if len(at) != 2 || !(geo.Point{Lon: at[0], Lat: at[1]}).Valid() {
		return geo.Point{}, lifecircle.Errorf("position_invalid", "%s %v: want [longitude, latitude] in degrees", name, at)
	}
	return geo.Point{Lon: at[0], Lat: at[1]}, nil
}

// check reports what a step lacks whatever it is made on.
func (s *Step) check() error {
	missing := func(part string) error {
		return lifecircle.Errorf("step_invalid", "%s needs %s", s.Op, part).With("op", string(s.Op)).With("part", part)
	}
	if !slices.Contains(Verbs(), s.Op) {
		return lifecircle.Errorf("step_invalid", "op %q is not known: want one of %v", s.Op, Verbs()).With("op", string(s.Op))
	}
	needs := map[string]bool{}
	switch s.Op {
	case AddPlace:
		needs["kind"] = s.Kind != ""
	case ClosePlace, WithdrawPlace, MovePlace:
		needs["id"] = s.ID != ""
	case MergePlaces:
		needs["id"], needs["ids"] = s.ID != "", len(s.IDs) > 0
	case ChangePlace:
		needs["id"], needs["kind, name, public or fields"] = s.ID != "", s.Kind != "" || s.Name != "" || s.Public != nil || len(s.Fields) > 0
	case Convert:
		needs["id"], needs["kind"] = s.ID != "", s.Kind != ""
	case Estate:
		needs["people"] = s.People != 0
	case PutFigure:
		needs["element"], needs["area"], needs["period"], needs["value"] = s.Element != "", s.Area != "", s.Period != "", s.Value != ""
	case SetNumber:
		needs["object"], needs["parameter"], needs["value"] = s.Object != "", s.Parameter != "", s.Value != ""
	}
	for _, part := range []string{"id", "ids", "kind", "kind, name, public or fields", "people", "element", "area", "period", "object", "parameter", "value"} {
		if has, asked := needs[part]; asked && !has {
			return missing(part)
		}
	}
	return nil
}
