package golang_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/esgen-dev/esgen/generator/golang"
)

// BenchmarkGenerate emits the Go of 200 files with one aggregate, 20 commands
// and 20 events each. To time protoc --go_out on the same files, name a
// directory to keep them in with BENCH_PROTOS.
func BenchmarkGenerate(b *testing.B) {
	root := os.Getenv("BENCH_PROTOS")
	if root == "" {
		root = b.TempDir()
	}
	for i := range 200 {
		writeShop(b, root, i, 20)
	}
	set, m := loadRoot(b, root, "")
	options := []golang.Options{{}, {Kit: true}, {Messages: true}, {Messages: true, Kit: true}}
	for _, o := range options {
		b.Run(fmt.Sprintf("messages=%v,kit=%v", o.Messages, o.Kit), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := golang.Generate(set.Plugin, m, o); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// writeShop writes the i-th .proto file.
func writeShop(b *testing.B, root string, i, n int) {
	b.Helper()
	var text strings.Builder
	fmt.Fprintf(&text, `syntax = "proto3";
package shop%[1]d.v1;
import "esgen/v1/options.proto";
option go_package = "example.com/gen/shop%[1]d/v1;shop%[1]dv1";
// Order is what a customer wants.
message Order {
  option (esgen.v1.aggregate) = { snapshot: { every: 100 } };
  enum Status { STATUS_UNSPECIFIED = 0; STATUS_OPEN = 1; }
  Status status = 1;
  string owner = 2;
  int64 total_cents = 3;
}
`, i)
	for j := range n {
		fmt.Fprintf(&text, `// Do%[1]d changes the order.
message Do%[1]d {
  option (esgen.v1.command) = {
    emits: "Done%[1]d"
    require: { field: "status" in: "STATUS_OPEN" code: "ORDER_CLOSED" }
  };
  string order_id = 1 [(esgen.v1.field).id = true];
  string note = 2;
  int64 amount_cents = 3;
}
// Done%[1]d says that the order was changed.
message Done%[1]d {
  option (esgen.v1.event) = {};
  string note = 1;
  int64 amount_cents = 2;
}
`, j)
	}
	dir := filepath.Join(root, fmt.Sprintf("shop%d/v1", i))
	if err := os.MkdirAll(dir, 0o750); err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "order.proto"), []byte(text.String()), 0o600); err != nil {
		b.Fatal(err)
	}
}
