package osm

import osmdata "github.com/paulmach/osm"

// walkable reports whether a person may walk along a way. The rules, the first
// that applies deciding:
//
//	route=ferry                                  no: a ferry is no footway
//	area=yes, unless pedestrian or footway       no: an area is no line
//	highway not in the lists below               no (construction, proposed, raceway, none …)
//	foot=no, private, use_sidepath               no
//	foot=yes, designated, permissive, official,
//	  destination                                yes, whatever follows
//	access=no, private                           no
//	motorroad=yes                                no
//	highway=motorway, motorway_link, busway,
//	  cycleway, bridleway                        no: only where foot says so
//	highway=trunk, primary, secondary, tertiary
//	  and their _link, unclassified, road,
//	  residential, living_street, service,
//	  pedestrian, footway, path, steps, track,
//	  corridor, platform                         yes
//
// Ways tagged conveying or oneway are walked in both directions. Squares tagged
// as areas are walked along their rim. Barriers on nodes are not read.
func walkable(tags osmdata.Tags) bool {
	highway := tags.Find("highway")
	onlyWhereFootSaysSo := false
	switch highway {
	case "trunk", "primary", "secondary", "tertiary",
		"trunk_link", "primary_link", "secondary_link", "tertiary_link",
		"unclassified", "road", "residential", "living_street", "service",
		"pedestrian", "footway", "path", "steps", "track", "corridor", "platform":
	case "motorway", "motorway_link", "busway", "cycleway", "bridleway":
		onlyWhereFootSaysSo = true
	default:
		return false
	}
	if tags.Find("route") == "ferry" {
		return false
	}
	if tags.Find("area") == "yes" && highway != "pedestrian" && highway != "footway" {
		return false
	}
	switch tags.Find("foot") {
	case "no", "private", "use_sidepath":
		return false
	case "yes", "designated", "permissive", "official", "destination":
		return true
	}
	switch tags.Find("access") {
	case "no", "private":
		return false
	}
	return !onlyWhereFootSaysSo && tags.Find("motorroad") != "yes"
}
