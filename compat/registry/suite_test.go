package registry_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/sr"

	"github.com/esgen-dev/esgen/compat/confluent"
	"github.com/esgen-dev/esgen/compat/registry"
	"github.com/esgen-dev/esgen/compat/registry/registrytest"
	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/generator/schema"
)

// TestSuite runs the suite on the registry in memory; TestReal does on a real
// one.
func TestSuite(t *testing.T) {
	t.Parallel()
	suite(t, func(t *testing.T) place {
		t.Helper()
		return newPlace(t, start(t, registrytest.Options{}).URL(), "")
	})
}

// suite is what is true of every registry, told by what is in it: nothing else
// can be seen of a real one.
func suite(t *testing.T, where func(*testing.T) place) {
	t.Helper()
	for name, test := range map[string]func(place){
		"new":                 suiteNew,
		"evolved":             suiteEvolved,
		"refused":             suiteRefused,
		"invalid":             suiteInvalid,
		"transitive":          suiteTransitive,
		"references":          suiteReferences,
		"reference evolved":   suiteReferenceEvolved,
		"reference not there": suiteReferenceMissing,
		"reverted":            suiteReverted,
		"drift":               suiteDrift,
		"second writer":       suiteSecondWriter,
		"deleted":             suiteDeleted,
		"level":               suiteLevel,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(where(t))
		})
	}
}

// place is a part of a registry that only one test writes to: subjects with a
// prefix of their own.
type place struct {
	*testing.T

	client *registry.Client
	raw    *sr.Client // somebody else
	prefix string
}

func newPlace(t *testing.T, url, prefix string) place {
	t.Helper()
	raw, err := sr.NewClient(sr.URLs(url), sr.HTTPClient(&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}))
	if err != nil {
		t.Fatal(err)
	}
	return place{T: t, client: open(t, url), raw: raw, prefix: prefix}
}

// own returns schemas under the subjects of the place.
func (p place) own(schemas ...schema.Schema) []schema.Schema {
	all := slices.Clone(schemas)
	for i := range all {
		all[i].Subject = p.prefix + all[i].Subject
		all[i].References = slices.Clone(all[i].References)
		for j := range all[i].References {
			all[i].References[j].Subject = p.prefix + all[i].References[j].Subject
		}
	}
	return all
}

// plan plans under a level, which is set.
func (p place) plan(level confluent.Level, schemas ...schema.Schema) (registry.Plan, []diag.Finding) {
	p.Helper()
	made, findings := plan(p.T, p.client, registry.Request{Schemas: p.own(schemas...), Level: level, SetLevel: true})
	return made, notable(findings)
}

// notable leaves out what is only said, such as which registry it is.
func notable(findings []diag.Finding) []diag.Finding {
	return slices.DeleteFunc(findings, func(f diag.Finding) bool { return f.Severity == diag.Info })
}

// register plans and applies, and returns lines such as "create x version 1".
func (p place) register(level confluent.Level, schemas ...schema.Schema) []string {
	p.Helper()
	made, findings := p.plan(level, schemas...)
	result, err := p.client.Apply(p.Context(), made, nil)
	if err != nil {
		p.Fatalf("apply: %v\n%v", err, findings)
	}
	var lines []string
	for _, o := range result.Done {
		lines = append(lines, fmt.Sprintf("%s %s version %d", o.Action, strings.TrimPrefix(o.Subject, p.prefix), o.Version))
	}
	return lines
}

// put registers a schema as somebody else.
func (p place) put(s schema.Schema) {
	p.Helper()
	s = p.own(s)[0]
	if _, err := p.raw.RegisterSchema(p.Context(), s.Subject, sr.Schema{Schema: s.Text, Type: sr.TypeProtobuf}, -1, -1); err != nil {
		p.Fatal(err)
	}
}

// texts returns the texts of a schema's subject, oldest first.
func (p place) texts(s schema.Schema) []string {
	p.Helper()
	stored, err := p.client.Fetch(p.Context(), []string{p.own(s)[0].Subject})
	if err != nil {
		p.Fatalf("%v\n%s", err, help(err))
	}
	var texts []string
	for i, version := range stored {
		if version.Version != i+1 {
			p.Errorf("version %d comes as number %d", version.Version, i+1)
		}
		texts = append(texts, version.Text)
	}
	return texts
}

// wantTexts holds a subject to have versions, and no others.
func (p place) wantTexts(want ...schema.Schema) {
	p.Helper()
	var texts []string
	for _, s := range want {
		texts = append(texts, s.Text)
	}
	if diff := cmp.Diff(texts, p.texts(want[0])); diff != "" {
		p.Errorf("versions (-want +got):\n%s", diff)
	}
}

// set sets the level of a schema's subject as somebody else.
func (p place) set(s schema.Schema, level confluent.Level) error {
	var to sr.SetCompatibility
	if err := to.Level.UnmarshalText([]byte(level)); err != nil {
		return err
	}
	return p.raw.SetCompatibility(p.Context(), to, p.own(s)[0].Subject)[0].Err
}

func wantLines(t *testing.T, got []string, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
