package scenario

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"

	"lifecircle"
	"lifecircle/figure"
	"lifecircle/geo"
	"lifecircle/network"
	"lifecircle/plan"
	"lifecircle/plan/rule"
	"lifecircle/registry"
)

// Ground is what steps are tried on: the facts, and the plan and the streets, which
// may be nil: then nothing is said of them.
type Ground struct {
	Root    lifecircle.AreaCode
	Facts   Facts
	Today   registry.Day // when a step holds that names no day
	Plan    *plan.Package
	Network *network.Network
}

// Stamp is what compiled facts say of where they come from.
type Stamp struct {
	Source     string
	Provenance lifecircle.Provenance
	Prefix     string // begins the ids that are made
}

// StepFault is what is wrong with a step. A warning says that the answer stands on
// something else than the planner saw; only an error keeps the step from being
// tried.
type StepFault struct {
	Step     int            `json:"step" doc:"its place, from 1"`
	Key      string         `json:"key,omitempty"`
	Op       Verb           `json:"op"`
	Code     string         `json:"code"`
	Message  string         `json:"message"`
	Args     map[string]any `json:"args,omitempty"`
	Severity string         `json:"severity" enum:"error,warning"`
}

// The severities of a StepFault.
const (
	SeverityError   = "error"
	SeverityWarning = "warning"
)

// Compiled is what steps come to.
type Compiled struct {
	Trial
	Faults []StepFault // in the order of the steps
	// Supposing are the keys of the steps that are no facts: they can be tried and not
	// adopted.
	Supposing []string
}

// Err is the first faults of severity error as one error, nil without any.
func (c Compiled) Err() error {
	var errs []error
	for _, f := range c.Faults {
		if f.Severity == SeverityError {
			errs = append(errs, fmt.Errorf("step %d: %s", f.Step, f.Message))
		}
	}
	if len(errs) == 0 {
		return nil
	}
	code := "scenario_faulty"
	if len(errs) == 1 {
		i := slices.IndexFunc(c.Faults, func(f StepFault) bool { return f.Severity == SeverityError })
		code = c.Faults[i].Code
	}
	return lifecircle.Errorf(code, "%w", joined(errs)).With("faults", c.Faults)
}

// Stale reports whether a baseline object was altered since its step was saved.
func (c Compiled) Stale() bool {
	return slices.ContainsFunc(c.Faults, func(f StepFault) bool { return f.Code == "step_stale" })
}

// Compile turns steps into changes of the ground, each upon those before it, and
// names every fault at once; a step with an error is left out. Nothing of the
// ground is copied but the objects that steps touch.
func Compile(g Ground, steps []Step, stamp Stamp) Compiled {
	c := &compiler{
		ground: g, stamp: stamp, facilities: make(map[string]*registry.Facility), premises: make(map[string]*registry.Record),
	}
	for i := range steps {
		c.at, c.step = i, &steps[i]
		before, facilities := len(c.out.Changes), c.facilities
		if c.step.Op == MergePlaces { // it touches several and may fail in the middle
			c.facilities = maps.Clone(facilities)
		}
		if err := c.compile(); err != nil {
			c.out.Changes, c.facilities = c.out.Changes[:before], facilities
			c.fault(err, SeverityError)
		}
	}
	return c.out
}

type compiler struct {
	ground Ground
	stamp  Stamp
	at     int
	step   *Step
	out    Compiled
	// What the steps so far made of objects; nil is withdrawn.
	facilities map[string]*registry.Facility
	premises   map[string]*registry.Record
}

func (c *compiler) fault(err error, severity string) {
	f := StepFault{Step: c.at + 1, Key: c.step.Key, Op: c.step.Op, Code: lifecircle.ErrorCode(err), Message: err.Error(), Severity: severity}
	var shown *lifecircle.Error
	if errors.As(err, &shown) {
		f.Args = shown.Args
	}
	c.out.Faults = append(c.out.Faults, f)
}

func (c *compiler) warn(err error) { c.fault(err, SeverityWarning) }

func (c *compiler) change(change Change) { c.out.Changes = append(c.out.Changes, change) }

