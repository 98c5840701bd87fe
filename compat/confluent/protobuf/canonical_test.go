package protobuf_test

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/esgen-dev/esgen/compat/confluent/protobuf"
)

func TestCanonical(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/canonical.txtar")
	if err != nil {
		t.Fatal(err)
	}
	files := txtar.Parse(data).Files
	for i := 0; i+1 < len(files); i += 2 {
		t.Run(files[i].Name, func(t *testing.T) {
			t.Parallel()
			s, err := protobuf.ParseStored(protobuf.Source{Text: string(files[i].Data)})
			if err != nil {
				t.Fatal(err)
			}
			got := s.Canonical()
			if diff := cmp.Diff(string(files[i+1].Data), got); diff != "" {
				t.Fatalf("(-want +got):\n%s", diff)
			}
			checkCanonical(t, s)
		})
	}
}

// checkCanonical reports when the canonical text of a schema is not valid, is
// another one for itself, or means something else.
func checkCanonical(t testing.TB, s *protobuf.Schema, imports ...protobuf.Import) {
	t.Helper()
	text := s.Canonical()
	again, err := protobuf.ParseStored(protobuf.Source{Text: text, Imports: imports})
	if err != nil {
		t.Fatalf("the canonical text is not valid: %v\n%s", err, text)
	}
	if diff := cmp.Diff(text, again.Canonical()); diff != "" {
		t.Errorf("the canonical text has another one (-first +second):\n%s", diff)
	}
	if diff := cmp.Diff(s.Types(), again.Types()); diff != "" {
		t.Errorf("types (-schema +canonical):\n%s", diff)
	}
	if got := lines(protobuf.Diff(protobuf.V2, s, again)); len(got) > 0 {
		t.Errorf("the canonical text differs from the schema: %v", got)
	}
}

// TestCanonicalOfProbes looks at the canonical texts of all probes.
func TestCanonicalOfProbes(t *testing.T) {
	t.Parallel()
	for _, p := range probes(t) {
		for _, src := range []protobuf.Source{
			{Text: p.Old, Imports: imports(p.OldDeps, p.OldRefs)},
			{Text: p.New, Imports: imports(p.NewDeps, p.NewRefs)},
		} {
			checkCanonical(t, parse(t, src), src.Imports...)
		}
	}
}
