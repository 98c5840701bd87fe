package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A disk that fills up while files are written, and one that cannot be written.
func TestHostile_disks(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, options string
		flags         uintptr
		want          string
	}{
		{"full", "size=128k", 0, "no space left on device"},
		{"without room for files", "nr_inodes=12", 0, "no space left on device"},
		{"read only", "", syscall.MS_RDONLY, "read-only file system"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			put(t, dir, large("owner"))
			disk := filepath.Join(dir, "gen")
			if err := os.Mkdir(disk, 0o755); err != nil {
				t.Fatal(err)
			}
			if err := syscall.Mount("esgen-test", disk, "tmpfs", 0, tc.options); err != nil {
				t.Skipf("SKIPPED, a small disk cannot be mounted: %v", err)
			}
			t.Cleanup(func() {
				if err := syscall.Unmount(disk, 0); err != nil {
					t.Error(err)
				}
			})
			old := map[string]string{"bank0/bank0.es.go": "old\n", "readme.txt": "mine\n"}
			put(t, disk, old)
			if tc.flags != 0 {
				if err := syscall.Mount("", disk, "", syscall.MS_REMOUNT|tc.flags, tc.options); err != nil {
					t.Skipf("SKIPPED, a disk cannot be mounted again: %v", err)
				}
			}
			got := run(t, esgen(t, dir, "generate"))
			line, _, _ := strings.Cut(got.stderr, "\n")
			if got.code != 2 || !strings.HasPrefix(line, "error: gen/bank") || !strings.HasSuffix(line, ": "+tc.want) {
				t.Errorf("exit code %d and %q, want 2 and %s", got.code, line, tc.want)
			}
			if !strings.Contains(got.stderr, "\n    help: ") {
				t.Errorf("no way out: %s", got.stderr)
			}
			if diff := cmp.Diff(old, contents(t, disk)); diff != "" {
				t.Errorf("the files differ (-want +got):\n%.2000s", diff)
			}
		})
	}
}
