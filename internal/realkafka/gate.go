//go:build unix

package realkafka

import (
	"net"
	"sync"
)

// gate is a way to one listener of a node, by this process. When it is shut,
// nothing passes in either direction, and nobody is told, as on a network that
// has come apart. What was on its way arrives when it is opened.
type gate struct {
	listener net.Listener
	to       string

	mu      sync.Mutex
	shut    bool
	changed chan struct{} // closed when the gate is opened or shut
	conns   map[net.Conn]struct{}
	closed  bool
	wg      sync.WaitGroup
}

func newGate(to string) (*gate, error) {
	l, err := net.Listen("tcp4", "127.0.0.1:0") //nolint:noctx // at once
	if err != nil {
		return nil, err //nolint:wrapcheck // says enough
	}
	g := &gate{listener: l, to: to, changed: make(chan struct{}), conns: make(map[net.Conn]struct{})}
	g.wg.Go(g.accept)
	return g, nil
}

func (g *gate) address() string { return g.listener.Addr().String() }

// set opens or shuts the gate.
func (g *gate) set(shut bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.shut = shut
	close(g.changed)
	g.changed = make(chan struct{})
}

func (g *gate) accept() {
	for {
		from, err := g.listener.Accept()
		if err != nil {
			return
		}
		g.wg.Go(func() { g.connect(from) })
	}
}

// connect carries bytes both ways until one side ends.
func (g *gate) connect(from net.Conn) {
	defer from.Close() //nolint:errcheck // that is the end of it
	if !g.keep(from) || !g.wait() {
		return
	}
	to, err := net.Dial("tcp4", g.to) //nolint:noctx // at once, on loopback
	if err != nil {
		g.forget(from)
		return
	}
	defer to.Close() //nolint:errcheck // as above
	if !g.keep(to) {
		return
	}
	var wg sync.WaitGroup
	wg.Go(func() { g.carry(from, to) })
	wg.Go(func() { g.carry(to, from) })
	wg.Wait()
	g.forget(from, to)
}

// carry carries what comes from one side to the other.
func (g *gate) carry(from, to net.Conn) {
	defer to.Close()   //nolint:errcheck // the other direction ends too
	defer from.Close() //nolint:errcheck // as above
	buf := make([]byte, 64<<10)
	for {
		n, err := from.Read(buf)
		if !g.wait() {
			return
		}
		if n > 0 {
			if _, err := to.Write(buf[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// wait returns true once the gate is open, and false when there is none any more.
func (g *gate) wait() bool {
	for {
		g.mu.Lock()
		shut, changed, closed := g.shut, g.changed, g.closed
		g.mu.Unlock()
		if closed || !shut {
			return !closed
		}
		<-changed
	}
}

// keep remembers a connection, unless the gate is closed.
func (g *gate) keep(c net.Conn) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.closed {
		g.conns[c] = struct{}{}
	}
	return !g.closed
}

func (g *gate) forget(conns ...net.Conn) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, c := range conns {
		delete(g.conns, c)
	}
}

// close takes the gate away, with all connections.
func (g *gate) close() {
	_ = g.listener.Close() // nobody comes any more
	g.mu.Lock()
	g.closed = true
	for c := range g.conns {
		_ = c.Close() // both ends are told
	}
	g.mu.Unlock()
	g.set(false)
	g.wg.Wait()
}
