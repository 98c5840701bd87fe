package compat_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/esgen-dev/esgen/compat"
	"github.com/esgen-dev/esgen/compat/confluent"
	"github.com/esgen-dev/esgen/compat/confluent/protobuf"
	"github.com/esgen-dev/esgen/diag"
)

// paid is an event with a field of every kind that an edit can be about.
const paid = `
-- pay/v1/pay.proto --
syntax = "proto3";
package pay.v1;
import "esgen/v1/options.proto";
import "google/protobuf/duration.proto";
import "google/protobuf/timestamp.proto";
option go_package = "example.com/pay/v1;payv1";
message Account { option (esgen.v1.aggregate) = { topic: { partitions: 1 } }; }
message Pay { option (esgen.v1.command) = { mode: MODE_CREATE emits: "Paid" }; string id = 1 [(esgen.v1.field).id = true]; }
message Paid {
  option (esgen.v1.event) = {};
  string owner = 1;
  int32 cents = 2;
  optional int32 limit = 3;
  repeated int32 steps = 4;
  map<string, int32> counts = 5;
  Line line = 6;
  Kind kind = 7;
  oneof way {
    string card = 8;
    int64 iban = 9;
  }
  oneof who {
    string agent = 10;
  }
  google.protobuf.Timestamp at = 11;
  reserved 20;
}
message Line {
  string item = 1;
  int32 count = 2;
}
message Box {
  string item = 1;
  int32 count = 2;
}
enum Kind {
  KIND_NONE = 0;
  KIND_CASH = 1;
  KIND_CARD = 2;
}
`

// causesOf says of each finding what it is about and what it says of the
// registry: that it refuses it too, that it would take it, or nothing.
func causesOf(findings []diag.Finding) []string {
	lines := []string{}
	for _, f := range findings {
		line := strings.TrimPrefix(f.Rule+" "+strings.TrimPrefix(f.Symbol, "pay.v1."), "REPLAY_")
		if _, too, ok := strings.Cut(f.Message, "; the registry refuses it too ("); ok {
			line += ": " + strings.TrimSuffix(too, ")")
		} else if strings.Contains(f.Help, "the registry would take it: ") {
			line += ": takes it"
		}
		lines = append(lines, line)
	}
	return lines
}

