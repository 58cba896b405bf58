//go:build goexperiment.simd && amd64

package routing

import (
	"math"
	"simd/archsimd"
)

// matrixLanes are how many sources fall together: four registers of AVX-512, so that
// an arc is read once for all of them.
const matrixLanes = 64

// cellNodes are the nodes whose surroundings are looked at together. Ranks follow
// each other in space, so their surroundings are nearly the same; the more
// there are, the fewer surroundings have to be found.
const cellNodes = 256

// Vectors says what the lanes run on.
func Vectors() string {
	switch {
	case archsimd.X86.AVX512():
		return "AVX-512"
	case archsimd.X86.AVX2():
		return "AVX2"
	}
	return "none"
}

func fallLanes(s *sheet, h *slim) {
	switch {
	case archsimd.X86.AVX512():
		fall512(s, h)
	case archsimd.X86.AVX2():
		fall256(s, h)
	default:
		fallPlain(s, h)
	}
}

func fallTo(d *descent) {
	switch {
	case archsimd.X86.AVX512():
		fallTo512(d)
	case archsimd.X86.AVX2():
		fallTo256(d)
	default:
		fallToPlain(d)
	}
}

func pushLanes(row, from []uint16, weight uint16) {
	switch {
	case archsimd.X86.AVX512():
		push512(row, from, weight)
	case archsimd.X86.AVX2():
		push256(row, from, weight)
	default:
		pushPlain(row, from, weight)
	}
}

func pullLanes(lanes []uint16, row uint32, arcs []laneArc, met bool) {
	switch {
	case archsimd.X86.AVX512():
		pull512(lanes, row, arcs, met)
	case archsimd.X86.AVX2():
		pull256(lanes, row, arcs, met)
	default:
		pullPlain(lanes, row, arcs, met)
	}
}

func addLanes(sum []uint32, row []uint16, radius uint16, amount uint32) {
	switch {
	case archsimd.X86.AVX512():
		add512(sum, row, radius, amount)
	case archsimd.X86.AVX2():
		add256(sum, row, radius, amount)
	default:
		addPlain(sum, row, radius, amount)
	}
}

func fall512(s *sheet, h *slim) {
	for v := len(h.first) - 2; v >= 0; v-- {
		at := (*[16]uint32)(s.row(uint32(v)))
		row := archsimd.BroadcastUint32x16(Far)
		if s.reached[v] {
			row = archsimd.LoadUint32x16(at)
			s.reached[v] = false
		}
		for _, arc := range h.above(uint32(v)) {
			above := archsimd.LoadUint32x16((*[16]uint32)(s.distance[16*int(arc.head):]))
			row = row.Min(above.Add(archsimd.BroadcastUint32x16(arc.weight)))
		}
		row.Store(at)
	}
}

func fall256(s *sheet, h *slim) {
	for v := len(h.first) - 2; v >= 0; v-- {
		at := (*[16]uint32)(s.row(uint32(v)))
		low := archsimd.BroadcastUint32x8(Far)
		high := low
		if s.reached[v] {
			low = archsimd.LoadUint32x8((*[8]uint32)(at[:8]))
			high = archsimd.LoadUint32x8((*[8]uint32)(at[8:]))
			s.reached[v] = false
		}
		for _, arc := range h.above(uint32(v)) {
			above := (*[16]uint32)(s.distance[16*int(arc.head):])
			w := archsimd.BroadcastUint32x8(arc.weight)
			low = low.Min(archsimd.LoadUint32x8((*[8]uint32)(above[:8])).Add(w))
			high = high.Min(archsimd.LoadUint32x8((*[8]uint32)(above[8:])).Add(w))
		}
		low.Store((*[8]uint32)(at[:8]))
		high.Store((*[8]uint32)(at[8:]))
	}
}

