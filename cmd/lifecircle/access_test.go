package main

import (
	"bufio"
	"bytes"
	"container/heap"
	"encoding/csv"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/paulmach/orb/geo"
	"github.com/paulmach/orb/geojson"

	"lifecircle/internal/testcity"
	"lifecircle/internal/testcity/sample"
	"lifecircle/network"
)

// outcome is what one command line did.
type outcome struct {
	code           int
	stdout, stderr string
}

func lifecircleCommand(t *testing.T, args ...string) outcome {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code := run(t.Context(), args, &stdout, &stderr)
	return outcome{code, stdout.String(), stderr.String()}
}

// succeed runs a command that must exit 0.
func succeed(t *testing.T, args ...string) outcome {
	t.Helper()
	o := lifecircleCommand(t, args...)
	if o.code != 0 {
		t.Fatalf("lifecircle %s: exit %d\n%s", strings.Join(args, " "), o.code, o.stderr)
	}
	return o
}

// inFile writes a file and returns its path.
func inFile(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func readCSV(t *testing.T, path string) [][]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// townFile writes the network of a street of 1 km with a side street, whose
// characters are 100 m apart.
func townFile(t *testing.T, streets string) (*testcity.City, string) {
	t.Helper()
	city, err := testcity.Draw(testcity.Drawing{Streets: streets})
	if err != nil {
		t.Fatal(err)
	}
	n, err := network.Build(city.Extract())
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "town.lcn")
	if err := writeFile(path, n.Write); err != nil {
		t.Fatal(err)
	}
	return city, path
}

const sideStreet = `
+----+----+
     |
     +
`

// pointAt writes a row of a file of points.
func pointAt(city *testcity.City, id string, line, column int) string {
	at := city.At(line, column)
	return fmt.Sprintf("%s,%.7f,%.7f", id, at.Lon, at.Lat)
}

