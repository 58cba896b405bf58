package main

import (
	"bytes"
	"container/heap"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"lifecircle"
	"lifecircle/figure"
	"lifecircle/internal/testcity/sample"
	"lifecircle/network"
	"lifecircle/registry"
	"lifecircle/report"
)

// told is what one command line said.
type told struct {
	out, err string
	code     int
}

// tell runs a command line as main does.
func tell(t *testing.T, args ...string) told {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code := run(t.Context(), args, &stdout, &stderr)
	return told{stdout.String(), stderr.String(), code}
}

// ok runs a command line that must succeed and returns what it answered.
func ok(t *testing.T, args ...string) string {
	t.Helper()
	got := tell(t, args...)
	if got.code != 0 {
		t.Fatalf("lifecircle %s: exit %d\n%s%s", strings.Join(args, " "), got.code, got.out, got.err)
	}
	return got.out
}

// decoded runs a command line that must succeed and reads its JSON.
func decoded[T any](t *testing.T, args ...string) T {
	t.Helper()
	var answer T
	if err := json.Unmarshal([]byte(ok(t, append(args, "--format", "json")...)), &answer); err != nil {
		t.Fatalf("lifecircle %s: %v", strings.Join(args, " "), err)
	}
	return answer
}

// town makes a workspace of the town drawn by hand.
func town(t testing.TB) string {
	t.Helper()
	made, err := asciiTown()
	if err != nil {
		t.Fatal(err)
	}
	return keptAlone(t, made)
}

// city makes a workspace of a real city.
func city(t testing.TB, extract string) string {
	t.Helper()
	made, err := realCity(t.Context(), extract)
	if err != nil {
		t.Fatal(err)
	}
	return keptAlone(t, made)
}

