package otel_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
	"github.com/esgen-dev/esgen/es/kafka"
	"github.com/esgen-dev/esgen/es/kafka/topics"
	"github.com/esgen-dev/esgen/es/otel"
)

const topic = "ledger.v1.ledger"

// newCluster returns the options of clients of a Kafka in this process, with
// the topics of the ledger.
func newCluster(t *testing.T) []kgo.Opt {
	t.Helper()
	cluster, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.GroupMinSessionTimeout(100*time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cluster.Close)
	opts := []kgo.Opt{kgo.SeedBrokers(cluster.ListenAddrs()...)}
	wanted, err := topics.Wanted([]topics.Aggregate{{Topic: topic, Partitions: 1}}, topics.SingleBroker())
	if err != nil {
		t.Fatal(err)
	}
	admin := kadm.NewClient(newClient(t, opts...))
	plan, err := topics.MakePlan(t.Context(), admin, wanted, topics.Options{})
	if err == nil {
		err = topics.Apply(t.Context(), admin, plan, func(topics.Step) {})
	}
	if err != nil {
		t.Fatal(err)
	}
	return opts
}

func newClient(t *testing.T, opts ...kgo.Opt) *kgo.Client {
	t.Helper()
	client, err := kgo.NewClient(opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client
}

// openKafka returns an engine on a cluster, with everything that this package
// has, and the same with spans.
func openKafka(t *testing.T, cluster []kgo.Opt, r *recording, opts ...kafka.Option) (*kafka.Engine, *ledgerv1.LedgerAggregate) {
	t.Helper()
	engine, err := kafka.Open("test", append(opts, kafka.Client(cluster...),
		kafka.Profile(topics.SingleBroker()), kafka.Override(topics.Partitions), // the ledger declares 4
		kafka.Observe(otel.Observer(r.options...)), kafka.Trace(otel.Propagator()))...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = engine.Close() })
	return engine, ledgers(otel.Engine(engine, r.options...))
}

// stored returns the first n committed events of the log.
func stored(t *testing.T, cluster []kgo.Opt, n int) []*kgo.Record {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	client := newClient(t, append(slices.Clone(cluster), kgo.ConsumeTopics(topic),
		kgo.FetchIsolationLevel(kgo.ReadCommitted()), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))...)
	var records []*kgo.Record
	for len(records) < n {
		fetches := client.PollFetches(ctx)
		if err := fetches.Err(); err != nil {
			t.Fatalf("after %d of %d events: %v", len(records), n, err)
		}
		records = append(records, fetches.Records()...)
	}
	return records[:n]
}

// From the span of a command to that of its transaction, into the headers of
// its events, and on to who reads them.
func TestKafka(t *testing.T) {
	t.Parallel()
	cluster, r := newCluster(t), record(t)
	_, l := openKafka(t, cluster, r)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	batch := &ledgerv1.PostBatch{LedgerId: "l", Entries: []*ledgerv1.Entry{{Amount: 1}, {Amount: 2}}}
	if _, err := l.OpenLedger(ctx, &ledgerv1.OpenLedger{LedgerId: "l"}); err != nil {
		t.Fatal(err)
	}
	if _, err := l.PostBatch(ctx, batch); err != nil {
		t.Fatal(err)
	}

	opened, posted := r.one(t, "execute ledger.v1.OpenLedger"), r.one(t, "execute ledger.v1.PostBatch")
	checkTransaction(t, r, opened)
	checkTransaction(t, r, posted)
	events := stored(t, cluster, 3)
	for i, command := range []tracetest.SpanStub{opened, posted, posted} {
		checkHeaders(t, events[i].Headers, command)
	}
	if n := len(r.ended("send ")); n != 2 {
		t.Errorf("%d transactions have spans, want those of the 2 commands with events", n)
	}
}

// checkTransaction checks that a command was committed by a transaction whose
// span is within its own.
func checkTransaction(t *testing.T, r *recording, command tracetest.SpanStub) {
	t.Helper()
	for _, span := range r.ended("send " + topic) {
		if len(span.Links) != 1 || !span.Links[0].SpanContext.Equal(command.SpanContext) {
			continue
		}
		if span.SpanContext.TraceID() != command.SpanContext.TraceID() {
			t.Errorf("the transaction of %q is in another trace", command.Name)
		}
		if len(command.Links) != 1 || !command.Links[0].SpanContext.Equal(span.SpanContext) {
			t.Errorf("%q has links %v, want one to its transaction", command.Name, command.Links)
		}
		return
	}
	t.Errorf("no transaction has a link to %q", command.Name)
}

