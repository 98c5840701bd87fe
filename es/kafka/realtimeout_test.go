//go:build unix

package kafka_test

import (
	"context"
	"encoding/binary"
	"errors"
	"log/slog"
	"math/rand/v2"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
	"github.com/esgen-dev/esgen/es/kafka"
	"github.com/esgen-dev/esgen/internal/realkafka"
)

// TestRealTimedOut lets commits arrive when the coordinator gives their
// transactions up, as those of a process do that slept:
//
//	ESGEN_REAL_KAFKA=1 go test -run TestRealTimedOut -v ./es/kafka
//
// The network shortens the time that the engine's producers ask for, so that
// they need not sleep for seconds, and holds every other commit back for about
// as long. Whatever the coordinator says then, the log says what became of the
// commands, and the partitions go on with new producers.
func TestRealTimedOut(t *testing.T) {
	const limit = 100 * time.Millisecond
	c := realClusterOf(t, realkafka.Options{Nodes: 1, Settings: map[string]string{
		"transaction.abort.timed.out.transaction.cleanup.interval.ms": "5",
	}})
	events := c.makeTopics(t, 4)
	answers := newAnswers()
	e := c.open(t, events, kafka.Budget(2*time.Second), kafka.Observe(answers),
		kafka.Client(kgo.Dialer(tardy(limit).dial)), kafka.Logger(slog.New(slog.DiscardHandler)))
	p := &process{Engine: e.Engine, ledgers: e.Bind(ledgerv1.LedgerType(ledgerv1.Behavior{}))}
	w := &realLoad{workload: newWorkload(p, p)}
	w.again = harmless
	for i := range 8 {
		w.clients.Go(func() { w.client(t, i) })
	}
	w.progress(t, 600)
	w.end()
	check(t, c.committed(t, events), -1, w.acks)
	t.Logf("%d commands acknowledged; what the coordinator said to commits: %v", len(w.acks), answers.count)
	if answers.count["committed"] == 0 || len(answers.count) < 2 {
		t.Error("no commit came at the right time")
	}
}

// answers counts what ends transactions, and with what answer.
type answers struct {
	kafka.NoObserver

	mu    sync.Mutex
	count map[string]int
}

func newAnswers() *answers { return &answers{count: map[string]int{}} }

func (a *answers) Committed(_ kafka.Partition, c kafka.Commit) {
	said := "committed"
	if code, ok := errors.AsType[*kerr.Error](c.Err); ok {
		said = code.Message
	} else if c.Err != nil {
		said = c.Err.Error()
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.count[said]++
}

// tardy is a network that lets transactions last no longer than a limit, and
// holds every other commit back until that is about over.
type tardy time.Duration

func (limit tardy) dial(ctx context.Context, network, address string) (net.Conn, error) {
	c, err := new(net.Dialer).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return &tardyConn{Conn: c, limit: time.Duration(limit)}, nil
}

type tardyConn struct {
	net.Conn

	limit time.Duration
}

// Write is called with one whole request.
func (c *tardyConn) Write(b []byte) (int, error) {
	switch req := parsed(b).(type) {
	case *kmsg.InitProducerIDRequest:
		req.TransactionTimeoutMillis = int32(c.limit.Milliseconds())
		b = append(b[:bodyOf(b, req)], req.AppendTo(nil)...)
	case *kmsg.EndTxnRequest:
		if req.Commit && rand.IntN(2) == 0 {
			time.Sleep(c.limit - 15*time.Millisecond + rand.N(30*time.Millisecond))
		}
	}
	return c.Conn.Write(b)
}

// parsed returns a request that makes or ends transactions, or nil.
func parsed(b []byte) kmsg.Request {
	if len(b) < 14 {
		return nil
	}
	var req kmsg.Request
	switch kmsg.Key(binary.BigEndian.Uint16(b[4:])) {
	case kmsg.InitProducerID:
		req = kmsg.NewPtrInitProducerIDRequest()
	case kmsg.EndTxn:
		req = kmsg.NewPtrEndTxnRequest()
	default:
		return nil
	}
	req.SetVersion(int16(binary.BigEndian.Uint16(b[6:])))
	if req.ReadFrom(b[bodyOf(b, req):]) != nil {
		return nil
	}
	return req
}

// bodyOf returns where the body of a request begins: behind its length, key,
// version and number, the name of the client, and no tags.
func bodyOf(b []byte, req kmsg.Request) int {
	at := 14 + max(0, int(int16(binary.BigEndian.Uint16(b[12:]))))
	if req.IsFlexible() {
		at++
	}
	return at
}
