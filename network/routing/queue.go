package routing

import (
	"math/bits"

	"lifecircle"
)

// queue is a ring of buckets, one for each decimetre from the distance reached to
// the longest arc beyond it, and a bitmap of those that hold something. Buckets
// are lists in one pool, so that memory is that of the entries and not of the
// ring: 4 bytes a bucket, 12 an entry.
type queue struct {
	heads  []uint32 // first entry of a bucket in pool, 0 for none
	filled []uint64 // bit b: bucket b holds something
	pool   []link   // pool[0] is no entry
	free   uint32   // first entry to use again, 0 for none
	at     lifecircle.Decimetres
	count  int
}

// entry is a street node on its way through the queue, with the rank of the
// source it is reached from, where there are several.
type entry struct {
	node uint32
	rank uint32
}

// link is an entry in a list.
type link struct {
	entry
	next uint32
}

func newQueue(longest lifecircle.Decimetres) queue {
	// One bucket more than the longest arc, for the distance itself. It also covers
	// both ends of a point's street, which differ by its length at most.
	size := max(64, 1<<bits.Len32(uint32(longest)+1))
	return queue{heads: make([]uint32, size), filled: make([]uint64, size/64), pool: make([]link, 1)}
}

// reset empties the queue and sets the distance reached.
func (q *queue) reset(at lifecircle.Decimetres) {
	if q.count > 0 {
		for w, word := range q.filled {
			for ; word != 0; word &= word - 1 {
				q.heads[64*w+bits.TrailingZeros64(word)] = 0
			}
			q.filled[w] = 0
		}
	}
	q.pool, q.free, q.count, q.at = q.pool[:1], 0, 0, at
}

// push adds an entry; d must not lie before the distance reached nor farther
// beyond it than the ring is long.
func (q *queue) push(d lifecircle.Decimetres, e entry) {
	bucket := int(d) & (len(q.heads) - 1)
	at := q.free
	if at == 0 {
		at = uint32(len(q.pool))
		q.pool = append(q.pool, link{})
	} else {
		q.free = q.pool[at].next
	}
	q.pool[at] = link{e, q.heads[bucket]}
	q.heads[bucket] = at
	q.filled[bucket>>6] |= 1 << (bucket & 63)
	q.count++
}

// next moves on to the nearest bucket that holds something; ok is false when
// none does.
func (q *queue) next() (d lifecircle.Decimetres, ok bool) {
	if q.count == 0 {
		return 0, false
	}
	bucket := int(q.at) & (len(q.heads) - 1)
	word := bucket >> 6
	// The first word is looked at from the bucket on, and again at the end of the
	// round for what lies before it.
	set := q.filled[word] &^ (1<<(bucket&63) - 1)
	for set == 0 {
		word = (word + 1) & (len(q.filled) - 1)
		set = q.filled[word]
	}
	found := word<<6 + bits.TrailingZeros64(set)
	q.at += lifecircle.Decimetres((found - bucket) & (len(q.heads) - 1))
	return q.at, true
}

// pop takes an entry from the bucket reached.
func (q *queue) pop() (e entry, ok bool) {
	bucket := int(q.at) & (len(q.heads) - 1)
	at := q.heads[bucket]
	if at == 0 {
		return entry{}, false
	}
	taken := q.pool[at]
	q.heads[bucket] = taken.next
	if taken.next == 0 {
		q.filled[bucket>>6] &^= 1 << (bucket & 63)
	}
	q.pool[at].next = q.free
	q.free = at
	q.count--
	return taken.entry, true
}