// edits are changes of [paid], most of them of one thing, with what has to be
// found: one line for each cause.
func edits() []struct{ want, edits []string } {
	return []struct{ want, edits []string }{
		{[]string{"FIELD_REMOVED Paid.owner: takes it"}, []string{"  string owner = 1;\n", ""}},
		{[]string{"FIELD_REMOVED Paid.owner: takes it"}, []string{"  string owner = 1;\n", "  reserved 1;\n"}},
		{[]string{"FIELD_RENUMBERED Paid.owner: takes it"}, []string{"string owner = 1", "string owner = 21"}},
		{[]string{}, []string{"string owner = 1", "string holder = 1"}},
		{[]string{"FIELD_TYPE Paid.owner: FIELD_SCALAR_KIND_CHANGED"}, []string{"string owner = 1", "int32 owner = 1"}},
		{[]string{"NUMBER_REUSED Paid.owner: FIELD_SCALAR_KIND_CHANGED"}, []string{"string owner = 1", "int32 holder = 1"}},
		{[]string{}, []string{"string owner = 1", "bytes owner = 1"}},
		{[]string{"FIELD_TYPE Paid.owner: FIELD_KIND_CHANGED"}, []string{"string owner = 1", "Line owner = 1"}},
		{[]string{"FIELD_TYPE Paid.owner: FIELD_SCALAR_KIND_CHANGED"}, []string{"string owner = 1", "Kind owner = 1"}},
		{[]string{"FIELD_CARDINALITY Paid.owner: takes it"}, []string{"string owner = 1", "repeated string owner = 1"}},
		{[]string{"FIELD_CARDINALITY Paid.owner: FIELD_KIND_CHANGED"}, []string{"string owner = 1", "map<string, string> owner = 1"}},
		{[]string{"FIELD_NAME_MOVED Paid.owner: FIELD_SCALAR_KIND_CHANGED", "FIELD_NAME_MOVED Paid.cents: FIELD_SCALAR_KIND_CHANGED"}, []string{"string owner = 1;\n  int32 cents = 2", "string owner = 2;\n  int32 cents = 1"}},
		{[]string{"FIELD_NAME_MOVED Paid.cents: takes it", "FIELD_NAME_MOVED Paid.owner: takes it"}, []string{"string owner = 1;\n  int32 cents = 2", "string cents = 1;\n  int32 owner = 2"}},
		{[]string{}, []string{"int32 cents = 2", "int64 cents = 2"}},
		{[]string{"FIELD_TYPE Paid.cents: FIELD_SCALAR_KIND_CHANGED"}, []string{"int32 cents = 2", "sint32 cents = 2"}},
		{[]string{"FIELD_TYPE Paid.cents: takes it"}, []string{"int32 cents = 2", "bool cents = 2"}},
		{[]string{"FIELD_TYPE Paid.cents: FIELD_SCALAR_KIND_CHANGED"}, []string{"int32 cents = 2", "fixed32 cents = 2"}},
		{[]string{"FIELD_TYPE Paid.cents: takes it"}, []string{"int32 cents = 2", "Kind cents = 2"}},
		{[]string{"FIELD_TYPE Paid.cents: FIELD_KIND_CHANGED"}, []string{"int32 cents = 2", "Line cents = 2"}},
		{[]string{"FIELD_CARDINALITY Paid.cents: takes it"}, []string{"int32 cents = 2", "repeated int32 cents = 2"}},
		{[]string{}, []string{"int32 cents = 2", "optional int32 cents = 2"}},
		{[]string{}, []string{"int32 cents = 2", "optional int64 cents = 2"}},
		{[]string{"RESERVED_NUMBER Paid.note: takes it"}, []string{"int32 cents = 2", "int32 cents = 2; string note = 20", "  reserved 20;\n", ""}},
		{[]string{"FIELD_PRESENCE Paid.limit: takes it"}, []string{"optional int32 limit = 3", "int32 limit = 3"}},
		{[]string{"FIELD_CARDINALITY Paid.limit: FIELD_NUMERIC_LABEL_CHANGED"}, []string{"optional int32 limit = 3", "repeated int32 limit = 3"}},
		{[]string{"FIELD_TYPE Paid.limit: FIELD_SCALAR_KIND_CHANGED"}, []string{"optional int32 limit = 3", "optional string limit = 3"}},
		{[]string{"FIELD_TYPE Paid.limit: FIELD_SCALAR_KIND_CHANGED"}, []string{"optional int32 limit = 3", "string limit = 3"}},
		{[]string{"FIELD_CARDINALITY Paid.steps: takes it"}, []string{"repeated int32 steps = 4", "int32 steps = 4"}},
		{[]string{"FIELD_CARDINALITY Paid.steps: FIELD_NUMERIC_LABEL_CHANGED"}, []string{"repeated int32 steps = 4", "optional int32 steps = 4"}},
		{[]string{"FIELD_TYPE Paid.steps: FIELD_SCALAR_KIND_CHANGED"}, []string{"repeated int32 steps = 4", "repeated string steps = 4"}},
		{[]string{"FIELD_CARDINALITY Paid.steps: FIELD_SCALAR_KIND_CHANGED"}, []string{"repeated int32 steps = 4", "string steps = 4"}},
		{[]string{"FIELD_TYPE Paid.steps: FIELD_KIND_CHANGED"}, []string{"repeated int32 steps = 4", "repeated Line steps = 4"}},
		{[]string{"FIELD_CARDINALITY Paid.steps: FIELD_KIND_CHANGED"}, []string{"repeated int32 steps = 4", "map<string, int32> steps = 4"}},
		{[]string{"FIELD_TYPE Paid.counts: FIELD_SCALAR_KIND_CHANGED"}, []string{"map<string, int32> counts = 5", "map<string, string> counts = 5"}},
		{[]string{"FIELD_TYPE Paid.counts: FIELD_SCALAR_KIND_CHANGED"}, []string{"map<string, int32> counts = 5", "map<int32, int32> counts = 5"}},
		{[]string{"FIELD_TYPE Paid.counts: FIELD_SCALAR_KIND_CHANGED"}, []string{"map<string, int32> counts = 5", "map<int32, string> counts = 5"}},
		{[]string{"FIELD_TYPE Paid.counts: FIELD_KIND_CHANGED"}, []string{"map<string, int32> counts = 5", "map<string, Line> counts = 5"}},
		{[]string{"FIELD_CARDINALITY Paid.counts: FIELD_KIND_CHANGED"}, []string{"map<string, int32> counts = 5", "int32 counts = 5"}},
		{[]string{"FIELD_CARDINALITY Paid.counts: FIELD_KIND_CHANGED"}, []string{"map<string, int32> counts = 5", "repeated Line counts = 5"}},
		{[]string{"FIELD_REMOVED Paid.counts: takes it"}, []string{"  map<string, int32> counts = 5;\n", ""}},
		{[]string{"CONFLUENT_FIELD_NAMED_TYPE_CHANGED Paid.line"}, []string{"Line line = 6", "Box line = 6"}},
		{[]string{"FIELD_TYPE Paid.line: FIELD_KIND_CHANGED"}, []string{"Line line = 6", "string line = 6"}},
		{[]string{"FIELD_TYPE Paid.line: FIELD_KIND_CHANGED"}, []string{"Line line = 6", "bytes line = 6"}},
		{[]string{"FIELD_TYPE Paid.line: FIELD_KIND_CHANGED"}, []string{"Line line = 6", "Kind line = 6"}},
		{[]string{"FIELD_CARDINALITY Paid.line: takes it"}, []string{"Line line = 6", "repeated Line line = 6"}},
		{[]string{"FIELD_TYPE Paid.line: FIELD_NAMED_TYPE_CHANGED"}, []string{"Line line = 6", "google.protobuf.Duration line = 6"}},
		{[]string{"FIELD_TYPE Paid.line: FIELD_NAMED_TYPE_CHANGED"}, []string{"Line line = 6", "Fee line = 6", "message Line {", "message Fee { int32 item = 1; }\nmessage Line {"}},
		{[]string{"NUMBER_REUSED Paid.line: FIELD_NAMED_TYPE_CHANGED"}, []string{"Line line = 6", "Box crate = 6"}},
		{[]string{"FIELD_REMOVED Paid.line: takes it"}, []string{"  Line line = 6;\n", ""}},
		{[]string{"FIELD_RENUMBERED Paid.line: takes it"}, []string{"Line line = 6", "Line line = 26"}},
		{[]string{"CONFLUENT_MESSAGE_REMOVED Line"}, []string{"Line ", "Row "}},
		{[]string{"FIELD_TYPE Line.item: FIELD_SCALAR_KIND_CHANGED"}, []string{"message Line {\n  string item = 1", "message Line {\n  int32 item = 1"}},
		{[]string{"FIELD_REMOVED Line.item: takes it"}, []string{"message Line {\n  string item = 1;\n", "message Line {\n"}},
		{[]string{"FIELD_TYPE Paid.kind: takes it"}, []string{"Kind kind = 7", "int32 kind = 7"}},
		{[]string{"FIELD_TYPE Paid.kind: FIELD_SCALAR_KIND_CHANGED"}, []string{"Kind kind = 7", "string kind = 7"}},
		{[]string{"FIELD_TYPE Paid.kind: FIELD_KIND_CHANGED"}, []string{"Kind kind = 7", "Line kind = 7"}},
		{[]string{"ENUM_VALUE_REMOVED KIND_CARD: takes it"}, []string{"Kind kind = 7", "Sort kind = 7", "enum Kind {", "enum Sort { SORT_NONE = 0; SORT_CASH = 1; }\nenum Kind {"}},
		{[]string{}, []string{"Kind ", "Sort "}},
		{[]string{"FIELD_REMOVED Paid.kind: takes it"}, []string{"  Kind kind = 7;\n", ""}},
		{[]string{"ENUM_VALUE_REMOVED KIND_CARD: takes it"}, []string{"  KIND_CARD = 2;\n", ""}},
		{[]string{"ENUM_VALUE_RENUMBERED KIND_CARD: takes it"}, []string{"KIND_CARD = 2", "KIND_CARD = 3"}},
		{[]string{"ENUM_NAME_MOVED KIND_CARD: takes it", "ENUM_NAME_MOVED KIND_CASH: takes it"}, []string{"KIND_CASH = 1;\n  KIND_CARD = 2", "KIND_CARD = 1;\n  KIND_CASH = 2"}},
		{[]string{"FIELD_REMOVED Paid.card: ONEOF_FIELD_REMOVED"}, []string{"    string card = 8;\n", ""}},
		{[]string{"FIELD_TYPE Paid.card: FIELD_SCALAR_KIND_CHANGED"}, []string{"string card = 8", "int64 card = 8"}},
		{[]string{"FIELD_RENUMBERED Paid.card: ONEOF_FIELD_REMOVED"}, []string{"string card = 8", "string card = 28"}},
		{[]string{}, []string{"string card = 8", "string pan = 8"}},
		{[]string{"NUMBER_REUSED Paid.card: FIELD_SCALAR_KIND_CHANGED"}, []string{"string card = 8", "int32 pan = 8"}},
		{[]string{"FIELD_PRESENCE Paid.card: takes it"}, []string{"    string card = 8;\n", "", "  oneof way {", "  string card = 8;\n  oneof way {"}},
		{[]string{"FIELD_REMOVED Paid.card: takes it", "FIELD_REMOVED Paid.iban: takes it"}, []string{"  oneof way {\n    string card = 8;\n    int64 iban = 9;\n  }\n", ""}},
		{[]string{"FIELD_PRESENCE Paid.card: takes it", "FIELD_PRESENCE Paid.iban: takes it"}, []string{"  oneof way {\n    string card = 8;\n    int64 iban = 9;\n  }\n", "  string card = 8;\n  int64 iban = 9;\n"}},
		{[]string{"FIELD_REMOVED Paid.agent: takes it"}, []string{"  oneof who {\n    string agent = 10;\n  }\n", ""}},
		{[]string{"FIELD_PRESENCE Paid.agent: takes it"}, []string{"  oneof who {\n    string agent = 10;\n  }\n", "  string agent = 10;\n"}},
		{[]string{"ONEOF_MERGED Paid.agent: FIELD_MOVED_TO_EXISTING_ONEOF"}, []string{"  }\n  oneof who {\n", ""}},
		{[]string{}, []string{"oneof way", "oneof path"}},
		{[]string{"ONEOF_MERGED Paid.iban: FIELD_MOVED_TO_EXISTING_ONEOF"}, []string{"    int64 iban = 9;\n  }\n  oneof who {\n", "  }\n  oneof who {\n    int64 iban = 9;\n"}},
		{[]string{}, []string{"    int64 iban = 9;\n  }\n", "  }\n  oneof more {\n    int64 iban = 9;\n  }\n"}},
		{[]string{"ONEOF_MERGED Paid.cents: MULTIPLE_FIELDS_MOVED_TO_ONEOF"}, []string{"  string owner = 1;\n  int32 cents = 2;\n", "  oneof both { string owner = 1; int32 cents = 2; }\n"}},
		{[]string{"ONEOF_MERGED Paid.cents: MULTIPLE_FIELDS_MOVED_TO_ONEOF"}, []string{"  string owner = 1;\n  int32 cents = 2;\n  optional int32 limit = 3;\n", "  oneof both { string owner = 1; int32 cents = 2; int32 limit = 3; }\n"}},
		{[]string{"FIELD_TYPE Paid.cents: FIELD_SCALAR_KIND_CHANGED", "ONEOF_MERGED Paid.cents: MULTIPLE_FIELDS_MOVED_TO_ONEOF"}, []string{"  string owner = 1;\n  int32 cents = 2;\n", "  oneof both { string owner = 1; string cents = 2; }\n"}},
		{[]string{"FIELD_REMOVED Paid.cents: takes it"}, []string{"  string owner = 1;\n  int32 cents = 2;\n", "  oneof both { string owner = 1; string note = 30; }\n"}},
		{[]string{"ONEOF_MERGED Paid.owner: FIELD_MOVED_TO_EXISTING_ONEOF"}, []string{"  string owner = 1;\n", "", "oneof way {", "oneof way {\n    string owner = 1;"}},
		{[]string{"FIELD_TYPE Paid.owner: FIELD_SCALAR_KIND_CHANGED", "ONEOF_MERGED Paid.owner: FIELD_MOVED_TO_EXISTING_ONEOF"}, []string{"  string owner = 1;\n", "", "oneof way {", "oneof way {\n    int32 owner = 1;"}},
		{[]string{"ONEOF_MERGED Paid.owner: MULTIPLE_FIELDS_MOVED_TO_ONEOF"}, []string{"  string owner = 1;\n  int32 cents = 2;\n", "", "oneof way {", "oneof way {\n    string owner = 1; int32 cents = 2;"}},
		{[]string{}, []string{"  string owner = 1;\n", "  oneof o { string owner = 1; }\n"}},
		{[]string{}, []string{"  int32 cents = 2;\n", "  oneof o { int32 cents = 2; }\n"}},
		{[]string{}, []string{"  Line line = 6;\n", "  oneof o { Line line = 6; string note = 30; }\n"}},
		{[]string{"ONEOF_MERGED Paid.kind: MULTIPLE_FIELDS_MOVED_TO_ONEOF"}, []string{"  Line line = 6;\n  Kind kind = 7;\n", "  oneof o { Line line = 6; Kind kind = 7; }\n"}},
		{[]string{"WELL_KNOWN_TYPE Paid.at: FIELD_NAMED_TYPE_CHANGED"}, []string{"google.protobuf.Timestamp at", "google.protobuf.Duration at"}},
		{[]string{"FIELD_TYPE Paid.at: FIELD_KIND_CHANGED"}, []string{"google.protobuf.Timestamp at", "int64 at"}},
		{[]string{"FIELD_TYPE Paid.at: FIELD_NAMED_TYPE_CHANGED"}, []string{"google.protobuf.Timestamp at", "Line at"}},
		{[]string{}, []string{"  oneof way {", "  oneof way {\n    string note = 30;"}},
		{[]string{}, []string{"message Line {", "message Extra {}\nmessage Line {"}},
		{[]string{"FIELD_REMOVED Paid.line: MESSAGE_REMOVED"}, []string{"message Line {\n  string item = 1;\n  int32 count = 2;\n}\n", "", "  Line line = 6;\n", ""}},
		{[]string{"NUMBER_REUSED Paid.line: FIELD_NAMED_TYPE_CHANGED"}, []string{"Line line = 6", "Fee crate = 6", "message Line {", "message Fee { int32 item = 1; }\nmessage Line {"}},
		{[]string{"FIELD_TYPE Paid.line: FIELD_NAMED_TYPE_CHANGED"}, []string{"Line line = 6", "Fee line = 6", "message Line {", "message Fee { string item = 1; Sub count = 3; }\nmessage Sub { int32 a = 1; }\nmessage Line {"}},
		{[]string{"CONFLUENT_MESSAGE_REMOVED Line", "FIELD_TYPE Line.item"}, []string{"Line ", "Row ", "message Row {\n  string item = 1", "message Row {\n  int32 item = 1"}},
		{[]string{"FIELD_TYPE Paid.line: FIELD_KIND_CHANGED"}, []string{"message Line {\n  string item = 1;\n  int32 count = 2;\n}\n", "", "Line line = 6", "string line = 6"}},
		{[]string{"FIELD_NAME_MOVED Paid.owner: takes it", "NUMBER_REUSED Paid.line: FIELD_KIND_CHANGED"}, []string{"string owner = 1", "string line2 = 1", "Line line = 6", "string owner = 6"}},
		{[]string{"FIELD_NAME_MOVED Paid.owner: FIELD_SCALAR_KIND_CHANGED"}, []string{"string owner = 1", "int32 bla = 1", "Line line = 6", "Line line = 6; string owner = 31"}},
	}
}

