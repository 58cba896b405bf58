package registry

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"lifecircle"
	"lifecircle/plan/rule"
)

// Fields are what a row says beyond what every row of its register has. Rules
// read them by name; numbers are in base units, as rules see them. A field that
// is not there is not known.
//
// In JSON a truth, a text, a number and a list of texts are themselves, a day is
// {"day": "2025-12-31"}, and a number that no decimal writes is
// {"number": "2/3"}.
type Fields map[string]rule.Value

// MarshalJSON implements json.Marshaler, with the names in order.
func (f Fields) MarshalJSON() ([]byte, error) {
	var out bytes.Buffer
	out.WriteByte('{')
	for i, name := range slices.Sorted(maps.Keys(f)) {
		if i > 0 {
			out.WriteByte(',')
		}
		value, err := fieldJSON(f[name])
		if err != nil {
			return nil, fmt.Errorf("field %s: %w", name, err)
		}
		key, err := json.Marshal(name)
		if err != nil {
			return nil, err
		}
		out.Write(key)
		out.WriteByte(':')
		out.Write(value)
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}

func fieldJSON(v rule.Value) ([]byte, error) {
	if b, ok := v.Bool(); ok {
		return json.Marshal(b)
	}
	if text, ok := v.Text(); ok {
		return json.Marshal(text)
	}
	if texts, ok := v.Texts(); ok {
		return json.Marshal(slices.Concat([]string{}, texts)) // [] and not null
	}
	if day, ok := v.Date(); ok {
		return json.Marshal(map[string]string{"day": day.String()})
	}
	if n, ok := v.Number(); ok {
		text := n.String()
		if strings.Contains(text, "/") {
			return json.Marshal(map[string]string{"number": text})
		}
		return []byte(text), nil
	}
	return nil, fmt.Errorf("%v is no value of a field", v)
}

// UnmarshalJSON implements json.Unmarshaler.
func (f *Fields) UnmarshalJSON(data []byte) error {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(data, &raw); err != nil {
		return err
	}
	if raw == nil {
		*f = nil
		return nil
	}
	*f = make(Fields, len(raw))
	for name, text := range raw {
		value, err := fieldValue(text)
		if err != nil {
			return lifecircle.Errorf("field_invalid", "field %s: %w", name, err).With("field", name)
		}
		(*f)[name] = value
	}
	return nil
}

func fieldValue(data json.RawMessage) (rule.Value, error) {
	var value rule.Value
	switch data[0] {
	case 't', 'f':
		var b bool
		err := json.Unmarshal(data, &b)
		return rule.BoolOf(b), err
	case '"':
		var text string
		err := json.Unmarshal(data, &text)
		return rule.TextOf(text), err
	case '[':
		var texts []string
		err := json.Unmarshal(data, &texts)
		return rule.TextsOf(texts), err
	case '{':
		var tagged struct {
			Day    string             `json:"day"`
			Number *lifecircle.Number `json:"number"`
		}
		if err := json.Unmarshal(data, &tagged); err != nil {
			return value, err
		}
		if tagged.Number != nil {
			return rule.NumberOf(*tagged.Number), nil
		}
		day, err := rule.ParseDate(tagged.Day)
		return rule.DateOf(day), err
	}
	number, err := lifecircle.ParseNumber(string(data))
	return rule.NumberOf(number), err
}

// Dated is a change of a facility or record from a day on: its kind where one is
// given, and the fields it names.
type Dated struct {
	Since  Day    `json:"since"`
	Kind   string `json:"kind,omitempty"`
	Fields Fields `json:"fields,omitempty"`
}

// on applies the changes that have come by a day, in order.
func on(day Day, kind string, fields Fields, changes []Dated) (string, Fields) {
	owned := false
	for _, c := range changes {
		if day.known && day.date < c.Since.date {
			break
		}
		if c.Kind != "" {
			kind = c.Kind
		}
		if len(c.Fields) == 0 {
			continue
		}
		if !owned {
			fields = maps.Clone(fields)
			if fields == nil {
				fields = make(Fields, len(c.Fields))
			}
			owned = true
		}
		maps.Copy(fields, c.Fields)
	}
	return kind, fields
}

// inOrder reports whether changes have known days that rise.
func inOrder(changes []Dated) bool {
	for i, c := range changes {
		if c.Since.IsZero() || i > 0 && c.Since.date <= changes[i-1].Since.date {
			return false
		}
	}
	return true
}
