package main

import (
	"math"
	"os"
	"path/filepath"
	"testing"
)

// TestEquityByArithmetic: 100 people have 1, 100 have 3, 50 have no answer. The poorer
// half has a quarter: Gini 1 − ½·¼ − ½·5⁄4 = ¼.
func TestEquityByArithmetic(t *testing.T) {
	t.Parallel()
	measure := inFile(t, "m.csv", "id,facility,metres\nb,7,3\na,7,1\nc,,\n")
	demand := inFile(t, "d.csv", "id,weight,county,income\na,100,west,10\nb,100,east,20\nc,50,east,5\n")
	curve := filepath.Join(t.TempDir(), "l.csv")
	e := decoded[equityAnswer](t, "access", "equity", measure, "--demand", demand, "--standard", "3", "--group", "county", "--rank", "income", "--lorenz", curve)
	theil := (0.5*math.Log(0.5) + 1.5*math.Log(1.5)) / 2
	for what, c := range map[string]struct {
		got  *float64
		want float64
	}{
		"people": {&e.People, 200}, "without answer": {&e.Unanswered, 50}, "mean": {e.Mean, 2}, "gini": {e.Gini, 0.25},
		"theil": {e.Theil, theil}, "between": {e.TheilBetween, theil}, "within": {e.TheilWithin, 0},
		// The worst four tenths have 0.8 of a half's quarter, the best tenth a fifth of
		// the other's three quarters.
		"palma": {e.Palma, 0.15 / 0.2}, "p10": {e.P10, 1}, "p50": {e.P50, 1}, "p90": {e.P90, 3},
		"below": {e.ShareBelow, 0.5}, "concentration": {e.Concentration, 0.25},
	} {
		if c.got == nil || math.Abs(*c.got-c.want) > 1e-9 {
			t.Errorf("%s: %v; want %v", what, c.got, c.want)
		}
	}
	if text, err := os.ReadFile(curve); err != nil || string(text) != "people,value\n0,0\n0.5,0.25\n1,1\n" {
		t.Errorf("curve %v:\n%s", err, text)
	}
	for name, text := range map[string]string{
		"no row":   "id,metres\na,1\nb,2\n",
		"twice":    "id,metres\na,1\na,2\nb,3\nc,1\n",
		"negative": "id,metres\na,-1\nb,2\nc,3\n",
	} {
		if got := tell(t, "access", "equity", inFile(t, "bad.csv", text), "--demand", demand); got.code != 3 {
			t.Errorf("%s: exit %d, %s", name, got.code, got.err)
		}
	}
}
