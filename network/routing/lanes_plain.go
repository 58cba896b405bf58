//go:build !goexperiment.simd || !amd64

package routing

// matrixLanes are how many sources fall together. A row for each depth shall fit the
// nearest memory.
const matrixLanes = 32

// cellNodes are the nodes whose surroundings are looked at together. Ranks follow
// each other in space, so their surroundings are nearly the same.
const cellNodes = 128

func fallLanes(s *sheet, h *slim)                 { fallPlain(s, h) }
func fallTo(d *descent)                           { fallToPlain(d) }
func pushLanes(row, from []uint16, weight uint16) { pushPlain(row, from, weight) }

func pullLanes(lanes []uint16, row uint32, arcs []laneArc, met bool) {
	pullPlain(lanes, row, arcs, met)
}

func addLanes(sum []uint32, row []uint16, radius uint16, amount uint32) {
	addPlain(sum, row, radius, amount)
}

// Vectors says what the lanes run on.
func Vectors() string { return "none" }
