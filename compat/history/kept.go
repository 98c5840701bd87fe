package history

import (
	"maps"
	"runtime"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/esgen-dev/esgen/generator/schema"
)

// Kept returns, by the full name of each event, the sorted full names of the
// types that any version of its Protobuf schema defines, as [schema.Types] lists
// them. They are what schema.Options.Kept asks for.
func (h *History) Kept() map[string][]string {
	var mu sync.Mutex
	kept := map[string][]string{}
	var workers errgroup.Group
	workers.SetLimit(runtime.GOMAXPROCS(0))
	for name := range h.events {
		versions := h.tracks[track{name, schema.Protobuf}]
		if len(versions) == 0 {
			continue
		}
		workers.Go(func() error {
			types := typesOf(versions)
			mu.Lock()
			defer mu.Unlock()
			kept[name] = types
			return nil
		})
	}
	_ = workers.Wait() // nothing in it fails
	return kept
}

func typesOf(versions []Version) []string {
	names := map[string]bool{}
	previous := ""
	for _, v := range versions {
		if v.Schema.Text == previous {
			continue
		}
		previous = v.Schema.Text
		for _, name := range typesIn(previous) {
			names[name] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}
