package registry_test

import (
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/esgen-dev/esgen/compat/confluent"
	"github.com/esgen-dev/esgen/compat/confluent/protobuf"
	"github.com/esgen-dev/esgen/compat/registry"
	"github.com/esgen-dev/esgen/compat/registry/registrytest"
	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/generator/schema"
)

func TestPlan_newSubject(t *testing.T) {
	t.Parallel()
	server := start(t, registrytest.Options{Level: confluent.FullTransitive})
	p, findings := plan(t, open(t, server.URL()), registry.Request{Schemas: []schema.Schema{opened("string owner = 1")}})
	if len(findings) > 0 {
		t.Errorf("findings of a new subject: %+v", findings)
	}
	step := p.Steps[0]
	if step.Action != registry.Create || step.Level != confluent.FullTransitive || step.Latest != 0 || step.Server == nil || !step.Server.Compatible {
		t.Errorf("got %+v", step)
	}
	if p.Server.Version != "8.3.2" || p.Server.Profile != protobuf.V2 || p.Server.Assumed != "" {
		t.Errorf("got server %+v", p.Server)
	}
	if len(server.Writes()) > 0 {
		t.Errorf("a plan wrote %v", written(server))
	}
}

func TestPlan_update(t *testing.T) {
	t.Parallel()
	server := start(t, registrytest.Options{Level: confluent.BackwardTransitive})
	seed(t, server, opened("string owner = 1"), opened("string owner = 1", "int64 limit = 2"))
	p, findings := plan(t, open(t, server.URL()), registry.Request{
		Schemas: []schema.Schema{opened("string owner = 1", "int64 limit = 2", "string branch = 3")},
	})
	if len(findings) > 0 {
		t.Errorf("findings: %+v", findings)
	}
	if step := p.Steps[0]; step.Action != registry.Update || step.Latest != 2 || !slices.Equal(step.Against, []int{2, 1}) {
		t.Errorf("got %+v", step)
	}
}

// The question has to be about all versions, or a transitive level is not
// checked at all.
func TestPlan_transitive(t *testing.T) {
	t.Parallel()
	for level, want := range map[confluent.Level]registry.Action{
		confluent.Backward: registry.Update, confluent.BackwardTransitive: registry.Refused,
	} {
		server := start(t, registrytest.Options{Level: level})
		seed(t, server, opened("string owner = 1", "int32 limit = 2"), opened("string owner = 1"))
		p, findings := plan(t, open(t, server.URL()), registry.Request{Schemas: []schema.Schema{opened("string owner = 1", "string limit = 2")}})
		if p.Steps[0].Action != want {
			t.Errorf("%s: got %s, want %s", level, p.Steps[0].Action, want)
		}
		if want != registry.Refused {
			continue
		}
		f := find(t, findings, "REGISTRY_REFUSED")
		for _, part := range []string{"versions 1 to 2", "BACKWARD_TRANSITIVE"} {
			if !strings.Contains(f.Message, part) {
				t.Errorf("%q does not say %q", f.Message, part)
			}
		}
		for _, part := range []string{"FIELD_SCALAR_KIND_CHANGED: ", "compared with version 1"} {
			if !strings.Contains(f.Help, part) {
				t.Errorf("%q does not say %q", f.Help, part)
			}
		}
		if strings.Contains(f.Help, "oldSchema") || strings.Contains(f.Help, "errorType") {
			t.Errorf("the help is not for people: %s", f.Help)
		}
		if f.Position.Line != 7 {
			t.Errorf("no position: %+v", f)
		}
	}
}

func TestPlan_unchanged(t *testing.T) {
	t.Parallel()
	server := start(t, registrytest.Options{})
	client := open(t, server.URL())
	register(t, client, deposited(), money("int64 units = 1"), opened("string owner = 1"))
	p, findings := plan(t, client, registry.Request{Schemas: []schema.Schema{deposited(), money("int64 units = 1"), opened("string owner = 1")}})
	want := []string{"unchanged acme/v1/money.proto", "unchanged bank.account-bank.v1.Deposited", "unchanged bank.account-bank.v1.AccountOpened"}
	if diff := cmp.Diff(want, actions(p)); diff != "" || len(findings) > 0 {
		t.Errorf("%s%v", diff, findings)
	}
	if step := p.Steps[1]; step.Version != 1 || step.ID == 0 || step.GUID == "" {
		t.Errorf("what is there has no numbers: %+v", step)
	}
}