func (c *compiler) compile() error {
	if err := c.step.check(); err != nil {
		return err
	}
	c.stale()
	switch c.step.Op {
	case AddPlace:
		return c.add()
	case MovePlace:
		return c.move()
	case ClosePlace:
		return c.close(c.step.ID)
	case WithdrawPlace:
		return c.withdraw()
	case MergePlaces:
		return c.merge()
	case ChangePlace:
		return c.changePlace()
	case Convert:
		return c.convert()
	case Estate:
		return c.estate()
	case SetNumber:
		return c.suppose()
	case CloseStreet, OpenStreet, NewStreet:
		return c.alter()
	}
	return c.put()
}

// facility finds one that stands after the steps before, to be changed.
func (c *compiler) facility(id string) (*registry.Facility, error) {
	f, touched := c.facilities[id]
	if !touched {
		f, _ = c.ground.Facts.Registry.Said(lifecircle.FacilityID(id))
	}
	if f == nil {
		return nil, registry.UnknownFacility(lifecircle.FacilityID(id))
	}
	if !f.Until.IsZero() {
		return nil, lifecircle.Errorf("facility_closed", "facility %q closes on %s already", id, f.Until).With("facility", id).With("date", f.Until.String())
	}
	own := *f
	own.Fields, own.Changes = maps.Clone(f.Fields), slices.Clone(f.Changes)
	return &own, nil
}

// amend notes what a step made of a facility that stands.
func (c *compiler) amend(f *registry.Facility) error {
	if err := f.Check(); err != nil {
		return err
	}
	c.facilities[string(f.ID)] = f
	c.change(Change{Op: Amend, Facility: f})
	return nil
}

// day is when the step holds.
func (c *compiler) day() (registry.Day, error) {
	if c.step.Date == "" {
		return c.ground.Today, nil
	}
	day, err := registry.ParseDay(c.step.Date)
	if err != nil {
		return day, lifecircle.Errorf("date_invalid", "date %q: want a day like 2026-09-01", c.step.Date).With("date", c.step.Date)
	}
	return day, nil
}

// fields reads what else the step says; a negative number is none of a place.
func (c *compiler) fields() (registry.Fields, error) {
	if len(c.step.Fields) == 0 {
		return nil, nil
	}
	text, err := json.Marshal(c.step.Fields)
	if err != nil {
		return nil, lifecircle.Errorf("field_invalid", "fields: %w", err)
	}
	var fields registry.Fields
	if err := json.Unmarshal(text, &fields); err != nil {
		return nil, lifecircle.Errorf("field_invalid", "fields: %w", err)
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if n, ok := fields[name].Number(); ok && n.Sign() < 0 {
			return nil, lifecircle.Errorf("capacity_negative", "%s is %s: want 0 or more", name, n).With("field", name).With("value", n.String())
		}
	}
	return fields, nil
}

func (c *compiler) kind() error {
	if c.step.Kind == "" || c.ground.Plan == nil {
		return nil
	}
	if _, known := c.ground.Plan.Kinds[c.step.Kind]; !known {
		return lifecircle.Errorf("kind_unknown", "%q is no facility kind of the plan", c.step.Kind).With("kind", c.step.Kind)
	}
	return nil
}

// mapMargin is how far, in degrees, a place may lie outside the bounds of
// the map: some 10 km.
const mapMargin = 0.1

// place reads where the step puts something.
func (c *compiler) place() (geo.Point, error) {
	at, err := position("at", c.step.At)
	if err != nil || c.ground.Network == nil {
		return at, err
	}
	bounds := c.ground.Network.Bounds()
	wide := geo.Bounds{
		Min: geo.Point{Lon: bounds.Min.Lon - mapMargin, Lat: bounds.Min.Lat - mapMargin},
		Max: geo.Point{Lon: bounds.Max.Lon + mapMargin, Lat: bounds.Max.Lat + mapMargin},
	}
	if !wide.Contains(at) {
		return at, lifecircle.Errorf("outside_map", "%g, %g lies outside the map of %s", at.Lon, at.Lat, c.ground.Root).With("lon", at.Lon).With("lat", at.Lat)
	}
	if _, err := c.streets().Snap(at); err != nil {
		c.warn(lifecircle.Errorf("off_network", "%g, %g is near no street: nobody is counted as reaching it", at.Lon, at.Lat).With("lon", at.Lon).With("lat", at.Lat))
	}
	return at, nil
}

