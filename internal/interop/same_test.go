//go:build unix

package interop

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/testing/protocmp"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/examples/bank/accounts"
	bankv1 "github.com/esgen-dev/esgen/examples/bank/gen/bank/v1"
)

// line is what a program prints of a record.
type line struct {
	Partition int32             `json:"partition"`
	Offset    int64             `json:"offset"`
	Key       string            `json:"key"`
	Headers   map[string]string `json:"headers"` // without that of the engine, which is binary
	Schema    string            `json:"schema"`  // the message that the schema id stands for, in the registry
	Event     json.RawMessage   `json:"event"`   // in the JSON form of Protobuf
}

// lines returns what a program printed, by partition.
func lines(t *testing.T, printed []byte) map[int32][]line {
	t.Helper()
	found := make(map[int32][]line)
	for dec := json.NewDecoder(bytes.NewReader(printed)); dec.More(); {
		var l line
		if err := dec.Decode(&l); err != nil {
			t.Fatalf("%v in\n%s", err, printed)
		}
		found[l.Partition] = append(found[l.Partition], l)
	}
	return found
}

// same compares what a program printed with what the engine reads.
func (w *world) same(t *testing.T, printed []byte) {
	t.Helper()
	got := lines(t, printed)
	want := make(map[int32][]es.Event[bankv1.AccountEvent])
	kinds := make(map[string]int)
	for _, ev := range w.feed(t) {
		want[ev.Position.Partition] = append(want[ev.Position.Partition], ev)
		kinds[ev.Type]++
	}
	if len(kinds) != 7 {
		t.Errorf("the log has events of the types %v, want all seven of the bank", kinds)
	}
	for partition := range int32(account().Spec().Partitions) {
		if len(got[partition]) != len(want[partition]) {
			t.Errorf("partition %d: %d events, want %d", partition, len(got[partition]), len(want[partition]))
			continue
		}
		for i, ev := range want[partition] {
			if diff := difference(got[partition][i], ev); diff != "" {
				t.Errorf("partition %d, event %d (-want +got):\n%s", partition, i, diff)
			}
		}
	}
}

// difference compares a line with an event.
func difference(got line, ev es.Event[bankv1.AccountEvent]) string {
	stored, err := decode(ev.Type, got.Event)
	if err != nil {
		return err.Error()
	}
	event := stored
	if old, ok := stored.(*bankv1.Deposited); ok {
		event = accounts.Account{}.UpcastDeposited(ev.Meta, old)
	}
	got.Event = nil
	want := line{
		Partition: ev.Position.Partition, Offset: ev.Position.Offset, Key: ev.AggregateID, Schema: ev.Type, Headers: headers(ev),
	}
	return cmp.Diff(want, got) + cmp.Diff(proto.Message(ev.Event), event, protocmp.Transform())
}

// headers returns the attributes of CloudEvents, and the command id.
func headers(ev es.Event[bankv1.AccountEvent]) map[string]string {
	all := map[string]string{
		"cmd":            ev.CommandID,
		"ce_specversion": "1.0",
		"ce_id":          fmt.Sprintf("%s/%d", ev.AggregateID, ev.Version),
		"ce_source":      account().Spec().Topic,
		"ce_type":        ev.Type,
		"ce_subject":     ev.AggregateID,
		"ce_time":        ev.Time.Format(time.RFC3339Nano),
		"ce_actor":       ev.Actor,
	}
	if ev.CorrelationID != "" {
		all["ce_correlationid"] = ev.CorrelationID
	}
	return all
}

func decode(name string, text []byte) (proto.Message, error) {
	typ, err := protoregistry.GlobalTypes.FindMessageByName(protoreflect.FullName(name))
	if err != nil {
		return nil, err
	}
	m := typ.New().Interface()
	return m, protojson.Unmarshal(text, m)
}
