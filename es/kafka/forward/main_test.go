package forward_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"
	"go.uber.org/goleak"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
	"github.com/esgen-dev/esgen/es/kafka"
	"github.com/esgen-dev/esgen/es/kafka/forward"
	"github.com/esgen-dev/esgen/es/kafka/kafkadev"
	"github.com/esgen-dev/esgen/es/kafka/topics"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const secret = "a-secret-that-nobody-guesses"

// domainErrors are those of the ledger.
func domainErrors() forward.Option {
	return forward.DomainErrors(map[string]error{"OVERDRAWN": ledgerv1.ErrOverdrawn})
}

func newClient(t *testing.T, opts ...forward.ClientOption) *forward.Client {
	t.Helper()
	c, err := forward.NewClient(append([]forward.ClientOption{forward.Secrets(secret), domainErrors()}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.CloseIdleConnections)
	return c
}

func newHandler(t *testing.T, engine forward.Engine, opts ...forward.HandlerOption) *forward.Handler {
	t.Helper()
	h, err := forward.NewHandler(engine, append([]forward.HandlerOption{forward.Secrets(secret), domainErrors()}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// serve serves a handler over plain HTTP, and returns its URL.
func serve(t *testing.T, h http.Handler) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

func ledger() es.Aggregate { return ledgerv1.LedgerType(ledgerv1.Behavior{}) }

// local is an engine with one aggregate type.
type local struct {
	aggregate es.Aggregate
	store     es.Store
}

func (l local) Local(name string) (es.Aggregate, es.Store, bool) {
	return l.aggregate, l.store, name == l.aggregate.Spec().Name
}

// cluster is a Kafka in this process, with the topics of the ledger.
type cluster struct{ *kafkadev.Cluster }

func newCluster(t *testing.T, partitions int) *cluster {
	t.Helper()
	k, err := kafkadev.Start(kafkadev.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = k.Close() })
	if err := k.CreateTopics(t.Context(), topics.Aggregate{Topic: "ledger.v1.ledger", Partitions: partitions}); err != nil {
		t.Fatal(err)
	}
	return &cluster{k}
}

func (c *cluster) open(t *testing.T, opts ...kafka.Option) *kafka.Engine {
	t.Helper()
	e, err := kafka.Open("test", append(opts, kafka.Client(kgo.SeedBrokers(c.Addresses()...)),
		kafka.Profile(topics.SingleBroker()), kafka.Override(topics.Partitions))...) // the ledger declares 4
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	return e
}
