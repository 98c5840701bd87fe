package gate_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/esgen-dev/esgen/bench/gate"
	"github.com/esgen-dev/esgen/bench/generation"
)

// All contenders check the project, which holds what it says.
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
	p := gate.Project{Files: 2, Events: 3, Fields: 5, Versions: 4}
	project := filepath.Join(dir, "project")
	contenders, err := gate.Race(t.Context(), project, p, tools, 2)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range contenders {
		if m := c.Median(); len(c.Costs) != 2 || m.Wall <= 0 || m.CPU <= 0 || m.Memory <= 0 {
			t.Errorf("%s cost %+v in %d runs", c.Name, m, len(c.Costs))
		}
	}
	lock, err := os.ReadFile(filepath.Join(project, "esgen.lock"))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Count(string(lock), "\nschema "), p.Subjects()*p.Versions; got != want {
		t.Errorf("%d versions are accepted, want %d", got, want)
	}
	// They would notice if something was wrong: a field gets another type.
	file := filepath.Join(project, "proto/area001/v1/order.proto")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.Replace(string(text), "int64 field_1 = 2", "string field_1 = 2", 1)
	if err := os.WriteFile(file, []byte(changed), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, command := range [][]string{{tools.Esgen, "compat"}, {tools.Buf, "breaking", "--against", "before"}} {
		cmd := exec.CommandContext(t.Context(), command[0], command[1:]...)
		cmd.Dir = project
		if out, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(out), "order.proto") {
			t.Errorf("%v: %v\n%s", command, err, out)
		}
	}
}