// keptAlone makes a workspace of one root of the demonstration.
func keptAlone(t testing.TB, made rootPart) string {
	t.Helper()
	t.Setenv(databaseVariable, "")
	dir := filepath.Join(t.TempDir(), "workspace")
	var p parts
	p.join(made)
	if err := keep(t.Context(), dir, p); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestDemo: the demonstration is made once from the program alone; what of it is
// real, estimated and generated says so.
func TestDemo(t *testing.T) {
	nowhere := t.TempDir()
	t.Chdir(nowhere)
	for _, name := range []string{"HOME", "GOPATH", "GOMODCACHE"} { // no extract is to be found
		t.Setenv(name, nowhere)
	}
	t.Setenv(databaseVariable, "")
	dir := filepath.Join(nowhere, "demo")
	first := tell(t, "demo", dir, "--no-serve", "--format", "json")
	var shown report.Evaluation
	if err := json.Unmarshal([]byte(first.out), &shown); err != nil || first.code != 0 || !strings.Contains(first.err, "no real city") {
		t.Fatalf("demo: exit %d, %v\n%s", first.code, err, first.err)
	}
	if r := result(t, shown, "sport.fitness_10min", "w1000", "640000"); r.Value == nil || r.Provenance != string(lifecircle.Generated) {
		t.Errorf("clause 1.1.7 of the region: %+v", r)
	}
	// Twenty-two counties; sixteen had 200,000 people or more in 2020.
	var large int
	region := facts(t, dir)
	for _, area := range region.Registry.Areas() {
		if area.Level != registry.County {
			continue
		}
		reading := region.Figures.Read("resident_population", area.Code, lifecircle.Year(2020))
		if reading.State == figure.Known && reading.Value.Provenance == lifecircle.Real && reading.Value.Number.Cmp(lifecircle.Int(200_000)) >= 0 {
			large++
		}
	}
	if large != 16 {
		t.Errorf("%d counties of 200,000 people or more in 2020, want 16", large)
	}
	// 1.5 childcare places per 1,000 of 7,202,654 people, how ever many there are.
	needed := decoded[report.Explanation](t, "--dir", dir, "explain", "1.2.3", "640000")
	if needed.Needed == nil || *needed.Needed != 10803.981 {
		t.Errorf("places needed: %v", needed.Needed)
	}
	if text := ok(t, "--dir", dir, "--lang", "en", "explain", "1.2.3", "640000"); !strings.Contains(text, "It takes 10,804 places to reach it.") {
		t.Errorf("the answer is %s", text)
	}
	// 103 towns and 90 townships of 259 units of the level: a subdistrict is no township.
	if r := result(t, shown, "commerce.trade_centre_each_township", "", "640000"); r.Denominator == nil || *r.Denominator != 193 {
		t.Errorf("the townships are %v", r.Denominator)
	}
	// Sixteen counties have the duty in 2020; Hongsibu, with 197,800 people, comes to it in 2021.
	for at, want := range map[[2]string]string{{"640000", "2020"}: "16", {"640303", "2020"}: "", {"640303", "2021"}: "1"} {
		r := result(t, decoded[report.Evaluation](t, "--dir", dir, "evaluate", "--area", at[0], "--period", at[1]), "edu.special_school", "", at[0])
		if got := report.Number(r.Denominator); got != want {
			t.Errorf("%v: %s counties of 200,000 people, want %s", at, got, want)
		}
	}
	if again := tell(t, "demo", dir, "--no-serve", "--format", "json"); again.code != 0 || strings.Contains(again.err, "made") || again.out != first.out {
		t.Errorf("the second demo made another one: exit %d\n%s", again.code, again.err)
	}
	blindSpot(t, dir)
}

// TestExitCodes: the contract that scripts rely on.
func TestExitCodes(t *testing.T) {
	dir := town(t)
	faulty := filepath.Join(t.TempDir(), "plan")
	if err := os.CopyFS(faulty, os.DirFS(filepath.Join(dir, "plan"))); err != nil {
		t.Fatal(err)
	}
	header := filepath.Join(faulty, "package.yaml")
	body, err := os.ReadFile(header)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(header, append(body, "\nno_such_key: 1\n"...), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		code int
		says string // on stderr, or on stdout where the answer is no
	}{
		{[]string{"version"}, 0, ""},
		{[]string{"plan", "check", filepath.Join(dir, "plan")}, 0, ""},
		{[]string{"plan", "check", faulty}, exitNo, "no_such_key"},
		{[]string{"fly"}, exitUse, "unknown command"},
		{[]string{"evaluate", "--colour"}, exitUse, "--colour"},
		{[]string{"evaluate", "--format", "xml"}, exitUse, "table, json or csv"},
		{[]string{"explain", "1.1.7"}, exitUse, "accepts 2 arg"},
		{[]string{"serve", "--addr", "0.0.0.0:8080"}, exitUse, "no accounts"},
		{[]string{"plan", "check", filepath.Join(dir, "nowhere")}, exitInput, "nowhere"},
		{[]string{"--dir", filepath.Join(dir, "nowhere"), "evaluate"}, exitInput, "is no workspace"},
		{[]string{"--dir", dir, "evaluate", "--area", "123456"}, exitInput, "123456"},
		{[]string{"--dir", dir, "evaluate", "--area", "12"}, exitInput, "want 6, 9 or 12 digits"},
		{[]string{"--dir", dir, "evaluate", "--period", "soon"}, exitInput, "want a year"},
		{[]string{"--dir", dir, "explain", "9.9.9", "990100"}, exitInput, "9.9.9"},
		{[]string{"network", "info", header}, exitInput, "package.yaml"},
	} {
		got := tell(t, c.args...)
		if got.code != c.code {
			t.Errorf("lifecircle %s: exit %d, want %d\n%s", strings.Join(c.args, " "), got.code, c.code, got.err)
		}
		said := got.err
		if c.code == exitNo {
			said = got.out
		}
		if !strings.Contains(said, c.says) {
			t.Errorf("lifecircle %s: says %q, want %q in it", strings.Join(c.args, " "), said, c.says)
		}
	}
}

func result(t *testing.T, e report.Evaluation, indicator, variant, area string) report.Result {
	t.Helper()
	for _, r := range e.Results {
		if r.Indicator == indicator && r.Variant == variant && r.Area == area {
			return r
		}
	}
	t.Fatalf("no result of %s (%s) in %s", indicator, variant, area)
	return report.Result{}
}

// TestTown: the answers of the town drawn by hand are known by arithmetic, in
// every format, and both readings of the text are given.
func TestTown(t *testing.T) {
	dir := town(t)
	evaluation := decoded[report.Evaluation](t, "--dir", dir, "evaluate")
	for variant, want := range map[string]float64{"w1000": 94, "w800": 57} {
		r := result(t, evaluation, "sport.fitness_10min", variant, "990100")
		if r.Value == nil || *r.Value != want || r.Provenance != string(lifecircle.Generated) || r.Clause != "1.1.7" {
			t.Errorf("%s: %+v, want %v %%", variant, r, want)
		}
	}
	if evaluation.Hashes.Plan == "" || evaluation.Period != "2025" || evaluation.AsOf != 1 {
		t.Errorf("the evaluation does not say what it rests on: %+v", evaluation)
	}
	x := decoded[report.Explanation](t, "--dir", dir, "explain", "1.1.7", "990100000000", "--variant", "w800")
	if x.Exact != "0.57" || x.Formula == "" || x.RuleVersion == "" || len(x.Children) == 0 {
		t.Errorf("the explanation says %q by %q under %q", x.Exact, x.Formula, x.RuleVersion)
	}
	// 3,800 of 10,000 lack it; which places do it remedy holds by trying all choices.
	if s := x.SmallestChange; s == nil || s.Amount != 3800 || s.Places == nil || s.Places.Count != 2 || s.Places.Fewest != 2 || s.Places.Gained != 3800 || len(s.Places.Sites) != 2 {
		t.Errorf("the smallest change is %+v", s)
	}
	for language, sentences := range map[string][]string{
		"en": {"It stands at 57 %.", "≥ 95 %", "State: off track.", "38 % is missing.", "never counted as achieved", "3,800 people more", "2 new “Sports pitch” do it (fewer do not)", "What decides (22, of which 3 are listed):"},
		"zh": {"现值 57 %", "≥ 95 %", "状态：未达成", "差 38 %", "不计入“已达成”", "再有 3,800 人达标", "新设 2 处“球场”即可（再少不行）", "起决定作用的对象（22 个，列出 3 个）"},
	} {
		text := ok(t, "--dir", dir, "--lang", language, "explain", "1.1.7", "990100", "--variant", "w800", "--rows", "3")
		for _, sentence := range sentences {
			if !strings.Contains(text, sentence) {
				t.Errorf("%s: %q does not stand in\n%s", language, sentence, text)
			}
		}
	}
	heading, _, _ := strings.Cut(ok(t, "--dir", dir, "evaluate", "--format", "csv"), "\n")
	if heading != "clause,indicator,variant,area,period,value,unit,target,gap,state,provenance,reason,pace,projection,lower,upper" {
		t.Errorf("the heading is %q", heading)
	}
}

// TestRealCity: clause 1.1.7 of a real city, person by person, equals a brute
// force that knows nothing of indices, layers or rules.
func TestRealCity(t *testing.T) {
	for name, extract := range map[string]func(testing.TB) string{
		"monaco":   func(t testing.TB) string { return sample.Shared(t, "monaco-2016.osm.pbf") },
		"delaware": sample.Delaware,
	} {
		t.Run(name, func(t *testing.T) {
			if name == "delaware" && testing.Short() {
				t.Skip("a whole state takes seconds")
			}
			dir := city(t, extract(t))
			w, err := open(t.Context(), dir)
			if err != nil {
				t.Fatal(err)
			}
			defer w.db.Close()
			city, net := facts(t, dir).Registry.Under(cityCode), streetsOf(t, dir, cityCode)
			measure := w.plan.Measures["fitness_walk"]
			var places []*registry.Facility
			for _, f := range city.Facilities() {
				if slices.Contains(measure.Kinds, f.Kind) && (f.Public || !measure.Public) {
					places = append(places, f)
				}
			}
			if len(places) == 0 {
				t.Fatal("no place counts: the comparison would be empty")
			}
			distances := bruteForce(t, net, city.Points(), places)
			evaluation := decoded[report.Evaluation](t, "--dir", dir, "evaluate", "--area", string(cityCode))
			for variant, reach := range map[string]int{"w1000": 10000, "w800": 8000} {
				var near, all int64
				for i, p := range city.Points() {
					if distances[i] == offStreet {
						t.Fatalf("point %s meets no street", p.ID)
					}
					all += p.People
					if distances[i] <= reach {
						near += p.People
					}
				}
				want, _ := lifecircle.Ratio(100*near, all)
				r := result(t, evaluation, "sport.fitness_10min", variant, string(cityCode))
				if r.Value == nil || *r.Value != want.Float64() {
					t.Errorf("%s: %+v, brute force gives %v %% (%d of %d people)", variant, r, want.Float64(), near, all)
				}
			}
		})
	}
}

// offStreet is the distance of a point that meets no street.
const offStreet = -1

// bruteForce returns how far each point is from the nearest place, in
// decimetres: Dijkstra from all places at once with a binary heap, and points on
// a place's own street measured along it.
func bruteForce(t *testing.T, net *network.Network, points []registry.PopulationPoint, places []*registry.Facility) []int {
	t.Helper()
	const unreached = math.MaxInt
	arcs := make([][]arc, net.NodeCount())
	for e := range net.EdgeCount() {
		edge := net.Edge(uint32(e))
		arcs[edge.From] = append(arcs[edge.From], arc{int(edge.To), int(edge.Length)})
		arcs[edge.To] = append(arcs[edge.To], arc{int(edge.From), int(edge.Length)})
	}
	dist := slices.Repeat([]int{unreached}, net.NodeCount())
	var queue arcHeap
	var snaps []network.Snap
	for _, p := range places {
		s, err := net.Snap(p.At)
		if err != nil {
			continue
		}
		snaps = append(snaps, s)
		heap.Push(&queue, arc{int(s.From), int(s.Leg + s.ToFrom)})
		heap.Push(&queue, arc{int(s.To), int(s.Leg + s.ToTo)})
	}
	for queue.Len() > 0 {
		next := heap.Pop(&queue).(arc)
		if next.length >= dist[next.to] {
			continue
		}
		dist[next.to] = next.length
		for _, a := range arcs[next.to] {
			heap.Push(&queue, arc{a.to, next.length + a.length})
		}
	}
	result := make([]int, len(points))
	for i, p := range points {
		s, err := net.Snap(p.At)
		if err != nil {
			result[i] = offStreet
			continue
		}
		best := unreached
		for _, way := range []struct{ node, first int }{{int(s.From), int(s.ToFrom)}, {int(s.To), int(s.ToTo)}} {
			if dist[way.node] < unreached {
				best = min(best, dist[way.node]+way.first+int(s.Leg))
			}
		}
		for _, place := range snaps {
			if place.Edge == s.Edge {
				along := int(place.ToFrom) - int(s.ToFrom)
				best = min(best, max(along, -along)+int(place.Leg)+int(s.Leg))
			}
		}
		result[i] = best
	}
	return result
}

// arc leads to a node; in the heap its length is the whole way there.
type arc struct{ to, length int }

type arcHeap []arc

func (h arcHeap) Len() int           { return len(h) }
func (h arcHeap) Less(i, j int) bool { return h[i].length < h[j].length }
func (h arcHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *arcHeap) Push(x any)        { *h = append(*h, x.(arc)) }
func (h *arcHeap) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}