func TestPlan_references(t *testing.T) {
	t.Parallel()
	server := start(t, registrytest.Options{})
	client := open(t, server.URL())
	t.Run("neither there nor planned", func(t *testing.T) {
		t.Parallel()
		p, findings := plan(t, client, registry.Request{Schemas: []schema.Schema{deposited()}})
		if p.Steps[0].Action != registry.Refused || !strings.Contains(find(t, findings, "REGISTRY_REFERENCE").Message, "acme/v1/money.proto") {
			t.Errorf("got %+v and %+v", p.Steps, findings)
		}
	})
	t.Run("planned", func(t *testing.T) {
		t.Parallel()
		var asked []registry.Question
		p, _ := plan(t, client, registry.Request{
			Schemas: []schema.Schema{deposited(), money("int64 units = 1")},
			Local: func(q registry.Question) registry.Verdict {
				asked = append(asked, q)
				return offline(q)
			},
		})
		if diff := cmp.Diff([]string{"create acme/v1/money.proto", "create bank.account-bank.v1.Deposited"}, actions(p)); diff != "" {
			t.Fatal(diff)
		}
		if step := p.Steps[1]; !step.Pending || step.Server != nil || step.Local == nil || !step.Local.Compatible {
			t.Errorf("the server was asked about what it cannot know: %+v", step)
		}
		want := []confluent.Import{{Name: "acme/v1/money.proto", Subject: "acme/v1/money.proto", Text: money("int64 units = 1").Text}}
		if diff := cmp.Diff(want, asked[1].Imports); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("circle", func(t *testing.T) {
		t.Parallel()
		a := money("int64 units = 1")
		a.References = []schema.Reference{{Name: "x", Subject: "bank.account-bank.v1.Deposited"}}
		_, findings, err := client.Plan(t.Context(), registry.Request{Schemas: []schema.Schema{a, deposited()}})
		if err == nil || !strings.Contains(find(t, findings, "REGISTRY_REFERENCE").Message, "acme/v1/money.proto -> bank.account-bank.v1.Deposited -> acme/v1/money.proto") {
			t.Errorf("got %v and %+v", err, findings)
		}
	})
}

// A reference to what is not part of the run means the latest version there.
func TestPlan_referenceOnServer(t *testing.T) {
	t.Parallel()
	server := start(t, registrytest.Options{})
	seed(t, server, money("int64 units = 1"), money("int64 units = 1", "int32 nanos = 2"))
	client := open(t, server.URL())
	register(t, client, deposited())
	stored, err := client.Fetch(t.Context(), []string{deposited().Subject})
	if err != nil || len(stored) != 1 {
		t.Fatalf("got %v, %v", stored, err)
	}
	if got := stored[0].References[0].Version; got != 2 {
		t.Errorf("the reference is to version %d", got)
	}
	if imp := stored[0].Imports[0]; imp.Version != 2 || !strings.Contains(imp.Text, "nanos") {
		t.Errorf("got import %+v", imp)
	}
}

func TestPlan_refusedBeforeAsking(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		prepare func(*registrytest.Server)
		update  schema.Schema
		rule    string
	}{
		"mode":        {func(s *registrytest.Server) { s.SetMode(opened().Subject, "READONLY") }, opened("string owner = 1", "int64 x = 2"), "REGISTRY_READ_ONLY"},
		"global mode": {func(s *registrytest.Server) { s.SetMode("", "IMPORT") }, opened("string owner = 1", "int64 x = 2"), "REGISTRY_READ_ONLY"},
		"alias":       {func(s *registrytest.Server) { s.SetAlias(opened().Subject, "elsewhere") }, opened("string owner = 1"), "REGISTRY_ALIAS"},
		"type": {func(*registrytest.Server) {}, schema.Schema{
			Key: "x", Subject: opened().Subject, Type: schema.JSON, Text: `{"type":"object"}`,
		}, "REGISTRY_TYPE_CHANGED"},
		"type under NONE": {func(s *registrytest.Server) { s.SetLevel("", confluent.None) }, schema.Schema{
			Key: "x", Subject: opened().Subject, Type: schema.JSON, Text: `{"type":"object"}`,
		}, "REGISTRY_TYPE_CHANGED"},
		"invalid": {func(*registrytest.Server) {}, opened("Nowhere owner = 1"), "REGISTRY_INVALID"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := start(t, registrytest.Options{})
			seed(t, server, opened("string owner = 1"))
			test.prepare(server)
			client := open(t, server.URL())
			p, findings := plan(t, client, registry.Request{Schemas: []schema.Schema{test.update}, Local: offline})
			if got := rules(findings); !slices.Contains(got, test.rule) || p.Steps[0].Action != registry.Refused {
				t.Errorf("got %s with %v, want %s", p.Steps[0].Action, findings, test.rule)
			}
			if _, err := client.Apply(t.Context(), p, nil); err == nil || len(server.Writes()) > 0 {
				t.Errorf("apply: %v, wrote %v", err, written(server))
			}
		})
	}
}