// TestCheck_causes makes single edits of every kind, and holds that each is one
// finding, whichever verdicts see it and wherever they see it.
func TestCheck_causes(t *testing.T) {
	t.Parallel()
	accepted := accept(t, paid)
	for _, c := range edits() {
		t.Run(strings.Join(c.edits, " becomes "), func(t *testing.T) {
			t.Parallel()
			s := declare(t, edit(t, paid, c.edits...), accepted)
			got := ask(t, transitive, s, accepted)
			if diff := cmp.Diff(c.want, causesOf(got.Findings)); diff != "" {
				t.Errorf("(-want +got):\n%s%s", diff, show(got.Findings))
			}
			// Registries before 2026 know other rules for oneofs.
			old := ask(t, confluent.Rules{Profile: protobuf.V1}, s, accepted)
			if more := len(old.Findings) - max(1, len(c.want)); more > 0 {
				t.Errorf("%d findings too many by the rules before 2026:%s", more, show(old.Findings))
			}
			// Where nothing is compared, everything passes the registry.
			none := ask(t, confluent.Rules{Level: confluent.None}, s, accepted)
			for _, line := range causesOf(none.Findings) {
				if !strings.HasSuffix(line, ": takes it") {
					t.Errorf("under none: %s", line)
				}
			}
		})
	}
}

