package kafka

// sieve tells most hashes that were never added from those that were, in one
// look: most commands are new, and need not be searched among all that are
// remembered. It is a Bloom filter with one function, and takes its bit from
// the front of the hash, which is one of SHA-256.
type sieve [128]uint64

// sieved is from how many outcomes on a sieve pays its kilobyte.
const sieved = 64

func newSieve(hashes []uint64) *sieve {
	s := new(sieve)
	for _, h := range hashes {
		s.add(h)
	}
	return s
}

func (s *sieve) add(hash uint64) { s[hash>>57] |= 1 << (hash >> 51 & 63) }

// may reports whether a hash may have been added.
func (s *sieve) may(hash uint64) bool { return s[hash>>57]&(1<<(hash>>51&63)) != 0 }
