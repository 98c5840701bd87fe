package history

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"runtime"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"
)

// What files may have, in bytes. No schema of a registry is nearly as large;
// the limits end the reading of what has no end.
const (
	maxText = 16 << 20
	maxLock = 256 << 20
)

// text is a file in schemas.
type text struct {
	path    string // below the directory of esgen.lock
	kind    fs.FileMode
	content string
	sum     digest
	used    bool // a line is about it
	err     error
}

// listTexts returns the files in schemas, by path. Those whose names begin with
// a dot belong to other programs.
func listTexts(fsys fs.FS) (map[string]*text, error) {
	texts := map[string]*text{}
	err := fs.WalkDir(fsys, SchemasDir, func(at string, entry fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist) && at == SchemasDir:
			return nil
		case err != nil:
			return err
		case strings.HasPrefix(path.Base(at), "."):
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		case !entry.IsDir():
			texts[at] = &text{path: at, kind: entry.Type()}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the accepted schemas: %w", err)
	}
	return texts, nil
}

// readTexts reads and hashes the texts that are used, on all processors.
func readTexts(fsys fs.FS, texts []*text) {
	var workers errgroup.Group
	count := runtime.GOMAXPROCS(0)
	buffers := sync.Pool{New: func() any { return new(bytes.Buffer) }}
	const batch = 64
	workers.SetLimit(2 * count) // while one waits for the disk, another hashes
	for from := 0; from < len(texts); from += batch {
		some := texts[from:min(from+batch, len(texts))]
		workers.Go(func() error {
			buffer, _ := buffers.Get().(*bytes.Buffer)
			defer buffers.Put(buffer)
			for _, t := range some {
				t.read(fsys, buffer)
			}
			return nil
		})
	}
	_ = workers.Wait() // each text has its own error
}

func (t *text) read(fsys fs.FS, buffer *bytes.Buffer) {
	if t.err = regular(t.kind); t.err != nil {
		return
	}
	buffer.Reset()
	if t.err = readInto(buffer, fsys, t.path, maxText); t.err != nil {
		return
	}
	t.content = buffer.String()
	t.sum = sha256.Sum256(buffer.Bytes())
}

// regular fails for all that is not a plain file.
func regular(kind fs.FileMode) error {
	switch {
	case kind&fs.ModeSymlink != 0:
		return errors.New("it is a symbolic link")
	case !kind.IsRegular():
		return errors.New("it is not a regular file")
	}
	return nil
}

// readInto reads a file of at most limit bytes.
func readInto(buffer *bytes.Buffer, fsys fs.FS, name string, limit int64) error {
	file, err := fsys.Open(name)
	if err != nil {
		return err //nolint:wrapcheck // the finding names the file
	}
	defer func() { _ = file.Close() }() // opened for reading: nothing is lost
	n, err := buffer.ReadFrom(io.LimitReader(file, limit+1))
	if err == nil && n > limit {
		err = fmt.Errorf("it is larger than %d MiB", limit>>20)
	}
	return err
}

// readFile reads a regular file. It returns nil without an error when there is
// none.
func readFile(fsys fs.FS, name string) ([]byte, error) {
	info, err := fs.Lstat(fsys, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err == nil {
		err = regular(info.Mode().Type())
	}
	var buffer bytes.Buffer
	if err == nil {
		err = readInto(&buffer, fsys, name, maxLock)
	}
	if err != nil {
		return nil, err
	}
	return append([]byte{}, buffer.Bytes()...), nil
}
