package plan

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"lifecircle"
	"lifecircle/plan/rule"
)

// record is a mapping being read: it knows which keys were asked for, so that
// those left over can be refused.
type record struct {
	*faults
	node *node
	what string // what the mapping describes, for messages
	keys []string
}

// record reads n as a mapping; anything else is a fault and an empty record,
// which reports nothing further.
func (f *faults) record(n *node, what string) *record {
	if n != nil && !f.is(n, mapping, what) {
		n = nil
	}
	return &record{faults: f, node: n, what: what}
}

// is reports whether n has the kind that what must have.
func (f *faults) is(n *node, kind nodeKind, what string) bool {
	if n.kind != kind && n.kind != refused {
		f.error(n.at, finding{"wrong_type", fmt.Sprintf("%s is %s here", what, n.kind), "write " + kind.String()})
	}
	return n.kind == kind
}

// field returns the value under a key, nil when absent.
func (r *record) field(key string) *node {
	r.keys = append(r.keys, key)
	if r.node == nil {
		return nil
	}
	for _, f := range r.node.fields {
		if f.key == key {
			return f.value
		}
	}
	return nil
}

// has reports whether the mapping gives a key a value.
func (r *record) has(key string) bool { return r.field(key) != nil }

// need is field for a key that must be there; why says what it is for.
func (r *record) need(key, why string) *node {
	n := r.field(key)
	if n == nil && r.node != nil {
		r.error(r.node.at, finding{"key_missing", fmt.Sprintf("%s needs %q: %s", r.what, key, why), fmt.Sprintf("add %q", key+":")})
	}
	return n
}

// close refuses the keys that nobody asked for.
func (r *record) close() {
	if r.node == nil {
		return
	}
	known := make(map[string]bool, len(r.keys))
	for _, key := range r.keys {
		known[key] = true
	}
	for _, f := range r.node.fields {
		if known[f.key] {
			continue
		}
		repair := "one of: " + strings.Join(compact(r.keys), ", ")
		if meant := rule.Closest(f.key, slices.Values(r.keys)); meant != "" {
			repair = fmt.Sprintf("write %q, or remove it", meant)
		}
		r.error(f.keyAt, finding{"key_unknown", fmt.Sprintf("%s has no %q", r.what, f.key), repair})
	}
}

// compact drops repeated keys and keeps the order.
func compact(keys []string) []string {
	var kept []string
	seen := make(map[string]bool, len(keys))
	for _, key := range keys {
		if !seen[key] {
			kept = append(kept, key)
		}
		seen[key] = true
	}
	return kept
}

// items returns the values of a list, nil when absent.
func (f *faults) items(n *node, what string) []*node {
	if n == nil || !f.is(n, list, what) {
		return nil
	}
	items := make([]*node, 0, len(n.items))
	for _, item := range n.items {
		if item == nil {
			f.error(n.at, finding{"wrong_type", what + " has an empty entry", "remove the entry or fill it"})
			continue
		}
		items = append(items, item)
	}
	return items
}

// entries returns the named values of a mapping, nil when absent.
func (f *faults) entries(n *node, what string) []field {
	if n == nil || !f.is(n, mapping, what) {
		return nil
	}
	entries := make([]field, 0, len(n.fields))
	for _, entry := range n.fields {
		switch {
		case entry.value == nil:
			f.error(entry.keyAt, finding{"wrong_type", fmt.Sprintf("%s: %q is empty", what, entry.key), "remove it or fill it"})
		case f.identifies(entry.key, entry.keyAt):
			entries = append(entries, entry)
		}
	}
	return entries
}

// scalar returns the text of a single value that may be a number or not.
func (f *faults) scalar(n *node, what string) (string, bool) {
	if n == nil || !f.is(n, scalar, what) {
		return "", false
	}
	return n.text, true
}

// text returns a text that is not blank.
func (f *faults) text(n *node, what string) string {
	text, ok := f.scalar(n, what)
	text = strings.TrimSpace(text)
	if ok && text == "" {
		f.error(n.at, finding{"wrong_type", what + " is blank", "write it or leave the key out"})
	}
	return text
}

// texts returns a list of texts.
func (f *faults) texts(n *node, what string) []string {
	var texts []string
	for _, item := range f.items(n, what) {
		if text := f.text(item, "an entry of "+what); text != "" {
			texts = append(texts, text)
		}
	}
	return texts
}

// identifier returns an id: lower-case letters, digits and underscores, in
// parts joined by points.
func (f *faults) identifier(n *node, what string) string {
	text := f.text(n, what)
	if text == "" || !f.identifies(text, n.at) {
		return ""
	}
	return text
}

