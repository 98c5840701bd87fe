// Package generation compares how long it takes to generate code: esgen with
// the Go messages, the event-sourcing code and the test kits, against protoc
// and buf with protoc-gen-go, which make the messages alone.
//
// All three run as processes, from sources on disk to files on disk, into
// empty directories. They take turns, and wall and processor time are those of
// the whole tree of processes.
//
// Nothing here asserts a duration.
package generation

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Schema says how much there is to generate.
type Schema struct {
	Files    int // each with one aggregate, in a package of its own
	Events   int // per aggregate, with five fields each
	Commands int // per aggregate, with an id and four fields each
}

// Write writes the schema below dir, and returns the names of the files as
// they are imported.
func (s Schema) Write(dir string) ([]string, error) {
	names := make([]string, s.Files)
	for i := range names {
		names[i] = fmt.Sprintf("area%03d/v1/order.proto", i)
		file := filepath.Join(dir, filepath.FromSlash(names[i]))
		if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
			return nil, err
		}
		if err := os.WriteFile(file, []byte(s.text(i)), 0o600); err != nil {
			return nil, err
		}
	}
	return names, nil
}

func (s Schema) text(file int) string {
	var b strings.Builder
	fmt.Fprintf(&b, `syntax = "proto3";

package area%03[1]d.v1;

import "esgen/v1/options.proto";

option go_package = "example.com/generation/gen/area%03[1]d/v1;area%03[1]dv1";

// Order is what a customer asked for.
message Order {
  option (esgen.v1.aggregate) = {};
  string customer = 1;
  string currency = 2;
  int64 total_cents = 3;
  int64 lines = 4;
  bool closed = 5;
}
`, file)
	for i := range s.Commands {
		mode := ""
		if i == 0 {
			mode = "mode: MODE_CREATE "
		}
		fmt.Fprintf(&b, `
// ChangeStep%02[1]d asks for step %[1]d.
message ChangeStep%02[1]d {
  option (esgen.v1.command) = { %[2]semits: "Step%02[3]dChanged" };
  string order_id = 1 [(esgen.v1.field).id = true];
  string reference = 2;
  int64 amount_cents = 3;
  string channel = 4;
  bool urgent = 5;
}
`, i, mode, i%s.Events)
	}
	for i := range s.Events {
		fmt.Fprintf(&b, `
// Step%02[1]dChanged is stored when step %[1]d was done.
message Step%02[1]dChanged {
  option (esgen.v1.event) = {};
  string reference = 1;
  int64 amount_cents = 2;
  string channel = 3;
  bool urgent = 4;
  repeated string notes = 5;
}
`, i)
	}
	return b.String()
}
