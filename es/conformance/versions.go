package conformance

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
)

// versions tests commands that expect a version.
func (s *suite) versions(t *testing.T) {
	s.test(t, "that hold", func(e *env) {
		e.do(&ledgerv1.OpenLedger{LedgerId: "a"}, es.ExpectVersion(0))
		e.do(post("a", 1), es.ExpectVersion(1))
		e.do(batch(3), es.ExpectVersion(2))
		e.do(&ledgerv1.Attach{LedgerId: "a"}, es.ExpectVersion(5))
		e.check("a")
	})
	s.test(t, "that do not hold", func(e *env) {
		e.create("a")
		e.do(post("a", 1))
		for _, v := range []uint64{0, 1, 3, 1 << 63} {
			_, err := e.execute(post("a", 1), es.ExpectVersion(v))
			e.wantConflict(err, es.ConflictError{
				Aggregate: "ledger.v1.Ledger", AggregateID: "a", Expected: v, Current: 2,
			})
		}
		_, err := e.execute(&ledgerv1.Attach{LedgerId: "b"}, es.ExpectVersion(1))
		e.wantConflict(err, es.ConflictError{Aggregate: "ledger.v1.Ledger", AggregateID: "b", Expected: 1})
		e.check("a")
		e.wantVersion("b", 0)
	})
	s.test(t, "of which one wins", func(e *env) {
		e.create("a")
		var won atomic.Int64
		var wg sync.WaitGroup
		for i, view := range []*env{e, e.another(), e, e.another(), e, e} {
			wg.Go(func() {
				_, err := view.execute(post("a", int64(i+1)), es.ExpectVersion(1))
				var conflict *es.ConflictError
				switch {
				case err == nil:
					won.Add(1)
				case !errors.As(err, &conflict) || conflict.Current != 2:
					e.t.Errorf("error %v, want a conflict with version 2", err)
				}
			})
		}
		wg.Wait()
		if won.Load() != 1 {
			e.t.Errorf("%d commands that expect version 1 succeeded, want 1", won.Load())
		}
		e.wantVersion("a", 2)
	})
}

func (e *env) wantConflict(err error, want es.ConflictError) {
	e.t.Helper()
	got, ok := errors.AsType[*es.ConflictError](err)
	if !ok {
		e.t.Errorf("error %v, want a ConflictError", err)
	} else if *got != want {
		e.t.Errorf("conflict %+v, want %+v", *got, want)
	}
}