func TestAccessByArithmetic(t *testing.T) {
	t.Parallel()
	city, net := townFile(t, sideStreet)
	facilities := inFile(t, "f.csv", "\ufeffID, lon ,lat,kind\n"+
		pointAt(city, "west", 1, 1)+",clinic\n"+pointAt(city, "east", 1, 11)+",clinic\n"+
		pointAt(city, `"south, really"`, 3, 6)+",school\n")
	points := inFile(t, "p.csv", "id,lon,lat\n"+
		pointAt(city, "p", 1, 3)+"\n"+pointAt(city, "q", 1, 6)+"\n"+"far,100,0\n")

	got := succeed(t, "access", "nearest", net, "--facilities", facilities, "--points", points, "--format", "csv")
	want := `id,facility,metres,seconds,state
p,west,200.0,150,ok
q,"south, really",200.0,150,ok
far,,,,unsnapped
`
	if got.stdout != want {
		t.Errorf("nearest:\n%swant\n%s", got.stdout, want)
	}
	if !strings.Contains(got.stderr, "1 of 3 points meet no street") || !strings.Contains(got.stderr, "far: no street within 3000 m") {
		t.Errorf("nearest says %q of the point off the map", got.stderr)
	}
	// 2.5 minutes are 200 m, exactly that far counts; 2.4 are 192 m.
	for minutes, want := range map[string]string{
		"2.5": "id,clinic,school\np,1,0\nq,0,1\nfar,,\n",
		"2.4": "id,clinic,school\np,0,0\nq,0,0\nfar,,\n",
		"6.3": "id,clinic,school\np,1,1\nq,2,1\nfar,,\n",
	} {
		got := succeed(t, "access", "counts", net, "--facilities", facilities, "--points", points, "--mode", "walk", "--minutes", minutes, "--format", "csv")
		if got.stdout != want {
			t.Errorf("counts in %s minutes:\n%swant\n%s", minutes, got.stdout, want)
		}
	}
	limited := succeed(t, "access", "nearest", net, "--facilities", facilities, "--points", points, "--minutes", "6.25", "--k", "3", "--format", "csv")
	want = `id,facility,metres,seconds,state
p,west,200.0,150,ok
p,"south, really",500.0,375,ok
q,"south, really",200.0,150,ok
q,east,500.0,375,ok
q,west,500.0,375,ok
far,,,,unsnapped
`
	if limited.stdout != want {
		t.Errorf("three nearest:\n%swant\n%s", limited.stdout, want)
	}
	lines := filepath.Join(t.TempDir(), "lines.geojson")
	succeed(t, "access", "nearest", net, "--facilities", facilities, "--points", points, "--minutes", "6.25", "--k", "3", "--routes", lines, "--format", "csv")
	text, err := os.ReadFile(lines)
	if err != nil {
		t.Fatal(err)
	}
	routes, err := geojson.UnmarshalFeatureCollection(text)
	if err != nil || len(routes.Features) != 5 {
		t.Fatalf("routes: %v\n%s", err, text)
	}
	for _, f := range routes.Features {
		length := geo.Length(f.Geometry)
		if metres := f.Properties.MustFloat64("metres"); math.Abs(length-metres) > 1 {
			t.Errorf("the line from %v to %v is %.1f m long, want %.1f", f.Properties["id"], f.Properties["facility"], length, metres)
		}
	}
	if o := succeed(t, "access", "nearest", net, "--facilities", facilities, "--points", points, "--minutes", "1", "--format", "csv"); !strings.Contains(o.stdout, "p,,,,unreachable\n") {
		t.Errorf("nothing within a minute:\n%s", o.stdout)
	}
	// Without points the origins are the nodes of the export, and the answer goes
	// to the file alone.
	out := filepath.Join(t.TempDir(), "out.csv")
	if o := succeed(t, "access", "nearest", net, "--facilities", facilities, "-o", out); o.stdout != "" {
		t.Errorf("wrote %q to standard output besides the file", o.stdout)
	}
	if rows := readCSV(t, out); len(rows) != 5 || rows[1][0] != "0" || rows[4][0] != "3" {
		t.Errorf("nodes: %v", rows)
	}
	json := succeed(t, "access", "counts", net, "--facilities", facilities, "--points", points, "--minutes", "2.5", "--format", "json")
	if !strings.Contains(json.stdout, `"school": "1"`) {
		t.Errorf("json: %s", json.stdout)
	}
}

