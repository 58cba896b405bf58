package lifecircle

import (
	"fmt"
	"strconv"
)

// Period is a year ("2025") or a month ("2025-03") of the civil calendar. The
// zero Period is no period.
type Period struct {
	year  int16
	month int8 // 1…12; 0 is the whole year
}

// Year returns the period of a whole year.
func Year(year int) Period { return Period{year: int16(year)} }

// ParsePeriod reads "2025" or "2025-03".
func ParsePeriod(text string) (Period, error) {
	bad := func() (Period, error) {
		return Period{}, Errorf("period_invalid", "period %q: want a year (2025) or a month (2025-03)", text).With("period", text)
	}
	if len(text) != 4 && len(text) != 7 {
		return bad()
	}
	year, err := strconv.ParseUint(text[:4], 10, 16)
	if err != nil || year < 1900 || year > 2999 {
		return bad()
	}
	p := Period{year: int16(year)}
	if len(text) == 7 {
		month, err := strconv.ParseUint(text[5:], 10, 8)
		if text[4] != '-' || err != nil || month < 1 || month > 12 {
			return bad()
		}
		p.month = int8(month)
	}
	return p, nil
}

// IsZero reports whether p is no period.
func (p Period) IsZero() bool { return p.year == 0 }

// CalendarYear returns the year the period lies in.
func (p Period) CalendarYear() int { return int(p.year) }

// CalendarMonth returns 1…12, or 0 for a whole year.
func (p Period) CalendarMonth() int { return int(p.month) }

// AddYears returns the same period n years later.
func (p Period) AddYears(n int) Period { return Period{year: p.year + int16(n), month: p.month} }

// Months returns the twelve months of a year, or the month itself.
func (p Period) Months() []Period {
	if p.month != 0 {
		return []Period{p}
	}
	months := make([]Period, 12)
	for i := range months {
		months[i] = Period{year: p.year, month: int8(i + 1)}
	}
	return months
}

// String writes the period as ParsePeriod reads it; no period is "".
func (p Period) String() string {
	switch {
	case p.year == 0:
		return ""
	case p.month == 0:
		return fmt.Sprintf("%04d", p.year)
	}
	return fmt.Sprintf("%04d-%02d", p.year, p.month)
}

// MarshalText implements encoding.TextMarshaler.
func (p Period) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (p *Period) UnmarshalText(text []byte) error {
	parsed, err := ParsePeriod(string(text))
	if err != nil {
		return err
	}
	*p = parsed
	return nil
}