// TestServe: the whole way of the tracer. A value is put over HTTP, is in the
// database, the log and the next evaluation, survives a restart, and is undone.
func TestServe(t *testing.T) {
	dir := town(t)
	const element, slot = "public_sports_ground", "/api/v1/values/public_sports_ground/990101/2025"
	served := serve(t, dir)
	var written struct{ Seq int64 }
	served.do(t, call{"PUT", slot, `{"value":"3.15","source":"survey of 2025","provenance":"real"}`, http.StatusOK}, &written)
	if written.Seq != 2 {
		t.Fatalf("seq %d, want 2", written.Seq)
	}
	var reading report.Reading
	served.do(t, call{"GET", slot, "", http.StatusOK}, &reading)
	if got := counted(reading); got != "3.15" || reading.Element != element {
		t.Errorf("reading %+v", reading)
	}
	var page string
	served.do(t, call{"GET", "/", "", http.StatusOK}, &page)
	if !strings.Contains(page, "<html") {
		t.Errorf("the page is %q", page)
	}
	served.stop(t)

	served = serve(t, dir)
	served.do(t, call{"GET", slot, "", http.StatusOK}, &reading)
	if got := counted(reading); got != "3.15" {
		t.Errorf("after a restart: %+v", reading)
	}
	served.do(t, call{"POST", "/api/v1/changes/2/undo", "", http.StatusOK}, &written)
	served.do(t, call{"GET", slot, "", http.StatusOK}, &reading)
	if got := counted(reading); got != "" {
		t.Errorf("after the undo: %+v", reading)
	}
	served.do(t, call{"POST", "/api/v1/changes/2/undo", "", http.StatusConflict}, nil)
	served.do(t, call{"GET", "/api/v1/results?area=123456", "", http.StatusNotFound}, nil)
	served.stop(t)
}

