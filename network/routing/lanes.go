package routing

import "math"

// What is done in lanes, one at a time: where there are no vector registers, and
// as the twin of the files that use them.

// sheet holds distances in rows of 16 lanes.
type sheet struct {
	distance []uint32
	// reached are the rows that hold distances before they fall; what others hold is of
	// another time. None is between queries.
	reached []bool
}

// fit makes room for so many rows.
func (s *sheet) fit(rows int) {
	if len(s.reached) != rows {
		s.distance, s.reached = make([]uint32, allLanes*rows), make([]bool, rows)
	}
}

func (s *sheet) row(v uint32) []uint32 { return s.distance[allLanes*int(v):][:allLanes] }

// reach writes a distance into a lane of a row.
func (s *sheet) reach(v uint32, lane int, d uint32) {
	row := s.row(v)
	if !s.reached[v] {
		s.reached[v] = true
		fillFar(row)
	}
	row[lane] = d
}

func fillFar(column []uint32) {
	for i := range column {
		column[i] = Far
	}
}

// fallPlain lowers the distances of every row by those above it, from the last to the
// first.
func fallPlain(s *sheet, h *slim) {
	for v := len(h.first) - 2; v >= 0; v-- {
		row := (*[allLanes]uint32)(s.row(uint32(v)))
		if !s.reached[v] {
			fillFar(row[:])
		}
		s.reached[v] = false
		for _, arc := range h.above(uint32(v)) {
			above := (*[allLanes]uint32)(s.row(arc.head))
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
