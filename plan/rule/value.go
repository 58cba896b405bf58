package rule

import (
	"strconv"
	"strings"

	"lifecircle"
)

// Value is a result or an input of a rule. The zero Value is no data without a
// reason. Values are equal under == when they say the same.
type Value struct {
	kind   kind
	number lifecircle.Number // of a number, a truth (0, 1), a day (days since 1970)
	text   string            // of a text; of a list, packed; of no data, the code of the reason
	what   string            // of no data
}

type kind uint8

const (
	missing kind = iota
	isBool
	isNumber
	isText
	isDay
	isTexts
	beyond // greater than every number
	absent // leaves a row out of sum and map; no rule results in it
)

// Reason says why there is no data. Code is stable and shown to people in their
// language; What is data: an element, an area and a period, how many of how
// many.
type Reason struct {
	Code string
	What string
}

// BoolOf is a truth.
func BoolOf(b bool) Value {
	if b {
		return Value{kind: isBool, number: lifecircle.Int(1)}
	}
	return Value{kind: isBool}
}

// NumberOf is a number in base units.
func NumberOf(n lifecircle.Number) Value { return Value{kind: isNumber, number: n} }

// TextOf is a text.
func TextOf(text string) Value { return Value{kind: isText, text: text} }

// DateOf is a day.
func DateOf(d Date) Value { return Value{kind: isDay, number: lifecircle.Int(int64(d))} }

// TextsOf is a list of texts.
func TextsOf(texts []string) Value {
	// Packed into one string, each after its length, so that == compares lists.
	var packed strings.Builder
	for _, text := range texts {
		packed.WriteString(strconv.Itoa(len(text)))
		packed.WriteByte(':')
		packed.WriteString(text)
	}
	return Value{kind: isTexts, text: packed.String()}
}

// Beyond is the distance to a place that cannot be reached: greater than every
// number, and no number to reckon with.
func Beyond() Value { return Value{kind: beyond} }

// NoData is a value that is not known.
func NoData(why Reason) Value { return Value{kind: missing, text: why.Code, what: why.What} }

// Missing returns why there is no data; missing is false when there is.
func (v Value) Missing() (why Reason, isMissing bool) {
	if v.kind != missing {
		return Reason{}, false
	}
	return Reason{v.text, v.what}, true
}

// Bool returns a truth; ok is false for everything else.
func (v Value) Bool() (truth, ok bool) { return v.number.Sign() != 0, v.kind == isBool }

// is reports whether v is that truth; no data is neither.
func (v Value) is(truth bool) bool { return v.kind == isBool && truth == (v.number.Sign() != 0) }

// Number returns a number in base units; ok is false for everything else,
// Beyond included.
func (v Value) Number() (n lifecircle.Number, ok bool) {
	if v.kind != isNumber {
		return lifecircle.Number{}, false
	}
	return v.number, true
}

// Text returns a text; ok is false for everything else.
func (v Value) Text() (text string, ok bool) {
	if v.kind != isText {
		return "", false
	}
	return v.text, true
}

// Date returns a day; ok is false for everything else.
func (v Value) Date() (d Date, ok bool) {
	if v.kind != isDay {
		return 0, false
	}
	return Date(v.number.Num()), true
}

// Texts returns a list of texts; ok is false for everything else.
func (v Value) Texts() (texts []string, ok bool) {
	if v.kind != isTexts {
		return nil, false
	}
	for rest := v.text; rest != ""; {
		length, after, _ := strings.Cut(rest, ":")
		n, _ := strconv.Atoi(length)
		texts = append(texts, after[:n])
		rest = after[n:]
	}
	return texts, true
}

// lists reports whether a list of texts holds a text.
func (v Value) lists(text string) bool {
	for rest := v.text; rest != ""; {
		length, after, _ := strings.Cut(rest, ":")
		n, _ := strconv.Atoi(length)
		if after[:n] == text {
			return true
		}
		rest = after[n:]
	}
	return false
}

// IsBeyond reports whether v is the distance to what cannot be reached.
func (v Value) IsBeyond() bool { return v.kind == beyond }

// String writes a value for logs and tests; numbers exactly.
func (v Value) String() string {
	switch v.kind {
	case isBool:
		return strconv.FormatBool(v.number.Sign() != 0)
	case isNumber:
		return v.number.String()
	case isText:
		return strconv.Quote(v.text)
	case isDay:
		return Date(v.number.Num()).String()
	case isTexts:
		texts, _ := v.Texts()
		quoted := make([]string, len(texts))
		for i, text := range texts {
			quoted[i] = strconv.Quote(text)
		}
		return "[" + strings.Join(quoted, ", ") + "]"
	case beyond:
		return "beyond"
	case absent:
		return "none"
	}
	return "no data (" + strings.TrimSpace(v.text+" "+v.what) + ")"
}
