package kafkadev

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

const (
	lockName = "kafkadev.lock"
	metaName = "meta.json" // of kfake: there is none where it never was
)

var errInUse = errors.New("another process uses it")

// directory is a data directory that this process has for itself.
type directory struct {
	lock *os.File // holds something from the start until all is saved
	once sync.Once
}

// openDirectory makes a directory if there is none, and keeps other processes
// out. It leaves one alone that holds something else.
func openDirectory(path string) (*directory, error) {
	if err := os.MkdirAll(path, 0o750); err != nil {
		return nil, fmt.Errorf("make the data directory: %w", err)
	}
	if err := checkContents(path); err != nil {
		return nil, err
	}
	lock, err := os.OpenFile(filepath.Join(path, lockName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock the data directory: %w", err)
	}
	if err := tryLock(lock); err != nil {
		return nil, fmt.Errorf("data directory %s: %w", path, errors.Join(err, lock.Close()))
	}
	return &directory{lock: lock}, nil
}

// begin reports whether the process before this one was killed.
func (d *directory) begin() (crashed bool, err error) {
	info, err := d.lock.Stat()
	if err != nil {
		return false, fmt.Errorf("lock the data directory: %w", err)
	}
	_, err = d.lock.WriteAt([]byte("in use, or its process was killed\n"), 0)
	if err == nil {
		err = d.lock.Sync()
	}
	if err != nil {
		return false, fmt.Errorf("lock the data directory: %w", err)
	}
	return info.Size() > 0, nil
}

func checkContents(path string) error {
	entries, err := os.ReadDir(path)
	if err != nil {
		return fmt.Errorf("read the data directory: %w", err)
	}
	for _, e := range entries {
		if e.Name() == lockName {
			continue
		}
		if _, err := os.Stat(filepath.Join(path, metaName)); errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("data directory %s is not empty, and holds something else: take an empty one", path)
		}
		return nil
	}
	return nil
}

// close lets other processes in; the end of the process does the same. It keeps
// in mind whether everything was saved.
func (d *directory) close(saved bool) (err error) {
	if d == nil {
		return nil
	}
	d.once.Do(func() {
		if saved {
			err = d.lock.Truncate(0)
		}
		err = errors.Join(err, d.lock.Close())
	})
	return err
}
