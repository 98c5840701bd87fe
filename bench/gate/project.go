// Package gate compares what it costs to check that schemas stay compatible:
// esgen compat against what it accepted, with both of its verdicts, and buf
// breaking on the same files.
//
// All run as processes over sources on disk. They take turns. Wall and
// processor time are those of the whole tree of processes; memory is the
// largest resident set of the process itself.
//
// Nothing here asserts a duration.
package gate

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Project says what there is to check.
type Project struct {
	Files    int // each with one aggregate, in a package of its own
	Events   int // per file; each is a subject
	Fields   int // of an event, beside one that each version adds
	Versions int // that were accepted; the sources hold one more
}

// Subjects returns how many schemas there are.
func (p Project) Subjects() int { return p.Files * p.Events }

// Write makes the project below dir: sources, configuration and the accepted
// versions. Beside proto, the sources of today, stands before, the sources of
// the last accepted version.
func (p Project) Write(ctx context.Context, dir, esgen string) error {
	for name, text := range map[string]string{
		"go.mod":     "module example.com/gate\n\ngo 1.26.0\n",
		"esgen.yaml": "version: v1\nproto: {roots: [proto]}\ngenerate: {go: {out: gen}}\nregistry: {subject: record}\n",
		"buf.yaml":   "version: v2\nmodules:\n  - path: proto\n  - path: third_party\nbreaking: {use: [WIRE_JSON]}\n",
	} {
		if err := write(filepath.Join(dir, name), text); err != nil {
			return err
		}
	}
	options, err := exec.CommandContext(ctx, esgen, "options").Output()
	if err != nil {
		return fmt.Errorf("esgen options: %w", err)
	}
	for _, root := range []string{dir, filepath.Join(dir, "before")} {
		if err := write(filepath.Join(root, "third_party/esgen/v1/options.proto"), string(options)); err != nil {
			return err
		}
	}
	for version := 1; version <= p.Versions; version++ {
		if err := p.sources(filepath.Join(dir, "proto"), version); err != nil {
			return err
		}
		if _, err := run(ctx, dir, []string{esgen, "lock", "update", "--quiet"}); err != nil {
			return err
		}
	}
	before := filepath.Join(dir, "before")
	if err := p.sources(filepath.Join(before, "proto"), p.Versions); err != nil {
		return err
	}
	if err := write(filepath.Join(before, "buf.yaml"), "version: v2\nmodules:\n  - path: proto\n  - path: third_party\n"); err != nil {
		return err
	}
	return p.sources(filepath.Join(dir, "proto"), p.Versions+1)
}

// sources writes the files of a version.
func (p Project) sources(dir string, version int) error {
	for file := range p.Files {
		if err := write(filepath.Join(dir, fmt.Sprintf("area%03d/v1/order.proto", file)), p.text(file, version)); err != nil {
			return err
		}
	}
	return nil
}

func (p Project) text(file, version int) string {
	var b strings.Builder
	fmt.Fprintf(&b, `syntax = "proto3";

package area%03[1]d.v1;

import "esgen/v1/options.proto";

option go_package = "example.com/gate/gen/area%03[1]d/v1;area%03[1]dv1";

message Order {
  option (esgen.v1.aggregate) = {};
  string customer = 1;
}

message Money {
  string currency = 1;
  int64 units = 2;
}

message Place {
  option (esgen.v1.command) = { mode: MODE_CREATE emits: [`, file)
	for event := range p.Events {
		if event > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%q", fmt.Sprintf("Step%02dChanged", event))
	}
	b.WriteString("] };\n  string order_id = 1 [(esgen.v1.field).id = true];\n}\n")
	types := []string{"string", "int64", "Money", "bool", "repeated string", "map<string, int32>", "bytes", "double"}
	for event := range p.Events {
		fmt.Fprintf(&b, "\nmessage Step%02dChanged {\n  option (esgen.v1.event) = {};\n", event)
		for field := range p.Fields {
			fmt.Fprintf(&b, "  %s field_%d = %d;\n", types[field%len(types)], field, field+1)
		}
		for added := range version - 1 {
			fmt.Fprintf(&b, "  string added_%d = %d;\n", added, p.Fields+added+1)
		}
		b.WriteString("}\n")
	}
	return b.String()
}

func write(file, text string) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
		return err
	}
	return os.WriteFile(file, []byte(text), 0o600)
}
