package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A report that does not fit on the disk leaves the old one as it was.
func TestHostile_reportOnFullDisk(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	put(t, dir, usual(nil))
	disk := filepath.Join(dir, "disk")
	if err := os.Mkdir(disk, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("esgen-test", disk, "tmpfs", 0, "size=16k"); err != nil {
		t.Skipf("SKIPPED, a small disk cannot be mounted: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(disk, 0); err != nil {
			t.Error(err)
		}
	})
	old := map[string]string{"lint.sarif": "old\n"}
	put(t, disk, old)
	got := run(t, esgen(t, dir, "lint", "--format", "sarif=disk/lint.sarif"))
	if got.code != 2 || !strings.HasPrefix(got.stderr, "error: write the report: write disk/lint.sarif") ||
		!strings.HasSuffix(got.stderr, ": no space left on device\n") {
		t.Errorf("exit code %d and %q", got.code, got.stderr)
	}
	if diff := cmp.Diff(old, contents(t, disk)); diff != "" {
		t.Errorf("the files differ (-want +got):\n%.2000s", diff)
	}
}
