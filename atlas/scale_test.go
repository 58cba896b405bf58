package atlas

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestScale(t *testing.T) {
	t.Parallel()
	inf, none := math.Inf(1), math.NaN()
	atLeast := func(v float64) *Asked { return &Asked{v, true} }
	for name, c := range map[string]struct {
		values []float64
		asked  *Asked
		want   Scale
	}{
		"at least":      {[]float64{95.2, 98, none, 88, 60}, atLeast(95), Scale{{ToneBest, 96, inf}, {ToneMet, 95, 96}, {ToneShort, 85, 95}, {ToneFarShort, -inf, 85}}},
		"at most":       {[]float64{1, 1.5, 2.5}, &Asked{1.5, false}, Scale{{ToneBest, -inf, 1.3}, {ToneMet, 1.3, 1.5}, {ToneShort, 1.5, 2}, {ToneFarShort, 2, inf}}},
		"all at target": {[]float64{100, 100}, atLeast(100), Scale{{ToneMet, 100, inf}, {ToneShort, -inf, 100}}},
		"one, short":    {[]float64{40}, atLeast(80), Scale{{ToneMet, 80, inf}, {ToneShort, 60, 80}, {ToneFarShort, -inf, 60}}},
		"nothing asked": {[]float64{3, 12, 17}, nil, Scale{{ToneStep1, 0, 5}, {ToneStep2, 5, 10}, {ToneStep3, 10, 15}, {ToneStep4, 15, inf}}},
		"all alike":     {[]float64{7, 7}, nil, Scale{{ToneStep1, -inf, inf}}},
		"nothing known": {[]float64{none}, atLeast(1), nil},
	} {
		if diff := cmp.Diff(c.want, NewScale(c.values, c.asked)); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}

func TestToneOfAValue(t *testing.T) {
	t.Parallel()
	s := NewScale([]float64{98, 60}, &Asked{95, true})
	for v, want := range map[float64]Tone{95: ToneMet, 94.9999: ToneShort, 96: ToneBest, 0: ToneFarShort} {
		if got := s.Tone(v); got != want {
			t.Errorf("%v: tone %d, want %d", v, got, want)
		}
	}
	if got := s.Tone(math.NaN()); got != ToneNoData {
		t.Errorf("no data: tone %d", got)
	}
}

// Whoever keeps a promise is never in a class with who does not, and every known value is
// in a class.
func TestScalePartsAtTheTarget(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		asked := Asked{rapid.Float64Range(-1000, 1000).Draw(t, "target"), rapid.Bool().Draw(t, "least")}
		values := rapid.SliceOfN(rapid.Float64Range(-3000, 3000), 1, 20).Draw(t, "values")
		s := NewScale(append(values, asked.Target), &asked)
		for _, v := range append(values, asked.Target) {
			tone := s.Tone(v)
			met := v >= asked.Target
			if !asked.Least {
				met = v <= asked.Target
			}
			if (tone == ToneMet || tone == ToneBest) != met || tone == ToneNoData {
				t.Fatalf("%v of %+v: tone %d in %v", v, asked, tone, s)
			}
		}
		for _, v := range values {
			if tone := NewScale(values, nil).Tone(v); tone < ToneStep1 || tone > ToneStep4 {
				t.Fatalf("%v: tone %d where nothing is asked", v, tone)
			}
		}
	})
}
