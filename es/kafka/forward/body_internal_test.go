package forward

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
)

// TestBody says when a body can be withdrawn.
func TestBody(t *testing.T) {
	t.Parallel()
	read := func(r io.Reader, n int) error {
		_, err := io.ReadFull(r, make([]byte, n))
		return err
	}
	b := &body{content: []byte("0123456789")}
	first := b.open()
	if err := read(first, 10); err != nil {
		t.Fatal(err)
	}
	second := b.open() // because nothing of the first attempt was written
	if b.handed {
		t.Error("what was handed over by the first attempt counts for the second one")
	}
	if err := read(second, 9); err != nil {
		t.Fatal(err)
	}
	if err := read(first, 1); !errors.Is(err, io.EOF) {
		t.Errorf("the reader of the first attempt: %v", err)
	}
	if !b.withdraw() {
		t.Error("a body whose last byte was not read cannot be withdrawn")
	}
	if err := read(second, 1); !errors.Is(err, errWithdrawn) {
		t.Errorf("reading what was withdrawn: %v", err)
	}
	if err := read(b.open(), 1); !errors.Is(err, errWithdrawn) {
		t.Errorf("a further attempt with what was withdrawn: %v", err)
	}
	whole := &body{content: []byte("0123456789")}
	if err := read(whole.open(), 10); err != nil || whole.withdraw() {
		t.Error("a body that was read to its end can be withdrawn")
	}
	stale := &body{content: []byte("0123456789")}
	old := stale.open()
	stale.open()
	if err := read(old, 1); !errors.Is(err, errWithdrawn) {
		t.Errorf("reading for an attempt that is over: %v", err)
	}
}

// dialer makes connections of which the first one takes no second request.
type dialer struct {
	dials atomic.Int32
	limit int32
}

var errNoDial = errors.New("the network is down")

func (d *dialer) dial(ctx context.Context, network, address string) (net.Conn, error) {
	n := d.dials.Add(1)
	if n > d.limit {
		return nil, errNoDial
	}
	c, err := new(net.Dialer).DialContext(ctx, network, address)
	if n == 1 && err == nil {
		return &once{Conn: c}, nil
	}
	return c, err
}

// once is a connection on which nothing can be written after the first answer.
type once struct {
	net.Conn

	answered atomic.Bool
}

func (c *once) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if n > 0 {
		c.answered.Store(true)
	}
	return n, err
}

func (c *once) Write(b []byte) (int, error) {
	if c.answered.Load() {
		return 0, io.ErrClosedPipe
	}
	return c.Conn.Write(b)
}

// TestNothingWritten uses a connection again that takes no further byte. The
// request is sent on another one; where there is none, it was not delivered.
func TestNothingWritten(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		calls.Add(1)
		w.WriteHeader(http.StatusTooManyRequests)
	}))
	t.Cleanup(s.Close)
	for _, limit := range []int32{2, 1} {
		c, err := NewClient(InsecurePlainHTTP())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(c.CloseIdleConnections)
		c.transport.DialContext = (&dialer{limit: limit}).dial
		calls.Store(0)
		for i := range 2 {
			_, _, err := c.Execute(t.Context(), s.URL, ledgerv1.LedgerType(ledgerv1.Behavior{}), &ledgerv1.OpenLedger{LedgerId: "a"}, es.CommandOptions{})
			undelivered, ok := errors.AsType[*UndeliveredError](err)
			if !ok || errors.Is(err, errNoDial) != (i == 1 && limit == 1) {
				t.Errorf("call %d with %d connections: %v (%+v)", i+1, limit, err, undelivered)
			}
		}
		if n := calls.Load(); n != limit {
			t.Errorf("%d requests arrived over %d connections", n, limit)
		}
	}
}
