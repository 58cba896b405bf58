package scenario

import (
	"encoding/json"
	"strings"

	"lifecircle"
	"lifecircle/network"
	"lifecircle/plan"
)

// supposition reads a step about a number of the plan.
func (c *compiler) supposition() (s plan.Supposition, err error) {
	s = plan.Supposition{
		Object: c.step.Object, Variant: c.step.Variant, Parameter: c.step.Parameter, Value: c.step.Value, Source: c.stamp.Source,
	}
	if c.step.Area != "" {
		if s.Area, err = c.namedArea(); err != nil {
			return s, err
		}
		s.Above = c.ground.above(s.Area)
	}
	if c.step.Period != "" {
		period, err := lifecircle.ParsePeriod(c.step.Period)
		if err != nil {
			return s, err
		}
		s.Year = period.CalendarYear()
	}
	return s, nil
}

// above returns the areas above one, from below.
func (g Ground) above(area lifecircle.AreaCode) (all []lifecircle.AreaCode) {
	for a, ok := g.Facts.Registry.Area(area); ok && a.Parent != ""; a, ok = g.Facts.Registry.Area(a.Parent) {
		all = append(all, a.Parent)
	}
	return all
}

// suppose gives a number of the plan another value. What is wrong with it is what
// checking a plan package says.
func (c *compiler) suppose() error {
	s, err := c.supposition()
	if err != nil {
		return err
	}
	on := c.out.Plan
	if on == nil {
		on = c.ground.Plan
	}
	if on == nil {
		return lifecircle.Errorf("plan_missing", "there is no plan here whose numbers could be others")
	}
	next, faults := on.Supposing(s)
	var first error
	for _, f := range faults {
		found := lifecircle.Errorf(f.Code, "%s; %s", f.Message, f.Repair).With("repair", f.Repair)
		switch {
		case f.Severity == plan.SeverityWarning:
			c.warn(found)
		case first == nil:
			first = found
		default:
			c.fault(found, SeverityError)
		}
	}
	if first != nil {
		return first
	}
	c.out.Plan = next
	c.out.Supposing = append(c.out.Supposing, c.step.Key)
	return nil
}

// streets are those that the steps so far leave.
func (c *compiler) streets() *network.Network {
	if c.out.Network != nil {
		return c.out.Network
	}
	return c.ground.Network
}

// alter closes, opens or builds a street.
func (c *compiler) alter() error {
	on := c.streets()
	if on == nil {
		return lifecircle.Errorf("network_missing", "no streets are kept here: build a network first")
	}
	a := network.Alteration{What: network.CloseStreet}
	var err error
	if a.At, err = position("at", c.step.At); err != nil {
		return err
	}
	switch c.step.Op {
	case OpenStreet:
		a.What = network.OpenStreet
	case NewStreet:
		a.What = network.NewStreet
		if a.To, err = position("to", c.step.To); err != nil {
			return err
		}
	}
	next, err := on.Altered(a)
	if err != nil {
		return err
	}
	c.out.Network = next
	c.out.Supposing = append(c.out.Supposing, c.step.Key)
	return nil
}

// saidNumber is what the plan says of a number, as JSON; nil where it has none.
func (g Ground) saidNumber(o object) json.RawMessage {
	parts := strings.SplitN(o.id, "|", 5)
	if g.Plan == nil || len(parts) < 5 {
		return nil
	}
	s := plan.Supposition{Object: parts[0], Variant: parts[1], Parameter: parts[2]}
	if period, err := lifecircle.ParsePeriod(parts[3]); err == nil {
		s.Year = period.CalendarYear()
	}
	if code, err := lifecircle.ParseAreaCode(parts[4]); err == nil && parts[4] != "" {
		s.Area, s.Above = code, g.above(code)
	}
	said, ok := g.Plan.Said(s)
	if !ok {
		return nil
	}
	text, err := json.Marshal(map[string]string{"value": said})
	if err != nil {
		return nil // a map of texts always marshals
	}
	return text
}
