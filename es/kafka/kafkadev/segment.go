package kafkadev

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"os"
	"path"
	"strings"
)

// Of kfake: the batches of a partition are in files of their own, beside each of
// which is one with an entry for every batch, and in the end one that sums it all
// up.
const (
	batchesSuffix = ".dat"
	entriesSuffix = ".idx"
	summaryName   = "snapshot.json"
)

// rebuild writes anew what kfake can be told by the batches alone. It writes a
// batch and then its entry, and may be killed in between: it would take the batch
// for one of no transaction then, which readers see, and the entry of each later
// batch for that of the one before. A summary of what was there when the cluster
// before the last one stopped says nothing about open transactions.
func rebuild(dir string) (err error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fmt.Errorf("look at the batches that a crash has left: %w", err)
	}
	defer func() { err = errors.Join(err, root.Close()) }()
	err = fs.WalkDir(root.FS(), ".", func(name string, e fs.DirEntry, err error) error {
		switch {
		case err != nil || e.IsDir():
			return err
		case e.Name() == summaryName:
			return root.Remove(name)
		case path.Ext(name) == batchesSuffix:
			return writeEntries(root, name)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("look at the batches that a crash has left: %w", err)
	}
	return nil
}

func writeEntries(root *os.Root, name string) error {
	batches, err := root.ReadFile(name)
	if err != nil {
		return err //nolint:wrapcheck // it has the name, and the caller says what it was about
	}
	var entries []byte
	for len(batches) >= batchHeader {
		size := sizeOfBatch(batches)
		if size < batchHeader || size > len(batches) {
			break // not written to its end
		}
		entries = appendEntry(entries, batches)
		batches = batches[size:]
	}
	return root.WriteFile(strings.TrimSuffix(name, batchesSuffix)+entriesSuffix, entries, 0o600) //nolint:wrapcheck // as above
}

// Where things lie in a batch, as the protocol of Kafka has it.
const (
	batchLength     = 8
	batchTerm       = 12
	batchAttributes = 21
	batchHeader     = 61 // bytes

	transactional = 1 << 4
	control       = 1 << 5
)

func sizeOfBatch(batch []byte) int {
	return batchTerm + int(binary.BigEndian.Uint32(batch[batchLength:]))
}

// appendEntry appends the entry of a batch: the version, a checksum of the rest,
// the term of the leader, the time of older batches, which is found out anew, and
// whether the batch waits for the end of a transaction.
func appendEntry(entries, batch []byte) []byte {
	const version = 1
	rest := binary.LittleEndian.AppendUint32(nil, binary.BigEndian.Uint32(batch[batchTerm:]))
	rest = binary.LittleEndian.AppendUint64(rest, 0)
	waits := byte(0)
	if binary.BigEndian.Uint16(batch[batchAttributes:])&(transactional|control) == transactional {
		waits = 1
	}
	rest = append(rest, waits)
	sum := crc32.Checksum(rest, crc32.MakeTable(crc32.Castagnoli))
	return append(append(entries, version, byte(sum&0xff)), rest...)
}
