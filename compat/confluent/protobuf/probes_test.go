package protobuf_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/esgen-dev/esgen/compat/confluent/protobuf"
)

// probe is a line of probes_protobuf.jsonl: two schemas, and what the registry
// answers for each direction and profile.
type probe struct {
	ID      string            `json:"id"`
	Old     string            `json:"old"`
	New     string            `json:"new"`
	OldDeps map[string]string `json:"old_deps"`
	NewDeps map[string]string `json:"new_deps"`
	OldRefs []reference       `json:"old_refs"`
	NewRefs []reference       `json:"new_refs"`

	Compatible   bool     `json:"compatible"`
	CompatibleV1 bool     `json:"compatible_old_profile"`
	Forward      bool     `json:"forward_compatible"`
	ForwardV1    bool     `json:"forward_old_profile"`
	Full         bool     `json:"full_compatible"`
	Changes      []string `json:"changes"`
}

type reference struct {
	Name    string `json:"name"`
	Subject string `json:"subject"`
	Version int    `json:"version"`
}

func imports(deps map[string]string, refs []reference) []protobuf.Import {
	var all []protobuf.Import
	for _, name := range slices.Sorted(maps.Keys(deps)) {
		imp := protobuf.Import{Name: name, Text: deps[name]}
		for _, ref := range refs {
			if ref.Name == name {
				imp.Subject, imp.Version = ref.Subject, ref.Version
			}
		}
		all = append(all, imp)
	}
	return all
}

func probes(t testing.TB) []probe {
	t.Helper()
	data, err := os.ReadFile("../testdata/probes_protobuf.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	var all []probe
	for lines := bufio.NewScanner(bytes.NewReader(data)); lines.Scan(); {
		var p probe
		if err := json.Unmarshal(lines.Bytes(), &p); err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	return all
}

func TestProbes(t *testing.T) {
	t.Parallel()
	all := probes(t)
	if len(all) != 75 {
		t.Fatalf("there are %d probes, want 75", len(all))
	}
	for _, p := range all {
		t.Run(p.ID, func(t *testing.T) {
			t.Parallel()
			old := parse(t, protobuf.Source{Text: p.Old, Imports: imports(p.OldDeps, p.OldRefs)})
			update := parse(t, protobuf.Source{Text: p.New, Imports: imports(p.NewDeps, p.NewRefs)})
			if diff := cmp.Diff(p.Changes, lines(protobuf.Diff(protobuf.V2, old, update))); diff != "" {
				t.Errorf("differences (-want +got):\n%s", diff)
			}
			for _, verdict := range []struct {
				name      string
				want, got bool
			}{
				{"backward", p.Compatible, compatible(protobuf.V2, old, update)},
				{"backward v1", p.CompatibleV1, compatible(protobuf.V1, old, update)},
				{"forward", p.Forward, compatible(protobuf.V2, update, old)},
				{"forward v1", p.ForwardV1, compatible(protobuf.V1, update, old)},
				{"full", p.Full, compatible(protobuf.V2, old, update) && compatible(protobuf.V2, update, old)},
			} {
				if verdict.got != verdict.want {
					t.Errorf("%s compatible = %v, want %v", verdict.name, verdict.got, verdict.want)
				}
			}
		})
	}
}

func parse(t testing.TB, src protobuf.Source) *protobuf.Schema {
	t.Helper()
	s, err := protobuf.Parse(src)
	if err != nil {
		t.Fatalf("%v\n%.500s", err, src.Text)
	}
	return s
}

func lines(differences []protobuf.Difference) []string {
	all := make([]string, len(differences))
	for i, d := range differences {
		all[i] = d.Type.String() + " " + d.Path
	}
	return all
}

func compatible(profile protobuf.Profile, original, update *protobuf.Schema) bool {
	return !slices.ContainsFunc(protobuf.Diff(profile, original, update), func(d protobuf.Difference) bool { return !d.Type.Compatible() })
}
