package jsonschema_test

import (
	"errors"
	"io/fs"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/esgen-dev/esgen/generator/schema/jsonschema"
)

// TestEmit_goldens compares schemas with those on disk, which are registered
// somewhere: a change of one is a new version of every event out there.
// ESGEN_REFRESH=1 rewrites them, and fails so that nobody forgets it set.
func TestEmit_goldens(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		source, golden string
		options        jsonschema.Options
	}{
		{"testdata/order.proto", "testdata/order.closed.json", jsonschema.Options{}},
		{"testdata/order.proto", "testdata/order.open.json", jsonschema.Options{Open: true}},
		{"testdata/legacy.proto", "testdata/legacy.closed.json", jsonschema.Options{}},
	} {
		t.Run(tt.golden, func(t *testing.T) {
			t.Parallel()
			source, err := os.ReadFile(tt.source)
			if err != nil {
				t.Fatal(err)
			}
			got := emit(t, event(t, string(source)), tt.options)
			compile(t, got)
			if os.Getenv("ESGEN_REFRESH") != "" {
				if err := os.WriteFile(tt.golden, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
				t.Fatalf("ESGEN_REFRESH is set: %s was rewritten, run again without it", tt.golden)
			}
			want, err := os.ReadFile(tt.golden)
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("%s is stale; ESGEN_REFRESH=1 rewrites it (-disk +emitted):\n%s", tt.golden, diff)
			}
		})
	}
}
