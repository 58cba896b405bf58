package indicator

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// together does so many pieces of work that know nothing of each other, on all
// processors.
func together(pieces int, do func(i int)) {
	workers := min(runtime.GOMAXPROCS(0), pieces)
	if workers <= 1 {
		for i := range pieces {
			do(i)
		}
		return
	}
	var next atomic.Int64
	var done sync.WaitGroup
	for range workers {
		done.Go(func() {
			for i := next.Add(1) - 1; i < int64(pieces); i = next.Add(1) - 1 {
				do(int(i))
			}
		})
	}
	done.Wait()
}