// TestCheck_causesInJSON does the same with an event that has a JSON Schema as
// well, of which the registry has its own opinion.
func TestCheck_causesInJSON(t *testing.T) {
	t.Parallel()
	before := edit(t, paid, "option (esgen.v1.event) = {};", "option (esgen.v1.event) = { registry: { json: true } };")
	accepted := accept(t, before)
	for _, c := range edits() {
		t.Run(strings.Join(c.edits, " becomes "), func(t *testing.T) {
			t.Parallel()
			got := ask(t, transitive, declare(t, edit(t, before, c.edits...), accepted), accepted)
			names := 0 // every value of an enum is a name of its own
			for _, f := range got.Findings {
				if f.Rule == "REPLAY_JSON_ENUM_NAME" {
					names++
				}
			}
			if more := len(got.Findings) - names - max(1, len(c.want)); more > 0 {
				t.Errorf("%d findings too many:%s", more, show(got.Findings))
			}
			refused := slices.ContainsFunc(got.Subjects, func(s compat.Subject) bool { return !s.Registry.Compatible })
			lines := causesOf(got.Findings)
			if len(lines) == 1 && refused == strings.HasSuffix(lines[0], ": takes it") {
				t.Errorf("the registry refuses it: %v, and the finding says: %s", refused, lines[0])
			}
		})
	}
}

