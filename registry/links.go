package registry

import (
	"fmt"

	"lifecircle"
)

// LinkDoubt is a day of a link that does not fit a party of it. Somebody may have
// meant it so, an agreement signed before the doors open, say: it is a doubt and no
// fault.
type LinkDoubt struct {
	Field   string // since or until
	Party   string // the id of the party
	Message string
}

// DoubtLink compares the days of a link, its fields since and until or else its own
// span, with those of its parties that are known here as facilities or organisations:
// a link holds while both stand. A link without a last day is held to be in force.
func (s *Snapshot) DoubtLink(link *Record) (doubts []LinkDoubt) {
	doubt := func(field, party, format string, args ...any) {
		doubts = append(doubts, LinkDoubt{field, party, fmt.Sprintf(format, args...)})
	}
	since, until := link.From, Day{}
	if day, ok := link.Fields["since"].Date(); ok {
		since = DayOf(day)
	}
	if link.Until.known {
		until = DayOf(link.Until.date - 1) // its last day
	}
	if day, ok := link.Fields["until"].Date(); ok {
		until = DayOf(day)
	}
	if since.known && until.known && until.date < since.date {
		doubt("until", "", "the link ends on %s and begins on %s", until, since)
	}
	for _, id := range linkParties(link) {
		span, ok := s.spanOf(id)
		if !ok {
			continue // it is kept in no register: a government, say
		}
		if since.known && span.begins(since) {
			doubt("since", id, "the link begins on %s, before %s opens on %s", since, id, span.From)
		}
		switch last := DayOf(span.Until.date - 1); {
		case !span.Until.known || until.known && until.date <= last.date:
		case until.known:
			doubt("until", id, "the link goes on until %s, and %s stands until %s", until, id, last)
		default:
			doubt("until", id, "the link has no last day, and %s stands until %s", id, last)
		}
	}
	return doubts
}

func linkParties(link *Record) (ids []string) {
	for _, field := range []string{"party", "counterparty"} {
		if id, ok := link.Fields[field].Text(); ok {
			ids = append(ids, id)
		}
	}
	more, _ := link.Fields["parties"].Texts()
	return append(ids, more...)
}

// spanOf is when a facility or organisation stands.
func (s *Snapshot) spanOf(id string) (Span, bool) {
	if f, ok := s.Said(lifecircle.FacilityID(id)); ok {
		return f.Span, true
	}
	if o, ok := s.Entered(Entry{OrganisationRegister, id}); ok {
		return o.Span, true
	}
	return Span{}, false
}
