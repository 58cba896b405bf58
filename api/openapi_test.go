package api

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/http"
	"os"
	"testing"
)

var update = flag.Bool("update", false, "rewrite web/openapi.json")

// The browser client is compiled against web/openapi.json; it must be what the
// handlers say of themselves.
func TestOpenAPIIsWhatTheClientIsBuiltFrom(t *testing.T) {
	t.Parallel()
	const path = "../web/openapi.json"
	described, err := Describe(http.NewServeMux(), Config{}).OpenAPI().MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	if err := json.Indent(&got, described, "", "  "); err != nil {
		t.Fatal(err)
	}
	got.WriteByte('\n')
	if *update {
		if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Bytes(), want) {
		t.Errorf("%s is not what the handlers describe: run go test ./api -update, then npm run generate in web", path)
	}
}