// areaOf returns the area that a step names, or where its place lies: the area of
// the nearest population point. A place stays in the area kept if that holds it.
func (c *compiler) areaOf(at geo.Point, kept lifecircle.AreaCode) (lifecircle.AreaCode, error) {
	known := c.ground.Facts.Registry
	if c.step.Area != "" {
		return c.namedArea()
	}
	nearest, found := math.Inf(1), lifecircle.AreaCode("")
	for _, p := range known.Points() {
		// A ranking only, so the plane will do.
		x, y := (p.At.Lon-at.Lon)*math.Cos(at.Lat*math.Pi/180), p.At.Lat-at.Lat
		if d := x*x + y*y; d < nearest {
			nearest, found = d, p.Area
		}
	}
	switch {
	case found == "" && kept != "", kept != "" && slices.Contains(known.Subtree(kept), found):
		return kept, nil
	case found == "":
		return "", lifecircle.Errorf("area_missing", "%s needs an area: there are no population points to tell it by", c.step.Op)
	}
	return found, nil
}

func (c *compiler) namedArea() (lifecircle.AreaCode, error) {
	code, err := lifecircle.ParseAreaCode(c.step.Area)
	if err != nil {
		return "", err
	}
	if known := c.ground.Facts.Registry; !known.Knows(code) || known.Root(code) != c.ground.Root {
		return "", registry.UnknownArea(code)
	}
	return code, nil
}

// made returns the id of what a step makes.
func (c *compiler) made() string {
	switch {
	case c.step.ID != "" && c.step.Op != Convert:
		return c.step.ID
	case c.step.Key != "":
		return c.stamp.Prefix + "-" + c.step.Key
	}
	return c.stamp.Prefix + "-" + strconv.Itoa(c.at+1)
}

func (c *compiler) add() error {
	at, err := c.place()
	if err != nil {
		return err
	}
	f := registry.Facility{ID: lifecircle.FacilityID(c.made()), At: at}
	if f.Area, err = c.areaOf(at, ""); err != nil {
		return err
	}
	return c.open(f)
}

// open adds a facility that a step made.
func (c *compiler) open(f registry.Facility) error {
	if err := c.kind(); err != nil {
		return err
	}
	if earlier, touched := c.facilities[string(f.ID)]; touched && earlier != nil {
		return registry.FacilityExists(f.ID)
	} else if _, said := c.ground.Facts.Registry.Said(f.ID); said && !touched {
		return registry.FacilityExists(f.ID)
	}
	fields, err := c.fields()
	if err != nil {
		return err
	}
	if c.step.Date != "" {
		if f.From, err = c.day(); err != nil {
			return err
		}
	}
	f.Kind, f.Public = c.step.Kind, c.step.Public == nil || *c.step.Public
	f.Source, f.Provenance = c.stamp.Source, c.stamp.Provenance
	if c.step.Name != "" {
		f.Name = c.step.Name
	}
	switch {
	case f.Fields == nil:
		f.Fields = fields
	default:
		maps.Copy(f.Fields, fields)
	}
	if err := f.Check(); err != nil {
		return err
	}
	c.facilities[string(f.ID)] = &f
	c.change(Change{Op: Add, Facility: &f})
	return nil
}

func (c *compiler) move() error {
	f, err := c.facility(c.step.ID)
	if err != nil {
		return err
	}
	if f.At, err = c.place(); err != nil {
		return err
	}
	if f.Area, err = c.areaOf(f.At, f.Area); err != nil {
		return err
	}
	return c.amend(f)
}

func (c *compiler) close(id string) error {
	f, err := c.facility(id)
	if err != nil {
		return err
	}
	if f.Until, err = c.day(); err != nil {
		return err
	}
	if from, _ := f.From.Date(); !f.From.IsZero() {
		if until, known := f.Until.Date(); known && until <= from {
			return lifecircle.Errorf("date_order", "facility %q opens on %s and cannot close on %s", id, f.From, f.Until).With("facility", id)
		}
	}
	return c.amend(f)
}