// counted returns the value that counts, or "".
func counted(r report.Reading) string {
	for _, v := range r.Values {
		if v.Counts {
			return v.Value
		}
	}
	return ""
}

// server is a running `lifecircle serve`.
type server struct {
	url  string
	end  context.CancelFunc
	done chan int
}

// serve starts the server on a free port of loopback.
func serve(t *testing.T, dir string) *server {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	s := &server{end: cancel, done: make(chan int, 1)}
	said := &firstURL{found: make(chan string, 1)}
	go func() {
		s.done <- run(ctx, []string{"--dir", dir, "serve", "--addr", "127.0.0.1:0"}, io.Discard, said)
	}()
	select {
	case s.url = <-said.found:
	case code := <-s.done:
		t.Fatalf("serve ended with %d: %s", code, said.text())
	}
	return s
}

func (s *server) stop(t *testing.T) {
	t.Helper()
	s.end()
	if code := <-s.done; code != 0 {
		t.Errorf("serve ended with %d", code)
	}
}

// firstURL finds the address in what the server says.
type firstURL struct {
	lock  sync.Mutex
	said  bytes.Buffer
	found chan string
}

var address = regexp.MustCompile(`http://[0-9.:]+`)

func (f *firstURL) Write(p []byte) (int, error) {
	f.lock.Lock()
	defer f.lock.Unlock()
	if url := address.Find(p); url != nil && address.Find(f.said.Bytes()) == nil {
		f.found <- string(url)
	}
	return f.said.Write(p)
}