// A new subject has nothing to be compared with, but its schema can be invalid.
func TestPlan_invalidNewSubject(t *testing.T) {
	t.Parallel()
	server := start(t, registrytest.Options{})
	p, findings := plan(t, open(t, server.URL()), registry.Request{Schemas: []schema.Schema{opened("Nowhere owner = 1")}})
	if p.Steps[0].Action != registry.Refused || !strings.Contains(find(t, findings, "REGISTRY_INVALID").Message, "Nowhere") {
		t.Errorf("got %+v, %+v", p.Steps, findings)
	}
}

func TestPlan_unsupportedType(t *testing.T) {
	t.Parallel()
	server := start(t, registrytest.Options{Types: []schema.Type{schema.JSON}})
	p, findings := plan(t, open(t, server.URL()), registry.Request{Schemas: []schema.Schema{opened("string owner = 1")}})
	if p.Steps[0].Action != registry.Refused || !strings.Contains(find(t, findings, "REGISTRY_INVALID").Message, "PROTOBUF") {
		t.Errorf("got %+v, %+v", p.Steps, findings)
	}
}

func TestPlan_subjects(t *testing.T) {
	t.Parallel()
	server := start(t, registrytest.Options{})
	client := open(t, server.URL())
	other := opened("string other = 1")
	other.Key = "bank.v1.Other"
	for name, schemas := range map[string][]schema.Schema{
		"two texts":     {opened("string owner = 1"), other},
		"empty":         {{Type: schema.Protobuf}},
		"dots":          {{Subject: "..", Type: schema.Protobuf}},
		"other context": {{Subject: ":.prod:x", Type: schema.Protobuf}},
		"control":       {{Subject: "a\nb", Type: schema.Protobuf}},
	} {
		_, findings, err := client.Plan(t.Context(), registry.Request{Schemas: schemas})
		if err == nil || !slices.Equal(rules(findings), []string{"REGISTRY_SUBJECT"}) {
			t.Errorf("%s: got %v, %+v", name, err, findings)
		}
	}
	p, findings := plan(t, client, registry.Request{Schemas: []schema.Schema{opened("string a = 1"), opened("string a = 1")}})
	if len(p.Steps) != 1 || len(findings) > 0 {
		t.Errorf("the same schema twice: %v, %v", actions(p), findings)
	}
}

func TestPlan_reverted(t *testing.T) {
	t.Parallel()
	server := start(t, registrytest.Options{})
	seed(t, server, opened("string owner = 1"), opened("string owner = 1", "int64 limit = 2"))
	p, findings := plan(t, open(t, server.URL()), registry.Request{Schemas: []schema.Schema{opened("string owner = 1")}})
	if step := p.Steps[0]; step.Action != registry.Unchanged || step.Version != 1 {
		t.Errorf("got %+v", step)
	}
	if f := find(t, findings, "REGISTRY_REVERTED"); f.Severity != diag.Warning || !strings.Contains(f.Message, "version 2") {
		t.Errorf("got %+v", f)
	}
}

