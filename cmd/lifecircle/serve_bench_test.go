package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"lifecircle"
	"lifecircle/account"
	"lifecircle/api"
	"lifecircle/engine"
	"lifecircle/registry"
)

// served is the demonstration as `lifecircle serve` answers for it.
func served(b *testing.B) (http.Handler, *engine.Engine) {
	b.Helper()
	dir := b.TempDir()
	if code := run(b.Context(), []string{"demo", dir, "--no-serve"}, io.Discard, io.Discard); code != 0 {
		b.Fatalf("demo: exit %d", code)
	}
	w, err := open(b.Context(), dir)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { w.db.Close() })
	e, err := w.engine(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	return api.Handler(api.Config{
		Engine: e, Store: w.db, Pages: fstest.MapFS{}, Version: "bench", Clock: time.Now,
		Grant: func(*http.Request) account.Grant { return account.Local() },
		Log:   slog.New(slog.DiscardHandler),
	}), e
}

// ask sends a request and returns how long the answer took.
func ask(b *testing.B, h http.Handler, r *http.Request) (body []byte, took time.Duration) {
	b.Helper()
	w := httptest.NewRecorder()
	begun := time.Now()
	h.ServeHTTP(w, r)
	took = time.Since(begun)
	if w.Code != http.StatusOK {
		b.Fatalf("%s: %d %s", r.URL, w.Code, w.Body)
	}
	return w.Body.Bytes(), took
}

// threadTime returns how long the processors worked for the thread that asks: on a
// machine that others use too it says more than the clock.
func threadTime(b *testing.B) time.Duration {
	b.Helper()
	const ofThread = 1 // RUSAGE_THREAD of getrusage(2)
	var used syscall.Rusage
	if err := syscall.Getrusage(ofThread, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// reportTimes reports the median and the worst hundredth.
func reportTimes(b *testing.B, of string, took []time.Duration) {
	b.Helper()
	slices.Sort(took)
	milliseconds := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	b.ReportMetric(milliseconds(took[len(took)/2]), of+"p50-ms")
	b.ReportMetric(milliseconds(took[len(took)*99/100]), of+"p99-ms")
}

// BenchmarkDrag asks what a map asks while a place is dragged: where it comes to
// stand, with the surface of the whole region. The goal is p99 ≤ 30 ms.
func BenchmarkDrag(b *testing.B) {
	h, e := served(b)
	worlds, _ := e.Worlds()
	w := worlds["640000"]
	var stations []*registry.Facility
	for _, f := range w.Registry().Facilities() {
		if f.Kind == "fitness_station" {
			stations = append(stations, f)
		}
	}
	rng := rand.New(rand.NewPCG(3, 4))
	f := stations[rng.IntN(len(stations))]
	at := f.At
	w.Evaluator().Results(w.Root(), lifecircle.Year(w.Plan().Year)) // as serve does before anybody asks
	var took, worked []time.Duration
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for b.Loop() {
		at.Lon += 0.002 * (rng.Float64() - 0.5)
		at.Lat += 0.002 * (rng.Float64() - 0.5)
		question := fmt.Sprintf(`{"area":"640000","show":{"indicator":"sport.fitness_10min","area":"640000"},"steps":[{"op":"move","id":%q,"at":[%f,%f]}]}`, f.ID, at.Lon, at.Lat)
		r := httptest.NewRequestWithContext(b.Context(), http.MethodPost, "/api/v1/what-if", bytes.NewReader([]byte(question)))
		r.Header.Set("Content-Type", "application/json")
		busy := threadTime(b)
		body, d := ask(b, h, r)
		worked = append(worked, threadTime(b)-busy)
		var answer struct{ Surface *api.SurfaceChange }
		if err := json.Unmarshal(body, &answer); err != nil || answer.Surface == nil {
			b.Fatalf("%s: %v", body, err)
		}
		took = append(took, d)
	}
	reportTimes(b, "", took)
	reportTimes(b, "cpu-", worked)
}
