package cli

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/esgen-dev/esgen/internal/config"
)

// Files are polled: it costs little for the few that there are, and works on
// every file system.
const (
	pollEvery = 250 * time.Millisecond
	settled   = 150 * time.Millisecond // without a change before anything is done: editors write in several steps
)

// stamp says whether a file has changed.
type stamp struct {
	modified time.Time
	size     int64
}

// watch generates now and after each change, until the context ends. What is
// wrong is said, and does not end it.
func (a *app) watch(ctx context.Context, o generateOptions) error {
	seen := a.look()
	if err := a.again(ctx, o); err != nil {
		return err
	}
	for {
		if err := pause(ctx, pollEvery); err != nil {
			return err
		}
		now := a.look()
		if maps.Equal(seen, now) {
			continue
		}
		for {
			if err := pause(ctx, settled); err != nil {
				return err
			}
			then := a.look()
			if maps.Equal(now, then) {
				break
			}
			now = then
		}
		seen = now
		if err := a.again(ctx, o); err != nil {
			return err
		}
	}
}

// again is one run. The error is that of the context.
func (a *app) again(ctx context.Context, o generateOptions) error {
	result, err := a.generate(ctx, o)
	if ctx.Err() != nil {
		return fmt.Errorf("watch: %w", ctx.Err())
	}
	if err != nil {
		a.exit(ctx, err)
		a.note("waiting for a change")
		return nil
	}
	a.note("%s generated %d files in %[4]s, %[3]d changed", a.env.Now().Format(time.TimeOnly),
		result.files, result.changed, result.took.Round(time.Millisecond))
	return nil
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return fmt.Errorf("watch: %w", ctx.Err())
	case <-timer.C:
		return nil
	}
}

// look returns the stamps of all files that decide what is generated. A file
// that cannot be read is like one that is not there: generate says what is
// wrong with it.
func (a *app) look() map[string]stamp {
	stamps := map[string]stamp{}
	add := func(name string) {
		if info, err := os.Stat(name); err == nil {
			stamps[name] = stamp{info.ModTime(), info.Size()}
		}
	}
	candidates := a.configurations()
	for _, name := range candidates {
		add(name)
	}
	c, _ := config.Open(a.flags.dir, a.explicit())
	if c == nil {
		return stamps
	}
	for _, dir := range append(joinAll(c, c.Proto.Roots), joinAll(c, c.Proto.Imports)...) {
		_ = filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && (strings.HasSuffix(name, ".proto") || strings.HasSuffix(name, ".binpb")) {
				add(name)
			}
			return nil // look at the rest
		})
	}
	return stamps
}

// configurations returns the files that are the configuration, or would be if
// they were there.
func (a *app) configurations() []string {
	if explicit := a.explicit(); explicit != "" {
		return []string{explicit}
	}
	here, err := filepath.Abs(a.flags.dir)
	if err != nil {
		return nil
	}
	names := []string{filepath.Join(here, config.Name)}
	for dir := here; !exists(filepath.Join(dir, "go.mod")) && filepath.Dir(dir) != dir; {
		dir = filepath.Dir(dir)
		names = append(names, filepath.Join(dir, config.Name))
	}
	return names
}
