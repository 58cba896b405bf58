package osm

import (
	"math"
	mathbits "math/bits"
	"slices"
	"strconv"
	"strings"

	osmdata "github.com/paulmach/osm"
)

// Users are groups of people on their way, as a set of bits.
type Users uint8

// The groups. Who pushes a bicycle is a person on foot.
const (
	Foot Users = 1 << iota
	Wheelchair
	Bicycle
	Car

	Everyone = Foot | Wheelchair | Bicycle | Car
)

// accessKeys returns the access tags of a group, the most particular first: the
// first that says anything decides (https://wiki.openstreetmap.org/wiki/Key:access).
func accessKeys(group Users, side side) []string {
	return accessTags[side][mathbits.TrailingZeros8(uint8(group))]
}

// side is the direction an access tag holds for.
type side uint8

const (
	bothWays side = iota
	forwardOnly
	backwardOnly
)

var accessTags = [3][4][]string{
	bothWays: {
		{"foot", "access"},
		{"wheelchair", "foot", "access"},
		{"bicycle", "vehicle", "access"},
		{"motorcar", "motor_vehicle", "vehicle", "access"},
	},
	forwardOnly: {
		{"foot:forward", "access:forward"},
		{"wheelchair:forward", "foot:forward", "access:forward"},
		{"bicycle:forward", "vehicle:forward", "access:forward"},
		{"motorcar:forward", "motor_vehicle:forward", "vehicle:forward", "access:forward"},
	},
	backwardOnly: {
		{"foot:backward", "access:backward"},
		{"wheelchair:backward", "foot:backward", "access:backward"},
		{"bicycle:backward", "vehicle:backward", "access:backward"},
		{"motorcar:backward", "motor_vehicle:backward", "vehicle:backward", "access:backward"},
	},
}

// word is what an access tag says.
type word uint8

const (
	silent word = iota
	allows
	bars
)

// meaning returns what the value of an access tag says. Values that fit neither
// list, such as unknown, say nothing.
func meaning(value string) word {
	switch value {
	case "yes", "designated", "permissive", "official", "destination", "customers", "delivery", "residents", "limited", "dismount":
		return allows
	case "no", "private", "use_sidepath", "agricultural", "forestry", "military", "emergency", "permit", "service", "psv":
		return bars
	}
	return silent
}

// said returns what the tags of an object say of a group, in general or for one
// direction.
func said(tags osmdata.Tags, group Users, side side) word {
	for _, key := range accessKeys(group, side) {
		value := tags.Find(key)
		if value == "" {
			continue
		}
		// access=customers, destination and their like let in who has business there;
		// they do not open what is closed to a group by nature.
		if strings.HasPrefix(key, "access") && meaning(value) == allows {
			return silent
		}
		// wheelchair=yes on a street where walking is forbidden opens nothing, and
		// foot=yes says nothing of wheelchairs.
		if group == Wheelchair && !strings.HasPrefix(key, "wheelchair") && meaning(value) == allows {
			continue
		}
		if w := meaning(value); w != silent {
			return w
		}
	}
	return silent
}

// way is what the tags of a way say of its traffic.
type way struct {
	barredForward, barredBack Users
	bicycleKmh, carKmh        uint8
}