// TestCheck_causesInFull holds the wording of findings that stand for several
// changes.
func TestCheck_causesInFull(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		edits []string
		want  string
	}{
		"two fields into a oneof": {[]string{"  string owner = 1;\n  int32 cents = 2;\n", "  oneof both {\n    string owner = 1;\n    int32 cents = 2;\n  }\n"}, `
proto/pay/v1/pay.proto:13:11: fields "owner" and "cents" could both be set, and oneof "both" keeps only one of them (Paid, version 1); the registry refuses it too (MULTIPLE_FIELDS_MOVED_TO_ONEOF) [REPLAY_ONEOF_MERGED pay.v1.Paid.cents]
  was schemas/pay.v1.Paid/1.proto:10:9 int32 cents = 2
  help leave "cents" outside of oneof "both"`},
		"three fields into a oneof": {[]string{"  string owner = 1;\n  int32 cents = 2;\n  optional int32 limit = 3;\n", "  oneof both {\n    string owner = 1;\n    int32 cents = 2;\n    int32 limit = 3;\n  }\n"}, `
proto/pay/v1/pay.proto:13:11: "cents" and "limit" could be set beside "owner", and oneof "both" keeps only one of them (Paid, version 1); the registry refuses it too (MULTIPLE_FIELDS_MOVED_TO_ONEOF) [REPLAY_ONEOF_MERGED pay.v1.Paid.cents]
  was schemas/pay.v1.Paid/1.proto:10:9 int32 cents = 2
  help leave "cents" and "limit" outside of oneof "both"`},
		"a member into another oneof": {[]string{"  }\n  oneof who {\n", ""}, `
proto/pay/v1/pay.proto:21:12: "agent" could be set beside "card" and "iban", and oneof "way" keeps only one of them (Paid, version 1); the registry refuses it too (FIELD_MOVED_TO_EXISTING_ONEOF) [REPLAY_ONEOF_MERGED pay.v1.Paid.agent]
  was schemas/pay.v1.Paid/1.proto:23:12 oneof who { string agent = 10 }
  help leave "agent" in oneof "who"`},
		"another message": {[]string{"Line line = 6", "Fee line = 6", "message Line {", "message Fee { int32 item = 1; }\nmessage Line {"}, `
proto/pay/v1/pay.proto:16:7: field "line" was Line and is Fee, which cannot hold all of it: field "item" was string and is int32: the two are encoded differently, so stored values are not read any more (Paid, version 1); the registry refuses it too (FIELD_NAMED_TYPE_CHANGED) [REPLAY_FIELD_TYPE pay.v1.Paid.line]
  was schemas/pay.v1.Paid/1.proto:14:16 Line line = 6
  help keep the type, and add a field with a new number beside it`},
		"numbers swapped": {[]string{"string owner = 1;\n  int32 cents = 2", "string owner = 2;\n  int32 cents = 1"}, `
proto/pay/v1/pay.proto:11:10: field "owner" is number 2 now, and what was stored as it is read as "cents" (Paid, version 1); the registry refuses it too (FIELD_SCALAR_KIND_CHANGED) [REPLAY_FIELD_NAME_MOVED pay.v1.Paid.owner]
  was schemas/pay.v1.Paid/1.proto:9:10 string owner = 1
  help keep string owner = 1, and give the field that has its number now another one
proto/pay/v1/pay.proto:12:9: field "cents" is number 1 now, and what was stored as it is read as "owner" (Paid, version 1); the registry refuses it too (FIELD_SCALAR_KIND_CHANGED) [REPLAY_FIELD_NAME_MOVED pay.v1.Paid.cents]
  was schemas/pay.v1.Paid/1.proto:10:9 int32 cents = 2
  help keep int32 cents = 2, and give the field that has its number now another one`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want(t, check(t, transitive, paid, edit(t, paid, c.edits...)).Findings, c.want)
		})
	}
}

