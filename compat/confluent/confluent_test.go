package confluent_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/esgen-dev/esgen/compat/confluent"
	"github.com/esgen-dev/esgen/compat/confluent/jsonschema"
	"github.com/esgen-dev/esgen/compat/confluent/protobuf"
	"github.com/esgen-dev/esgen/generator/schema"
)

// pool returns schemas that differ from each other in many ways.
func pool(t *testing.T) map[schema.Type][]*confluent.Schema {
	t.Helper()
	pool := map[schema.Type][]*confluent.Schema{}
	for _, file := range []string{"probes_protobuf.jsonl", "probes_json.jsonl"} {
		for _, p := range probes(t, file) {
			pool[p.Format] = append(pool[p.Format],
				mustParse(t, p.source(p.Old, p.OldDeps, p.OldRefs)), mustParse(t, p.source(p.New, p.NewDeps, p.NewRefs)))
		}
	}
	return pool
}

// history draws some schemas, mostly of one type.
func draw(r *rand.Rand, pool map[schema.Type][]*confluent.Schema, n int) []*confluent.Schema {
	of := schema.Protobuf
	if r.IntN(2) == 0 {
		of = schema.JSON
	}
	var drawn []*confluent.Schema
	for range n {
		from := pool[of]
		if r.IntN(20) == 0 {
			from = slices.Concat(pool[schema.Protobuf], pool[schema.JSON])
		}
		drawn = append(drawn, from[r.IntN(len(from))])
	}
	return drawn
}

// The levels say the same things as each other, over random histories: forward
// is backward with the sides swapped, full is both, forward first, and a
// transitive level asks about all versions, newest first, up to the first one
// that is incompatible.
func TestCheck_levels(t *testing.T) {
	t.Parallel()
	all := pool(t)
	r := rand.New(rand.NewPCG(4, 11))
	for range 4000 {
		drawn := draw(r, all, 1+r.IntN(7))
		update, past := drawn[0], drawn[1:]
		rules := confluent.Rules{Profile: protobuf.V1 + protobuf.Profile(r.IntN(2)), Policy: jsonschema.Policy(r.IntN(2))}
		at := func(level confluent.Level, update *confluent.Schema, past ...*confluent.Schema) confluent.Verdict {
			rules := rules
			rules.Level = level
			return rules.Check(update, past)
		}
		if got := at(confluent.None, update, past...); !got.Compatible || got.Checks != nil {
			t.Fatalf("NONE compares: %+v", got)
		}
		for _, level := range []confluent.Level{confluent.Backward, confluent.Forward, confluent.Full} {
			want := confluent.Verdict{Compatible: true}
			for i := len(past) - 1; i >= 0 && want.Compatible; i-- {
				step := expected(at, level, update, past[i])
				for j := range step.Checks {
					step.Checks[j].Version = i
				}
				if i == len(past)-1 {
					if diff := cmp.Diff(step, at(level, update, past...)); diff != "" {
						t.Fatalf("%s asks about another version than the last (-want +got):\n%s", level, diff)
					}
				}
				want.Compatible = step.Compatible
				want.Checks = append(want.Checks, step.Checks...)
			}
			if diff := cmp.Diff(want, at(level+"_TRANSITIVE", update, past...)); diff != "" {
				t.Fatalf("%s_TRANSITIVE over %d versions (-want +got):\n%s", level, len(past), diff)
			}
		}
	}
}

// expected makes the verdict on one version out of backward verdicts alone.
func expected(at func(confluent.Level, *confluent.Schema, ...*confluent.Schema) confluent.Verdict, level confluent.Level, update, version *confluent.Schema) confluent.Verdict {
	backward := at(confluent.Backward, update, version)
	forward := at(confluent.Backward, version, update)
	for i := range forward.Checks {
		forward.Checks[i].Forward = true
	}
	switch level {
	case confluent.Backward:
		return backward
	case confluent.Forward:
		return forward
	default:
		return confluent.Verdict{Compatible: backward.Compatible && forward.Compatible, Checks: append(forward.Checks, backward.Checks...)}
	}
}

func TestCheck_nothingBefore(t *testing.T) {
	t.Parallel()
	update := pool(t)[schema.Protobuf][0]
	for _, level := range confluent.Levels() {
		if got := (confluent.Rules{Level: level, Profile: protobuf.V2}).Check(update, nil); !got.Compatible {
			t.Errorf("%s refuses the first version of a subject", level)
		}
	}
}

func TestCheck_otherType(t *testing.T) {
	t.Parallel()
	all := pool(t)
	proto, json := all[schema.Protobuf][0], all[schema.JSON][0]
	for _, level := range confluent.Levels() {
		got := confluent.Rules{Level: level, Profile: protobuf.V2}.Check(json, []*confluent.Schema{proto})
		if want := level == confluent.None; got.Compatible != want {
			t.Errorf("%s: Protobuf to JSON Schema is compatible: %v, want %v", level, got.Compatible, want)
		}
	}
}

func TestParse_invalid(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		src  confluent.Source
		want confluent.InvalidError
	}{
		"protobuf": {
			confluent.Source{Type: schema.Protobuf, Text: "syntax = \"proto3\";\nmessage E {\n  Nope n = 1;\n}\n"},
			confluent.InvalidError{Line: 3, Column: 3},
		},
		"json": {confluent.Source{Type: schema.JSON, Text: "{\n  \"type\": \"strin\"}"}, confluent.InvalidError{Line: 2}},
		"avro": {confluent.Source{Type: "AVRO", Text: `"string"`}, confluent.InvalidError{}},
		"an import": {
			confluent.Source{Type: schema.Protobuf, Text: "syntax = \"proto3\"; import \"a.proto\"; message E { A a = 1; }", Imports: []confluent.Import{{Name: "a.proto", Text: "message"}}},
			confluent.InvalidError{Import: "a.proto", Line: 1},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := confluent.Parse(c.src)
			var invalid *confluent.InvalidError
			if !errors.As(err, &invalid) || invalid.Message == "" {
				t.Fatalf("got %v, want an InvalidError", err)
			}
			if invalid.Import != c.want.Import || invalid.Line != c.want.Line || c.want.Column > 0 && invalid.Column != c.want.Column {
				t.Errorf("got %+v, want %+v", invalid, c.want)
			}
		})
	}
}

// The id is the hash of text and references, so it can be computed by hand.
func TestGUID(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		refs []schema.Reference
		want string
	}{
		"no references": {"abc", nil, "90015098-3cd2-4fb0-d696-3f7d28e17f72"}, // MD5 of "abc"
		"a reference": { // MD5 of "abcab" 0 0 0 7
			"abc", []schema.Reference{{Name: "a", Subject: "b", Version: 7}}, "50e0a3e6-8798-a5d9-96f7-bb0e42399db9",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := confluent.GUID(c.text, c.refs); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestParseLevel(t *testing.T) {
	t.Parallel()
	for _, level := range confluent.Levels() {
		if got, err := confluent.ParseLevel(string(level)); err != nil || got != level {
			t.Errorf("ParseLevel(%q) = %q, %v", level, got, err)
		}
	}
	if got, err := confluent.ParseLevel("full_transitive"); err != nil || got != confluent.FullTransitive {
		t.Errorf("small letters: %q, %v", got, err)
	}
	if _, err := confluent.ParseLevel("SIDEWAYS"); err == nil {
		t.Error("SIDEWAYS is a level")
	}
}