// rules reads the tags of a way; ok is false where nobody may use it. The rules,
// the first that applies to a group deciding:
//
//	route=ferry                                    nobody: a ferry is no street
//	highway not in the table below                 nobody (construction, proposed, raceway, none …)
//	area=yes, unless pedestrian or footway         nobody: an area is no line
//	the group's own access tags say no             barred; private, use_sidepath, agricultural,
//	  forestry, emergency, military, permit too
//	they say yes (designated, permissive, …)       open, whatever follows
//	access=no, private …                           barred
//	motorroad=yes                                  barred but for cars
//	the table                                      as it says
//
// Then the direction: oneway, junction=roundabout and highway=motorway hold for
// bicycles and cars, oneway:bicycle, cycleway=opposite… and bicycle:backward let
// bicycles ride against it, conveying=forward|backward is the direction of an
// escalator, oneway:foot of a path. oneway=reversible bars vehicles both ways,
// because the time of day decides.
//
// A wheelchair goes where people walk, but not up steps (unless
// ramp:wheelchair=yes) or on escalators, not where wheelchair=no, kerb=raised, or
// incline steeper than 1 in 12 (GB 50763—2012, 3.4.4) is tagged, nor where
// smoothness is very_bad or worse.
//
// Squares tagged as areas are walked along their rim and straight across, from each
// street that meets the rim to each other.
func rules(tags osmdata.Tags) (w way, ok bool) {
	kind, known := highways[tags.Find("highway")]
	if !known || tags.Find("route") == "ferry" {
		return way{}, false
	}
	if tags.Find("area") == "yes" && !kind.area {
		return way{}, false
	}
	barred := Users(0)
	for _, group := range [...]Users{Foot, Bicycle, Car} {
		switch said(tags, group, bothWays) {
		case bars:
			barred |= group
		case silent:
			if kind.open&group == 0 || group != Car && tags.Find("motorroad") == "yes" {
				barred |= group
			}
		}
	}
	if tags.Find("service") == "emergency_access" && said(tags, Car, bothWays) != allows {
		barred |= Car
	}
	if barred&Foot != 0 || !wheelable(tags) {
		barred |= Wheelchair
	}
	forward, back := directions(tags)
	w = way{
		barredForward: barred | back.only | forward.barred,
		barredBack:    barred | forward.only | back.barred,
		bicycleKmh:    bicycleKmh(tags, kind), carKmh: carKmh(tags, kind),
	}
	return w, w.barredForward&w.barredBack != Everyone
}

// highway is what the tag highway says by itself.
type highway struct {
	open       Users // groups it is for
	area       bool  // may be an area
	carKmh     uint8 // where no maxspeed is tagged
	bicycleKmh uint8
}

// highways are the streets that are read. The speeds are those of an ordinary
// journey, halts at crossings included, and a local choice of ours: no norm gives
// them. Bicycles are pushed up steps.
var highways = map[string]highway{
	"motorway":       {open: Car, carKmh: 100},
	"motorway_link":  {open: Car, carKmh: 50},
	"trunk":          {open: Foot | Bicycle | Car, carKmh: 80, bicycleKmh: 15},
	"trunk_link":     {open: Foot | Bicycle | Car, carKmh: 40, bicycleKmh: 15},
	"primary":        {open: Foot | Bicycle | Car, carKmh: 60, bicycleKmh: 15},
	"primary_link":   {open: Foot | Bicycle | Car, carKmh: 30, bicycleKmh: 15},
	"secondary":      {open: Foot | Bicycle | Car, carKmh: 50, bicycleKmh: 15},
	"secondary_link": {open: Foot | Bicycle | Car, carKmh: 30, bicycleKmh: 15},
	"tertiary":       {open: Foot | Bicycle | Car, carKmh: 40, bicycleKmh: 15},
	"tertiary_link":  {open: Foot | Bicycle | Car, carKmh: 25, bicycleKmh: 15},
	"unclassified":   {open: Foot | Bicycle | Car, carKmh: 30, bicycleKmh: 15},
	"road":           {open: Foot | Bicycle | Car, carKmh: 25, bicycleKmh: 15},
	"residential":    {open: Foot | Bicycle | Car, carKmh: 25, bicycleKmh: 15},
	"living_street":  {open: Foot | Bicycle | Car, carKmh: 10, bicycleKmh: 10},
	"service":        {open: Foot | Bicycle | Car, carKmh: 15, bicycleKmh: 12},
	"busway":         {carKmh: 25, bicycleKmh: 15},
	"track":          {open: Foot | Bicycle, carKmh: 15, bicycleKmh: 12},
	"path":           {open: Foot | Bicycle, carKmh: 5, bicycleKmh: 12},
	"cycleway":       {open: Bicycle, carKmh: 5, bicycleKmh: 16},
	"bridleway":      {carKmh: 5, bicycleKmh: 10},
	"pedestrian":     {open: Foot, area: true, carKmh: 5, bicycleKmh: 8},
	"footway":        {open: Foot, area: true, carKmh: 5, bicycleKmh: 8},
	"corridor":       {open: Foot, carKmh: 5, bicycleKmh: 4},
	"platform":       {open: Foot, carKmh: 5, bicycleKmh: 4},
	"steps":          {open: Foot, carKmh: 5, bicycleKmh: 2},
}

// steepest is the steepest incline for a wheelchair in per cent, 1 in 12.
const steepest = 100.0 / 12

