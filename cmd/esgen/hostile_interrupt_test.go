package main

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// large returns a project with many files whose events have a certain field.
func large(field string) map[string]string {
	files := usual(nil)
	delete(files, usualPath)
	for i := range 25 {
		name := fmt.Sprintf("bank%d", i)
		text := strings.NewReplacer("bank.v1", name, "bank/v1;bankv1", name+";"+name, "owner", field).Replace(usualHeader + usualBody)
		files["proto/"+name+"/"+name+".proto"] = text
	}
	return files
}

// contents returns all files below a directory.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	for _, name := range tree(t, dir) {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		files[name] = string(text)
	}
	return files
}

// change is a large generation that replaces another.
type change struct {
	old, new map[string]string // below gen
	takes    time.Duration     // about
}

func newChange(t *testing.T) change {
	t.Helper()
	var c change
	for field, into := range map[string]*map[string]string{"owner": &c.old, "holder": &c.new} {
		dir := t.TempDir()
		put(t, dir, large(field))
		start := time.Now()
		if got := run(t, esgen(t, dir, "generate")); got.code != 0 {
			t.Fatalf("generate: %+v", got)
		}
		c.takes = time.Since(start)
		*into = contents(t, filepath.Join(dir, "gen"))
	}
	return c
}

// dir makes a project that holds the old files, and is to hold the new ones.
func (c change) dir(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	put(t, dir, large("holder"))
	put(t, filepath.Join(dir, "gen"), c.old)
	return dir
}

// Whenever a run is interrupted, everything is old or everything is new; and
// whenever it is killed, every file is. The next run sets all right.
func TestHostile_interrupted(t *testing.T) {
	t.Parallel()
	c := newChange(t)
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGKILL} {
		for i := range 6 {
			t.Run(fmt.Sprintf("%v/%d", signal, i), func(t *testing.T) {
				t.Parallel()
				dir := c.dir(t)
				cmd := esgen(t, dir, "generate")
				var said strings.Builder
				cmd.Stderr = &said
				if err := cmd.Start(); err != nil {
					t.Fatal(err)
				}
				time.Sleep(rand.N(c.takes * 5 / 4))
				if err := cmd.Process.Signal(signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
					t.Fatal(err)
				}
				_ = cmd.Wait() // how it ended is in its state
				c.check(t, dir, signal, cmd.ProcessState, said.String())
				if got := run(t, esgen(t, dir, "generate")); got.code != 0 {
					t.Errorf("the next run: %+v", got)
				}
				for name, text := range contents(t, filepath.Join(dir, "gen")) {
					if text != c.new[name] && !strings.HasSuffix(name, ".esgen-tmp") {
						t.Errorf("%s is not new after the next run", name)
					}
				}
			})
		}
	}
}

// check looks at what a signal has left.
func (c change) check(t *testing.T, dir string, signal syscall.Signal, state *os.ProcessState, said string) {
	t.Helper()
	got := contents(t, filepath.Join(dir, "gen"))
	if signal == syscall.SIGKILL {
		maps.DeleteFunc(got, func(name, _ string) bool { return strings.HasSuffix(name, ".esgen-tmp") })
		for name, text := range got {
			if text != c.old[name] && text != c.new[name] {
				t.Errorf("%s is neither old nor new", name)
			}
		}
		return
	}
	want := c.old
	switch code := state.ExitCode(); {
	case code == 0:
		want = c.new
	case code == 130 && said == "error: interrupted\n":
	case code == -1 && said == "": // the signal came before anything could wait for it
	default:
		t.Errorf("%v, and said %q", state, said)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("exit code %d, and the files differ (-want +got):\n%.2000s", state.ExitCode(), diff)
	}
}

// Two editors that save, two terminals: runs that meet leave one tree.
func TestHostile_atOnce(t *testing.T) {
	t.Parallel()
	c := newChange(t)
	dir := c.dir(t)
	var runs sync.WaitGroup
	for range 4 {
		cmd := esgen(t, dir, "generate")
		runs.Go(func() {
			if out, err := cmd.CombinedOutput(); err != nil || len(out) > 0 {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
	runs.Wait()
	if diff := cmp.Diff(c.new, contents(t, filepath.Join(dir, "gen"))); diff != "" {
		t.Errorf("the files differ (-want +got):\n%.2000s", diff)
	}
}