func (c *compiler) withdraw() error {
	if _, err := c.facility(c.step.ID); err != nil {
		return err
	}
	c.facilities[c.step.ID] = nil
	c.change(Change{Op: Withdraw, ID: lifecircle.FacilityID(c.step.ID)})
	return nil
}

// capacities are the fields of a facility that a merger adds up: what the closed
// ones offered moves to the one that stays; their floor and land do not.
func capacities() []string { return []string{"beds", "nursing_beds", "places", "inclusive_places"} }

func (c *compiler) merge() error {
	into, err := c.facility(c.step.ID)
	if err != nil {
		return err
	}
	said, err := c.fields()
	if err != nil {
		return err
	}
	sums := make(registry.Fields)
	add := func(f *registry.Facility) error {
		now := f.On(registry.Day{})
		for _, name := range capacities() {
			n, ok := now.Fields[name].Number()
			if !ok {
				continue
			}
			so, _ := sums[name].Number()
			sum, ok := so.Add(n)
			if !ok {
				return lifecircle.Errorf("field_invalid", "%s of %s: the sum is too large", name, c.step.ID)
			}
			sums[name] = rule.NumberOf(sum)
		}
		return nil
	}
	if err := add(into); err != nil {
		return err
	}
	seen := map[string]bool{c.step.ID: true}
	for _, id := range c.step.IDs {
		if seen[id] {
			return lifecircle.Errorf("step_invalid", "merge names %q twice", id).With("facility", id)
		}
		seen[id] = true
		f, err := c.facility(id)
		if err != nil {
			return err
		}
		if err := add(f); err != nil {
			return err
		}
	}
	for _, id := range c.step.IDs {
		if err := c.close(id); err != nil {
			return err
		}
	}
	maps.Copy(sums, said)
	return c.describe(into, sums)
}

func (c *compiler) changePlace() error {
	f, err := c.facility(c.step.ID)
	if err != nil {
		return err
	}
	fields, err := c.fields()
	if err != nil {
		return err
	}
	if c.step.Public != nil {
		f.Public = *c.step.Public
	}
	return c.describe(f, fields)
}

// describe makes fields, and the step's kind and name, hold of a facility from
// the step's day on.
func (c *compiler) describe(f *registry.Facility, fields registry.Fields) error {
	if err := c.kind(); err != nil {
		return err
	}
	if c.step.Name != "" {
		f.Name = c.step.Name
	}
	if len(fields) == 0 && c.step.Kind == "" {
		return c.amend(f)
	}
	since, err := c.day()
	if err != nil {
		return err
	}
	if f.Changes, err = dated(f.Changes, registry.Dated{Since: since, Kind: c.step.Kind, Fields: fields}); err != nil {
		return err
	}
	if since.IsZero() { // no day is known: it is so from ever on
		if c.step.Kind != "" {
			f.Kind = c.step.Kind
		}
		if f.Fields == nil {
			f.Fields = make(registry.Fields)
		}
		maps.Copy(f.Fields, fields)
	}
	return c.amend(f)
}

// dated adds a change to those of a row, which stay in order; one of the same day
// is continued.
func dated(changes []registry.Dated, next registry.Dated) ([]registry.Dated, error) {
	if next.Since.IsZero() {
		return changes, nil
	}
	day, _ := next.Since.Date()
	for i, earlier := range changes {
		switch since, _ := earlier.Since.Date(); {
		case since > day:
			return nil, lifecircle.Errorf("date_order", "something is known from %s already: a change on %s would not last; name a later date", earlier.Since, next.Since)
		case since == day:
			fields := maps.Clone(earlier.Fields)
			if fields == nil {
				fields = make(registry.Fields)
			}
			maps.Copy(fields, next.Fields)
			if next.Kind == "" {
				next.Kind = earlier.Kind
			}
			next.Fields = fields
			return append(slices.Clone(changes[:i]), next), nil
		}
	}
	return append(slices.Clone(changes), next), nil
}

