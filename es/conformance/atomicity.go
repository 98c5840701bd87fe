package conformance

import (
	"sync"
	"testing"

	"github.com/esgen-dev/esgen/es"
)

// atomicity tests that a command is seen as a whole, or not at all.
func (s *suite) atomicity(t *testing.T) {
	s.test(t, "while others read", func(e *env) {
		const size = 50 // events of each command
		rounds := 60
		if testing.Short() {
			rounds = 20
		}
		e.create("a")
		view := e.another()
		var wg sync.WaitGroup
		done := make(chan struct{})
		readers := map[string]func() (int, error){
			"load": func() (int, error) {
				rev, err := view.load("a")
				return int(rev.Version), err //nolint:gosec // small
			},
			"load of another binding": func() (int, error) {
				rev, err := e.another().load("a")
				return int(rev.Version), err //nolint:gosec // small
			},
			"history": func() (int, error) {
				events, err := view.history("a")
				return len(events), err
			},
			"feed": func() (int, error) {
				events, err := view.feed(es.Start())
				return len(events), err
			},
		}
		for name, read := range readers {
			wg.Go(func() {
				for last := 0; ; {
					n, err := read()
					if err != nil || n%size != 1 || n < last {
						e.t.Errorf("%s: %d events after %d, want 1 and whole commands of %d (%v)", name, n, last, size, err)
						return
					}
					last = n
					select {
					case <-done:
						return
					default:
					}
				}
			})
		}
		for range rounds {
			e.do(batch(size))
		}
		close(done)
		wg.Wait()
		e.check("a")
	})
}
