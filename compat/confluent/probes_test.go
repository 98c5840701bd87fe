package confluent_test

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/esgen-dev/esgen/compat/confluent"
	"github.com/esgen-dev/esgen/compat/confluent/jsonschema"
	"github.com/esgen-dev/esgen/compat/confluent/protobuf"
	"github.com/esgen-dev/esgen/generator/schema"
)

// probe is a pair of schemas with what the registry says to it.
type probe struct {
	ID      string            `json:"id"`
	Format  schema.Type       `json:"format"`
	Old     string            `json:"old"`
	New     string            `json:"new"`
	OldDeps map[string]string `json:"old_deps"`
	NewDeps map[string]string `json:"new_deps"`
	OldRefs []reference       `json:"old_refs"`
	NewRefs []reference       `json:"new_refs"`
	Changes []string          `json:"changes"`

	Compatible         bool  `json:"compatible"`
	ForwardCompatible  bool  `json:"forward_compatible"`
	FullCompatible     bool  `json:"full_compatible"`
	CompatibleOld      *bool `json:"compatible_old_profile"`
	ForwardOld         *bool `json:"forward_old_profile"`
	CompatibleLenient  *bool `json:"compatible_lenient"`
	ForwardLenient     *bool `json:"forward_lenient"`
	FullLenientVerdict *bool `json:"full_lenient"`
}

type reference struct {
	Name    string `json:"name"`
	Subject string `json:"subject"`
	Version int    `json:"version"`
}

func probes(t *testing.T, name string) []probe {
	t.Helper()
	file, err := os.Open("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	var all []probe
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		var p probe
		if err := json.Unmarshal(lines.Bytes(), &p); err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	return all
}

func (p probe) source(text string, deps map[string]string, refs []reference) confluent.Source {
	src := confluent.Source{Type: p.Format, Text: text}
	for _, ref := range refs {
		src.Imports = append(src.Imports, confluent.Import{Name: ref.Name, Text: deps[ref.Name], Subject: ref.Subject, Version: ref.Version})
	}
	return src
}

func mustParse(t *testing.T, src confluent.Source) *confluent.Schema {
	t.Helper()
	s, err := confluent.Parse(src)
	if err != nil {
		t.Fatalf("%v\n%s", err, src.Text)
	}
	return s
}

// The verdicts and differences of every probe, at every level and under every
// profile and policy that it says something about.
func TestCheck_probes(t *testing.T) {
	t.Parallel()
	for file, count := range map[string]int{"probes_protobuf.jsonl": 75, "probes_json.jsonl": 53} {
		all := probes(t, file)
		if len(all) != count {
			t.Errorf("%s holds %d probes, want %d", file, len(all), count)
		}
		for _, p := range all {
			t.Run(p.ID, func(t *testing.T) {
				t.Parallel()
				p.check(t)
			})
		}
	}
}

func (p probe) check(t *testing.T) {
	t.Helper()
	older := mustParse(t, p.source(p.Old, p.OldDeps, p.OldRefs))
	newer := mustParse(t, p.source(p.New, p.NewDeps, p.NewRefs))
	for _, c := range []struct {
		rules confluent.Rules
		want  *bool
	}{
		{confluent.Rules{Level: confluent.Backward, Profile: protobuf.V2}, &p.Compatible},
		{confluent.Rules{Level: confluent.Forward, Profile: protobuf.V2}, &p.ForwardCompatible},
		{confluent.Rules{Level: confluent.Full, Profile: protobuf.V2}, &p.FullCompatible},
		{confluent.Rules{Level: confluent.Backward, Profile: protobuf.V1}, p.CompatibleOld},
		{confluent.Rules{Level: confluent.Forward, Profile: protobuf.V1}, p.ForwardOld},
		{confluent.Rules{Level: confluent.Backward, Policy: jsonschema.Lenient, Profile: protobuf.V2}, p.CompatibleLenient},
		{confluent.Rules{Level: confluent.Forward, Policy: jsonschema.Lenient, Profile: protobuf.V2}, p.ForwardLenient},
		{confluent.Rules{Level: confluent.Full, Policy: jsonschema.Lenient, Profile: protobuf.V2}, p.FullLenientVerdict},
	} {
		if c.want == nil {
			continue
		}
		for level := range map[confluent.Level]bool{c.rules.Level: true, c.rules.Level + "_TRANSITIVE": true} {
			c.rules.Level = level
			if got := c.rules.Check(newer, []*confluent.Schema{older}); got.Compatible != *c.want {
				t.Errorf("%+v: compatible is %v, want %v", c.rules, got.Compatible, *c.want)
			}
		}
	}
	var got []string
	rules := confluent.Rules{Level: confluent.Backward, Profile: protobuf.V2}
	for _, d := range rules.Check(newer, []*confluent.Schema{older}).Differences() {
		got = append(got, d.Type+" "+d.Path)
	}
	if len(got)+len(p.Changes) > 0 && !cmp.Equal(p.Changes, got) {
		t.Errorf("differences (-want +got):\n%s", cmp.Diff(p.Changes, got))
	}
}
