package indicator

import (
	"maps"
	"sync"

	"lifecircle"
	"lifecircle/access"
)

// layers are those of some streets, by measure. Their maps are shared: who changes one
// copies it.
type layers map[string]*layer

// layer is an access layer that is there, or that is made of another when it is first
// asked for: on other days than the plan's most are never looked at.
type layer struct {
	mu   sync.Mutex
	made *access.Layer // nil until it is asked for; then the others are no more needed
	of   *layer
	gone []lifecircle.FacilityID
	come []access.Place
	deep int // how many are waiting
}

func madeLayer(l *access.Layer) *layer { return &layer{made: l} }

// get returns the layer, which is made if it is not there.
func (l *layer) get() *access.Layer {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.made == nil {
		l.made = l.of.get().Over(l.gone, l.come)
		l.of, l.gone, l.come, l.deep = nil, nil, nil, 0
	}
	return l.made
}

// waiting returns how many layers wait to be made before this one is; 0 when it is
// there.
func (l *layer) waiting() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.deep
}

// mostWaiting is how many layers may wait for one that nobody asks for: each is kept.
const mostWaiting = 64

// over returns the layer without the places that are gone and with those that come, to
// be made when it is asked for.
func (l *layer) over(gone []lifecircle.FacilityID, come []access.Place) *layer {
	if len(gone)+len(come) == 0 {
		return l
	}
	next := &layer{of: l, gone: gone, come: come, deep: 1 + l.waiting()}
	if next.deep > mostWaiting {
		next.get()
	}
	return next
}

// with returns a copy with one layer in place of another.
func (ls layers) with(changed map[string]*access.Layer) layers {
	if len(changed) == 0 {
		return ls
	}
	next := maps.Clone(ls)
	for measure, l := range changed {
		next[measure] = madeLayer(l)
	}
	return next
}