func TestPlan_differs(t *testing.T) {
	t.Parallel()
	server := start(t, registrytest.Options{})
	seed(t, server, opened("string owner = 1"))
	client := open(t, server.URL())
	for name, test := range map[string]struct {
		update schema.Schema
		local  bool
		want   registry.Action
		rules  []string
	}{
		"both yes":    {opened("string owner = 1", "int64 x = 2"), true, registry.Update, nil},
		"server yes":  {opened("string owner = 1", "int64 x = 2"), false, registry.Update, []string{"REGISTRY_VERDICT_DIFFERS"}},
		"server no":   {opened("int64 owner = 1"), true, registry.Refused, []string{"REGISTRY_REFUSED", "REGISTRY_VERDICT_DIFFERS"}},
		"both say no": {opened("int64 owner = 1"), false, registry.Refused, []string{"REGISTRY_REFUSED"}},
	} {
		p, findings := plan(t, client, registry.Request{
			Schemas: []schema.Schema{test.update},
			Local: func(q registry.Question) registry.Verdict {
				if len(q.History) != 1 || q.Level != confluent.Backward || q.Profile != protobuf.V2 {
					t.Errorf("asked %+v", q)
				}
				return registry.Verdict{Compatible: test.local}
			},
		})
		if p.Steps[0].Action != test.want || !slices.Equal(rules(findings), test.rules) {
			t.Errorf("%s: got %s with %v", name, p.Steps[0].Action, rules(findings))
		}
	}
}

func TestPlan_drift(t *testing.T) {
	t.Parallel()
	one, two, three := opened("string owner = 1"), opened("string owner = 1", "int64 limit = 2"), opened("string owner = 1", "int64 limit = 2", "int64 x = 3")
	tests := map[string]struct {
		stored, accepted []schema.Schema
		want             []string
		message          string
	}{
		"none":            {[]schema.Schema{one, two}, []schema.Schema{one, two}, nil, ""},
		"accepted now":    {[]schema.Schema{one, two}, []schema.Schema{one, two, three}, nil, ""},
		"never accepted":  {[]schema.Schema{one, two}, []schema.Schema{one, three}, []string{"REGISTRY_DRIFT"}, "version 2 of bank.account-bank.v1.AccountOpened, which was"},
		"all unknown":     {[]schema.Schema{one, two}, []schema.Schema{three}, []string{"REGISTRY_DRIFT"}, "versions 1, 2 of"},
		"not yet there":   {[]schema.Schema{one}, []schema.Schema{one, two, three}, []string{"REGISTRY_BEHIND"}, "accepted version 2 of"},
		"no one accepted": {nil, []schema.Schema{three}, nil, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := start(t, registrytest.Options{})
			seed(t, server, test.stored...)
			accepted := map[string][]registry.Accepted{}
			for _, s := range test.accepted {
				s.Text = "// a comment does not count\n" + s.Text
				accepted[s.Subject] = append(accepted[s.Subject], registry.Accepted{Type: s.Type, Text: s.Text})
			}
			_, findings := plan(t, open(t, server.URL()), registry.Request{Schemas: []schema.Schema{three}, Accepted: accepted})
			if diff := cmp.Diff(test.want, rules(findings)); diff != "" {
				t.Fatalf("%s%+v", diff, findings)
			}
			if len(findings) > 0 && !strings.Contains(findings[0].Message, test.message) {
				t.Errorf("%q does not say %q", findings[0].Message, test.message)
			}
		})
	}
}

// Some registries do not know the question about all versions.
func TestPlan_oneByOne(t *testing.T) {
	t.Parallel()
	server := start(t, registrytest.Options{Level: confluent.BackwardTransitive})
	seed(t, server, opened("string owner = 1", "int32 limit = 2"), opened("string owner = 1"))
	var asked []string
	proxy := before(t, server, func(_ int64, w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasPrefix(r.URL.Path, "/compatibility/") {
			return false
		}
		asked = append(asked, r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:])
		if strings.HasSuffix(r.URL.Path, "/versions") {
			w.WriteHeader(http.StatusNotFound)
			return true
		}
		return false
	})
	client := open(t, proxy.URL)
	for _, test := range []struct {
		update schema.Schema
		want   registry.Action
		asked  []string
	}{
		{opened("string owner = 1", "string limit = 2"), registry.Refused, []string{"versions", "2", "1", "versions"}},
		{opened("string owner = 1", "string x = 3"), registry.Update, []string{"versions", "2", "1"}},
		{event("New", "string a = 1"), registry.Create, []string{"versions"}},
	} {
		asked = nil
		p, findings := plan(t, client, registry.Request{Schemas: []schema.Schema{test.update}})
		if p.Steps[0].Action != test.want || !slices.Equal(asked, test.asked) {
			t.Errorf("got %s, asked %v, %+v", p.Steps[0].Action, asked, findings)
		}
	}
}