// TestCheck_causesOfSeveral holds what belongs together, and what does not, where
// the edits of the table are too small for it.
func TestCheck_causesOfSeveral(t *testing.T) {
	t.Parallel()
	twice := edit(t, paid, "  Line line = 6;\n", "  Line line = 6;\n  Line extra = 12;\n")
	const way = "  oneof way {\n    string card = 8;\n    int64 iban = 9;\n  }\n"
	const apart = "  string owner = 1;\n  int32 cents = 2;\n  optional int32 limit = 3;\n"
	json := edit(t, paid, "option (esgen.v1.event) = {};", "option (esgen.v1.event) = { registry: { json: true } };")
	for name, c := range map[string]struct {
		level     confluent.Level
		revisions []string
		want      []string
	}{
		// Old code would have to read both fields out of one oneof.
		"a oneof dissolved under full": {confluent.Full, []string{paid, edit(t, paid, way, "  string card = 8;\n  int64 iban = 9;\n")}, []string{
			"FIELD_PRESENCE Paid.card: MULTIPLE_FIELDS_MOVED_TO_ONEOF", "FIELD_PRESENCE Paid.iban: MULTIPLE_FIELDS_MOVED_TO_ONEOF",
		}},
		// Who puts the field back has not put the message back: the other field
		// does without.
		"a message gone, with one of its fields": {"", []string{twice, edit(t, twice,
			"  Line line = 6;\n  Line extra = 12;\n", "  Box extra = 12;\n", "message Line {\n  string item = 1;\n  int32 count = 2;\n}\n", "")}, []string{
			"CONFLUENT_MESSAGE_REMOVED Line", "FIELD_REMOVED Paid.line: takes it",
		}},
		"a message gone, with both of its fields": {"", []string{twice, edit(t, twice,
			"  Line line = 6;\n  Line extra = 12;\n", "", "message Line {\n  string item = 1;\n  int32 count = 2;\n}\n", "")}, []string{
			"FIELD_REMOVED Paid.extra: MESSAGE_REMOVED", "FIELD_REMOVED Paid.line: MESSAGE_REMOVED",
		}},
		// The JSON Schema is refused at the field, for one of the two or both.
		"two changes in a message, in JSON": {"", []string{json, edit(t, json,
			"message Line {\n  string item = 1;\n  int32 count = 2;\n", "message Line {\n  int32 item = 1;\n")}, []string{
			"FIELD_REMOVED Line.count", "FIELD_TYPE Line.item: FIELD_SCALAR_KIND_CHANGED",
		}},
		// Two versions, of which each had other fields apart.
		"into a oneof from two versions": {"", []string{
			paid, edit(t, paid, apart, "  string owner = 1;\n  oneof both { int32 cents = 2; int32 limit = 3; }\n"),
			edit(t, paid, apart, "  oneof both { string owner = 1; int32 cents = 2; int32 limit = 3; }\n"),
		}, []string{"ONEOF_MERGED Paid.owner: FIELD_MOVED_TO_EXISTING_ONEOF"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := check(t, confluent.Rules{Level: c.level}, c.revisions...).Findings
			lines := causesOf(got)
			slices.Sort(lines)
			if diff := cmp.Diff(c.want, lines); diff != "" {
				t.Errorf("(-want +got):\n%s%s", diff, show(got))
			}
		})
	}
}