// wheelable reports whether a wheelchair passes where people walk.
func wheelable(tags osmdata.Tags) bool {
	switch tags.Find("wheelchair") {
	case "no":
		return false
	case "yes", "designated", "limited":
		return true
	}
	if conveying := tags.Find("conveying"); tags.Find("highway") == "steps" {
		return (conveying == "" || conveying == "no") && tags.Find("ramp:wheelchair") == "yes"
	}
	switch tags.Find("smoothness") {
	case "very_bad", "horrible", "very_horrible", "impassable":
		return false
	}
	if tags.Find("kerb") == "raised" {
		return false
	}
	percent, ok := incline(tags.Find("incline"))
	return !ok || percent <= steepest
}

// incline reads a slope in per cent, without its sign: "10%", "-6.5 %", "8°" is in
// degrees and gives its tangent; up and down give none.
func incline(text string) (percent float64, ok bool) {
	text = strings.TrimLeft(strings.TrimSpace(text), "+-")
	if number, isPercent := strings.CutSuffix(text, "%"); isPercent {
		v, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
		return v, err == nil && v >= 0
	}
	if number, isDegrees := strings.CutSuffix(text, "°"); isDegrees {
		v, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
		return tangent(v), err == nil && v >= 0 && v < 90
	}
	return 0, false
}

// oneWay is what is said of one direction of a way.
type oneWay struct {
	only   Users // who may go no other way
	barred Users // who may not go this way
}

// directions reads who may use a way in one direction only.
func directions(tags osmdata.Tags) (forward, back oneWay) {
	perSide := slices.ContainsFunc(tags, func(t osmdata.Tag) bool {
		return strings.HasSuffix(t.Key, ":forward") || strings.HasSuffix(t.Key, ":backward")
	})
	for _, group := range [...]Users{Foot, Bicycle, Car} {
		set := group
		if group == Foot {
			set |= Wheelchair
		}
		switch direction(tags, group) {
		case "yes":
			forward.only |= set
		case "-1":
			back.only |= set
		case "reversible":
			forward.barred |= set
			back.barred |= set
		}
		if !perSide {
			continue
		}
		// A tag for the direction itself says more than any oneway.
		for _, one := range []struct {
			side       side
			this, that *oneWay
		}{{forwardOnly, &forward, &back}, {backwardOnly, &back, &forward}} {
			switch said(tags, group, one.side) {
			case bars:
				one.this.barred |= set
			case allows:
				one.that.only &^= set
				one.this.barred &^= set
			}
		}
	}
	return forward, back
}

// direction returns yes, -1, reversible, or no for both directions.
func direction(tags osmdata.Tags, group Users) string {
	general := ""
	switch group {
	case Foot:
		if value := oneway(tags.Find("oneway:foot")); value != "" {
			return value
		}
		switch tags.Find("conveying") {
		case "forward":
			return "yes"
		case "backward":
			return "-1"
		}
		return "no"
	case Bicycle:
		if value := oneway(tags.Find("oneway:bicycle")); value != "" {
			return value
		}
	case Car:
		for _, key := range [...]string{"oneway:motorcar", "oneway:motor_vehicle"} {
			if value := oneway(tags.Find(key)); value != "" {
				return value
			}
		}
	}
	if general = oneway(tags.Find("oneway")); general == "" {
		junction := tags.Find("junction")
		if junction == "roundabout" || junction == "circular" || tags.Find("highway") == "motorway" {
			general = "yes"
		}
	}
	if group == Bicycle && general == "yes" && contraflow(tags) {
		return "no"
	}
	return general
}

// contraflow reports whether a lane or track lets bicycles ride against a oneway.
func contraflow(tags osmdata.Tags) bool {
	for _, t := range tags {
		switch t.Key {
		case "cycleway", "cycleway:left", "cycleway:right", "cycleway:both":
			if strings.HasPrefix(t.Value, "opposite") {
				return true
			}
		case "cycleway:oneway", "cycleway:left:oneway", "cycleway:right:oneway", "cycleway:both:oneway":
			if t.Value == "-1" || t.Value == "no" {
				return true
			}
		}
	}
	return false
}