// Where the server cannot be asked yet, the second opinion decides.
func TestPlan_pendingIsJudgedHere(t *testing.T) {
	t.Parallel()
	server := start(t, registrytest.Options{})
	previous(t, server)
	changed := deposited()
	changed.Text = strings.Replace(changed.Text, ".acme.v1.Money amount", "string amount", 1)
	wanted := registry.Request{Schemas: []schema.Schema{changed, money("int64 units = 1", "int32 nanos = 2")}, Local: offline}
	p, findings := plan(t, open(t, server.URL()), wanted)
	if step := p.Steps[1]; step.Action != registry.Refused || !step.Pending {
		t.Errorf("got %+v", step)
	}
	if f := find(t, findings, "REGISTRY_REFUSED"); !strings.Contains(f.Message, "will refuse") || !strings.Contains(f.Help, "FIELD_KIND_CHANGED") {
		t.Errorf("got %+v", f)
	}
}

func TestRules(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, r := range registry.Rules() {
		if seen[r.ID] || !strings.HasPrefix(r.ID, "REGISTRY_") || r.Category != "registry" || r.Severity == 0 {
			t.Errorf("got %+v", r)
		}
		if r.Title == "" || len(r.Title) > 60 || strings.HasSuffix(r.Title, ".") || !strings.HasSuffix(r.Explain, ".") {
			t.Errorf("%s: %q, %q", r.ID, r.Title, r.Explain)
		}
		seen[r.ID] = true
	}
	source, err := os.ReadFile("rules.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, match := range regexp.MustCompile(`= "(REGISTRY_[A-Z_]+)"`).FindAllStringSubmatch(string(source), -1) {
		if !seen[match[1]] {
			t.Errorf("%s is in no table", match[1])
		}
	}
}

// Some registries know neither modes nor the way from a subject to the global
// level.
func TestPlan_oldServer(t *testing.T) {
	t.Parallel()
	server := start(t, registrytest.Options{Level: confluent.FullTransitive, Version: "-"})
	proxy := before(t, server, func(_ int64, w http.ResponseWriter, r *http.Request) bool {
		r.URL.RawQuery = strings.Replace(r.URL.RawQuery, "defaultToGlobal", "unknown", 1)
		if strings.HasPrefix(r.URL.Path, "/mode") || r.URL.Path == "/schemas/types" {
			http.NotFound(w, r)
			return true
		}
		return false
	})
	client := open(t, proxy.URL)
	p, findings := plan(t, client, registry.Request{Schemas: []schema.Schema{opened("string owner = 1")}})
	if step := p.Steps[0]; step.Level != confluent.FullTransitive || step.Action != registry.Create || p.Server.Assumed == "" || len(findings) > 0 {
		t.Errorf("got %+v, %+v", p, findings)
	}
	if _, err := client.Apply(t.Context(), p, nil); err != nil {
		t.Error(err)
	}
}

// What is imported may import, and comes before it.
func TestFetch_imports(t *testing.T) {
	t.Parallel()
	server := start(t, registrytest.Options{})
	bottom := money("int64 units = 1")
	middle := schema.Schema{
		Key: "acme/v1/price.proto", Subject: "acme/v1/price.proto", Type: schema.Protobuf, References: deposited().References,
		Text: "syntax = \"proto3\";\npackage acme.v1;\n\nimport \"acme/v1/money.proto\";\n\nmessage Price {\n  .acme.v1.Money net = 1;\n}\n",
	}
	top := event("Sold", ".acme.v1.Price price = 1")
	top.Text = strings.Replace(top.Text, "package bank.v1;\n", "package bank.v1;\n\nimport \"acme/v1/price.proto\";\n", 1)
	top.References = []schema.Reference{{Name: middle.Subject, Subject: middle.Subject}}
	client := open(t, server.URL())
	register(t, client, top, middle, bottom)
	stored, err := client.Fetch(t.Context(), []string{"none", top.Subject, bottom.Subject})
	if err != nil || len(stored) != 2 {
		t.Fatalf("got %+v, %v", stored, err)
	}
	want := []confluent.Import{
		{Name: bottom.Subject, Text: bottom.Text}, {Name: middle.Subject, Text: middle.Text, Subject: middle.Subject, Version: 1},
	}
	if diff := cmp.Diff(want, stored[0].Imports); diff != "" {
		t.Error(diff)
	}
}
