package main

import (
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The page and its plots in the repository are what the command makes of the
// figures in the repository: nobody edited either by hand.
func TestPage(t *testing.T) {
	t.Parallel()
	const docs = "../../../docs"
	dir := t.TempDir()
	if err := page([]string{"-figures", "../../figures", "-docs", dir}, io.Discard); err != nil {
		t.Fatal(err)
	}
	want := read(t, filepath.Join(dir, "benchmarks.md"), filepath.Join(dir, "benchmarks", "*"))
	got := read(t, filepath.Join(docs, "benchmarks.md"), filepath.Join(docs, "benchmarks", "*"))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("go run ./cmd/page makes something else (-command +docs):\n%s", diff)
	}
}

// read returns the contents of files by their names.
func read(t *testing.T, patterns ...string) map[string]string {
	t.Helper()
	contents := make(map[string]string)
	for _, pattern := range patterns {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			content, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			contents[filepath.Base(file)] = string(content)
		}
	}
	return contents
}
