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
	for _, in := range []input{done, failed, broken, taken} {
		after := l.on(in)
		visit(path, l, in, after)
		walk(n-1, after, append(slices.Clip(path), in), visit)
	}
}

func TestLifeOrder(t *testing.T) {
	t.Parallel()
	l, want := life{}, []phase{proving, fencing, barring, claiming, restoring, resolving, serving, serving}
	for _, p := range want {
		if l.phase != p {
			t.Fatalf("in phase %s, want %s", l.phase, p)
		}
		l = l.on(done)
	}
}

func TestLifeRules(t *testing.T) {
	t.Parallel()
	walk(9, life{}, nil, func(path []input, before life, in input, after life) {
		bad := func(rule string) {
			t.Fatalf("after %v in %s, input %d leads to %s: %s", path, before.phase, in, after.phase, rule)
		}
		switch {
		case before.phase == over && after != before:
			bad("a partition that is over does nothing")
		case in == taken && after.phase != over:
			bad("what was taken is over")
		case before.phase == parked && in != taken && after.phase != parked:
			bad("a broken log does not heal")
		case in == broken && before.phase != over && after.phase != parked:
			bad("a broken log is parked")
		case after.phase == serving && before.phase != serving && before.phase != resolving:
			bad("only a partition that was restored serves")
		case after.phase > fencing && after.phase <= serving && !after.fenced:
			bad("nothing is written or read for good without a fence")
		case (after.phase == proving || after.phase == waiting) && after.fenced:
			bad("a producer is not used again")
		case in == failed && before.phase == serving && after.phase != proving:
			bad("commands in doubt are resolved at once")
		}
		if after.phase == resolving && (len(path) < 4 || path[len(path)-1] != done || in != done) {
			bad("resolving follows a whole restore")
		}
	})
}

func TestLifeCountsFailures(t *testing.T) {
	t.Parallel()
	l := life{}
	for n := 1; n < 5; n++ {
		if l = l.on(failed); l.phase != waiting || l.failures != n {
			t.Fatalf("after %d failures: %+v", n, l)
		}
		l = l.on(done)
	}
	for l.phase != serving {
		l = l.on(done)
	}
	if l.failures != 0 {
		t.Errorf("%d failures after it came to serve, want none", l.failures)
	}
}
