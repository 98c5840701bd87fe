package kafkadev

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// kfake keeps the batches of a partition in files that end in .dat, and in one
// that ends in .idx beside each what it knows of every batch: among others
// whether it is a part of a transaction.
const (
	segmentSuffix = ".dat"
	indexSuffix   = ".idx"
	indexEntry    = 15 // bytes of each batch
	batchPrefix   = 12 // bytes: the offset, and the length of what follows
)

// cutBatches takes away the batches that a process was killed over: kfake writes
// a batch and then its entry, and answers when it has both. It would take a
// batch without an entry for one of no transaction, which readers see, and the
// entry of each later batch for that of the one before.
func cutBatches(dir string) error {
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.HasSuffix(path, segmentSuffix) {
			return err
		}
		return cutBatch(path)
	})
	if err != nil {
		return fmt.Errorf("look for batches that a crash has left without an entry: %w", err)
	}
	return nil
}

// cutBatch takes away the last batch of a file if it alone has no entry. What a
// crash has not done is not touched.
func cutBatch(path string) error {
	index, err := os.Stat(strings.TrimSuffix(path, segmentSuffix) + indexSuffix)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err //nolint:wrapcheck // it has the path, and the caller says what it was about
	}
	entries := 0
	if err == nil {
		entries = int(index.Size() / indexEntry)
	}
	segment, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err //nolint:wrapcheck // as above
	}
	batches, last, err := countBatches(segment)
	if err == nil && batches == entries+1 {
		err = segment.Truncate(last)
	}
	return errors.Join(err, segment.Close())
}

// countBatches returns how many batches a file has, and where the last one
// begins. One that was not written to its end does not count.
func countBatches(segment *os.File) (n int, last int64, err error) {
	info, err := segment.Stat()
	if err != nil {
		return 0, 0, err //nolint:wrapcheck // as above
	}
	prefix := make([]byte, batchPrefix)
	for at := int64(0); ; n++ {
		if _, err := segment.ReadAt(prefix, at); errors.Is(err, io.EOF) {
			return n, last, nil
		} else if err != nil {
			return 0, 0, err //nolint:wrapcheck // as above
		}
		next := at + batchPrefix + int64(binary.BigEndian.Uint32(prefix[8:]))
		if next > info.Size() {
			return n, last, nil
		}
		last, at = at, next
	}
}
