package kafka_test

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"sync"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// link is the network of one process, as a dialer. It can be frozen, which is
// what a process sees that slept; and it can lose what ends a transaction.
type link struct {
	mu     sync.Mutex
	thawed chan struct{} // closed unless frozen
	heard  chan struct{} // closed unless requests of the group's member are withheld
	lose   lossKind
	lost   int // how many requests or responses were lost
}

type lossKind int8

const (
	nothing   lossKind = iota
	requests           // EndTxn requests do not arrive
	responses          // the first EndTxn arrives, and its response does not
	silence            // an EndTxn request does not arrive, and nothing that comes after it
)

var errLost = errors.New("the connection was cut")

func newLink() *link {
	l := &link{thawed: make(chan struct{}), heard: make(chan struct{})}
	close(l.thawed)
	close(l.heard)
	return l
}

func (l *link) freeze() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.thawed = make(chan struct{})
}

// thaw ends what freeze and hush began.
func (l *link) thaw() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, gate := range []chan struct{}{l.thawed, l.heard} {
		select {
		case <-gate:
		default:
			close(gate)
		}
	}
}

// hush withholds what the member of the group says to its coordinator, and
// nothing else: the process works, and does not hear that it was put out.
func (l *link) hush() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.heard = make(chan struct{})
}

// withhold waits as long as a request is withheld.
func (l *link) withhold(key int16, closed <-chan struct{}) {
	l.mu.Lock()
	heard := l.heard
	l.mu.Unlock()
	switch kmsg.Key(key) {
	case kmsg.JoinGroup, kmsg.SyncGroup, kmsg.Heartbeat:
		select {
		case <-heard:
		case <-closed:
		}
	default:
	}
}

// wait returns when the link is not frozen, or the connection is closed.
func (l *link) wait(closed <-chan struct{}) error {
	l.mu.Lock()
	thawed := l.thawed
	l.mu.Unlock()
	select {
	case <-thawed:
		return nil
	case <-closed:
		return net.ErrClosed
	}
}

// arm loses the end of the next transaction, whichever connection it takes,
// until the producer is given up.
func (l *link) arm(kind lossKind) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lose, l.lost = kind, 0
}

func (l *link) losses() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.lost
}

// fate says what becomes of a request: whether it arrives, and its response.
func (l *link) fate(key int16) (arrives, answered bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.lose == nothing:
		return true, true
	case key == int16(kmsg.InitProducerID): // a new producer
		l.lose = nothing
		return true, true
	case key != int16(kmsg.EndTxn):
		return true, true
	}
	l.lost++
	if l.lose == silence {
		l.lose, l.thawed = nothing, make(chan struct{})
		return false, false
	}
	return l.lose == responses && l.lost == 1, false
}

func (l *link) dial(ctx context.Context, network, address string) (net.Conn, error) {
	if err := l.wait(ctx.Done()); err != nil {
		return nil, err
	}
	c, err := new(net.Dialer).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return &linked{Conn: c, link: l, closed: make(chan struct{})}, nil
}

type linked struct {
	net.Conn

	link   *link
	once   sync.Once
	closed chan struct{}
}

func (c *linked) Close() error {
	c.once.Do(func() { close(c.closed) })
	return c.Conn.Close()
}

func (c *linked) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if err := c.link.wait(c.closed); err != nil {
		return 0, err
	}
	return n, err
}

// Write is called with one whole request.
func (c *linked) Write(b []byte) (int, error) {
	if err := c.link.wait(c.closed); err != nil {
		return 0, err
	}
	arrives, answered := true, true
	if len(b) >= 6 {
		key := int16(binary.BigEndian.Uint16(b[4:]))
		c.link.withhold(key, c.closed)
		arrives, answered = c.link.fate(key)
	}
	if !arrives {
		_ = c.Close()
		return 0, errLost
	}
	n, err := c.Conn.Write(b)
	if !answered && err == nil {
		_, err = io.ReadFull(c.Conn, make([]byte, 4)) // it was applied
		_ = c.Close()
		return 0, errors.Join(errLost, err)
	}
	return n, err
}
