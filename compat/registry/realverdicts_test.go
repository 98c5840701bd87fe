//go:build unix

package registry_test

import (
	"bufio"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/sr"
	"golang.org/x/sync/errgroup"

	"github.com/esgen-dev/esgen/compat/confluent"
	"github.com/esgen-dev/esgen/compat/registry"
	"github.com/esgen-dev/esgen/generator/schema"
	"github.com/esgen-dev/esgen/internal/realregistry"
)

// TestReal_verdicts asks a real registry about every probe of the rules of
// Confluent's registry, and holds the differences to a table of its version.
func TestReal_verdicts(t *testing.T) {
	t.Parallel()
	server := realregistry.ForTest(t, realregistry.Options{})
	p := newPlace(t, server.URL, rand.Text()+".probe.")
	about, err := p.client.Server(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if about.Product == "" {
		t.Skip("SKIPPED, NOT TESTED: the registry does not say which it is, so there is no table for it")
	}
	var table strings.Builder
	fmt.Fprintf(&table, "# %s %s beside the Confluent Schema Registry\n", about.Product, about.Version)
	for _, typ := range []schema.Type{schema.Protobuf, schema.JSON} {
		writeDifferences(&table, p, typ)
	}
	path := filepath.Join("testdata", "apicurio-"+about.Version+".md")
	if os.Getenv("ESGEN_REFRESH") != "" {
		if err := os.WriteFile(path, []byte(table.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		t.Fatalf("ESGEN_REFRESH is set: %s was rewritten, run again without it", path)
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("there is no table for this version, ESGEN_REFRESH=1 writes it: %v", err)
	}
	if diff := cmp.Diff(string(want), table.String()); diff != "" {
		t.Errorf("%s is stale; ESGEN_REFRESH=1 rewrites it (-disk +registry):\n%s", path, diff)
	}
}

// tried are the levels that the probes are asked about.
var tried = []confluent.Level{confluent.Backward, confluent.Forward, confluent.Full}

// writeDifferences writes what the registry says otherwise than esgen, which
// says what Confluent's would.
func writeDifferences(table *strings.Builder, p place, typ schema.Type) {
	probes := readProbes(p.T, typ)
	rows := make([]string, len(probes))
	group, _ := errgroup.WithContext(p.Context())
	group.SetLimit(4)
	for i, probe := range probes {
		group.Go(func() error {
			cells, err := probe.differences(place{T: p.T, client: p.client, raw: p.raw, prefix: fmt.Sprintf("%s%s%d.", p.prefix, typ, i)})
			rows[i] = cells
			return err
		})
	}
	if err := group.Wait(); err != nil {
		p.Fatalf("%v\n%s", err, help(err))
	}
	differ := 0
	var body strings.Builder
	for i, row := range rows {
		if row != "" {
			differ++
			fmt.Fprintf(&body, "| %s |%s\n", strings.ReplaceAll(probes[i].name(), "|", `\|`), row)
		}
	}
	fmt.Fprintf(table, "\n## %s\n\n%d of %d changes differ. A cell says what this registry does where Confluent's does the opposite.\n\n", typ, differ, len(probes))
	fmt.Fprintf(table, "| change | %s | %s | %s |\n|---|---|---|---|\n%s", tried[0], tried[1], tried[2], body.String())
}

// probe is a pair of schemas; see compat/confluent.
type probe struct {
	ID      string            `json:"id"`
	Format  schema.Type       `json:"format"`
	Old     string            `json:"old"`
	New     string            `json:"new"`
	OldDeps map[string]string `json:"old_deps"`
	NewDeps map[string]string `json:"new_deps"`
	OldRefs []probeReference  `json:"old_refs"`
	NewRefs []probeReference  `json:"new_refs"`
}

type probeReference struct {
	Name    string `json:"name"`
	Subject string `json:"subject"`
	Version int    `json:"version"`
}

func (p probe) name() string { _, name, _ := strings.Cut(p.ID, "/"); return name }

func readProbes(t *testing.T, typ schema.Type) []probe {
	t.Helper()
	file, err := os.Open(filepath.Join("..", "confluent", "testdata", "probes_"+strings.ToLower(string(typ))+".jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var all []probe
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		var p probe
		if err := json.Unmarshal(lines.Bytes(), &p); err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	if len(all) < 50 {
		t.Fatalf("%d probes of %s", len(all), typ)
	}
	return all
}

// schema returns one side of a probe.
func (p probe) schema(text string, refs []probeReference) schema.Schema {
	s := schema.Schema{Key: "probe", Subject: "schema", Type: p.Format, Text: text}
	for _, ref := range refs {
		s.References = append(s.References, schema.Reference(ref))
	}
	return s
}

// differences returns the cells of a row; "" when there is no difference.
func (p probe) differences(at place) (string, error) {
	for _, files := range []map[string]string{p.OldDeps, p.NewDeps} {
		for name, text := range files {
			// The same text again is the same version.
			if err := at.store(schema.Schema{Subject: name, Type: p.Format, Text: text}); err != nil {
				return "", err
			}
		}
	}
	if err := at.store(p.schema(p.Old, p.OldRefs)); err != nil {
		return "", err
	}
	update := at.own(p.schema(p.New, p.NewRefs))
	row, differs := "", false
	for _, level := range tried {
		if err := at.set(p.schema("", nil), level); err != nil {
			return "", err
		}
		made, _, err := at.client.Plan(at.Context(), registry.Request{Schemas: update, Local: offline})
		if err != nil {
			return "", err
		}
		cell := " "
		switch step := made.Steps[0]; {
		case step.Action == registry.Unchanged:
		case step.Server == nil:
			cell, differs = " gives no answer ", true
		case step.Server.Compatible != step.Local.Compatible:
			cell, differs = map[bool]string{true: " takes it ", false: " refuses "}[step.Server.Compatible], true
		}
		row += cell + "|"
	}
	if !differs {
		return "", nil
	}
	return row, nil
}

// store registers a schema as it is, under no level.
func (p place) store(s schema.Schema) error {
	s = p.own(s)[0]
	body := sr.Schema{Schema: s.Text}
	if err := body.Type.UnmarshalText([]byte(s.Type)); err != nil {
		return err
	}
	for _, ref := range s.References {
		body.References = append(body.References, sr.SchemaReference(ref))
	}
	_, err := p.raw.RegisterSchema(p.Context(), s.Subject, body, -1, -1)
	return err
}
