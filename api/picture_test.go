package api_test

import (
	"net/http"
	"strings"
	"testing"

	"lifecircle/api"
)

func TestMapPicture(t *testing.T) {
	t.Parallel()
	h := serveOn(t, api.Ground{Tiles: tiles(t)})
	const path = "/api/v1/maps/1.1.7/990100/map.svg"
	w := get(t, h, path, nil)
	if w.Code != http.StatusOK || !strings.HasPrefix(w.Header().Get("Content-Type"), "image/svg+xml") {
		t.Fatalf("%d %v", w.Code, w.Header())
	}
	// 600 of 10,000 people live beyond 1,000 m; the limit is a break of the legend.
	for _, want := range []string{"1.1.7 ", "现值 94 %，目标 95 %", "500–1,000 米（达标）", "1,000–1,500 米（未达标）", "600 人", "示意图", "drawn by hand"} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("the picture lacks %q", want)
		}
	}
	english := get(t, h, path+"?lang=en", nil)
	for _, want := range []string{"value ", "(not met)", "Schematic map"} {
		if !strings.Contains(english.Body.String(), want) {
			t.Errorf("the English picture lacks %q", want)
		}
	}
	numbered := get(t, serveOn(t, api.Ground{MapNumber: "审图号 GS(2026)1号"}), path, nil)
	if !strings.Contains(numbered.Body.String(), "审图号 GS(2026)1号") || strings.Contains(numbered.Body.String(), "示意图") {
		t.Error("the map number does not stand in the picture, or the map says it is schematic too")
	}
	for path, status := range map[string]int{
		"/api/v1/maps/1.1.6/990100/map.svg": http.StatusUnprocessableEntity,
		"/api/v1/maps/1.1.7/123456/map.svg": http.StatusNotFound,
	} {
		if w := get(t, h, path, nil); w.Code != status {
			t.Errorf("%s: %d; want %d", path, w.Code, status)
		}
	}
	if w := get(t, h, path, guest); w.Code != http.StatusForbidden {
		t.Errorf("a guest: %d", w.Code)
	}
}
