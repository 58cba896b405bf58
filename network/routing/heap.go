package routing

// heapOf is a binary heap, the least on top. Equals come in any order.
type heapOf[T any] struct {
	items []T
	less  func(a, b T) bool
}

func (h *heapOf[T]) push(item T) {
	h.items = append(h.items, item)
	i := len(h.items) - 1
	for i > 0 {
		up := (i - 1) / 2
		if !h.less(item, h.items[up]) {
			break
		}
		h.items[i] = h.items[up]
		i = up
	}
	h.items[i] = item
}

func (h *heapOf[T]) pop() (top T, ok bool) {
	last := len(h.items) - 1
	if last < 0 {
		return top, false
	}
	top = h.items[0]
	item := h.items[last]
	h.items = h.items[:last]
	i := 0
	for 2*i+1 < last {
		child := 2*i + 1
		if child+1 < last && h.less(h.items[child+1], h.items[child]) {
			child++
		}
		if !h.less(h.items[child], item) {
			break
		}
		h.items[i] = h.items[child]
		i = child
	}
	if last > 0 {
		h.items[i] = item
	}
	return top, true
}
