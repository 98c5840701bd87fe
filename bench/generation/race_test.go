package generation_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/esgen-dev/esgen/bench/generation"
)

// All contenders generate from the schema, and esgen makes three files where
// the others make one.
func TestRace(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	tools, err := generation.FindTools(t.Context(), filepath.Join(dir, "bin"))
	if errors.Is(err, exec.ErrNotFound) && os.Getenv("ESGEN_REQUIRE_TOOLS") != "1" {
		t.Skip("SKIPPED, NOT TESTED: ", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	schema := generation.Schema{Files: 3, Events: 2, Commands: 2}
	contenders, err := generation.Race(t.Context(), filepath.Join(dir, "schema"), schema, tools, 2)
	if err != nil {
		t.Fatal(err)
	}
	want := []int{3 * schema.Files, schema.Files, schema.Files}
	for i, c := range contenders {
		if c.Files != want[i] || len(c.Costs) != 2 {
			t.Errorf("%s wrote %d files in each of %d runs, want %d in 2", c.Name, c.Files, len(c.Costs), want[i])
		}
		if m := c.Median(); m.Wall <= 0 || m.CPU <= 0 {
			t.Errorf("%s cost %+v", c.Name, m)
		}
	}
}
