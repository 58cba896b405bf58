package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"lifecircle/account"
	"lifecircle/api"
	"lifecircle/web"
)

// BenchmarkEditVisible measures from the start of a PUT to the end of the GET
// that shows the value, over HTTP, while 50 readers each ask for a scoreboard
// ten times a second: a busy office. The database is SQLite with every commit
// flushed. The goal is p99 ≤ 10 ms.
func BenchmarkEditVisible(b *testing.B) {
	const readers, pause = 50, 100 * time.Millisecond
	dir := town(b)
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	w, err := open(ctx, dir)
	if err != nil {
		b.Fatal(err)
	}
	defer w.db.Close()
	e, err := w.engine(ctx)
	if err != nil {
		b.Fatal(err)
	}
	var group sync.WaitGroup
	defer group.Wait()
	defer cancel()
	group.Go(func() {
		if err := e.Follow(ctx); err != nil {
			b.Error(err)
		}
	})
	server := httptest.NewServer(api.Handler(api.Config{
		Engine: e, Store: w.db, Pages: web.Files(), Version: "bench",
		Grant: func(*http.Request) account.Grant { return account.Local() },
		Clock: time.Now, Log: slog.New(slog.DiscardHandler),
	}))
	defer server.Close()
	client := server.Client()
	client.Transport.(*http.Transport).MaxIdleConnsPerHost = readers + 1
	ask := func(method, path, body string) ([]byte, error) {
		request, err := http.NewRequestWithContext(ctx, method, server.URL+path, bytes.NewReader([]byte(body)))
		if err != nil {
			return nil, err
		}
		if body != "" {
			request.Header.Set("Content-Type", "application/json")
		}
		response, err := client.Do(request)
		if err != nil {
			return nil, err
		}
		defer response.Body.Close()
		answer, err := io.ReadAll(response.Body)
		if err == nil && response.StatusCode != http.StatusOK {
			err = fmt.Errorf("%s %s: %s %s", method, path, response.Status, answer)
		}
		return answer, err
	}
	var reads atomic.Int64
	for i := range readers {
		group.Go(func() {
			time.Sleep(pause * time.Duration(i) / readers)
			for ctx.Err() == nil {
				if _, err := ask(http.MethodGet, "/api/v1/results?area=990100", ""); err != nil {
					if ctx.Err() == nil {
						b.Error(err)
					}
					return
				}
				reads.Add(1)
				time.Sleep(pause)
			}
		})
	}
	const slot = "/api/v1/values/public_sports_ground/990101/2025"
	var took []time.Duration
	started := time.Now()
	for n := 0; b.Loop(); n++ {
		value := fmt.Sprintf("%d.5", n)
		begun := time.Now()
		if _, err := ask(http.MethodPut, slot, `{"value":"`+value+`","source":"bench","provenance":"generated"}`); err != nil {
			b.Fatal(err)
		}
		answer, err := ask(http.MethodGet, slot, "")
		took = append(took, time.Since(begun))
		if err != nil {
			b.Fatal(err)
		}
		var reading struct{ Values []struct{ Value string } }
		if err := json.Unmarshal(answer, &reading); err != nil || len(reading.Values) != 1 || reading.Values[0].Value != value {
			b.Fatalf("put %s, read %s (%v)", value, answer, err)
		}
	}
	b.StopTimer()
	slices.Sort(took)
	milliseconds := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	b.ReportMetric(milliseconds(took[len(took)/2]), "p50-ms")
	b.ReportMetric(milliseconds(took[len(took)*99/100]), "p99-ms")
	b.ReportMetric(float64(reads.Load())/time.Since(started).Seconds(), "reads/s")
}