func (f *faults) identifies(id string, at Position) bool {
	for part := range strings.SplitSeq(id, ".") {
		if !plainWord(part) {
			f.error(at, finding{"id_invalid", fmt.Sprintf("%q is no id", id), "use lower-case letters, digits and _, beginning with a letter; points join parts"})
			return false
		}
	}
	return true
}

func plainWord(word string) bool {
	for i, r := range word {
		letter := (r >= 'a' && r <= 'z')
		if !letter && (i == 0 || (r != '_' && (r < '0' || r > '9'))) {
			return false
		}
	}
	return word != ""
}

// name returns a term in both languages.
func (f *faults) name(n *node) lifecircle.Name {
	r := f.record(n, "a name")
	name := lifecircle.Name{
		ZH: f.text(r.need("zh", "every term has a Chinese name"), "a name"),
		EN: f.text(r.need("en", "every term has an English name"), "a name"),
	}
	r.close()
	return name
}

// remark returns a sentence for readers: one in each language, or a text that
// serves both, like the number of a standard.
func (f *faults) remark(n *node, what string) lifecircle.Name {
	if n == nil || n.kind != mapping {
		text := f.text(n, what)
		return lifecircle.Name{ZH: text, EN: text}
	}
	r := f.record(n, what)
	remark := lifecircle.Name{
		ZH: f.text(r.need("zh", "a Chinese reader is to read it too"), what),
		EN: f.text(r.need("en", "an English reader is to read it too"), what),
	}
	r.close()
	return remark
}

func (f *faults) boolean(n *node, what string) bool {
	text, ok := f.scalar(n, what)
	if !ok {
		return false
	}
	if n.quoted || (text != "true" && text != "false") {
		f.error(n.at, finding{"wrong_type", fmt.Sprintf("%s is %q", what, text), "write true or false"})
	}
	return text == "true"
}

func (f *faults) number(n *node, what string) (lifecircle.Number, bool) {
	text, ok := f.scalar(n, what)
	if !ok {
		return lifecircle.Number{}, false
	}
	if n.quoted {
		f.error(n.at, finding{"wrong_type", what + " is a text in quotes", "write the number without quotes"})
		return lifecircle.Number{}, false
	}
	number, err := lifecircle.ParseNumber(text)
	if err != nil {
		f.error(n.at, finding{"wrong_type", fmt.Sprintf("%s: %v", what, err), "write a decimal like 3.15; the unit goes under \"unit\""})
		return lifecircle.Number{}, false
	}
	return number, true
}

// The years a plan may name.
const firstYear, lastYear = 1949, 2199

func (f *faults) year(n *node, what string) int {
	text, ok := f.scalar(n, what)
	if !ok {
		return 0
	}
	year, err := strconv.Atoi(text)
	if err != nil || n.quoted || year < firstYear || year > lastYear {
		f.error(n.at, finding{"wrong_type", fmt.Sprintf("%s: %q is no year", what, text), "write a year like 2025"})
		return 0
	}
	return year
}

func (f *faults) date(n *node, what string) (rule.Date, bool) {
	text, ok := f.scalar(n, what)
	if !ok {
		return 0, false
	}
	date, err := rule.ParseDate(text)
	if err != nil {
		f.error(n.at, finding{"wrong_type", fmt.Sprintf("%s: %q is no day", what, text), "write a day like 2025-12-31"})
		return 0, false
	}
	return date, true
}

func (f *faults) unit(n *node) (rule.Unit, bool) {
	text, ok := f.scalar(n, "a unit")
	if !ok {
		return rule.Unit{}, false
	}
	unit, err := rule.ParseUnit(text)
	if err != nil {
		f.error(n.at, finding{"unit_unknown", fmt.Sprintf("%v", err), "use a unit of docs/formats/rules.md, like %, m, m2/person or 1"})
		return rule.Unit{}, false
	}
	return unit, true
}

// oneOf returns a word of a closed list.
func oneOf[T ~string](f *faults, n *node, what string, words ...T) T {
	text, ok := f.scalar(n, what)
	if !ok {
		return ""
	}
	all := make([]string, len(words))
	for i, word := range words {
		if text == string(word) {
			return word
		}
		all[i] = string(word)
	}
	repair := "one of: " + strings.Join(all, ", ")
	if meant := rule.Closest(text, slices.Values(all)); meant != "" {
		repair = fmt.Sprintf("write %q (%s)", meant, repair)
	}
	f.error(n.at, finding{"value_unknown", fmt.Sprintf("%s is %q", what, text), repair})
	return ""
}