// checkHeaders checks that an event leads to the command that wrote it, and
// that the headers of the trace are beside those of the engine.
func checkHeaders(t *testing.T, headers []kgo.RecordHeader, command tracetest.SpanStub) {
	t.Helper()
	links := otel.Links(otel.Propagator().Extract(t.Context(), headers))
	if len(links) != 1 || !links[0].SpanContext.Equal(command.SpanContext.WithRemote(true)) {
		t.Errorf("links %v, want one to %q", links, command.Name)
	}
	seen := make(map[string]bool)
	for _, h := range headers {
		if seen[h.Key] {
			t.Errorf("header %q is there twice", h.Key)
		}
		seen[h.Key] = true
	}
	if !seen["traceparent"] || !seen["es"] {
		t.Errorf("headers %q", headerLines(headers))
	}
}

// The headers of traces are no hindrance to who reads the log again.
func TestKafka_reopened(t *testing.T) {
	t.Parallel()
	cluster, r := newCluster(t), record(t)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for version := range uint64(2) {
		engine, l := openKafka(t, cluster, r)
		if _, err := l.Attach(ctx, &ledgerv1.Attach{LedgerId: "l"}); err != nil {
			t.Errorf("with %d commands before: %v", version, err)
		}
		if err := engine.Close(); err != nil {
			t.Error(err)
		}
	}
}

// What the engine tells its observer arrives, from its first phase to its last.
func TestKafka_metrics(t *testing.T) {
	t.Parallel()
	cluster, r := newCluster(t), record(t)
	engine, l := openKafka(t, cluster, r, kafka.CheckpointEvery(1))
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for range 2 {
		if _, err := l.Attach(ctx, &ledgerv1.Attach{LedgerId: "l"}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := l.Post(ctx, post(-9)); !errors.Is(err, ledgerv1.ErrOverdrawn) {
		t.Errorf("error %v, want %v", err, ledgerv1.ErrOverdrawn)
	}
	const (
		ledger  = "esgen.aggregate.type=ledger.v1.Ledger"
		first   = ledger + " messaging.destination.partition.id=0"
		sending = "messaging.destination.name=ledger.v1.ledger messaging.destination.partition.id=0 " +
			"messaging.operation.name=send messaging.operation.type=send messaging.system=kafka"
	)
	lines := r.metricLines(t)
	for _, want := range []string{
		"messaging.client.operation.duration s {" + sending + "} 2 values, ",
		"messaging.client.sent.messages {message} {" + sending + "} 3, monotonic true",
		"esgen.transaction.commands {command} {" + first + "} 2 values, ",
		"esgen.transaction.size By {" + first + "} 2 values, ",
		"esgen.command.duration s {" + ledger + " esgen.command.outcome=succeeded esgen.command.type=ledger.v1.Attach} 2 values, ",
		"esgen.command.duration s {" + ledger + " esgen.command.outcome=refused esgen.command.type=ledger.v1.Post} 1 values, ",
		"esgen.partition.count {partition} {" + ledger + " esgen.partition.phase=serving} 1, monotonic false",
		"esgen.fence.duration s {" + first + "} ",
		"esgen.restore.duration s {" + ledger + " esgen.restore.warm=false messaging.destination.partition.id=0} ",
	} {
		if !slices.ContainsFunc(lines, func(l string) bool { return strings.HasPrefix(l, want) }) {
			t.Errorf("nothing begins with %s", want)
		}
	}
	if err := engine.Close(); err != nil {
		t.Error(err)
	}
	lines = r.metricLines(t)
	if left := seriesOf(lines, "esgen.partition.count"); len(left) > 0 {
		t.Errorf("owned after the engine was closed: %q", left)
	}
	if n := len(seriesOf(lines, "esgen.checkpoint.duration")); n != 1 {
		t.Errorf("%d series of checkpoints, want that of the partition", n)
	}
}
