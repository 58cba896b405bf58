package routing

import "math"

// What is done in lanes, one at a time: where there are no vector registers, and
// as the twin of the files that use them.

// fallPlain lowers the distances of every node, 16 lanes each, by those above it,
// from the last to the first.
func fallPlain(lanes, first []uint32, arcs []upArc) {
	for v := len(first) - 2; v >= 0; v-- {
		row := (*[laneCount]uint32)(lanes[laneCount*v:])
		for _, arc := range arcs[first[v]:first[v+1]] {
			above := (*[laneCount]uint32)(lanes[laneCount*int(arc.head):])
			for i := range row {
				row[i] = min(row[i], above[i]+arc.weight)
			}
		}
	}
}

// pushPlain lowers one row by another and an arc. A sum beyond 16 bits is none.
func pushPlain(row, from []uint16, weight uint16) {
	from = from[:len(row)]
	for i, d := range from {
		if z := uint32(d) + uint32(weight); z < uint32(row[i]) {
			row[i] = uint16(z)
		}
	}
}

// pullPlain lowers one row by all those above it; a row that was not met holds
// nothing yet.
func pullPlain(lanes []uint16, row uint32, arcs []laneArc, met bool) {
	at := (*[cellNodes]uint16)(lanes[cellNodes*int(row):])
	if !met {
		for i := range at {
			at[i] = math.MaxUint16
		}
	}
	for _, arc := range arcs {
		above := (*[cellNodes]uint16)(lanes[cellNodes*int(arc.head):])
		for i := range at {
			at[i] = uint16(min(uint32(at[i]), uint32(above[i])+uint32(arc.weight)))
		}
	}
}

// addPlain adds an amount to the lanes that are near enough.
func addPlain(sum []uint32, row []uint16, radius uint16, amount uint32) {
	row = row[:len(sum)]
	for i, d := range row {
		// No branch: whether a node is near is anybody's guess.
		near := uint32(int32(uint32(d)-uint32(radius)-1) >> 31)
		sum[i] += near & amount
	}
}
