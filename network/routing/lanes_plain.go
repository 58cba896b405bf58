//go:build !goexperiment.simd || !amd64

package routing

func fallLanes(lanes, first []uint32, arcs []upArc) { fallPlain(lanes, first, arcs) }

func pushLanes(row, from []uint16, weight uint16) { pushPlain(row, from, weight) }

func pullLanes(lanes []uint16, row uint32, arcs []laneArc, met bool) {
	pullPlain(lanes, row, arcs, met)
}

func addLanes(sum []uint32, row []uint16, radius uint16, amount uint32) {
	addPlain(sum, row, radius, amount)
}

// Vectors says what the lanes run on.
func Vectors() string { return "none" }
