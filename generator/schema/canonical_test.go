package schema_test

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/esgen-dev/esgen/compat/confluent/protobuf"
	"github.com/esgen-dev/esgen/generator/schema"
)

// defaultBytes finds what cannot be canonical: registries leave out the quotes
// around the default of bytes, and no compiler of Protobuf reads that.
var defaultBytes = regexp.MustCompile(`(?m)^ *(optional )?bytes .*\[(default|$)`)

// holdCanonical holds that a registry accepts every Protobuf text, and stores
// it as it was sent. Then the text that is looked up is the one that is there.
func holdCanonical(t testing.TB, schemas []schema.Schema) {
	t.Helper()
	for _, s := range schemas {
		if s.Type != schema.Protobuf {
			continue
		}
		parsed, err := protobuf.Parse(protobuf.Source{Text: s.Text, Imports: imports(s, schemas)})
		if err != nil {
			t.Errorf("%s: %v\n%s", s.Key, err, s.Text)
			continue
		}
		if diff := cmp.Diff(s.Text, parsed.Canonical()); diff != "" && !defaultBytes.MatchString(s.Text) {
			t.Errorf("%s is stored as another text (-sent +stored):\n%s", s.Key, diff)
		}
		if s.Event != nil && s.Index == 0 && parsed.RecordName() != s.Key {
			t.Errorf("%s: the name of the record is %s", s.Key, parsed.RecordName())
		}
	}
}

// imports returns what a schema refers to, and what that refers to in turn.
func imports(s schema.Schema, all []schema.Schema) []protobuf.Import {
	var found []protobuf.Import
	var add func(refs []schema.Reference, direct bool)
	add = func(refs []schema.Reference, direct bool) {
		for _, ref := range refs {
			i := slices.IndexFunc(all, func(s schema.Schema) bool { return s.Event == nil && s.Key == ref.Name })
			if i < 0 || slices.ContainsFunc(found, func(i protobuf.Import) bool { return i.Name == ref.Name }) {
				continue
			}
			imp := protobuf.Import{Name: ref.Name, Text: all[i].Text}
			if direct {
				imp.Subject, imp.Version = ref.Subject, 1
			}
			found = append(found, imp)
			add(all[i].References, false)
		}
	}
	add(s.References, true)
	return found
}

func TestBuild_canonical(t *testing.T) {
	t.Parallel()
	for _, path := range archives(t) {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			sources, _ := split(archive)
			l := files(t, sources)
			schemas, findings := schema.Build(l.set, l.model, optionsOf(t, archive.Comment))
			if !refused(findings) {
				holdCanonical(t, schemas)
			}
		})
	}
}

// A group that holds more than fields is a finding because a registry refuses
// it, not because it could not be written.
func TestBuild_groupsThatAreRefused(t *testing.T) {
	t.Parallel()
	archive, err := txtar.ParseFile(filepath.Join("testdata", "refused.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	sources, _ := split(archive)
	l := files(t, sources)
	schemas, _ := schema.Build(l.set, l.model, schema.Options{})
	if _, err := protobuf.Parse(protobuf.Source{Text: schemas[0].Text}); err == nil {
		t.Errorf("accepted:\n%s", schemas[0].Text)
	}
}
