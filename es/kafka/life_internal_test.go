package kafka

import (
	"slices"
	"testing"
)

// walk visits every life that can be reached within n inputs.
func walk(n int, l life, path []input, visit func(path []input, before life, in input, after life)) {
	if n == 0 {
		return
	}
	for _, in := range []input{done, failed, newer, damaged, taken} {
		after := l.on(in)
		visit(path, l, in, after)
		walk(n-1, after, append(slices.Clip(path), in), visit)
	}
}

func TestLifeOrder(t *testing.T) {
	t.Parallel()
	l := newLife()
	for _, p := range []Phase{Proving, Fencing, Barring, Claiming, Restoring, Serving, Serving} {
		if l.phase != p {
			t.Fatalf("in phase %s, want %s", l.phase, p)
		}
		l = l.on(done)
	}
}

func TestLifeRules(t *testing.T) {
	t.Parallel()
	refused := func(p Phase) bool { return p == Corrupt || p == Outdated }
	withProducer := []Phase{Barring, Claiming, Restoring, Serving}
	walk(8, newLife(), nil, func(path []input, before life, in input, after life) {
		bad := func(rule string) {
			t.Fatalf("after %v in %s, input %d leads to %s: %s", path, before.phase, in, after.phase, rule)
		}
		switch {
		case before.phase == Over && after != before:
			bad("a partition that is over does nothing")
		case in == taken && after.phase != Over:
			bad("what was taken is over")
		case before.phase == Corrupt && in != taken && in != newer && after.phase != Corrupt:
			bad("a broken log does not heal")
		case in == damaged && before.phase != Over && after.phase != Corrupt:
			bad("a broken log is refused")
		case in == newer && before.phase != Over && after.phase != Outdated:
			bad("a log of newer code is refused")
		case refused(before.phase) && (in == done || in == failed) && after != before:
			bad("what is refused stays so")
		case after.phase == Serving && before.phase != Serving && before.phase != Restoring:
			bad("only a partition that was restored serves")
		case slices.Contains(withProducer, after.phase) != after.fenced:
			bad("nothing is written, or read for good, without a fence, and a producer is not used again")
		case in == failed && before.phase == Serving && after.phase != Proving:
			bad("commands in doubt are resolved at once")
		}
		if after.phase == Restoring && (len(path) < 3 || path[len(path)-1] != done || in != done) {
			bad("a restore follows a fence, a barrier and a claim")
		}
	})
}

func TestLifeCountsFailures(t *testing.T) {
	t.Parallel()
	l := newLife()
	for n := 1; n < 5; n++ {
		if l = l.on(failed); l.phase != Waiting || l.failures != n {
			t.Fatalf("after %d failures: %+v", n, l)
		}
		l = l.on(done)
	}
	for l.phase != Serving {
		l = l.on(done)
	}
	if l.failures != 0 {
		t.Errorf("%d failures after it came to serve, want none", l.failures)
	}
}
