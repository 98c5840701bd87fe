package simulation

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"slices"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// dialer makes connections, as net.Dialer does.
type dialer func(ctx context.Context, network, address string) (net.Conn, error)

// link is the network between one process and the brokers: a dialer whose
// connections carry one whole request or response after the other, as the
// weather lets them. What was sent arrives even if its sender has given up
// meanwhile, unless the connection is reset: so a request may come late.
type link struct {
	dialer dialer

	mu      sync.Mutex
	weather weather
	changed chan struct{} // closed when the weather changes
	judge   func(request) fate
	pipes   map[*pipe]struct{}
	sent    []request // the last ones that transactions are made of
}

// weather is what a link does to everything on it.
type weather struct {
	frozen  bool                // nothing moves
	cut     bool                // connections are reset, and none are made
	deaf    bool                // requests arrive, but no responses
	perByte time.Duration       // how long a byte takes
	hides   string              // the address of a broker that cannot be reached
	holds   func(kmsg.Key) bool // which requests are held up
	stalls  time.Time           // connections older than this are frozen
}

// request is one request on its way.
type request struct {
	broker string // the address
	key    kmsg.Key
	frame  []byte
}

// fate is what becomes of a request.
type fate int8

const (
	delivered  fate = iota
	lost            // the connection is reset instead
	unanswered      // it arrives, and the connection is reset instead of the response
)

func newLink(d dialer) *link {
	return &link{dialer: d, changed: make(chan struct{}), pipes: make(map[*pipe]struct{})}
}

// set changes the weather.
func (l *link) set(w weather) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.weather = w
	close(l.changed)
	l.changed = make(chan struct{})
	if w.cut {
		for p := range l.pipes {
			p.reset()
		}
	}
}

func (l *link) now() (w weather, changed <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.weather, l.changed
}

// drop resets the connections to a broker.
func (l *link) drop(broker string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for p := range l.pipes {
		if p.broker == broker {
			p.reset()
		}
	}
}

// judgeBy lets a function decide what becomes of each request; nil delivers
// them all. It is called by the goroutines of all connections.
func (l *link) judgeBy(judge func(request) fate) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.judge = judge
}

var errNoRoute = errors.New("no route to the broker")

// dial implements dialer.
func (l *link) dial(ctx context.Context, network, address string) (net.Conn, error) {
	for {
		w, changed := l.now()
		if w.cut {
			return nil, errNoRoute
		}
		if !w.frozen && w.hides != address {
			break
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	server, err := l.dialer(ctx, network, address)
	if err != nil {
		return nil, err
	}
	client, end := net.Pipe()
	p := &pipe{link: l, broker: address, client: end, server: server, made: time.Now(), over: make(chan struct{})}
	if !l.add(p) {
		p.reset()
		return nil, errNoRoute
	}
	l.run(p)
	return client, nil
}

func (l *link) add(p *pipe) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.weather.cut {
		return false
	}
	l.pipes[p] = struct{}{}
	return true
}

// run carries what is on a pipe, until both of its ends are closed.
func (l *link) run(p *pipe) {
	var pumps sync.WaitGroup
	pumps.Go(p.requests)
	pumps.Go(p.responses)
	go func() {
		pumps.Wait()
		p.reset()
		l.mu.Lock()
		delete(l.pipes, p)
		l.mu.Unlock()
	}()
}

// pipe is one connection.
type pipe struct {
	link   *link
	broker string
	client net.Conn // the end that faces the process
	server net.Conn
	made   time.Time
	once   sync.Once
	over   chan struct{} // closed when the connection is reset

	mu    sync.Mutex
	fates []fate // of the requests that wait for their responses, in order
}

func (p *pipe) reset() {
	p.once.Do(func() {
		close(p.over)
		p.client.Close()
		p.server.Close()
	})
}

// requests carries requests until the process closes the connection.
func (p *pipe) requests() {
	defer p.server.Close()
	for {
		frame, err := readFrame(p.client)
		if err != nil {
			return
		}
		r := request{broker: p.broker, key: kmsg.Key(binary.BigEndian.Uint16(frame[4:])), frame: frame}
		if !p.wait(len(frame), func(w weather) bool { return w.holds != nil && w.holds(r.key) }) {
			return
		}
		f := p.link.pass(r)
		if f == lost {
			p.reset()
			return
		}
		p.mu.Lock()
		p.fates = append(p.fates, f)
		p.mu.Unlock()
		if _, err := p.server.Write(frame); err != nil {
			return
		}
	}
}

// responses carries responses until the broker closes the connection. It goes
// on when the process does not listen any more: its requests may still arrive.
func (p *pipe) responses() {
	defer p.client.Close()
	for {
		frame, err := readFrame(p.server)
		if !p.wait(len(frame), func(weather) bool { return false }) || err != nil {
			return
		}
		p.mu.Lock()
		f := p.fates[0]
		p.fates = p.fates[1:]
		p.mu.Unlock()
		if w, _ := p.link.now(); w.deaf || f == unanswered {
			p.reset()
			return
		}
		_, _ = p.client.Write(frame)
	}
}

// hop is how long it takes on average to pass a link. Without it, whoever asks
// again at once would ask for ever, at the same instant.
const hop = 200 * time.Microsecond

// wait returns true when something of a size has passed the link, and false
// when the connection was reset before.
func (p *pipe) wait(size int, held func(weather) bool) bool {
	for {
		w, changed := p.link.now()
		if !w.frozen && w.hides != p.broker && !p.made.Before(w.stalls) && !held(w) {
			return p.sleep(rand.N(2*hop) + time.Duration(size)*w.perByte)
		}
		select {
		case <-changed:
		case <-p.over:
			return false
		}
	}
}

func (p *pipe) sleep(d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-p.over:
		return false
	}
}

// remembered is how many requests a link can send again.
const remembered = 64

// pass returns the fate of a request, and remembers it.
func (l *link) pass(r request) fate {
	l.mu.Lock()
	judge := l.judge
	if r.key == kmsg.Produce || r.key == kmsg.EndTxn {
		l.sent = append(l.sent, r)
		l.sent = l.sent[max(0, len(l.sent)-remembered):]
	}
	l.mu.Unlock()
	if judge == nil {
		return delivered
	}
	return judge(r)
}

// past returns the last requests of transactions, oldest first.
func (l *link) past() []request {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.sent)
}

// replay sends a request again, over a connection of its own.
func (l *link) replay(ctx context.Context, r request) error {
	c, err := l.dialer(ctx, "tcp", r.broker)
	if err != nil {
		return err
	}
	defer c.Close()
	defer context.AfterFunc(ctx, func() { c.Close() })()
	if _, err := c.Write(r.frame); err != nil {
		return err
	}
	_, err = readFrame(c)
	return err
}

// readFrame reads a request or response with its size in front.
func readFrame(r io.Reader) ([]byte, error) {
	var size [4]byte
	if _, err := io.ReadFull(r, size[:]); err != nil {
		return nil, err
	}
	frame := make([]byte, 4+binary.BigEndian.Uint32(size[:]))
	copy(frame, size[:])
	_, err := io.ReadFull(r, frame[4:])
	return frame, err
}