func TestAccessBadInput(t *testing.T) {
	t.Parallel()
	city, net := townFile(t, sideStreet)
	good := inFile(t, "good.csv", "id,lon,lat\n"+pointAt(city, "a", 1, 1)+"\n")
	nearest := func(facilities string) []string {
		return []string{"access", "nearest", net, "--facilities", facilities}
	}
	for name, c := range map[string]struct {
		args []string
		code int
		want []string
	}{
		"no facilities": {[]string{"access", "nearest", net}, exitUse, []string{"--facilities"}},
		"no file":       {nearest("nowhere.csv"), exitInput, []string{"nowhere.csv"}},
		"empty":         {nearest(inFile(t, "f.csv", "")), exitInput, []string{"f.csv is empty", "id,lon,lat"}},
		"no rows":       {nearest(inFile(t, "f.csv", "id,lon,lat\n")), exitInput, []string{"no rows"}},
		"semicolons":    {nearest(inFile(t, "f.csv", "id;lon;lat\na;1;2\n")), exitInput, []string{`no column "id"`, "divided by commas"}},
		"column twice":  {nearest(inFile(t, "f.csv", "id,lon,lat,Lon\n")), exitInput, []string{"columns 2 and 4"}},
		"every row": {
			nearest(inFile(t, "f.csv", "id,lon,lat,capacity\na,106,38,5\n,106,38,5\nb,38.4,106.2,5\nc,x,38,5\na,106,38,5\nd,106,38\ne,500000,4200000,5\nf,106,38,-1\ng,106,38,many\nh,106,38,\n")),
			exitInput,
			[]string{
				"9 faulty rows", "line 3: id is empty", "line 4: lon 38.4, lat 106.2 is off the earth: are lon and lat swapped?",
				`line 5: lon "x" is no number`, `line 6: id "a" stands on line 2`, "line 7: 3 cells, the heading has 4",
				"line 8: lon 500000", "not metres of a projection", `line 9: capacity "-1" is negative`, `line 10: capacity "many"`, `line 11: capacity ""`,
			},
		},
		"broken quote":   {nearest(inFile(t, "f.csv", "id,lon,lat\na,x,1\n\"b,1,2\n")), exitInput, []string{"line 2", "close the quote"}},
		"not UTF-8":      {nearest(inFile(t, "f.csv", "id,lon,lat\n\xd2\xf8,1,2\n")), exitInput, []string{"UTF-8"}},
		"kind empty":     {nearest(inFile(t, "f.csv", "id,lon,lat,kind\na,1,2,\n")), exitInput, []string{"kind is empty"}},
		"no network":     {[]string{"access", "nearest", "none.lcn", "--facilities", good}, exitInput, []string{"none.lcn"}},
		"not a network":  {[]string{"access", "nearest", good, "--facilities", good}, exitInput, []string{"not a network file"}},
		"by rocket":      {append(nearest(good), "--mode", "rocket"), exitUse, []string{"rocket"}},
		"no time":        {append(nearest(good), "--minutes", "0"), exitUse, []string{"--minutes"}},
		"NaN minutes":    {append(nearest(good), "--minutes", "NaN"), exitUse, []string{"--minutes"}},
		"a year":         {append(nearest(good), "--minutes", "525600"), exitUse, []string{"--minutes"}},
		"none nearest":   {append(nearest(good), "--k", "0"), exitUse, []string{"--k"}},
		"json in a file": {append(nearest(good), "--format", "json", "-o", "x.json"), exitUse, []string{"standard output"}},
		"no folder":      {append(nearest(good), "-o", filepath.Join(t.TempDir(), "no", "out.csv")), exitInput, []string{"no/out.csv"}},
	} {
		o := lifecircleCommand(t, c.args...)
		if o.code != c.code {
			t.Errorf("%s: exit %d, want %d: %s", name, o.code, c.code, o.stderr)
		}
		for _, want := range c.want {
			if !strings.Contains(o.stderr, want) {
				t.Errorf("%s: %q does not say %q", name, o.stderr, want)
			}
		}
	}
	// On the earth, but off the map: the answer says so, with the likely cause.
	at := city.At(1, 1)
	swapped := inFile(t, "f.csv", fmt.Sprintf("id,lon,lat\na,%.7f,%.7f\n", at.Lat, -at.Lat))
	if o := lifecircleCommand(t, nearest(swapped)...); o.code != 0 || !strings.Contains(o.stderr, "1 of 1 facilities meet no street") {
		t.Errorf("off the map: exit %d, %q", o.code, o.stderr)
	}
}

// exported is the graph that `network export` wrote, searched with a binary heap.
type exported struct{ arcs [][][2]int }

