package plan_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"lifecircle/plan"
)

// The schemas in plans/schema complete keys and words in editors; the loader
// decides. These tests hold one against the other in both directions.
const schemas = "../plans/schema/"

// schemaOf names the schema of a package's file.
func schemaOf(file string) string {
	switch {
	case file == "package.yaml":
		return "package.json"
	case path.Dir(file) == "tests":
		return "tests.json"
	}
	return "theme.json"
}

// document reads a YAML file as JSON sees it.
func document(t *testing.T, data []byte) any {
	t.Helper()
	var raw any
	if err := yaml.Unmarshal(data, &raw); err != nil {
		t.Fatal(err)
	}
	encoded, err := json.Marshal(raw)
	if err != nil {
		t.Fatal(err)
	}
	var value any
	if err := json.Unmarshal(encoded, &value); err != nil {
		t.Fatal(err)
	}
	return value
}

func readSchema(t *testing.T, name string) map[string]any {
	t.Helper()
	data, err := os.ReadFile(schemas + name)
	if err != nil {
		t.Fatal(err)
	}
	var schema map[string]any
	if err := json.Unmarshal(data, &schema); err != nil {
		t.Fatal(err)
	}
	return schema
}

// TestPackagesFollowSchema asks that no editor blames a package that loads.
func TestPackagesFollowSchema(t *testing.T) {
	t.Parallel()
	compiler := jsonschema.NewCompiler()
	for _, name := range []string{"words.json", "package.json", "theme.json", "tests.json"} {
		if err := compiler.AddResource(name, any(readSchema(t, name))); err != nil {
			t.Fatal(err)
		}
	}
	files, err := filepath.Glob("../plans/*/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	more, _ := filepath.Glob("../plans/*/tests/*.yaml")
	whole, _ := filepath.Glob("testdata/whole/*.yaml")
	wholeTests, _ := filepath.Glob("testdata/whole/tests/*.yaml")
	for _, file := range slices.Concat(files, more, whole, wholeTests) {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Base(file)
		if filepath.Base(filepath.Dir(file)) == "tests" {
			name = "tests/" + name
		}
		schema, err := compiler.Compile(schemaOf(name))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(document(t, data)); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
}

// wholeFiles are the files of the package that uses every key.
func wholeFiles(t *testing.T) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	err := fs.WalkDir(os.DirFS("testdata/whole"), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile("testdata/whole/" + name)
		files[name] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// place is a mapping of a file and the schema that speaks of it.
type place struct {
	file, path string
	value      map[string]any
	schema     map[string]any
}

// resolver follows references between schemas.
type resolver struct {
	t    *testing.T
	read map[string]map[string]any
}

// find resolves a schema for a value: references, and of several the one that is
// meant by the value's kind or type.
func (r *resolver) find(schema map[string]any, file string, value any) (map[string]any, string) {
	r.t.Helper()
	if reference, ok := schema["$ref"].(string); ok {
		in, pointer, _ := strings.Cut(reference, "#")
		if in == "" {
			in = file
		}
		if r.read[in] == nil {
			r.read[in] = readSchema(r.t, in)
		}
		target := r.read[in]
		for _, step := range strings.FieldsFunc(pointer, func(r rune) bool { return r == '/' }) {
			target, ok = target[step].(map[string]any)
			if !ok {
				r.t.Fatalf("%s leads nowhere", reference)
			}
		}
		return r.find(target, in, value)
	}
	options, ok := schema["oneOf"].([]any)
	if !ok || schema["properties"] != nil {
		return schema, file
	}
	for _, option := range options {
		found, in := r.find(option.(map[string]any), file, value)
		properties, _ := found["properties"].(map[string]any)
		instance, isMapping := value.(map[string]any)
		_, isList := value.([]any)
		if isList && found["type"] == "array" {
			return found, in
		}
		if !isMapping || properties == nil {
			continue
		}
		if kind, ok := properties["kind"].(map[string]any); ok && kind["const"] != nil && kind["const"] != instance["kind"] {
			continue
		}
		return found, in
	}
	found, in := r.find(options[0].(map[string]any), file, value)
	return found, in
}

// places visits every mapping of a value.
func (r *resolver) places(at place, in string, value any, visit func(place)) {
	schema, in := r.find(at.schema, in, value)
	sub := func(step string, s any, v any) {
		if s, ok := s.(map[string]any); ok {
			r.places(place{file: at.file, path: at.path + "/" + step, schema: s}, in, v, visit)
		}
	}
	switch value := value.(type) {
	case map[string]any:
		visit(place{at.file, at.path, value, schema})
		properties, _ := schema["properties"].(map[string]any)
		for _, key := range slices.Sorted(maps.Keys(value)) {
			if p, ok := properties[key]; ok {
				sub(key, p, value[key])
			} else {
				sub(key, schema["additionalProperties"], value[key])
			}
		}
	case []any:
		for i, item := range value {
			sub(fmt.Sprint(i), schema["items"], item)
		}
	}
}

// faultsOf loads the whole package with one file replaced by a value.
func faultsOf(t *testing.T, files fstest.MapFS, file string, value any) []plan.Fault {
	t.Helper()
	data, err := json.MarshalIndent(value, "", " ") // long lines are slow to read
	if err != nil {
		t.Fatal(err)
	}
	changed := maps.Clone(files)
	changed[file] = &fstest.MapFile{Data: data}
	pkg, faults := plan.Load(changed)
	if pkg != nil {
		_, more := plan.LoadTests(changed, pkg)
		faults = append(faults, more...)
	}
	return faults
}

// listed returns the words of a repair "one of: a, b".
func listed(repair string) []string {
	_, words, ok := strings.Cut(strings.TrimSuffix(repair, ")"), "one of: ")
	if !ok {
		return nil
	}
	all := strings.Split(words, ", ")
	slices.Sort(all)
	return slices.Compact(all)
}

// TestSchemaKnowsTheLoadersKeys plants an unknown key in every mapping of the
// whole package: the keys that the loader then offers are the schema's.
func TestSchemaKnowsTheLoadersKeys(t *testing.T) {
	t.Parallel()
	files := wholeFiles(t)
	r := &resolver{t: t, read: map[string]map[string]any{}}
	compared := 0
	shapes := make(map[string][]string)
	for _, file := range slices.Sorted(maps.Keys(files)) {
		root := document(t, files[file].Data)
		name := schemaOf(file)
		r.places(place{file: file, schema: map[string]any{"$ref": name + "#"}}, name, root, func(at place) {
			const unknown = "zzzzzzzzzzzzzzzz"
			at.value[unknown] = "z"
			defer delete(at.value, unknown)
			var offered []string
			for _, f := range faultsOf(t, files, file, root) {
				if f.Code == "key_unknown" && strings.Contains(f.Message, unknown) {
					offered = listed(f.Repair)
				}
			}
			properties, _ := at.schema["properties"].(map[string]any)
			known := slices.Sorted(maps.Keys(properties))
			switch additional := at.schema["additionalProperties"]; {
			case additional == false:
				compared++
				for _, key := range offered {
					if !slices.Contains(known, key) {
						t.Errorf("%s%s: the schema does not know %q", file, at.path, key)
					}
				}
				// What stands beside it narrows the keys: a heading has fewer than a
				// clause. Over all mappings of one shape every key must be offered.
				shape := strings.Join(known, " ")
				shapes[shape] = append(shapes[shape], offered...)
			case additional == nil && properties != nil: // the fields of a register besides
				compared++
				for _, key := range known {
					if !slices.Contains(offered, key) {
						t.Errorf("%s%s: the loader does not know %q", file, at.path, key)
					}
				}
			case properties == nil && offered != nil && path.Base(at.path) != "conditions": // those of the object
				t.Errorf("%s%s: the schema lets every key pass, the loader only %v", file, at.path, offered)
			}
		})
	}
	for shape, offered := range shapes {
		slices.Sort(offered)
		if diff := cmp.Diff(strings.Fields(shape), slices.Compact(offered)); diff != "" {
			t.Errorf("keys (-schema +loader):\n%s", diff)
		}
	}
	if compared < 150 {
		t.Errorf("%d mappings were compared: the package does not use every key", compared)
	}
}

// conditional are keys that are needed or not by what stands beside them, which
// the loader sees and the schema does not say.
var conditional = []string{
	"subjects", "require", "numerator", "eligible", // variants and decisions
	"value", "from", "source", "status", // of a parameter with values
	"area", "row", "metres", "minutes", "object", "text", "force", "owner", "owner_status",
	"stretch", // of a floor
}

// TestSchemaKnowsWhatIsNeeded takes every key away and every word of a closed
// list: what the loader then misses, the schema requires, and the other way.
func TestSchemaKnowsWhatIsNeeded(t *testing.T) {
	t.Parallel()
	files := wholeFiles(t)
	r := &resolver{t: t, read: map[string]map[string]any{}}
	needed, closed := 0, 0
	for _, file := range slices.Sorted(maps.Keys(files)) {
		root := document(t, files[file].Data)
		name := schemaOf(file)
		r.places(place{file: file, schema: map[string]any{"$ref": name + "#"}}, name, root, func(at place) {
			required, _ := at.schema["required"].([]any)
			properties, _ := at.schema["properties"].(map[string]any)
			for _, key := range slices.Sorted(maps.Keys(properties)) {
				was, present := at.value[key]
				if !present {
					continue
				}
				delete(at.value, key)
				missed := slices.ContainsFunc(faultsOf(t, files, file, root), func(f plan.Fault) bool {
					return f.Code == "key_missing" && strings.Contains(f.Message, fmt.Sprintf("needs %q", key))
				})
				if slices.Contains(required, any(key)) != missed && !slices.Contains(conditional, key) && at.path != "/registers/home" { // a kept register has its name

					t.Errorf("%s%s: without %q the loader misses it: %v; the schema says otherwise", file, at.path, key, missed)
				}
				if missed {
					needed++
				}
				words := r.words(properties[key].(map[string]any), name, was)
				if _, isText := was.(string); words != nil && isText {
					closed++
					at.value[key] = "zzzzzzzzzzzzzzzz"
					var offered []string
					for _, f := range faultsOf(t, files, file, root) {
						if f.Code == "value_unknown" && strings.Contains(f.Message, "zzzzzzzzzzzzzzzz") {
							offered = listed(f.Repair)
						}
					}
					if diff := cmp.Diff(words, offered); diff != "" {
						t.Errorf("%s%s/%s: words (-schema +loader):\n%s", file, at.path, key, diff)
					}
				}
				at.value[key] = was
			}
		})
	}
	if needed < 100 || closed < 60 {
		t.Errorf("%d keys were missed and %d closed lists compared: the package does not use every key", needed, closed)
	}
}

// words returns the words of a closed list of texts.
func (r *resolver) words(schema map[string]any, file string, value any) []string {
	found, _ := r.find(schema, file, value)
	all, _ := found["enum"].([]any)
	var words []string
	for _, word := range all {
		if text, ok := word.(string); ok {
			words = append(words, text)
		} else {
			words = append(words, fmt.Sprint(word))
		}
	}
	slices.Sort(words)
	return words
}
