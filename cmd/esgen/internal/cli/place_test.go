package cli

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/esgen-dev/esgen/templates"
)

// TestPlace_allOrNone meets a file that was not there when init looked, after
// others have been written.
func TestPlace_allOrNone(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "new", "service")
	files := []templates.File{
		{Path: "a/b/c.go", Content: []byte("c")},
		{Path: "d.go", Content: []byte("d")},
		{Path: "d.go", Content: []byte("overwritten")},
	}
	if err := place(t.Context(), dir, files); !errors.Is(err, fs.ErrExist) {
		t.Errorf("got %v", err)
	}
	if entries, err := os.ReadDir(filepath.Dir(filepath.Dir(dir))); err != nil || len(entries) > 0 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

// TestPlace_keepsOthers fails in a directory that was there, with a file that
// somebody put beside the new ones.
func TestPlace_keepsOthers(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	other := filepath.Join(dir, "a", "other.go")
	if err := os.Mkdir(filepath.Dir(other), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(other, []byte("other"), 0o644); err != nil {
		t.Fatal(err)
	}
	files := []templates.File{{Path: "a/b.go"}, {Path: "a/other.go", Content: []byte("overwritten")}}
	if err := place(t.Context(), dir, files); !errors.Is(err, fs.ErrExist) {
		t.Errorf("got %v", err)
	}
	if text, err := os.ReadFile(other); err != nil || string(text) != "other" {
		t.Errorf("got %q, %v", text, err)
	}
	if exists(filepath.Join(dir, "a", "b.go")) {
		t.Error("the new file is still there")
	}
}

func TestPlace_interrupted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	dir := filepath.Join(t.TempDir(), "new")
	if err := place(ctx, dir, []templates.File{{Path: "a.go"}}); !errors.Is(err, context.Canceled) || exists(dir) {
		t.Errorf("got %v", err)
	}
}

func TestCommand_String(t *testing.T) {
	t.Parallel()
	got := command{"cd", "it's mine", "-replace=a=../b", "$HOME", ""}.String()
	if want := `cd 'it'\''s mine' -replace=a=../b '$HOME' ''`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