func fallTo512(d *descent) {
	rows := d.rows
	quarter := func(row *lanes, i int) *[16]uint32 { return (*[16]uint32)(row[16*i:]) }
	for v := len(d.first) - 2; v >= 0; v-- {
		l0 := archsimd.BroadcastUint32x16(Far)
		l1, l2, l3 := l0, l0, l0
		if start := d.started[v]; start != 0 {
			at := &d.starts[start-1]
			l0, l1 = archsimd.LoadUint32x16(quarter(at, 0)), archsimd.LoadUint32x16(quarter(at, 1))
			l2, l3 = archsimd.LoadUint32x16(quarter(at, 2)), archsimd.LoadUint32x16(quarter(at, 3))
		}
		for _, arc := range d.arcs[d.first[v]:d.first[v+1]] {
			above := &rows[arc.head]
			w := archsimd.BroadcastUint32x16(arc.weight)
			l0 = l0.Min(archsimd.LoadUint32x16(quarter(above, 0)).Add(w))
			l1 = l1.Min(archsimd.LoadUint32x16(quarter(above, 1)).Add(w))
			l2 = l2.Min(archsimd.LoadUint32x16(quarter(above, 2)).Add(w))
			l3 = l3.Min(archsimd.LoadUint32x16(quarter(above, 3)).Add(w))
		}
		at := &rows[d.depth[v]]
		l0.Store(quarter(at, 0))
		l1.Store(quarter(at, 1))
		l2.Store(quarter(at, 2))
		l3.Store(quarter(at, 3))
		if keep := d.keep[v]; keep != 0 {
			d.kept[keep-1] = *at
		}
	}
}

func fallTo256(d *descent) {
	rows := d.rows
	for v := len(d.first) - 2; v >= 0; v-- {
		at := &rows[d.depth[v]]
		if start := d.started[v]; start != 0 {
			*at = d.starts[start-1]
		} else {
			fillFar(at[:])
		}
		arcs := d.arcs[d.first[v]:d.first[v+1]]
		for from := 0; from < matrixLanes; from += 16 {
			half := (*[16]uint32)(at[from:])
			low, high := archsimd.LoadUint32x8((*[8]uint32)(half[:8])), archsimd.LoadUint32x8((*[8]uint32)(half[8:]))
			for _, arc := range arcs {
				above := (*[16]uint32)(rows[arc.head][from:])
				w := archsimd.BroadcastUint32x8(arc.weight)
				low = low.Min(archsimd.LoadUint32x8((*[8]uint32)(above[:8])).Add(w))
				high = high.Min(archsimd.LoadUint32x8((*[8]uint32)(above[8:])).Add(w))
			}
			low.Store((*[8]uint32)(half[:8]))
			high.Store((*[8]uint32)(half[8:]))
		}
		if keep := d.keep[v]; keep != 0 {
			d.kept[keep-1] = *at
		}
	}
}

func push512(row, from []uint16, weight uint16) {
	w := archsimd.BroadcastUint16x32(weight)
	a, b := (*[cellNodes]uint16)(row), (*[cellNodes]uint16)(from)
	for i := 0; i < cellNodes; i += 32 {
		at := (*[32]uint16)(a[i:])
		archsimd.LoadUint16x32(at).Min(archsimd.LoadUint16x32((*[32]uint16)(b[i:])).AddSaturated(w)).Store(at)
	}
}

func push256(row, from []uint16, weight uint16) {
	w := archsimd.BroadcastUint16x16(weight)
	a, b := (*[cellNodes]uint16)(row), (*[cellNodes]uint16)(from)
	for i := 0; i < cellNodes; i += 16 {
		at := (*[16]uint16)(a[i:])
		archsimd.LoadUint16x16(at).Min(archsimd.LoadUint16x16((*[16]uint16)(b[i:])).AddSaturated(w)).Store(at)
	}
}

func pull512(lanes []uint16, row uint32, arcs []laneArc, met bool) {
	for half := 0; half < cellNodes; half += 128 {
		at := (*[128]uint16)(lanes[cellNodes*int(row)+half:])
		a := archsimd.BroadcastUint16x32(math.MaxUint16)
		b, c, d := a, a, a
		if met {
			a = archsimd.LoadUint16x32((*[32]uint16)(at[:32]))
			b = archsimd.LoadUint16x32((*[32]uint16)(at[32:]))
			c = archsimd.LoadUint16x32((*[32]uint16)(at[64:]))
			d = archsimd.LoadUint16x32((*[32]uint16)(at[96:]))
		}
		for _, arc := range arcs {
			above := (*[128]uint16)(lanes[cellNodes*int(arc.head)+half:])
			w := archsimd.BroadcastUint16x32(arc.weight)
			a = a.Min(archsimd.LoadUint16x32((*[32]uint16)(above[:32])).AddSaturated(w))
			b = b.Min(archsimd.LoadUint16x32((*[32]uint16)(above[32:])).AddSaturated(w))
			c = c.Min(archsimd.LoadUint16x32((*[32]uint16)(above[64:])).AddSaturated(w))
			d = d.Min(archsimd.LoadUint16x32((*[32]uint16)(above[96:])).AddSaturated(w))
		}
		a.Store((*[32]uint16)(at[:32]))
		b.Store((*[32]uint16)(at[32:]))
		c.Store((*[32]uint16)(at[64:]))
		d.Store((*[32]uint16)(at[96:]))
	}
}

