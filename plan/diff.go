package plan

import (
	"cmp"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"lifecircle/plan/rule"
)

// Change is one difference between two packages: something that one of them has
// and the other has not (Part is ""), or one part of it that differs.
type Change struct {
	Kind string     `json:"kind"` // package, clause, object, override, or the list of package.yaml it stands in
	ID   string     `json:"id"`
	Part string     `json:"part"` // like targets.0.at_least or parameters.reach.value; "" is the whole
	What ChangeType `json:"what"`
	Old  string     `json:"old"` // as it is written; rules in their one form
	New  string     `json:"new"`
	At   Position   `json:"at"` // in the new package; of what was removed, in the old one
}

// ChangeType says what happened.
type ChangeType string

// The types of changes.
const (
	Added   ChangeType = "added"
	Removed ChangeType = "removed"
	Changed ChangeType = "changed"
)

// Diff compares two packages object by object and number by number, as they are
// written: what stands above them is compared with them, and the order of files
// and keys does not matter. Both must load without errors.
func Diff(before, after fs.FS) []Change {
	older, newer := entriesOf(before), entriesOf(after)
	keys := make(map[entryKey]bool)
	for key := range older {
		keys[key] = true
	}
	for key := range newer {
		keys[key] = true
	}
	ordered := slices.SortedFunc(maps.Keys(keys), func(a, b entryKey) int {
		return cmp.Or(cmp.Compare(kindOrder(a.kind), kindOrder(b.kind)), cmp.Compare(a.kind, b.kind), compareClauses(a.id, b.id))
	})
	changes := []Change{}
	for _, key := range ordered {
		was, had := older[key]
		is, has := newer[key]
		switch {
		case !had:
			changes = append(changes, Change{Kind: key.kind, ID: key.id, What: Added, At: is.at})
		case !has:
			changes = append(changes, Change{Kind: key.kind, ID: key.id, What: Removed, At: was.at})
		default:
			changes = append(changes, compareParts(key, was, is)...)
		}
	}
	return changes
}

func kindOrder(kind string) int {
	return slices.Index([]string{"override", "object", "clause", "package"}, kind) * -1
}

type entryKey struct{ kind, id string }

// entry is one thing of a package, flat: its values by their paths.
type entry struct {
	at    Position
	parts map[string]part
}

type part struct {
	text string
	at   Position
}

func compareParts(key entryKey, was, is entry) []Change {
	var changes []Change
	paths := maps.Clone(was.parts)
	maps.Copy(paths, is.parts)
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		old, had := was.parts[path]
		now, has := is.parts[path]
		c := Change{Kind: key.kind, ID: key.id, Part: path, Old: old.text, New: now.text, What: Changed, At: now.at}
		switch {
		case !had:
			c.What = Added
		case !has:
			c.What, c.At = Removed, old.at
		case old.text == now.text:
			continue
		}
		changes = append(changes, c)
	}
	return changes
}

// entriesOf reads what a package and those above it say. A package beats the
// one above it.
func entriesOf(files fs.FS) map[entryKey]entry {
	entries := make(map[entryKey]entry)
	f := &faults{} // the package has been loaded before and has none
	names, _ := fs.Glob(files, "*.yaml")
	for _, name := range names {
		data, ok := f.file(files, name)
		if !ok {
			continue
		}
		root := f.read(name, data)
		if root == nil {
			continue
		}
		if name == packageFile {
			manifest(entries, files, root)
			continue
		}
		for _, list := range root.fields {
			kind := strings.TrimSuffix(list.key, "s")
			if list.value == nil {
				continue
			}
			for i, item := range list.value.items {
				id := item.value("id")
				if kind == "override" {
					id = strings.Join([]string{item.value("object"), item.value("variant"), strings.Join(item.texts("areas"), "+")}, " ")
				}
				key := entryKey{kind, strings.TrimSpace(id)}
				if _, twice := entries[key]; twice && kind == "override" {
					key.id = fmt.Sprintf("%s (%d)", key.id, i+1)
				}
				entries[key] = flat(item)
			}
		}
	}
	return entries
}

// manifest adds what package.yaml says, and the packages above.
func manifest(entries map[entryKey]entry, files fs.FS, root *node) {
	own := entry{at: root.at, parts: make(map[string]part)}
	for _, f := range root.fields {
		switch f.key {
		case "departments", "facility_kinds", "elements", "measures", "registers", "subject_sets":
			if f.value == nil {
				continue
			}
			for _, named := range f.value.fields {
				entries[entryKey{f.key, named.key}] = flat(named.value)
			}
		default:
			flatten(own.parts, f.key, f.value)
		}
	}
	entries[entryKey{"package", root.value("id")}] = own
	above, ok := files.(UpperFS)
	if id := root.value("extends"); ok && id != "" {
		if upper, err := above.Upper(id); err == nil {
			for key, e := range entriesOf(upper) {
				if _, own := entries[key]; !own && key.kind != "clause" {
					entries[key] = e
				}
			}
		}
	}
}

func flat(n *node) entry {
	e := entry{parts: make(map[string]part)}
	if n != nil {
		e.at = n.at
		flatten(e.parts, "", n)
	}
	return e
}

// flatten writes the values of n under their paths. Entries of a list go by
// their id or code, where they have one, and by their number otherwise; lists of
// single values are one value.
func flatten(parts map[string]part, path string, n *node) {
	join := func(step string) string { return strings.TrimPrefix(path+"."+step, ".") }
	switch {
	case n == nil:
	case n.kind == mapping:
		for _, f := range n.fields {
			if f.key != "id" && f.key != "code" { // they are in the path
				flatten(parts, join(f.key), f.value)
			}
		}
	case n.kind == list && len(n.texts("")) == len(n.items):
		parts[path] = part{strings.Join(n.texts(""), ", "), n.at}
	case n.kind == list:
		for i, item := range n.items {
			flatten(parts, join(cmp.Or(item.value("id"), item.value("code"), fmt.Sprint(i))), item)
		}
	default:
		parts[path] = part{oneForm(path, n.text), n.at}
	}
}

// oneForm writes a rule in its one form, so that brackets and blanks are no
// change; other texts stay.
func oneForm(path, text string) string {
	switch path[strings.LastIndexByte(path, '.')+1:] {
	case "where", "require", "numerator", "denominator", "eligible", "recognised", "warn", "when", "rule":
		if expr, faults := rule.Parse(text); len(faults) == 0 {
			return expr.String()
		}
	}
	return strings.TrimSpace(text)
}

// value returns a single value of a mapping, "" when it has none.
func (n *node) value(key string) string {
	if n == nil || n.kind != mapping {
		return ""
	}
	for _, f := range n.fields {
		if f.key == key && f.value != nil && f.value.kind == scalar {
			return f.value.text
		}
	}
	return ""
}

// texts returns the single values of a list, or of the list under a key.
func (n *node) texts(key string) []string {
	if n == nil {
		return nil
	}
	if key != "" {
		for _, f := range n.fields {
			if f.key == key {
				return f.value.texts("")
			}
		}
		return nil
	}
	var texts []string
	for _, item := range n.items {
		if item != nil && item.kind == scalar {
			texts = append(texts, item.text)
		}
	}
	return texts
}