func readExport(t *testing.T, path string) *exported {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	g := &exported{}
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		number := func(i int) int {
			v, err := strconv.Atoi(fields[i])
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
		switch fields[0] {
		case "p":
			g.arcs = make([][][2]int, number(1))
		case "a":
			g.arcs[number(1)] = append(g.arcs[number(1)], [2]int{number(2), number(3)})
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return g
}

type heapItem struct{ node, d int }

type itemHeap []heapItem

func (h itemHeap) Len() int           { return len(h) }
func (h itemHeap) Less(i, j int) bool { return h[i].d < h[j].d }
func (h itemHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *itemHeap) Push(x any)        { *h = append(*h, x.(heapItem)) }
func (h *itemHeap) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}

// from returns the distance of every node from the nearest start, −1 for none.
func (g *exported) from(starts ...heapItem) []int {
	dist := make([]int, len(g.arcs))
	for i := range dist {
		dist[i] = -1
	}
	queue := itemHeap(starts)
	heap.Init(&queue)
	for queue.Len() > 0 {
		item := heap.Pop(&queue).(heapItem)
		if dist[item.node] >= 0 {
			continue
		}
		dist[item.node] = item.d
		for _, arc := range g.arcs[item.node] {
			if dist[arc[0]] < 0 {
				heap.Push(&queue, heapItem{arc[0], item.d + arc[1]})
			}
		}
	}
	return dist
}

// What the commands say of every node of a real city equals what one search with
// a binary heap for each facility finds on the exported graph.
func TestAccessOnRealStreets(t *testing.T) {
	t.Parallel()
	for name, extract := range map[string]func(testing.TB) string{"porto": sample.Porto, "delaware": sample.Delaware} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			net, graph, facilities := filepath.Join(dir, "n.lcn"), filepath.Join(dir, "g.gr"), filepath.Join(dir, "f.csv")
			succeed(t, "network", "build", extract(t), "-o", net)
			succeed(t, "network", "export", net, "--profile", "walk", "-o", graph)
			g := readExport(t, graph)
			n, err := network.Open(net)
			if err != nil {
				t.Fatal(err)
			}
			const count = 12
			random := rand.New(rand.NewPCG(1, 2))
			nodes := n.LargestComponent()
			number := make(map[uint32]int, len(nodes))
			for i, node := range nodes {
				number[node] = i
			}
			text := "id,lon,lat,kind\n"
			distances := make([][]int, count)
			for i := range count {
				at := n.Node(nodes[random.IntN(len(nodes))])
				at.Lon += 0.002 * (random.Float64() - 0.5)
				at.Lat += 0.002 * (random.Float64() - 0.5)
				text += fmt.Sprintf("f%02d,%v,%v,k%d\n", i, at.Lon, at.Lat, i%3)
				snap, err := n.Snap(at)
				if err != nil {
					continue
				}
				distances[i] = g.from(
					heapItem{number[snap.From], int(snap.Leg + snap.ToFrom)},
					heapItem{number[snap.To], int(snap.Leg + snap.ToTo)},
				)
			}
			if err := os.WriteFile(facilities, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			nearest, counts := filepath.Join(dir, "nearest.csv"), filepath.Join(dir, "counts.csv")
			succeed(t, "access", "nearest", net, "--facilities", facilities, "-o", nearest)
			succeed(t, "access", "counts", net, "--facilities", facilities, "--minutes", "45", "-o", counts)
			near, count3 := readCSV(t, nearest), readCSV(t, counts)
			if len(near) != len(nodes)+1 || len(count3) != len(nodes)+1 {
				t.Fatalf("%d and %d rows, want %d and a heading", len(near), len(count3), len(nodes))
			}
			reached := 0
			for v := range nodes {
				best, of := -1, ""
				var within [3]int
				for i, d := range distances {
					if d == nil {
						continue
					}
					if best < 0 || d[v] < best {
						best, of = d[v], fmt.Sprintf("f%02d", i)
					}
					if d[v] <= 45*800 {
						within[i%3]++
						reached++
					}
				}
				want := []string{strconv.Itoa(v), of, fmt.Sprintf("%d.%d", best/10, best%10), fmt.Sprint(float64(best) * 0.075), "ok"}
				got := near[v+1]
				seconds, _ := strconv.ParseFloat(got[3], 64)
				if got[0] != want[0] || got[1] != want[1] || got[2] != want[2] || math.Round(seconds*1000) != float64(best*75) || got[4] != "ok" {
					t.Fatalf("nearest: %v, want %v", got, want)
				}
				for k, c := range within {
					if count3[v+1][k+1] != strconv.Itoa(c) {
						t.Fatalf("counts: %v, want %v", count3[v+1], within)
					}
				}
			}
			if reached == 0 {
				t.Error("nothing lies within 45 minutes: the test asserts nothing")
			}
		})
	}
}
