package api_test

import (
	"encoding/json"
	"net/http"
	"testing"
)

// Every promise of the plan has its reasons, those of registers that nobody keeps
// included: that nothing is known of them is a reason too.
func TestEveryPromiseIsExplained(t *testing.T) {
	t.Parallel()
	h := serve(t)
	var evaluation struct {
		Results []struct{ Indicator, Variant, State string }
	}
	if err := json.Unmarshal(get(t, h, "/api/v1/results?area=990100", nil).Body.Bytes(), &evaluation); err != nil {
		t.Fatal(err)
	}
	notKept := 0
	for _, r := range evaluation.Results {
		w := get(t, h, "/api/v1/explanations/"+r.Indicator+"/990100?rows=1&variant="+r.Variant, nil)
		if w.Code != http.StatusOK {
			t.Errorf("%s %s: %d %s", r.Indicator, r.Variant, w.Code, w.Body)
		}
		var tree struct{ Reason *struct{ Code string } }
		if err := json.Unmarshal(w.Body.Bytes(), &tree); err != nil {
			t.Fatal(err)
		}
		if tree.Reason != nil && tree.Reason.Code == "not_kept" {
			notKept++
		}
	}
	if notKept == 0 {
		t.Errorf("of %d promises none is of a register that is not kept: the town no longer tries them", len(evaluation.Results))
	}
}
