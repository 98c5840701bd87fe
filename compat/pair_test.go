package compat_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/esgen-dev/esgen/compat"
	"github.com/esgen-dev/esgen/compat/confluent"
	"github.com/esgen-dev/esgen/generator/schema"
)

const (
	head = "syntax = \"proto3\";\npackage a;\n"
	ab   = head + "message A {\n  string x = 1;\n}\nmessage B {\n  C c = 1;\n}\nmessage C {\n  int32 n = 1;\n}\n"
)

func proto(text string, imports ...confluent.Import) confluent.Source {
	return confluent.Source{Type: schema.Protobuf, Text: text, Imports: imports}
}

func TestCompare(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		pair    compat.Pair
		invalid string // which of the two is
		taken   bool   // by the registry
		decided bool
		replay  string
		unread  bool
	}{
		"same":            {pair: compat.Pair{Old: proto(ab), New: proto(ab)}, taken: true, decided: true},
		"type":            {pair: compat.Pair{Old: proto(ab), New: proto(strings.Replace(ab, "string x", "int32 x", 1))}, decided: true, replay: "REPLAY_FIELD_TYPE a.A.x 4"},
		"message gone":    {pair: compat.Pair{Old: proto(ab), New: proto(head + "message A {\n  string x = 1;\n}\n")}, decided: true, replay: "MESSAGE_VANISHED a.B 6, MESSAGE_VANISHED a.C 9"},
		"another name":    {pair: compat.Pair{Old: proto(ab), New: proto(strings.Replace(ab, "message A", "message Z", 1))}, decided: true},
		"another package": {pair: compat.Pair{Old: proto(ab), New: proto(strings.Replace(ab, "package a;", "package z;", 1))}, decided: true},
		"of two messages once": {
			pair:    compat.Pair{Old: proto(ab), New: proto(strings.Replace(ab, "int32 n", "string n", 1))},
			decided: true, replay: "REPLAY_FIELD_TYPE a.C.n 10",
		},
		"old invalid":  {pair: compat.Pair{Old: proto("message"), New: proto(ab)}, invalid: "old"},
		"new invalid":  {pair: compat.Pair{Old: proto(ab), New: proto("message")}, invalid: "new"},
		"both invalid": {pair: compat.Pair{Old: proto("x"), New: proto("y")}, invalid: "old"},
		"empty":        {pair: compat.Pair{Old: proto(""), New: proto("")}, taken: true, decided: true},
		"other type":   {pair: compat.Pair{Old: proto(ab), New: confluent.Source{Type: schema.JSON, Text: `{}`}}},
		"no type":      {pair: compat.Pair{Old: confluent.Source{Type: "AVRO", Text: `{}`}, New: proto(ab)}, invalid: "old"},
		"break in an import": {
			pair: compat.Pair{
				Old: proto(head+"import \"b.proto\";\nmessage A {\n  b.B x = 1;\n}\n", confluent.Import{Name: "b.proto", Text: "syntax = \"proto3\";\npackage b;\nmessage B {\n\n  int32 y = 1;\n}\n"}),
				New: proto(head+"import \"b.proto\";\nmessage A {\n  b.B x = 1;\n}\n", confluent.Import{Name: "b.proto", Text: "syntax = \"proto3\";\npackage b;\nmessage B {\n  string y = 1;\n}\n"}),
			},
			decided: true, replay: "REPLAY_FIELD_TYPE b.B.y 5",
		},
		"JSON":           {pair: compat.Pair{Old: confluent.Source{Type: schema.JSON, Text: `{"type":"string"}`}, New: confluent.Source{Type: schema.JSON, Text: `{"type":"string"}`}}, taken: true},
		"not compilable": {pair: compat.Pair{Old: proto(ab), New: proto(ab + "message D { Nowhere x = 1; }\n")}, invalid: "new"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := compat.Compare(transitive, c.pair)
			invalid := ""
			if got.Invalid != nil {
				invalid = map[bool]string{true: "new", false: "old"}[got.InNew]
			}
			var list []string
			for _, change := range got.Replay {
				list = append(list, fmt.Sprintf("%s %s %d", change.Rule, change.Symbol, change.OldAt.Line))
			}
			if diff := cmp.Diff([]any{c.invalid, c.taken, c.decided, c.replay, c.unread},
				[]any{invalid, got.Registry.Compatible, got.ReplayDecided, strings.Join(list, ", "), got.Unread != nil}); diff != "" {
				t.Errorf("(-want +got):\n%s\n%+v", diff, got)
			}
			if readable := invalid == "" && c.replay == "" && !c.unread; got.Readable() != readable {
				t.Errorf("readable: %v", got.Readable())
			}
		})
	}
}
