package write

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

const (
	fileMode = 0o644
	dirMode  = 0o755
)

// Apply makes the changes that [Compare] returned for the same target.
//
// It writes all new files beside their places, renames them, and then removes
// the orphans and the directories that this leaves empty. An [*Error] says
// which file could not be written and what to do. When the context ends before
// the last file has been written, no file is changed and the context's error
// is returned. Two runs on one target at a time are not safe.
func Apply(ctx context.Context, target Target, changes []Change) error {
	if len(changes) == 0 {
		return nil
	}
	root, err := os.OpenRoot(target.Root)
	if err != nil {
		return target.fail(".", err)
	}
	batch := &batch{target: target, root: root, known: map[string]bool{".": true}}
	err = batch.run(ctx, changes)
	if err != nil {
		batch.undo()
	}
	return errors.Join(err, root.Close())
}

// batch is one run of Apply, and what it would leave behind if it stopped now.
type batch struct {
	target Target
	root   *os.Root
	staged []staged
	known  map[string]bool // directories that are there
	made   []string        // those of them that were not there before, parents first
}

// staged is a file that waits, or will wait, beside its place.
type staged struct {
	temp, path string
	content    []byte
}

func (b *batch) run(ctx context.Context, changes []Change) error {
	for _, change := range changes {
		if change.Kind == Orphan {
			continue
		}
		if err := b.prepare(change); err != nil {
			return b.target.fail(change.Path, err)
		}
	}
	if err := b.stage(ctx); err != nil {
		return err
	}
	if err := b.commit(); err != nil {
		return err
	}
	return b.remove(changes)
}

// prepare makes the directory of a file, and chooses the name under which the
// file will wait in it.
func (b *batch) prepare(change Change) error {
	dir := path.Dir(change.Path)
	if err := b.mkdir(dir); err != nil {
		return err
	}
	if info, err := b.root.Lstat(change.Path); err == nil && info.IsDir() {
		return errIsDir
	}
	temp := path.Join(dir, fmt.Sprintf(".%s.%d.esgen-tmp", path.Base(change.Path), os.Getpid()))
	b.staged = append(b.staged, staged{temp: temp, path: change.Path, content: change.New})
	return nil
}

// stage writes all files beside their places, on all processors: it is the
// system that is busy then. The error is that of the first file in order.
func (b *batch) stage(ctx context.Context) error {
	errs := make([]error, len(b.staged))
	var next atomic.Int64
	var writers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		writers.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(errs)) && ctx.Err() == nil; i = next.Add(1) - 1 {
				errs[i] = b.write(b.staged[i])
			}
		})
	}
	writers.Wait()
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("write generated files: %w", err)
	}
	for i, err := range errs {
		if err != nil {
			return b.target.fail(b.staged[i].path, err)
		}
	}
	return nil
}

func (b *batch) write(s staged) error {
	file, err := b.root.OpenFile(s.temp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, fileMode)
	if err != nil {
		return err //nolint:wrapcheck // Target.fail wraps it
	}
	_, err = file.Write(s.content)
	// The mode is set again because the umask may have taken bits away.
	return errors.Join(err, file.Chmod(fileMode), file.Close())
}

// mkdir creates a directory and its parents.
func (b *batch) mkdir(dir string) error {
	if b.known[dir] {
		return nil
	}
	if err := b.mkdir(path.Dir(dir)); err != nil {
		return err
	}
	err := b.root.Mkdir(dir, dirMode)
	switch {
	case err == nil:
		b.made = append(b.made, dir)
	case !errors.Is(err, fs.ErrExist):
		return err //nolint:wrapcheck // Target.fail wraps it
	}
	b.known[dir] = true
	return nil
}

// commit renames the staged files into their places.
func (b *batch) commit() error {
	for len(b.staged) > 0 {
		next := b.staged[0]
		if err := b.root.Rename(next.temp, next.path); err != nil {
			return b.target.fail(next.path, err)
		}
		b.staged = b.staged[1:]
	}
	return nil
}

// remove deletes the orphans, and directories below the output directory that
// held nothing else.
func (b *batch) remove(changes []Change) error {
	out := path.Join(".", b.target.Out)
	for _, change := range changes {
		if change.Kind != Orphan {
			continue
		}
		if err := b.root.Remove(change.Path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return b.target.fail(change.Path, err)
		}
		for dir := path.Dir(change.Path); dir != out && dir != "."; dir = path.Dir(dir) {
			if b.root.Remove(dir) != nil {
				break // not empty
			}
		}
	}
	return nil
}

// undo takes away what a failed run would leave behind. What cannot be removed
// stays: a directory because it is in use, the rest because the failure that
// led here, which is the one to report, also stands in the way of this.
func (b *batch) undo() {
	for _, s := range b.staged {
		_ = b.root.Remove(s.temp)
	}
	for _, dir := range slices.Backward(b.made) {
		_ = b.root.Remove(dir)
	}
}
