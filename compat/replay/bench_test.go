package replay_test

import (
	"strings"
	"testing"

	"github.com/esgen-dev/esgen/compat/replay"
)

const order = `syntax = "proto3";
package shop.v1;
message OrderPlaced {
  string order_id = 1;
  string customer_id = 2;
  int64 total_cents = 3;
  string currency = 4;
  repeated Line lines = 5;
  Status status = 6;
  optional string note = 7;
  map<string, string> labels = 8;
  oneof payment { string card = 9; string iban = 10; }
}
message Line { string sku = 1; int32 count = 2; }
enum Status { STATUS_UNSPECIFIED = 0; STATUS_NEW = 1; }
`

func BenchmarkLink(b *testing.B) {
	timed := strings.Replace(order, "int64 total_cents", "google.protobuf.Timestamp at", 1)
	for name, text := range map[string]string{
		"alone":   order,
		"imports": strings.Replace(timed, "message", `import "google/protobuf/timestamp.proto"; message`, 1),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := replay.Link(replay.Source{Text: text}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkCompare(b *testing.B) {
	b.ReportAllocs()
	original, err := replay.Link(replay.Source{Text: order})
	if err != nil {
		b.Fatal(err)
	}
	update, err := replay.Link(replay.Source{Text: order})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		replay.Compare(original.Messages().Get(0), update.Messages().Get(0), replay.Options{})
	}
}
