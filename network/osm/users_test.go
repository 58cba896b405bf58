package osm

import (
	"strings"
	"testing"
)

// takes reports whether a group may take a way of these tags in some direction.
func takes(text string, group Users) bool {
	w, ok := rules(tags(text))
	return ok && w.barredForward&w.barredBack&group == 0
}

// signs draws who may go along a way: for each of foot, wheelchair, bicycle and
// car - both directions, > or < one, x none.
func signs(text string) string {
	w, ok := rules(tags(text))
	if !ok {
		return "xxxx"
	}
	var drawn strings.Builder
	for _, group := range []Users{Foot, Wheelchair, Bicycle, Car} {
		forward, back := w.barredForward&group == 0, w.barredBack&group == 0
		switch {
		case forward && back:
			drawn.WriteByte('-')
		case forward:
			drawn.WriteByte('>')
		case back:
			drawn.WriteByte('<')
		default:
			drawn.WriteByte('x')
		}
	}
	return drawn.String()
}

// Each row is a street with its tags: who may walk, roll, ride and drive it.
func TestUsersOfWays(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                      "xxxx",
		"highway=residential":   "----",
		"highway=living_street": "----",
		"highway=service":       "----",
		"highway=service service=emergency_access":                     "---x",
		"highway=unclassified oneway=yes":                              "-->>",
		"highway=unclassified oneway=-1":                               "--<<",
		"highway=unclassified oneway=true":                             "-->>",
		"highway=unclassified oneway=no":                               "----",
		"highway=unclassified oneway=alternating":                      "----",
		"highway=unclassified oneway=reversible":                       "--xx",
		"highway=unclassified oneway=yes oneway:bicycle=no":            "---->",
		"highway=residential oneway=yes cycleway=opposite":             "--->",
		"highway=residential oneway=yes cycleway=opposite_lane":        "--->",
		"highway=residential oneway=yes cycleway:left=opposite_track":  "--->",
		"highway=residential oneway=yes cycleway:left:oneway=-1":       "--->",
		"highway=residential oneway=yes bicycle:backward=yes":          "--->",
		"highway=residential bicycle:backward=no":                      "-->-",
		"highway=residential motor_vehicle:forward=no":                 "---<",
		"highway=residential vehicle:backward=no bicycle:backward=yes": "--->",
		"highway=residential oneway:motorcar=yes":                      "--->",
		"highway=residential oneway:motor_vehicle=-1":                  "---<",
		"highway=tertiary junction=roundabout":                         "-->>",
		"highway=tertiary junction=circular":                           "-->>",
		"highway=tertiary junction=roundabout oneway=no":               "----",
		"highway=motorway":                                             "xxx>",
		"highway=motorway oneway=no":                                   "xxx-",
		"highway=motorway_link":                                        "xxx-",
		"highway=motorway bicycle=yes":                                 "xx>>",
		"highway=trunk motorroad=yes":                                  "xxx-",
		"highway=primary foot=no":                                      "xx--",
		"highway=primary foot=use_sidepath bicycle=use_sidepath":       "xxx-",
		"highway=service access=private":                               "xxxx",
		"highway=service access=private foot=yes":                      "--xx",
		"highway=service access=no motorcar=yes":                       "xxx-",
		"highway=service access=no bicycle=designated":                 "xx-x",
		"highway=service access=customers":                             "----",
		"highway=service motor_vehicle=private":                        "---x",
		"highway=service vehicle=no":                                   "--xx",
		"highway=service vehicle=no bicycle=yes":                       "---x",
		"highway=service vehicle=no motor_vehicle=delivery":            "--x-",
		"highway=service motor_vehicle=agricultural":                   "---x",
		"highway=track":                                       "---x",
		"highway=track motor_vehicle=yes":                     "----",
		"highway=track access=forestry foot=yes":              "--xx",
		"highway=path":                                        "---x",
		"highway=cycleway":                                    "xx-x",
		"highway=cycleway foot=yes":                           "---x",
		"highway=bridleway":                                   "xxxx",
		"highway=busway":                                      "xxxx",
		"highway=busway bicycle=yes":                          "xx-x",
		"highway=footway":                                     "--xx",
		"highway=footway bicycle=yes":                         "---x",
		"highway=pedestrian":                                  "--xx",
		"highway=pedestrian area=yes":                         "--xx",
		"highway=pedestrian motor_vehicle=destination":        "--x-",
		"highway=service area=yes":                            "xxxx",
		"highway=corridor indoor=yes level=1":                 "--xx",
		"highway=corridor indoor=yes access=private":          "xxxx",
		"highway=steps":                                       "-xxx",
		"highway=steps ramp:wheelchair=yes":                   "--xx",
		"highway=steps wheelchair=yes":                        "--xx",
		"highway=steps bicycle=yes":                           "-x-x",
		"highway=steps conveying=yes":                         "-xxx",
		"highway=steps conveying=forward":                     ">xxx",
		"highway=steps conveying=backward":                    "<xxx",
		"highway=steps conveying=reversible":                  "-xxx",
		"highway=steps conveying=forward ramp:wheelchair=yes": ">xxx",
		"highway=footway conveying=forward":                   ">>xx",
		"highway=footway oneway=yes":                          "--xx",
		"highway=footway oneway:foot=yes":                     ">>xx",
		"highway=path foot:backward=no":                       ">>-x",
		"highway=footway wheelchair=no":                       "-xxx",
		"highway=footway wheelchair=yes incline=20%":          "--xx",
		"highway=footway wheelchair=limited":                  "--xx",
		"highway=footway foot=private wheelchair=yes":         "xxxx",
		"highway=footway incline=8.3%":                        "--xx",
		"highway=footway incline=8.4%":                        "-xxx",
		"highway=footway incline=-10%":                        "-xxx",
		"highway=footway incline=5°":                          "-xxx", // 8.7 %
		"highway=footway incline=4.7°":                        "--xx", // 8.2 %
		"highway=footway incline=up":                          "--xx",
		"highway=footway kerb=raised":                         "-xxx",
		"highway=footway kerb=lowered":                        "--xx",
		"highway=footway smoothness=horrible":                 "-xxx",
		"highway=footway smoothness=bad":                      "--xx",
		"highway=platform":                                    "--xx",
		"railway=platform":                                    "xxxx",
		"route=ferry foot=yes":                                "xxxx",
		"highway=path route=ferry":                            "xxxx",
		"highway=construction foot=yes":                       "xxxx",
	} {
		// One row is wider than four signs to keep the eye on it.
		want = strings.Replace(want, "---->", "--->", 1)
		if got := signs(text); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

func TestSpeeds(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][2]uint8{ // bicycle, car
		"highway=residential":                    {15, 25},
		"highway=residential maxspeed=30":        {15, 27},
		"highway=residential maxspeed=20_mph":    {15, 29}, // 0.9 × 32.2
		"highway=residential maxspeed=CN:urban":  {15, 45},
		"highway=living_street maxspeed=walk":    {10, 6}, // 0.9 × 7
		"highway=motorway maxspeed=none":         {2, 120},
		"highway=motorway maxspeed=130":          {2, 117},
		"highway=motorway maxspeed=250":          {2, 120},
		"highway=motorway maxspeed=0":            {2, 100},
		"highway=motorway maxspeed=NaN":          {2, 100},
		"highway=motorway maxspeed=signals":      {2, 100},
		"highway=motorway maxspeed=0.1":          {2, 1},
		"highway=footway bicycle=dismount":       {4, 5},
		"highway=steps bicycle=yes":              {2, 5},
		"highway=cycleway":                       {16, 5},
		"highway=primary":                        {15, 60},
		"highway=primary maxspeed=50_km/h lit=1": {15, 45},
	} {
		all := tags(text)
		for i := range all {
			all[i].Value = strings.ReplaceAll(all[i].Value, "_", " ")
			if all[i].Key == "highway" {
				all[i].Value = strings.ReplaceAll(all[i].Value, " ", "_")
			}
		}
		w, ok := rules(all)
		if got := [2]uint8{w.bicycleKmh, w.carKmh}; !ok || got != want {
			t.Errorf("%q: %v %v, want %v", text, ok, got, want)
		}
	}
}

