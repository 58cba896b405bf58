package report

import (
	"lifecircle"
	"lifecircle/remedy"
)

// NewPlaces are the fewest new facilities that turn a provision green, or why none do.
type NewPlaces struct {
	Kind     string          `json:"kind" doc:"of facility to open"`
	KindName lifecircle.Name `json:"kind_name"`
	Count    int             `json:"count" doc:"so many do"`
	Fewest   int             `json:"fewest" doc:"fewer than so many do not: proved; the count itself where nothing better is possible"`
	Need     int64           `json:"need" doc:"people or areas that must come to pass"`
	Gained   int64           `json:"gained" doc:"that do"`
	Unit     string          `json:"unit" doc:"person or area"`
	Result   *float64        `json:"result" doc:"the value after they are open, as it was tried and evaluated"`
	Sites    []SitingSite    `json:"sites" doc:"those that serve most first"`
	Reason   *Reason         `json:"reason,omitempty" doc:"why no new place turns it green"`
}

// NewPlacesOf turns the smallest change into its JSON form; an error that says why
// there is none becomes its reason, any other is returned.
func (k Known) NewPlacesOf(l *remedy.Least, err error) (*NewPlaces, error) {
	if code := lifecircle.ErrorCode(err); err != nil && code != "internal" {
		return &NewPlaces{Sites: []SitingSite{}, Reason: &Reason{Code: code, What: err.Error()}}, nil
	}
	if err != nil {
		return nil, err
	}
	all := k.SitingOf(l.Answer)
	places := NewPlaces{
		Kind: all.Case.Kind, KindName: all.Case.KindName, Count: len(all.Sites), Fewest: l.Fewest, Need: l.Need, Gained: all.Gained,
		Unit: all.Case.Unit, Sites: all.Sites, Result: all.Result.After,
	}
	if l.Case.Purpose == remedy.Presence {
		places.Gained = int64(len(all.Sites))
	}
	return &places, nil
}
