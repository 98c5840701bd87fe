package kafka_test

import (
	"context"
	"encoding/binary"
	"errors"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
	"github.com/esgen-dev/esgen/es/kafka"
)

// fuse is the network of a process that will crash: from one moment on it is
// never heard of again.
type fuse struct {
	blown chan struct{} // closed then

	held sync.RWMutex // locked while no request goes out

	mu    sync.Mutex
	dead  bool
	left  int  // transactions until it blows; 0 is never
	after bool // whether the last one ends before that
	conns []net.Conn
}

func newFuse() *fuse { return &fuse{blown: make(chan struct{})} }

// crashable returns a process with a fuse.
func (c *cluster) crashable(t *testing.T, opts ...kafka.Option) (*process, *fuse) {
	t.Helper()
	f := newFuse()
	return c.process(t, append(opts, kafka.Client(kgo.Dialer(f.dial)))...), f
}

// context returns a context that ends when the process crashes.
func (f *fuse) context(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		select {
		case <-f.blown:
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, cancel
}

// crash crashes the process, whose partitions are free then. Its engine is closed
// beside the test, to no avail.
func (p *process) crash(t *testing.T, c *cluster, f *fuse) {
	t.Helper()
	f.blow()
	c.bury(t)
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		_ = p.Close()
	}()
	t.Cleanup(func() {
		f.mend() // so that it ends soon
		<-closed
	})
}

// bury puts all members out of the group, so that nobody waits for their
// sessions to end.
func (c *cluster) bury(t *testing.T) {
	t.Helper()
	const group = "test." + topic
	described, err := c.admin(t).DescribeGroups(t.Context(), group)
	if err != nil {
		t.Fatal(err)
	}
	req := kmsg.NewPtrLeaveGroupRequest()
	req.Group = group
	for _, m := range described[group].Members {
		member := kmsg.NewLeaveGroupRequestMember()
		member.MemberID = m.MemberID
		req.Members = append(req.Members, member)
	}
	client := c.client(t)
	defer client.Close()
	if _, err := req.RequestWith(t.Context(), client); err != nil {
		t.Fatal(err)
	}
}

// arm lets the fuse blow at the end of a transaction, counted from 1: when it
// is committed, or before it is.
func (f *fuse) arm(transaction int, committed bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.left, f.after = transaction, committed
}

// blow crashes the process now.
func (f *fuse) blow() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.dead {
		return
	}
	f.dead = true
	close(f.blown)
	for _, c := range f.conns {
		_ = c.Close()
	}
}

func (f *fuse) mend() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.dead = false
}

var errCrashed = errors.New("the process has crashed")

func (f *fuse) dial(ctx context.Context, network, address string) (net.Conn, error) {
	c, err := new(net.Dialer).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.dead {
		_ = c.Close()
		return nil, errCrashed
	}
	f.conns = append(f.conns, c)
	return &fused{Conn: c, fuse: f}, nil
}

// ending counts the end of a transaction, and says whether it is the last one.
func (f *fuse) ending() (last, arrives bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.left == 0 {
		return false, true
	}
	f.left--
	return f.left == 0, f.after
}

type fused struct {
	net.Conn

	fuse *fuse
}

// hold holds up what the process sends until it is released, and with it the
// commit in flight: what comes meanwhile is one batch.
func (f *fuse) hold() (release func()) {
	f.held.Lock()
	return f.held.Unlock
}

// Write is called with one whole request.
func (c *fused) Write(b []byte) (int, error) {
	c.fuse.held.RLock()
	defer c.fuse.held.RUnlock()
	if len(b) < 6 || binary.BigEndian.Uint16(b[4:]) != uint16(kmsg.EndTxn) {
		return c.Conn.Write(b)
	}
	last, arrives := c.fuse.ending()
	if !last {
		return c.Conn.Write(b)
	}
	if arrives {
		if _, err := c.Conn.Write(b); err == nil {
			_, _ = c.Read(make([]byte, 4)) // it was applied
		}
	}
	c.fuse.blow()
	return 0, errCrashed
}

// TestFirstClaimOpen crashes the very first owner before its claim is committed,
// and leaves the transaction open for long. The next process begins regardless.
func TestFirstClaimOpen(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 1, 1)
	f := newFuse()
	f.arm(2, false) // the first transaction is the barrier
	p := c.process(t, kafka.Client(kgo.Dialer(f.dial)), kafka.Budget(5*time.Minute))
	<-f.blown
	p.crash(t, c, f)
	c.process(t).mustExecute(t, &ledgerv1.OpenLedger{LedgerId: "a"}, "open")
}
