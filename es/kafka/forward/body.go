package forward

import (
	"errors"
	"io"
	"sync"
)

// errWithdrawn ends the sending of a request that nobody waits for.
var errWithdrawn = errors.New("the request was withdrawn")

// body is the body of a request. It knows whether its last byte was handed to
// the network. Until then the call cannot be executed, because a handler reads
// the body to its end first; and it can be withdrawn, so that this stays true.
// Safe for concurrent use.
type body struct {
	content []byte

	mu        sync.Mutex
	reader    *bodyReader // of the current attempt
	handed    bool        // by that attempt
	withdrawn bool
}

// open returns a reader of the body. What an attempt before has handed over
// does not count: net/http begins another one only when nothing of the request
// was written to the connection.
func (b *body) open() io.ReadCloser {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.reader = &bodyReader{body: b, rest: b.content}
	b.handed = false
	return b.reader
}

// withdraw reports whether the last byte was not handed over, and will not be.
func (b *body) withdraw() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.withdrawn = true
	return !b.handed
}

type bodyReader struct {
	body *body
	rest []byte
}

func (r *bodyReader) Read(p []byte) (int, error) {
	r.body.mu.Lock()
	defer r.body.mu.Unlock()
	switch {
	case len(r.rest) == 0:
		return 0, io.EOF
	case r.body.withdrawn || r.body.reader != r:
		return 0, errWithdrawn
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	r.body.handed = len(r.rest) == 0
	return n, nil
}

func (*bodyReader) Close() error { return nil }
