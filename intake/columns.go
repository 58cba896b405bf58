package intake

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"lifecircle"
)

// Mapping says what a file calls things, where its headings are not the product's
// own. Its file is YAML:
//
//	sheet: 名单              # of a spreadsheet; the first one when left out
//	crs: gcj02
//	columns: {单位编码: id, 单位名称: name}
//	values: {kind: {社区医院: community_health_centre}}
//	constants: {provenance: real, source: 卫生健康委 2025}
type Mapping struct {
	Sheet     string                       `yaml:"sheet"`
	CRS       string                       `yaml:"crs"`
	Columns   map[string]string            `yaml:"columns"`   // heading → target; "" leaves the column out
	Values    map[string]map[string]string `yaml:"values"`    // target → what the file says → what is meant
	Constants map[string]string            `yaml:"constants"` // target → what every row says that is silent
}

// ParseMapping reads a mapping file; what it does not know is a fault at its line.
func ParseMapping(data []byte) (Mapping, error) {
	var m Mapping
	if bytes.ContainsAny(data, "&*") && usesAnchors(data) {
		return m, lifecircle.Errorf("mapping_invalid", "the mapping uses anchors: write out what they stand for")
	}
	if err := yaml.UnmarshalWithOptions(data, &m, yaml.Strict()); err != nil {
		return Mapping{}, lifecircle.Errorf("mapping_invalid", "the mapping: %s", strings.TrimSpace(yaml.FormatError(err, false, true)))
	}
	return m, nil
}

// usesAnchors looks for & and * where YAML takes them for anchors: at the start of
// a value.
func usesAnchors(data []byte) bool {
	for line := range bytes.Lines(data) {
		for _, mark := range []string{": &", ": *", "- &", "- *", "[&", "[*", ", *", "<<:"} {
			if bytes.Contains(line, []byte(mark)) {
				return true
			}
		}
	}
	return false
}

// target is something a row may say: where it stands in the list of aliases, all
// in the form of plain.
type target struct {
	id      string
	aliases []string
	need    bool
}

// columns says where a table has what is asked for.
type columns struct {
	at        map[string]int
	constants map[string]string
	values    map[string]map[string]string
}

var plainer = strings.NewReplacer("（", "(", "）", ")", "：", "", ":", "", "*", "", " ", "", "\u3000", "", "_", "", "-", "", "–", "")

// plain is a heading without what people write differently: case, blanks, full
// width brackets, units in brackets.
func plain(heading string) string {
	return strings.ToLower(plainer.Replace(heading))
}

// withoutUnit takes a unit in brackets off the end: 建筑面积(㎡).
func withoutUnit(heading string) string {
	if at := strings.LastIndex(heading, "("); at > 0 && strings.HasSuffix(heading, ")") {
		return heading[:at]
	}
	return heading
}

// match finds the columns of a table's headings. Two columns for one target, and a
// needed one that is not there, are errors of the file.
func (f *form) match(file File, t *table) (columns, []string, error) {
	c := columns{at: make(map[string]int), constants: maps.Clone(file.Mapping.Constants), values: file.Mapping.Values}
	if c.constants == nil {
		c.constants = make(map[string]string)
	}
	invalid := func(format string, args ...any) error {
		return lifecircle.Errorf("columns_invalid", "%s: "+format, append([]any{file.Name}, args...)...).With("file", file.Name)
	}
	byAlias := make(map[string]string)
	for _, target := range f.targets {
		for _, alias := range append([]string{target.id}, target.aliases...) {
			if _, taken := byAlias[plain(alias)]; !taken {
				byAlias[plain(alias)] = target.id
			}
		}
	}
	for heading, id := range file.Mapping.Columns {
		if _, known := byAlias[plain(id)]; !known && id != "" {
			return c, nil, invalid("the mapping sends the column %q to %q, which %s have not: want one of %s", heading, id, f.kind, strings.Join(f.ids(), ", "))
		}
		if !slices.Contains(t.heading, heading) {
			return c, nil, invalid("the mapping names the column %q, and the file has %s", heading, strings.Join(t.heading, ", "))
		}
	}
	for id := range c.constants {
		if !slices.Contains(f.ids(), id) {
			return c, nil, invalid("the constant %q is none of %s: want one of %s", id, f.kind, strings.Join(f.ids(), ", "))
		}
	}
	var ignored []string
	for at, heading := range t.heading {
		if id, sent := file.Mapping.Columns[heading]; sent && id == "" {
			ignored = append(ignored, heading)
			continue
		}
		id, ok := byAlias[plain(file.Mapping.Columns[heading])]
		if file.Mapping.Columns[heading] == "" {
			if id, ok = byAlias[plain(heading)]; !ok {
				id, ok = byAlias[withoutUnit(plain(heading))]
			}
		}
		switch before, twice := c.at[id]; {
		case !ok || heading == "":
			if heading != "" {
				ignored = append(ignored, heading)
			}
		case twice && file.Mapping.Columns[heading] == "" && file.Mapping.Columns[t.heading[before]] != "":
			ignored = append(ignored, heading) // the mapping chose the other one
		case twice && file.Mapping.Columns[t.heading[before]] == "" && file.Mapping.Columns[heading] != "":
			ignored = append(ignored, t.heading[before])
			c.at[id] = at
		case twice:
			return c, nil, invalid("the columns %q and %q both say %s: say in a mapping which one counts", t.heading[before], heading, id)
		default:
			c.at[id] = at
		}
	}
	var lacking []string
	for _, target := range f.targets {
		_, there := c.at[target.id]
		if target.need && !there && c.constants[target.id] == "" {
			lacking = append(lacking, target.id)
		}
	}
	if len(lacking) > 0 {
		return c, nil, invalid("no column for %s among %s: rename a column or send it there in a mapping", strings.Join(lacking, ", "), strings.Join(t.heading, ", ")).(*lifecircle.Error).
			With("columns", lacking)
	}
	return c, ignored, nil
}

// meant translates a cell by the mapping's values.
func (c columns) meant(target, cell string) string {
	if meant, ok := c.values[target][cell]; ok {
		return meant
	}
	return cell
}

func (f *form) ids() []string {
	ids := make([]string, len(f.targets))
	for i, t := range f.targets {
		ids[i] = t.id
	}
	return ids
}

// needs marks targets that every row must say.
func needs(targets []target, ids ...string) []target {
	for i := range targets {
		targets[i].need = slices.Contains(ids, targets[i].id)
	}
	return targets
}

// listed writes at most a few of many.
func listed(all []string) string {
	const shown = 8
	if len(all) > shown {
		return strings.Join(all[:shown], ", ") + fmt.Sprintf(" … (%d in all)", len(all))
	}
	return strings.Join(all, ", ")
}
