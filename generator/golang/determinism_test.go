package golang_test

import (
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/esgen-dev/esgen/generator/model"
	"github.com/esgen-dev/esgen/generator/write"
)

// TestGenerate_deterministic generates with one processor and with many, from
// input in order and in reverse, and twice from the same input.
func TestGenerate_deterministic(t *testing.T) { //nolint:paralleltest // it sets GOMAXPROCS
	set, m := loadGoldens(t)
	want := generate(t, set, m)
	if !slices.IsSortedFunc(want, func(a, b write.File) int { return strings.Compare(a.Path, b.Path) }) {
		t.Error("files are not sorted by path")
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, processors := range []int{1, 8} {
		runtime.GOMAXPROCS(processors)
		if diff := cmp.Diff(want, generate(t, set, reversed(m))); diff != "" {
			t.Errorf("%d processors, input reversed (-want +got):\n%s", processors, diff)
		}
	}
}

// reversed returns the model with packages and aggregates in reverse order.
// The order of commands and events is that of the declaration, and part of it.
func reversed(m *model.Model) *model.Model {
	r := &model.Model{}
	for _, p := range slices.Backward(m.Packages) {
		q := *p
		q.Aggregates = slices.Clone(p.Aggregates)
		slices.Reverse(q.Aggregates)
		r.Packages = append(r.Packages, &q)
	}
	return r
}
