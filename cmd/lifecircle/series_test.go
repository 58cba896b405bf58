package main

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"

	"lifecircle/report"
)

// What evaluate says of many periods at once, out of whole columns, is what it says of
// each period alone, for years and months, of areas that report and of sums of them.
func TestEvaluatePeriods(t *testing.T) {
	dir := filledTown(t)
	list := "area,doctors 2023,registered_nurses 2023,doctors 2024,registered_nurses 2024,doctors 2025,registered_nurses 2025\n" +
		"990101,90,117,95,120,,130\n990102,10,11,,,20,31.5\n"
	ok(t, "--dir", dir, "import", "values", inFile(t, "years.csv", list), "--set", "source=yearbook")
	months := "area,element,2025-01,2025-02,2025-03\n990100,doctors,100,101,102\n990100,registered_nurses,120,,124\n"
	ok(t, "--dir", dir, "import", "values", inFile(t, "months.csv", months), "--set", "source=yearbook")
	for _, periods := range [][]string{{"2022", "2023", "2024", "2025"}, {"2025-01", "2025-02", "2025-03", "2025-04"}} {
		span := periods[0] + ".." + periods[len(periods)-1]
		answer := decoded[seriesAnswer](t, "--dir", dir, "evaluate", "--periods", span)
		if fmt.Sprint(answer.Periods) != fmt.Sprint(periods) || len(answer.Series) < 20 {
			t.Fatalf("%d indicators over %v", len(answer.Series), answer.Periods)
		}
		many, indicators := make(map[string]string), make(map[string]bool)
		for _, s := range answer.Series {
			indicators[s.Indicator] = true
			for i, area := range s.Areas {
				for k, value := range s.Values[i] {
					if many[s.Indicator+" "+area+" "+periods[k]] = ""; !math.IsNaN(value) {
						many[s.Indicator+" "+area+" "+periods[k]] = report.Number(&value)
					}
				}
			}
		}
		known := 0
		for _, period := range periods {
			for _, r := range decoded[report.Evaluation](t, "--dir", dir, "evaluate", "--period", period).Results {
				at := r.Indicator + " " + r.Area + " " + period
				value, there := many[at]
				if !r.Chosen || !indicators[r.Indicator] {
					continue
				}
				if !there || value != report.Number(r.Value) {
					t.Errorf("%s is %q among many and %q alone", at, value, report.Number(r.Value))
				}
				if value != "" && r.Indicator == "health.nurses_per_doctor" {
					known++
				}
			}
		}
		if known < 2 {
			t.Errorf("over %s %d values of nurses a doctor are known", span, known)
		}
	}
	rows := strings.Split(strings.TrimSpace(ok(t, "--dir", dir, "evaluate", "--periods", "2023", "--indicator", "1.1.3", "--area", "990101", "--format", "csv")), "\n")
	if len(rows) != 2 || rows[1] != "health.nurses_per_doctor,990101,2023,"+strconv.FormatFloat(1.3, 'f', -1, 64)+",1" {
		t.Errorf("one indicator of one area: %q", rows)
	}
	for _, args := range [][]string{{"--periods", "2025..2024"}, {"--periods", "2024..2025-03"}, {"--periods", "soon"}, {"--periods", "2024", "--period", "2024"}, {"--indicator", "1.1.3"}} {
		if got := tell(t, append([]string{"--dir", dir, "evaluate"}, args...)...); got.code != exitUse {
			t.Errorf("%v: exit %d, %s", args, got.code, got.err)
		}
	}
	if got := tell(t, "--dir", dir, "evaluate", "--periods", "2024", "--indicator", "no.such"); got.code != exitInput {
		t.Errorf("an unknown indicator: exit %d, %s", got.code, got.err)
	}
}
