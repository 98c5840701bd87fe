package protobuf_test

import (
	"testing"

	"github.com/esgen-dev/esgen/compat/confluent/protobuf"
)

// BenchmarkPair reads and compares two schemas of the size that an event has.
func BenchmarkPair(b *testing.B) {
	const original = `syntax = "proto3";
package acme.orders.v1;

// An order was placed.
message OrderPlaced {
  string order_id = 1;
  string customer_id = 2;
  repeated Line lines = 3;
  int64 total_cents = 4;
  Status status = 5;
  google.protobuf.Timestamp placed_at = 6;
  map<string, string> labels = 7;
  oneof payment {
    string card = 8;
    string invoice = 9;
  }
  message Line {
    string sku = 1;
    int32 quantity = 2;
  }
  enum Status {
    STATUS_UNSPECIFIED = 0;
    STATUS_OPEN = 1;
  }
}
`
	update := original[:len(original)-2] + "  string note = 10;\n}\n"
	b.ReportAllocs()
	for b.Loop() {
		old, err := protobuf.Parse(protobuf.Source{Text: original})
		if err != nil {
			b.Fatal(err)
		}
		now, err := protobuf.Parse(protobuf.Source{Text: update})
		if err != nil {
			b.Fatal(err)
		}
		if got := protobuf.Diff(protobuf.V2, old, now); len(got) != 1 {
			b.Fatal(got)
		}
	}
}