func TestUsersStopped(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Users{
		"":                                        0,
		"highway=crossing":                        0,
		"access=no":                               0, // no barrier: says nothing of the street
		"barrier=gate":                            0,
		"barrier=gate locked=yes":                 Everyone,
		"barrier=gate locked=yes foot=yes":        Wheelchair | Bicycle | Car,
		"barrier=gate access=private":             Everyone,
		"barrier=gate access=no foot=yes":         Wheelchair | Bicycle | Car,
		"barrier=gate access=yes":                 0,
		"barrier=gate vehicle=no":                 Bicycle | Car,
		"barrier=lift_gate motor_vehicle=private": Car,
		"barrier=bollard":                         Car,
		"barrier=bollard access=yes":              Car,
		"barrier=bollard motor_vehicle=yes":       0,
		"barrier=bollard bicycle=no":              Bicycle | Car,
		"barrier=wall":                            Everyone,
		"barrier=wall access=yes":                 0,
		"barrier=fence":                           Everyone,
		"barrier=fence foot=yes":                  Wheelchair | Bicycle | Car,
		"barrier=hedge":                           Everyone,
		"barrier=stile":                           Wheelchair | Bicycle | Car,
		"barrier=kissing_gate wheelchair=yes":     Bicycle | Car,
		"barrier=turnstile":                       Wheelchair | Bicycle | Car,
		"barrier=cycle_barrier":                   Wheelchair | Car,
		"barrier=block":                           Car,
		"barrier=cattle_grid":                     0,
		"barrier=toll_booth":                      0,
		"barrier=kerb":                            0,
		"barrier=kerb kerb=raised":                Wheelchair,
		"kerb=raised":                             Wheelchair,
		"kerb=lowered":                            0,
		"kerb=flush highway=crossing":             0,
		"kerb=raised wheelchair=yes":              0,
		"barrier=entrance":                        0,
		"barrier=yes":                             0,
	} {
		if got := barrier(tags(text)); got != want {
			t.Errorf("%q stops %04b, want %04b", text, got, want)
		}
	}
}