func (f *firstURL) text() string {
	f.lock.Lock()
	defer f.lock.Unlock()
	return f.said.String()
}

// call is one request and the status it must have.
type call struct {
	method, path, body string
	status             int
}

// do makes a request and reads its answer, JSON or text.
func (s *server) do(t *testing.T, c call, answer any) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), c.method, s.url+c.path, strings.NewReader(c.body))
	if err != nil {
		t.Fatal(err)
	}
	if c.body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != c.status {
		t.Fatalf("%s %s: %s, want %d\n%s", c.method, c.path, response.Status, c.status, body)
	}
	switch answer := answer.(type) {
	case nil:
	case *string:
		*answer = string(body)
	default:
		if err := json.Unmarshal(body, answer); err != nil {
			t.Fatalf("%s %s: %v in %s", c.method, c.path, err, body)
		}
	}
}

// TestWhatIf: what a place and a value would change, without anything being kept.
func TestWhatIf(t *testing.T) {
	dir := town(t)
	file := filepath.Join(t.TempDir(), "changes.yaml")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	before := ok(t, "--dir", dir, "evaluate", "--format", "csv")
	// A pitch at the cell farthest from every other place.
	x := decoded[report.Explanation](t, "--dir", dir, "explain", "1.1.7", "990100")
	far := x.Rows[0]
	write(fmt.Sprintf("changes:\n  - {op: add, kind: sports_pitch, area: 990101, at: [%v, %v]}\n", far.Lon, far.Lat))
	answer := decoded[report.WhatIf](t, "--dir", dir, "whatif", file)
	risen := false
	for _, r := range answer.Results {
		if r.Indicator == "sport.fitness_10min" && r.Chosen && r.Area == "990100" {
			risen = *r.After > *r.Before
		}
	}
	if !risen || answer.Changes != 1 || answer.People.Gained == 0 || answer.People.Lost != 0 {
		t.Errorf("a place where none is near changes %+v", answer)
	}
	if after := ok(t, "--dir", dir, "evaluate", "--format", "csv"); after != before {
		t.Error("a what-if was kept")
	}
	for text, says := range map[string]string{
		"changes:\n  - {op: fly}\n": "want one of [add move close",
		"changes:\n  - {op: add, kind: castle, area: 990101, at: [106.22, 38.48]}\n":                                  "castle",
		"changes:\n  - {op: add, kind: sports_pitch, area: 990101, at: [38.48]}\n":                                    "want [longitude, latitude]",
		"changes:\n  - {op: withdraw, id: nobody}\n":                                                                  "nobody",
		"changes:\n  - {op: put, element: public_sports_ground, area: 990101, period: soon, value: 1}\n":              "want a year",
		"changes:\n  - {op: put, element: public_sports_ground, area: 990101, period: 2025, value: 1, colour: red}\n": "colour",
		"changes: []\n": "no changes",
	} {
		write(text)
		if got := tell(t, "--dir", dir, "whatif", file); got.code != exitInput || !strings.Contains(got.err, says) {
			t.Errorf("%q: exit %d, %s; want %q", text, got.code, got.err, says)
		}
	}
}
