package kafka_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/bufbuild/protocompile"
	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sr"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/dynamicpb"

	"github.com/esgen-dev/esgen/compat/registry"
	"github.com/esgen-dev/esgen/compat/registry/registrytest"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
	"github.com/esgen-dev/esgen/es/kafka"
	"github.com/esgen-dev/esgen/generator/load"
	"github.com/esgen-dev/esgen/generator/model"
	"github.com/esgen-dev/esgen/generator/schema"
)

// TestRegistry writes with ids of the registry in memory; TestReal_registry does
// with those of a real one.
func TestRegistry(t *testing.T) {
	t.Parallel()
	server := registrytest.New(registrytest.Options{})
	t.Cleanup(server.Close)
	framed{t, newCluster(t, 1, 1), server.URL()}.check()
	framed{t, newCluster(t, 1, 1), server.URL()}.checkHeader()
}

// framed is a Kafka beside a registry.
type framed struct {
	t       *testing.T
	cluster *cluster
	address string
}

// check stores events that name their schemas in the registry, and reads them as
// somebody does who has nothing but that registry.
func (f framed) check() {
	t, c := f.t, f.cluster
	schemas := f.schemas()
	early := c.open(t, kafka.Registry(schemas, nil))
	_, err := ledgersOn(early).OpenLedger(t.Context(), &ledgerv1.OpenLedger{LedgerId: "early"})
	if err == nil || !strings.Contains(err.Error(), `"ledger.v1.ledger-ledger.v1.LedgerOpened"`) || !strings.Contains(err.Error(), "esgen register") {
		t.Errorf("nothing is registered: got %v", err)
	}
	if err := early.Close(); err != nil {
		t.Fatal(err)
	}

	registerLedger(t, f.address)
	before := c.open(t, kafka.Registry(schemas, nil))
	ledgers := ledgersOn(before)
	run(t, ledgers, &ledgerv1.OpenLedger{LedgerId: "a", Owner: "Ada"})
	run(t, ledgers, &ledgerv1.Post{LedgerId: "a", Entry: &ledgerv1.Entry{Amount: 7, Tag: "rent"}})
	run(t, ledgers, &ledgerv1.CloseLedger{LedgerId: "a"})
	if err := before.Close(); err != nil {
		t.Fatal(err)
	}

	// A newer version is what an engine writes that begins after it; what was
	// written before is read as before.
	subject := kafka.TopicRecordName(topic, "ledger.v1.LedgerOpened")
	latest, err := schemas.SchemaByVersion(t.Context(), subject, -1)
	if err != nil {
		t.Fatal(err)
	}
	evolved := strings.Replace(latest.Schema.Schema, "string owner = 1;", "string owner = 1;\n  string branch = 2;", 1)
	evolvedID, err := schemas.RegisterSchema(t.Context(), subject, sr.Schema{Schema: evolved, Type: sr.TypeProtobuf}, -1, -1)
	if err != nil || evolvedID == latest.ID {
		t.Fatalf("got id %d, %v", evolvedID, err)
	}
	ledgers = ledgersOn(c.open(t, kafka.Registry(schemas, nil)))
	run(t, ledgers, &ledgerv1.OpenLedger{LedgerId: "b", Owner: "Bob"})
	if got, err := ledgers.Load(t.Context(), "a"); err != nil || got.State.GetBalance() != 7 || got.State.GetStatus() != ledgerv1.Ledger_STATUS_CLOSED {
		t.Errorf("got %v, %v", got, err)
	}

	records := f.events()
	var texts []string
	for _, record := range records {
		texts = append(texts, decoded(t, schemas, record.Value))
	}
	want := []string{
		`ledger.v1.LedgerOpened {"owner":"Ada"}`,
		`ledger.v1.Posted {"entry":{"amount":"7","tag":"rent"}}`,
		`ledger.v1.LedgerClosed {}`,
		`ledger.v1.LedgerOpened {"owner":"Bob"}`,
	}
	if diff := cmp.Diff(want, texts); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	var header sr.ConfluentHeader
	if len(records) != len(want) {
		return
	}
	for i, want := range map[int]int{0: latest.ID, 3: evolvedID} {
		if id, _, err := header.DecodeID(records[i].Value); err != nil || id != want {
			t.Errorf("value %d has the id %d, want %d (%v)", i, id, want, err)
		}
	}
}