func pull256(lanes []uint16, row uint32, arcs []laneArc, met bool) {
	at := (*[cellNodes]uint16)(lanes[cellNodes*int(row):])
	for i := 0; i < cellNodes; i += 64 {
		a := archsimd.BroadcastUint16x16(math.MaxUint16)
		b, c, d := a, a, a
		if met {
			a = archsimd.LoadUint16x16((*[16]uint16)(at[i:]))
			b = archsimd.LoadUint16x16((*[16]uint16)(at[i+16:]))
			c = archsimd.LoadUint16x16((*[16]uint16)(at[i+32:]))
			d = archsimd.LoadUint16x16((*[16]uint16)(at[i+48:]))
		}
		for _, arc := range arcs {
			above := (*[64]uint16)(lanes[cellNodes*int(arc.head)+i:])
			w := archsimd.BroadcastUint16x16(arc.weight)
			a = a.Min(archsimd.LoadUint16x16((*[16]uint16)(above[:16])).AddSaturated(w))
			b = b.Min(archsimd.LoadUint16x16((*[16]uint16)(above[16:])).AddSaturated(w))
			c = c.Min(archsimd.LoadUint16x16((*[16]uint16)(above[32:])).AddSaturated(w))
			d = d.Min(archsimd.LoadUint16x16((*[16]uint16)(above[48:])).AddSaturated(w))
		}
		a.Store((*[16]uint16)(at[i:]))
		b.Store((*[16]uint16)(at[i+16:]))
		c.Store((*[16]uint16)(at[i+32:]))
		d.Store((*[16]uint16)(at[i+48:]))
	}
}

// What is near enough leaves nothing when the radius is taken from it.
func add512(sum []uint32, row []uint16, radius uint16, amount uint32) {
	r, p := archsimd.BroadcastUint16x32(radius), archsimd.BroadcastUint32x16(amount)
	var zero archsimd.Uint16x32
	a, b := (*[cellNodes]uint32)(sum), (*[cellNodes]uint16)(row)
	for i := 0; i < cellNodes; i += 32 {
		near := archsimd.LoadUint16x32((*[32]uint16)(b[i:])).SubSaturated(r).Equal(zero).ToInt16x32()
		low, high := (*[16]uint32)(a[i:]), (*[16]uint32)(a[i+16:])
		archsimd.LoadUint32x16(low).Add(near.GetLo().ExtendToInt32().AsUint32x16().And(p)).Store(low)
		archsimd.LoadUint32x16(high).Add(near.GetHi().ExtendToInt32().AsUint32x16().And(p)).Store(high)
	}
}

func add256(sum []uint32, row []uint16, radius uint16, amount uint32) {
	r, p := archsimd.BroadcastUint16x16(radius), archsimd.BroadcastUint32x8(amount)
	var zero archsimd.Uint16x16
	a, b := (*[cellNodes]uint32)(sum), (*[cellNodes]uint16)(row)
	for i := 0; i < cellNodes; i += 16 {
		near := archsimd.LoadUint16x16((*[16]uint16)(b[i:])).SubSaturated(r).Equal(zero).ToInt16x16()
		low, high := (*[8]uint32)(a[i:]), (*[8]uint32)(a[i+8:])
		archsimd.LoadUint32x8(low).Add(near.GetLo().ExtendToInt32().AsUint32x8().And(p)).Store(low)
		archsimd.LoadUint32x8(high).Add(near.GetHi().ExtendToInt32().AsUint32x8().And(p)).Store(high)
	}
}
