//go:build unix

package interop

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"

	"github.com/esgen-dev/esgen/es"
	bankv1 "github.com/esgen-dev/esgen/examples/bank/gen/bank/v1"
	"github.com/esgen-dev/esgen/internal/jvm"
)

const (
	streamsGroup = "bank-accounts" // the application id
	table        = streamsGroup + "-accounts-changelog"
)

// impatient are settings with which a process that was killed is soon missed by
// its group, and so is the end of its transaction; and with which each change of
// the table is sent at once, long before what led to it is committed.
const impatient = `
session.timeout.ms=1500
heartbeat.interval.ms=300
transaction.timeout.ms=1500
statestore.cache.max.bytes=0
linger.ms=0
`

// streams runs the application of Kafka Streams while commands are executed,
// kills it twice in the middle, and compares its table with what the engine
// loads: an event that counted twice, or never, would be seen.
func (w *world) streams(t *testing.T) {
	t.Helper()
	app := w.startStreams(t)
	w.awaitRead(t, app)
	store := w.open(t).Bind(account()) // without the registry: what it stores has no schema id in front
	for range 2 {
		before := len(app.said(t))
		for i, id := range customers() {
			if i == 10 { // and 9 is in the table, but perhaps not yet committed
				app.awaitPrinted(t, before, customers()[9])
				app.Kill()
				if err := app.Launch(); err != nil {
					t.Fatal(err)
				}
			}
			if i%3 != 2 { // it is closed
				execute(t, store, i, &bankv1.Deposit{AccountId: id, AmountCents: 1})
			}
		}
		w.awaitRead(t, app)
	}
	want := make(map[string]*bankv1.Account)
	for _, id := range customers() {
		acc, err := store.Load(t.Context(), id, es.ReadOptions{})
		if err != nil {
			t.Fatal(err)
		}
		want[id] = acc.State.(*bankv1.Account)
	}
	if diff := cmp.Diff(want, w.table(t), protocmp.Transform()); diff != "" {
		t.Errorf("the table of Kafka Streams (-want +got):\n%s", diff)
	}
}

// startStreams starts the application, which reads the log from its start.
func (w *world) startStreams(t *testing.T) application {
	t.Helper()
	java, err := jvm.Java()
	if err != nil {
		jvm.Missing(t, "Kafka Streams", err)
	}
	dir := program{
		name: "streams", sources: []source{{repository + "/examples/streams", "."}},
		tools: [][]string{{"mvn", "--version"}},
		build: [][]string{{"mvn", "--batch-mode", "--quiet", "--strict-checksums", "package"}},
	}.ready(t)
	home := t.TempDir()
	file := filepath.Join(home, "accounts.properties")
	properties := fmt.Sprintf("bootstrap.servers=%s\nstate.dir=%s\n", w.Brokers()[0], filepath.Join(home, "state"))
	if err := os.WriteFile(file, []byte(properties+impatient), 0o600); err != nil {
		t.Fatal(err)
	}
	log := filepath.Join(t.ArtifactDir(), "streams.log")
	app := application{log: log, Process: jvm.NewProcess(log, nil,
		java, "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-jar", filepath.Join(dir, "target", "accounts.jar"), file)}
	if err := app.Launch(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		app.Stop(10 * time.Second)
		if t.Failed() {
			t.Log(app.Tail())
		}
	})
	return app
}

// awaitRead waits until the application has committed that it read the last
// event of each partition.
func (w *world) awaitRead(t *testing.T, app application) {
	t.Helper()
	last := make(map[int32]int64)
	for _, ev := range w.feed(t) {
		last[ev.Position.Partition] = ev.Position.Offset
	}
	topic := account().Spec().Topic
	for {
		app.alive(t)
		committed, err := w.admin.FetchOffsets(t.Context(), streamsGroup)
		if err != nil {
			t.Fatal(err)
		}
		behind := 0
		for partition, offset := range last {
			if at, ok := committed.Lookup(topic, partition); !ok || at.At <= offset {
				behind++
			}
		}
		if behind == 0 {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// table reads the topic that Kafka Streams keeps its table in, as any consumer
// could.
func (w *world) table(t *testing.T) map[string]*bankv1.Account {
	t.Helper()
	rest := w.settled(t, table)
	rest.KeepFunc(func(o kadm.Offset) bool { return o.At > 0 })
	client, err := kgo.NewClient(kgo.SeedBrokers(w.Brokers()...), kgo.FetchIsolationLevel(kgo.ReadCommitted()),
		kgo.KeepControlRecords(), kgo.ConsumeTopics(table), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	accounts := make(map[string]*bankv1.Account)
	for len(rest[table]) > 0 {
		fetches := client.PollFetches(t.Context())
		if err := fetches.Err(); err != nil {
			t.Fatal(err)
		}
		for _, r := range fetches.Records() {
			if end, _ := rest.Lookup(table, r.Partition); r.Offset+1 >= end.At {
				rest.Delete(table, r.Partition)
			}
			if r.Attrs.IsControl() {
				continue
			}
			acc := new(bankv1.Account)
			if err := proto.Unmarshal(r.Value, acc); err != nil {
				t.Fatal(err)
			}
			accounts[string(r.Key)] = acc
		}
	}
	return accounts
}

// settled waits until no transaction of a topic is open, and returns its ends:
// a partition may hear later of the end of a transaction than another one.
func (w *world) settled(t *testing.T, topic string) kadm.Offsets {
	t.Helper()
	for {
		ends, err := w.admin.ListEndOffsets(t.Context(), topic)
		if err != nil {
			t.Fatal(err)
		}
		committed, err := w.admin.ListCommittedOffsets(t.Context(), topic)
		if err != nil {
			t.Fatal(err)
		}
		open := false
		ends.Each(func(end kadm.ListedOffset) {
			last, ok := committed.Lookup(topic, end.Partition)
			open = open || !ok || last.Offset < end.Offset
		})
		if !open {
			return ends.Offsets()
		}
		time.Sleep(20 * time.Millisecond)
	}
}