// convert turns premises into a facility.
func (c *compiler) convert() error {
	entry := registry.Entry{Register: registry.PremisesRegister, ID: c.step.ID}
	record, touched := c.premises[c.step.ID]
	if !touched {
		record, _ = c.ground.Facts.Registry.Entered(entry)
	}
	if record == nil {
		return registry.UnknownEntry(entry)
	}
	now := record.On(registry.Day{})
	switch vacant, known := now.Fields["vacant"].Bool(); {
	case record.At == nil:
		return lifecircle.Errorf("premises_nowhere", "premises %q have no position", c.step.ID).With("id", c.step.ID)
	case !record.Until.IsZero():
		return lifecircle.Errorf("premises_gone", "premises %q end on %s", c.step.ID, record.Until).With("id", c.step.ID)
	case known && !vacant:
		return lifecircle.Errorf("premises_used", "premises %q are not vacant", c.step.ID).With("id", c.step.ID)
	}
	day, err := c.day()
	if err != nil {
		return err
	}
	f := registry.Facility{
		ID: lifecircle.FacilityID(c.made()), Area: record.Area, Name: record.Name, At: *record.At, Fields: make(registry.Fields),
	}
	for _, name := range []string{"floor", "land"} {
		if value, said := now.Fields[name]; said {
			f.Fields[name] = value
		}
	}
	used := *record
	taken := registry.Fields{"vacant": rule.BoolOf(false), "use": rule.TextOf(c.step.Kind)}
	if used.Changes, err = dated(record.Changes, registry.Dated{Since: day, Fields: taken}); err != nil {
		return err
	}
	if day.IsZero() {
		if used.Fields = maps.Clone(record.Fields); used.Fields == nil {
			used.Fields = make(registry.Fields)
		}
		maps.Copy(used.Fields, taken)
	}
	if err := used.Check(); err != nil {
		return err
	}
	if err := c.open(f); err != nil {
		return err
	}
	c.premises[c.step.ID] = &used
	c.change(Change{Op: Enter, Record: &used})
	return nil
}

// estate lets people move in: a residential area, and a population point.
func (c *compiler) estate() error {
	if c.step.People < 0 {
		return lifecircle.Errorf("capacity_negative", "people is %d: want 1 or more", c.step.People).With("field", "people")
	}
	at, err := c.place()
	if err != nil {
		return err
	}
	area, err := c.areaOf(at, "")
	if err != nil {
		return err
	}
	fields, err := c.fields()
	if err != nil {
		return err
	}
	id := c.made()
	entry := registry.Entry{Register: registry.ResidentialAreaRegister, ID: id}
	point := registry.Entry{Register: registry.PointRegister, ID: id}
	if known := c.ground.Facts.Registry; known.Has(entry) || known.Has(point) {
		return lifecircle.Errorf("entry_exists", "residential area or population point %q exists already: use another id", id).With("id", id)
	}
	urban := c.step.Urban == nil || *c.step.Urban
	all := registry.Fields{
		"people": rule.NumberOf(lifecircle.Int(c.step.People)), "urban": rule.BoolOf(urban), "new": rule.BoolOf(true),
	}
	maps.Copy(all, fields)
	r := registry.Record{
		Register: entry.Register, ID: id, Area: area, Kind: c.step.Kind, Name: c.step.Name, At: &at, Fields: all,
		Source: c.stamp.Source, Provenance: c.stamp.Provenance,
	}
	if c.step.Date != "" {
		if r.From, err = c.day(); err != nil {
			return err
		}
	}
	p := registry.PopulationPoint{
		ID: id, Area: area, At: at, People: c.step.People, Urban: urban, Source: c.stamp.Source, Provenance: c.stamp.Provenance,
	}
	if err := errors.Join(r.Check(), p.Check()); err != nil {
		return err
	}
	c.change(Change{Op: Enter, Record: &r})
	c.change(Change{Op: Point, Point: &p})
	return nil
}