// oneway reads a value of the tag; "" says nothing.
func oneway(value string) string {
	switch value {
	case "yes", "true", "1":
		return "yes"
	case "-1", "reverse":
		return "-1"
	case "reversible":
		return "reversible"
	case "no", "false", "0", "alternating":
		return "no"
	}
	return ""
}

// Speeds of cars. Who may drive 50 covers 45 on an ordinary journey; no street is
// counted faster than topKmh.
const (
	speedShare = 0.9
	topKmh     = 120
	kmhPerMile = 1.609344
)

// carKmh returns the speed of cars on a way.
func carKmh(tags osmdata.Tags, kind highway) uint8 {
	if limit, ok := maxspeed(tags.Find("maxspeed")); ok {
		return uint8(max(1, min(limit*speedShare+0.5, topKmh)))
	}
	return kind.carKmh
}

// maxspeed reads a limit in km/h: "50", "30 mph", "CN:urban", "walk", "none".
func maxspeed(text string) (kmh float64, ok bool) {
	text = strings.ToLower(strings.TrimSpace(text))
	if _, zone, national := strings.Cut(text, ":"); national {
		kmh, ok = map[string]float64{"urban": 50, "rural": 90, "trunk": 100, "motorway": 120, "living_street": 20, "walk": 7}[zone]
		return kmh, ok
	}
	switch text {
	case "walk":
		return 7, true
	case "none":
		return topKmh / speedShare, true
	}
	scale := 1.0
	if number, miles := strings.CutSuffix(text, "mph"); miles {
		text, scale = number, kmhPerMile
	} else {
		text = strings.TrimSuffix(text, "km/h")
	}
	v, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	// NaN is more than nothing.
	if err != nil || !(v > 0) {
		return 0, false
	}
	return v * scale, true
}

// pushedKmh is the speed of who pushes a bicycle.
const pushedKmh = 4

// bicycleKmh returns the speed of bicycles on a way.
func bicycleKmh(tags osmdata.Tags, kind highway) uint8 {
	if tags.Find("bicycle") == "dismount" {
		return min(pushedKmh, max(1, kind.bicycleKmh))
	}
	return max(pushedKmh/2, kind.bicycleKmh)
}

// barrier reads the tags of a node on a street: whom it stops. Access tags decide
// for their groups; then the table does. A gate without tags is open, as all
// routers take it, unless it is locked.
func barrier(tags osmdata.Tags) (stopped Users) {
	kind := tags.Find("barrier")
	kerb := tags.Find("kerb")
	if kind == "" && kerb == "" {
		return 0
	}
	stops := barriers[kind]
	if kind != "" && tags.Find("locked") == "yes" {
		stops = Everyone
	}
	if stops == Everyone && meaning(tags.Find("access")) == allows {
		stops = 0 // there is a way through
	}
	if kerb == "raised" {
		stops |= Wheelchair
	}
	for _, group := range [...]Users{Foot, Wheelchair, Bicycle, Car} {
		switch said(tags, group, bothWays) {
		case bars:
			stopped |= group
		case silent:
			stopped |= stops & group
		}
	}
	if stopped&Foot != 0 {
		stopped |= Wheelchair
	}
	return stopped
}

// barriers says whom a barrier stops by its nature. What is not listed stops
// nobody: gates, toll booths, cattle grids, entrances.
var barriers = map[string]Users{
	"wall": Everyone, "fence": Everyone, "hedge": Everyone, "city_wall": Everyone, "retaining_wall": Everyone,
	"ditch": Everyone, "wire_fence": Everyone, "hedge_bank": Everyone, "guard_rail": Bicycle | Car | Wheelchair,
	"stile": Wheelchair | Bicycle | Car, "kissing_gate": Wheelchair | Bicycle | Car, "turnstile": Wheelchair | Bicycle | Car,
	"full-height_turnstile": Wheelchair | Bicycle | Car, "horse_stile": Bicycle | Car | Wheelchair, "log": Wheelchair | Car,
	"cycle_barrier": Wheelchair | Car, "motorcycle_barrier": Car, "bollard": Car, "block": Car, "jersey_barrier": Car,
	"planter": Car, "debris": Wheelchair | Car, "bus_trap": Car, "sump_buster": Car, "chain": Car, "rope": Car,
}

// tangent returns the slope of an angle in degrees, in per cent.
func tangent(degrees float64) float64 { return 100 * math.Tan(degrees*math.Pi/180) }