// checkHeader names the schema by its GUID in a header, where the registry of
// check has GUIDs; one that has none is no registry for that.
func (f framed) checkHeader() {
	t, c, schemas := f.t, f.cluster, f.schemas()
	latest, err := schemas.SchemaByVersion(t.Context(), kafka.TopicRecordName(topic, "ledger.v1.LedgerOpened"), -1)
	if err != nil {
		t.Fatal(err)
	}
	ledgers := ledgersOn(c.open(t, kafka.Registry(schemas, nil), kafka.SchemaInHeader()))
	command := &ledgerv1.OpenLedger{LedgerId: "a", Owner: "Ada"}
	if latest.GUID == "" {
		if _, err := ledgers.OpenLedger(t.Context(), command); err == nil || !strings.Contains(err.Error(), "leave SchemaInHeader out") {
			t.Errorf("got %v", err)
		}
		return
	}
	run(t, ledgers, command)
	record := f.events()[0]
	at := slices.IndexFunc(record.Headers, func(h kgo.RecordHeader) bool { return h.Key == "__value_schema_id" })
	if at < 0 {
		t.Fatalf("got %v", record.Headers)
	}
	if got, want := fmt.Sprintf("%x", record.Headers[at].Value), "01"+strings.ReplaceAll(latest.GUID, "-", ""); got[:34] != want {
		t.Errorf("the header is %s, want %s", got, want)
	}
	var event ledgerv1.LedgerOpened
	if err := proto.Unmarshal(record.Value, &event); err != nil || event.GetOwner() != "Ada" {
		t.Errorf("got %v, %v in %x", &event, err, record.Value)
	}
}

// events returns the records of committed events.
func (f framed) events() []*kgo.Record {
	all := f.cluster.records(f.t, topic, 0, kgo.ReadCommitted())
	return slices.DeleteFunc(all, func(r *kgo.Record) bool { return r.Attrs.IsControl() })
}

// schemas returns a client that leaves no connection behind.
func (f framed) schemas() *sr.Client {
	client, err := sr.NewClient(sr.URLs(f.address), sr.HTTPClient(&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}))
	if err != nil {
		f.t.Fatal(err)
	}
	return client
}

func ledgersOn(e *kafka.Engine) *ledgerv1.LedgerAggregate {
	return ledgerv1.NewLedgerAggregate(e, ledgerv1.Behavior{})
}

// run holds a command to succeed.
func run(t *testing.T, ledgers *ledgerv1.LedgerAggregate, c ledgerv1.LedgerCommand) {
	t.Helper()
	if _, err := ledgers.Execute(t.Context(), c); err != nil {
		t.Fatal(err)
	}
}

// registerLedger registers the schemas of the ledger, as esgen register does.
func registerLedger(t *testing.T, address string) {
	t.Helper()
	set, findings, err := load.Sources(t.Context(), load.Options{Roots: []string{"../internal"}, Parameter: "paths=source_relative"})
	if err != nil || set == nil {
		t.Fatal(findings, err)
	}
	m, _ := model.Build(set)
	schemas, _ := schema.Build(set, m, schema.Options{})
	client, err := registry.Open(registry.Config{URLs: []string{address}})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	plan, findings, err := client.Plan(t.Context(), registry.Request{Schemas: schemas, Level: "BACKWARD_TRANSITIVE", SetLevel: true})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Apply(t.Context(), plan, nil); err != nil {
		t.Fatal(err, findings)
	}
}

// decoded reads a value with nothing but the registry: the name of the message,
// and its content as JSON.
func decoded(t *testing.T, schemas *sr.Client, value []byte) string {
	t.Helper()
	var header sr.ConfluentHeader
	id, rest, err := header.DecodeID(value)
	if err != nil {
		t.Fatalf("%v in %x", err, value)
	}
	index, payload, err := header.DecodeIndex(rest, 8)
	if err != nil || !slices.Equal(index, []int{0}) {
		t.Fatalf("index %v, %v in %x", index, err, value)
	}
	stored, err := schemas.SchemaByID(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	compiler := protocompile.Compiler{Resolver: protocompile.WithStandardImports(&protocompile.SourceResolver{
		Accessor: protocompile.SourceAccessorFromMap(map[string]string{"schema.proto": stored.Schema}),
	})}
	files, err := compiler.Compile(t.Context(), "schema.proto")
	if err != nil {
		t.Fatal(err)
	}
	message := dynamicpb.NewMessage(files[0].Messages().Get(index[0]))
	if err := proto.Unmarshal(payload, message); err != nil {
		t.Fatal(err)
	}
	text, err := protojson.Marshal(message)
	if err != nil {
		t.Fatal(err)
	}
	return string(message.Descriptor().FullName()) + " " + strings.ReplaceAll(string(text), " ", "")
}
