package forward_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/conformance"
	"github.com/esgen-dev/esgen/es/kafka"
	"github.com/esgen-dev/esgen/es/kafka/forward"
)

// TestConformance runs the suite on a process that owns nothing, and forwards
// every command and every Load to the one that owns the only partition.
func TestConformance(t *testing.T) {
	t.Parallel()
	var clusters sync.Map // by engine
	open := func(t *testing.T, c *cluster, o conformance.Options) es.Engine {
		t.Helper()
		e := newForwarding(t, c, o)
		clusters.Store(e, c)
		return e
	}
	conformance.Run(t, func(t *testing.T, o conformance.Options) es.Engine {
		t.Helper()
		return open(t, newCluster(t, 1), o)
	}, conformance.Reopen(func(t *testing.T, e es.Engine, o conformance.Options) es.Engine {
		t.Helper()
		if err := e.(*forwarding).closeBoth(); err != nil {
			t.Fatal(err)
		}
		c, _ := clusters.Load(e)
		return open(t, c.(*cluster), o)
	}), conformance.Small())
}

// forwarding is an engine that owns nothing. Whatever is bound to it is bound to
// the owner too, under a URL of its own: the suite binds one aggregate type with
// many behaviours, of which a process of a service has only one.
type forwarding struct {
	*kafka.Engine

	owner   *kafka.Engine
	client  *forward.Client
	server  *httptest.Server
	handler func(forward.Engine) http.Handler

	mu   sync.Mutex
	urls map[*es.Spec]string
	mux  *http.ServeMux
}

func newForwarding(t *testing.T, c *cluster, o conformance.Options) *forwarding {
	t.Helper()
	f := &forwarding{
		client: newClient(t), urls: map[*es.Spec]string{}, mux: http.NewServeMux(),
		handler: func(e forward.Engine) http.Handler { return newHandler(t, e) },
	}
	f.server = httptest.NewServer(f.mux)
	opts := []kafka.Option{kafka.Clock(o.Clock), kafka.Validate(o.Validate), kafka.Session(3 * time.Second)}
	f.owner = c.open(t, append(opts, kafka.Advertise(f.server.URL))...)
	_, err := f.owner.Bind(ledger()).Load(t.Context(), "none", es.ReadOptions{Fresh: true})
	if !errors.Is(err, es.ErrNotFound) { // it owns the partition, and others will not be given it
		t.Fatal(err)
	}
	f.Engine = c.open(t, append(opts, kafka.Forward(f))...)
	t.Cleanup(f.server.Close)
	return f
}

func (f *forwarding) closeBoth() error { return errors.Join(f.Close(), f.owner.Close()) }

// Bind implements [es.Engine].
func (f *forwarding) Bind(a es.Aggregate) es.Store {
	f.mu.Lock()
	defer f.mu.Unlock()
	path := fmt.Sprintf("/%d", len(f.urls))
	f.mux.Handle(path, f.handler(local{a, f.owner.Bind(a)}))
	f.urls[a.Spec()] = f.server.URL + path
	return patient{f.Engine.Bind(a)}
}

// patient tries again while the engine cannot tell where the owner is, as on a
// machine that is busy. The suite does not know of such errors.
type patient struct{ es.Store }

// unrouted reports whether a call has to be made again.
func unrouted(err error) bool {
	elsewhere, ok := errors.AsType[*kafka.NotOwnerError](err)
	return ok && elsewhere.Address == ""
}

func (p patient) Execute(ctx context.Context, c proto.Message, o es.CommandOptions) (es.Receipt, []proto.Message, error) {
	for {
		receipt, events, err := p.Store.Execute(ctx, c, o)
		if !unrouted(err) {
			return receipt, events, err
		}
	}
}

func (p patient) Load(ctx context.Context, id string, o es.ReadOptions) (es.Revision[proto.Message], error) {
	for {
		revision, err := p.Store.Load(ctx, id, o)
		if !unrouted(err) {
			return revision, err
		}
	}
}

func (f *forwarding) url(address string, a es.Aggregate) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	if address != f.server.URL {
		return address
	}
	return f.urls[a.Spec()]
}

// Execute implements [kafka.Forwarder].
func (f *forwarding) Execute(
	ctx context.Context, address string, a es.Aggregate, c proto.Message, o es.CommandOptions,
) (es.Receipt, []proto.Message, error) {
	return f.client.Execute(ctx, f.url(address, a), a, c, o)
}

// Load implements [kafka.Forwarder].
func (f *forwarding) Load(
	ctx context.Context, address string, a es.Aggregate, id string, o es.ReadOptions,
) (es.Revision[proto.Message], error) {
	return f.client.Load(ctx, f.url(address, a), a, id, o)
}
