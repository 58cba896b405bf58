package rule

import (
	"time"

	"lifecircle"
)

// Date is a civil day, as days since 1970-01-01. It has no time and no zone.
type Date int32

const secondsPerDay = 24 * 60 * 60

// DateFrom returns a day of the civil calendar. Months and days outside their
// range count on: month 13 is January of the next year, day 0 the last day of
// the month before.
func DateFrom(year, month, day int) Date {
	return Date(time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC).Unix() / secondsPerDay)
}

// ParseDate reads "2025-12-31".
func ParseDate(text string) (Date, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return 0, lifecircle.Errorf("date_invalid", "day %q: want a day like 2025-12-31", text).With("text", text)
	}
	return Date(t.Unix() / secondsPerDay), nil
}

// Civil returns the year, the month 1…12 and the day of the month.
func (d Date) Civil() (year, month, day int) {
	y, m, dd := time.Unix(int64(d)*secondsPerDay, 0).UTC().Date()
	return y, int(m), dd
}

// AddYears returns the same day n years later; 29 February becomes 1 March in a
// year without it.
func (d Date) AddYears(n int) Date {
	year, month, day := d.Civil()
	return DateFrom(year+n, month, day)
}

// String writes the day as ParseDate reads it.
func (d Date) String() string {
	return time.Unix(int64(d)*secondsPerDay, 0).UTC().Format(time.DateOnly)
}

// age returns the birthdays that have passed on a day; ok is false before birth.
// Who was born on 29 February has a birthday on 1 March in years without it.
func age(birth, day Date) (years int, ok bool) {
	if day < birth {
		return 0, false
	}
	year, month, dayOfMonth := day.Civil()
	birthYear, birthMonth, birthDay := birth.Civil()
	years = year - birthYear
	if month < birthMonth || month == birthMonth && dayOfMonth < birthDay {
		years--
	}
	return years, true
}
