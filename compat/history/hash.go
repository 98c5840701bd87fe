package history

import (
	"crypto/sha256"
	"encoding/hex"
)

// digest is the hash of a text.
type digest = [sha256.Size]byte

// hash returns the hash of a version: of its line, the hash of its text and the
// hash of the version before, one below the other, of which the first version
// has none.
func (s schemaLine) hash(text digest, previous string) string {
	sum := sha256.Sum256([]byte(s.format("") + "\n" + hex.EncodeToString(text[:]) + "\n" + previous + "\n"))
	return hex.EncodeToString(sum[:])
}