func (c *compiler) put() error {
	area, err := c.namedArea()
	if err != nil {
		return err
	}
	if c.ground.Plan != nil {
		if _, known := c.ground.Plan.Series(c.step.Element); !known {
			return lifecircle.Errorf("element_unknown", "%q is no element of the plan", c.step.Element).With("element", c.step.Element)
		}
	}
	period, err := lifecircle.ParsePeriod(c.step.Period)
	if err != nil {
		return err
	}
	number, err := lifecircle.ParseNumber(c.step.Value)
	if err != nil {
		return err
	}
	key := figure.Key{Element: c.step.Element, Area: area, Period: period, Source: c.stamp.Source}
	c.change(Change{Op: Put, Value: &figure.Value{Key: key, Number: number, Provenance: c.stamp.Provenance}})
	// What is only supposed counts before all rivals.
	c.change(Change{Op: Choose, Choice: &figure.Choice{
		Element: key.Element, Area: area, Period: period, Source: key.Source, Reason: c.stamp.Source,
	}})
	return nil
}

// Witnessed returns the steps with what is said, on this ground, of the objects
// that each speaks of; those that a step made itself have nothing to be seen.
func Witnessed(g Ground, steps []Step) []Step {
	out := slices.Clone(steps)
	for i := range out {
		out[i].Seen = nil
		for _, o := range out[i].objects() {
			text := g.said(o)
			if text == nil {
				continue
			}
			if out[i].Seen == nil {
				out[i].Seen = make(map[string]json.RawMessage)
			}
			out[i].Seen[o.String()] = text
		}
	}
	return out
}

// said is what the facts say of an object, as JSON; nil where they say nothing.
func (g Ground) said(o object) json.RawMessage {
	var fact any
	switch o.of {
	case aNumber:
		return g.saidNumber(o)
	case aPremises:
		if r, ok := g.Facts.Registry.Entered(registry.Entry{Register: registry.PremisesRegister, ID: o.id}); ok {
			fact = r
		}
	default:
		if f, ok := g.Facts.Registry.Said(lifecircle.FacilityID(o.id)); ok {
			fact = f
		}
	}
	if fact == nil {
		return nil
	}
	text, err := json.Marshal(fact)
	if err != nil {
		panic(fmt.Sprintf("scenario: marshal %v: %v", o, err)) // it was read from JSON
	}
	return text
}

// Altered is a field of an object that is not what a step was made on.
type Altered struct {
	Object string `json:"object" example:"facility/640104-0007"`
	Field  string `json:"field"`
	Then   any    `json:"then"`
	Now    any    `json:"now"`
}

// stale warns where an object is not what it was when the step was saved.
func (c *compiler) stale() {
	for _, o := range c.step.objects() {
		then, seen := c.step.Seen[o.String()]
		if !seen {
			continue
		}
		now := c.ground.said(o)
		if now == nil {
			c.warn(lifecircle.Errorf("step_stale", "%s was taken out since the step was saved", o).
				With("altered", []Altered{{Object: o.String(), Field: "", Then: "stood", Now: nil}}))
			continue
		}
		altered := differences(o.String(), then, now)
		if len(altered) == 0 {
			continue
		}
		fields := make([]string, len(altered))
		for i, a := range altered {
			fields[i] = a.Field
		}
		c.warn(lifecircle.Errorf("step_stale", "%s was altered since the step was saved: %v", o, fields).With("altered", altered))
	}
}

// differences names the fields in which two JSON objects differ, those of
// "fields" one by one.
func differences(object string, then, now json.RawMessage) []Altered {
	before, after := flat(then), flat(now)
	names := maps.Clone(before)
	maps.Copy(names, after)
	var out []Altered
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if !bytes.Equal(before[name], after[name]) {
			out = append(out, Altered{Object: object, Field: name, Then: plain(before[name]), Now: plain(after[name])})
		}
	}
	return out
}

func flat(text json.RawMessage) map[string]json.RawMessage {
	var all, fields map[string]json.RawMessage
	if json.Unmarshal(text, &all) != nil {
		return map[string]json.RawMessage{"": text}
	}
	if json.Unmarshal(all["fields"], &fields) == nil {
		delete(all, "fields")
		for name, value := range fields {
			all["fields."+name] = value
		}
	}
	return all
}

func plain(text json.RawMessage) any {
	var value any
	if len(text) == 0 || json.Unmarshal(text, &value) != nil {
		return nil
	}
	return value
}
