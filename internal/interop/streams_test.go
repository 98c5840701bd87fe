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
)

const (
	streamsGroup = "bank-accounts" // the application id
	table        = streamsGroup + "-accounts-changelog"
)

// streams runs the application of Kafka Streams until it has read all events,
// and compares its table with what the engine loads.
func (w *world) streams(t *testing.T) {
	t.Helper()
	app := w.startStreams(t)
	w.awaitRead(t, app)
	got := w.table(t)
	want := make(map[string]*bankv1.Account)
	store := w.open(t).Bind(account())
	for _, id := range customers() {
		acc, err := store.Load(t.Context(), id, es.ReadOptions{})
		if err != nil {
			t.Fatal(err)
		}
		want[id] = acc.State.(*bankv1.Account)
	}
	if diff := cmp.Diff(want, got, protocmp.Transform()); diff != "" {
		t.Errorf("the table of Kafka Streams (-want +got):\n%s", diff)
	}
	app.stop(t)
}

// startStreams starts the application, which reads the log from its start.
func (w *world) startStreams(t *testing.T) *application {
	t.Helper()
	dir := program{
		name: "streams", sources: []source{{repository + "/examples/streams", "."}}, tools: []string{"mvn", "java"},
		build: [][]string{{"mvn", "--batch-mode", "--quiet", "--strict-checksums", "package"}},
	}.ready(t)
	home := t.TempDir()
	file := filepath.Join(home, "accounts.properties")
	properties := fmt.Sprintf("bootstrap.servers=%s\nstate.dir=%s\n", w.Brokers()[0], filepath.Join(home, "state"))
	if err := os.WriteFile(file, []byte(properties), 0o600); err != nil {
		t.Fatal(err)
	}
	return start(t, "java", "-jar", filepath.Join(dir, "target", "accounts.jar"), file)
}

// awaitRead waits until the application has committed that it read the last
// event of each partition.
func (w *world) awaitRead(t *testing.T, app *application) {
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
	ends, err := w.admin.ListCommittedOffsets(t.Context(), table)
	if err != nil {
		t.Fatal(err)
	}
	rest := ends.Offsets()
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
