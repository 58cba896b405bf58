package registry

import (
	"lifecircle"
	"lifecircle/plan/rule"
)

// Day is a civil day that may be unknown; the zero Day is.
type Day struct {
	date  rule.Date
	known bool
}

// DayOf is a known day.
func DayOf(date rule.Date) Day { return Day{date, true} }

// LastDay is the day for which a period's parameters hold and registers stand.
func LastDay(p lifecircle.Period) Day {
	if p.CalendarMonth() == 0 {
		return DayOf(rule.DateFrom(p.CalendarYear(), 12, 31))
	}
	return DayOf(rule.DateFrom(p.CalendarYear(), p.CalendarMonth()+1, 1) - 1)
}

// ParseDay reads "2025-12-31"; "" is the unknown day.
func ParseDay(text string) (Day, error) {
	if text == "" {
		return Day{}, nil
	}
	date, err := rule.ParseDate(text)
	if err != nil {
		return Day{}, err
	}
	return DayOf(date), nil
}

// Date returns the day; known is false for the zero Day.
func (d Day) Date() (date rule.Date, known bool) { return d.date, d.known }

// IsZero reports whether the day is unknown.
func (d Day) IsZero() bool { return !d.known }

// String writes the day as ParseDay reads it.
func (d Day) String() string {
	if !d.known {
		return ""
	}
	return d.date.String()
}

// MarshalText implements encoding.TextMarshaler.
func (d Day) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (d *Day) UnmarshalText(text []byte) error {
	parsed, err := ParseDay(string(text))
	if err == nil {
		*d = parsed
	}
	return err
}

// value is the day as a rule sees it.
func (d Day) value() rule.Value {
	if !d.known {
		return rule.NoData(rule.Reason{Code: "unreported"})
	}
	return rule.DateOf(d.date)
}

// Span is a time of existing: From is its first day, Until the first day after
// it. An unknown From reaches back for ever, an unknown Until has not come.
type Span struct {
	From  Day `json:"from,omitzero"`
	Until Day `json:"until,omitzero"`
}

// Holds reports whether a day lies in the span. The unknown day comes after
// every known one: what has an end has ended then, and what begins has begun.
func (s Span) Holds(on Day) bool { return !s.begins(on) && !s.ended(on) }

func (s Span) begins(after Day) bool { return s.From.known && after.known && after.date < s.From.date }

func (s Span) ended(on Day) bool {
	return s.Until.known && (!on.known || on.date >= s.Until.date)
}

// ordered reports whether the span ends after it begins.
func (s Span) ordered() bool { return !s.From.known || !s.Until.known || s.From.date < s.Until.date }

// dated reports whether the span makes a difference between days.
func (s Span) dated() bool { return s.From.known || s.Until.known }
