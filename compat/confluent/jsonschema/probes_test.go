package jsonschema_test

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/esgen-dev/esgen/compat/confluent/jsonschema"
)

// probe is a line of testdata/probes_json.jsonl: a pair, the verdicts of the
// registry in both directions under both policies, and its differences.
type probe struct {
	ID, Old, New string
	Compatible   bool
	Forward      bool `json:"forward_compatible"`
	Full         bool `json:"full_compatible"`
	Lenient      bool `json:"compatible_lenient"`
	ForwardL     bool `json:"forward_lenient"`
	FullL        bool `json:"full_lenient"`
	Changes      []string
}

func TestDiff_probes(t *testing.T) {
	t.Parallel()
	file, err := os.Open("../testdata/probes_json.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines, count := bufio.NewScanner(file), 0
	for ; lines.Scan(); count++ {
		var p probe
		if err := json.Unmarshal(lines.Bytes(), &p); err != nil {
			t.Fatal(err)
		}
		t.Run(p.ID, func(t *testing.T) {
			t.Parallel()
			old, update := parse(t, p.Old), parse(t, p.New)
			if d := cmp.Diff(p.Changes, list(jsonschema.Diff(jsonschema.Strict, old, update))); d != "" {
				t.Errorf("differences (-want +got):\n%s", d)
			}
			got := probe{
				Compatible: ok(jsonschema.Strict, old, update), Forward: ok(jsonschema.Strict, update, old),
				Lenient: ok(jsonschema.Lenient, old, update), ForwardL: ok(jsonschema.Lenient, update, old),
			}
			got.Full, got.FullL = got.Compatible && got.Forward, got.Lenient && got.ForwardL
			want := p
			want.ID, want.Old, want.New, want.Changes = "", "", "", nil
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("verdicts (-want +got):\n%s", d)
			}
		})
	}
	if count != 53 {
		t.Errorf("%d probes were run, want 53", count)
	}
}

func parse(t testing.TB, text string, imports ...jsonschema.Import) *jsonschema.Schema {
	t.Helper()
	s, err := jsonschema.Parse(jsonschema.Source{Text: text, Imports: imports})
	if err != nil {
		t.Fatalf("parse %.200s: %v", text, err)
	}
	return s
}

func list(differences []jsonschema.Difference) []string {
	texts := []string{}
	for _, d := range differences {
		texts = append(texts, d.String())
	}
	return texts
}

func ok(p jsonschema.Policy, original, update *jsonschema.Schema) bool {
	for _, d := range jsonschema.Diff(p, original, update) {
		if !d.Type.Compatible(p) {
			return false
		}
	}
	return true
}