// TestApprove_severalChanges holds that an approval of a finding that stands for
// several changes does not cover one more of them.
func TestApprove_severalChanges(t *testing.T) {
	t.Parallel()
	for name, c := range map[string][2][]string{
		"a third field in the oneof": {
			{"  string owner = 1;\n  int32 cents = 2;\n", "  oneof both { string owner = 1; int32 cents = 2; }\n"},
			{"  string owner = 1;\n  int32 cents = 2;\n  optional int32 limit = 3;\n", "  oneof both { string owner = 1; int32 cents = 2; int32 limit = 3; }\n"},
		},
		"one more field of the other message": {
			{"Line line = 6", "Fee line = 6", "message Line {", "message Fee { string item = 1; }\nmessage Line {"},
			{"Line line = 6", "Fee line = 6", "message Line {", "message Fee { int32 item = 1; }\nmessage Line {"},
		},
		"the message of the field": {
			{"  Line line = 6;\n", ""},
			{"  Line line = 6;\n", "", "message Line {\n  string item = 1;\n  int32 count = 2;\n}\n", ""},
		},
		"another type as well": {
			{"string owner = 1", "string holder = 1; string owner = 31"},
			{"string owner = 1", "int32 holder = 1; string owner = 31"},
		},
	} {
		first := check(t, transitive, paid, edit(t, paid, c[0]...)).Findings
		second := check(t, transitive, paid, edit(t, paid, c[1]...)).Findings
		if len(first) != 1 || len(second) != 1 || first[0].Rule != second[0].Rule || first[0].Symbol != second[0].Symbol {
			t.Errorf("%s: not the same finding twice:%s%s", name, show(first), show(second))
		} else if first[0].Fingerprint() == second[0].Fingerprint() {
			t.Errorf("%s: the approval covers it", name)
		}
	}
}
