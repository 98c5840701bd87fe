package replay_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/esgen-dev/esgen/compat/replay"
	"github.com/esgen-dev/esgen/diag"
)

// TestRules holds that every rule is worded as the others, and shown by the
// table of changes.
func TestRules(t *testing.T) {
	t.Parallel()
	shown := map[string]bool{}
	for _, c := range changes() {
		for part := range strings.SplitSeq(c.binary+", "+c.json, ", ") {
			id, _, _ := strings.Cut(part, " ")
			shown["REPLAY_"+id] = true
		}
	}
	seen := map[string]bool{}
	for _, r := range replay.Rules() {
		if seen[r.ID] {
			t.Errorf("%s is there twice", r.ID)
		}
		seen[r.ID] = true
		if !shown[r.ID] {
			t.Errorf("no change shows %s", r.ID)
		}
		if len(r.Title) > 60 || r.Title != strings.TrimSuffix(r.Title, ".") || r.Title[:1] != strings.ToLower(r.Title[:1]) {
			t.Errorf("%s: title %q", r.ID, r.Title)
		}
		if !strings.HasSuffix(r.Explain, ".") || r.Severity != diag.Error || r.Category != diag.Compat || !r.Fixed() {
			t.Errorf("%s: %+v", r.ID, r)
		}
	}
}

// TestRules_examples holds that the example of each rule breaks that rule.
func TestRules_examples(t *testing.T) {
	t.Parallel()
	comment := regexp.MustCompile(` *// (was|is)`)
	for _, r := range replay.Rules() {
		t.Run(r.ID, func(t *testing.T) {
			t.Parallel()
			was, is, ok := strings.Cut(r.Example, "\n")
			if !ok || !strings.HasSuffix(was, "// was") || !strings.HasSuffix(is, "// is") {
				t.Fatalf("two lines are expected, that say what was and what is:\n%s", r.Example)
			}
			prefix := `syntax = "proto3";`
			if strings.Contains(r.Example, "required") || strings.Contains(r.Example, "default") || strings.Contains(r.Example, "extensions") {
				prefix = `syntax = "proto2";`
			}
			text := func(line string) string {
				line = comment.ReplaceAllString(line, "")
				if strings.Contains(line, "google.") {
					line = `import "google/protobuf/timestamp.proto"; import "google/protobuf/duration.proto";` + line
				}
				if strings.Contains(line, "enum Status") {
					line += " message Opened { repeated Status status = 1; }"
				}
				if !strings.HasPrefix(line, "syntax") {
					line = prefix + line
				}
				return line
			}
			original, update := first(text(was)), first(text(is))
			if original == nil || update == nil {
				t.Fatalf("does not compile:\n%s", r.Example)
			}
			for _, c := range replay.Compare(original, update, replay.Options{JSON: true}) {
				if c.Rule == r.ID {
					return
				}
			}
			t.Errorf("does not break the rule:\n%s", r.Example)
		})
	}
}

// TestCompare_change shows one change in full, with files in other places.
func TestCompare_change(t *testing.T) {
	t.Parallel()
	original, err := replay.Link(replay.Source{Path: "v1.proto", Text: `syntax = "proto2"; message M {
  oneof by { int64 cents = 4 [default = 7, json_name = "c"]; }
}`})
	if err != nil {
		t.Fatal(err)
	}
	update, err := replay.Link(replay.Source{Path: "v2.proto", Text: `syntax = "proto2";
message M {
  oneof by {
    int32 cents = 4 [default = 7];
  }
}`})
	if err != nil {
		t.Fatal(err)
	}
	got := replay.Compare(original.Messages().Get(0), update.Messages().Get(0), replay.Options{})
	want := []replay.Change{{
		Rule: "REPLAY_FIELD_TYPE", Symbol: "M.cents", Now: "M.cents",
		Message:  `field "cents" was int64 and is int32: numbers that need more than 32 bits are cut off`,
		Old:      `oneof by { int64 cents = 4 [default = 7, json_name = "c"] }`,
		New:      `oneof by { int32 cents = 4 [default = 7] }`,
		OldAt:    diag.Position{Path: "v1.proto", Line: 2, Column: 20, EndLine: 2, EndColumn: 25},
		NewAt:    diag.Position{Path: "v2.proto", Line: 4, Column: 11, EndLine: 4, EndColumn: 16},
		Help:     "keep the type, and add a field with a new number beside it",
		Registry: "it compares wire types within a group: int64 and int32 are one",
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestCompare_texts shows how declarations are written, with what decides on
// their values.
func TestCompare_texts(t *testing.T) {
	t.Parallel()
	for was, want := range map[string]string{
		`syntax = "proto3"; message M { optional int32 a_b = 1; }`:                                            "optional int32 a_b = 1",
		`syntax = "proto3"; message M { int32 a_b = 1 [json_name = "x", deprecated = true]; }`:                `int32 a_b = 1 [json_name = "x"]`,
		`syntax = "proto3"; message M { repeated M a = 1; }`:                                                  "repeated M a = 1",
		`syntax = "proto3"; package p.v1; message M { map<string, p.v1.M> a = 1; }`:                           "map<string, M> a = 1",
		`syntax = "proto2"; message M { required bytes a = 1; }`:                                              "required bytes a = 1",
		`syntax = "proto2"; message M { optional bytes a = 1 [default = "x"]; }`:                              `optional bytes a = 1 [default = "x"]`,
		`syntax = "proto2"; message M { optional bool a = 1 [default = true]; }`:                              "optional bool a = 1 [default = true]",
		`syntax = "proto2"; message M { optional E a = 1 [default = B]; enum E { A = 0; B = 4; } }`:           "optional E a = 1 [default = B]",
		`syntax = "proto2"; message M { optional float a = 1 [default = -inf]; }`:                             "optional float a = 1 [default = -inf]",
		`syntax = "proto2"; message M { repeated group A = 1 { } }`:                                           "repeated group A a = 1",
		`syntax = "proto3"; message M { oneof o { int32 a = 1; } }`:                                           "oneof o { int32 a = 1 }",
		`edition = "2023"; message M { int32 a = 1 [features.field_presence = IMPLICIT]; }`:                   "int32 a = 1",
		`syntax = "proto3"; import "google/protobuf/empty.proto"; message M { google.protobuf.Empty a = 1; }`: "Empty a = 1",
	} {
		changes := replay.Compare(first(was), first(`syntax = "proto3"; message M {}`), replay.Options{})
		if len(changes) != 1 || changes[0].Old != want {
			t.Errorf("%s\nis written %+v, want %q", was, changes, want)
		}
	}
}
