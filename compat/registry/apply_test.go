package registry_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/esgen-dev/esgen/compat/confluent"
	"github.com/esgen-dev/esgen/compat/registry"
	"github.com/esgen-dev/esgen/compat/registry/registrytest"
	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/generator/schema"
)

func asError(err error, into **registry.Error) bool { return errors.As(err, into) }

// wantError returns the finding of an error, and fails the test if it has
// another rule.
func wantError(t *testing.T, err error, rule string) diag.Finding {
	t.Helper()
	var e *registry.Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v, want %s", err, rule)
	}
	if e.Finding.Rule != rule || e.Finding.Message == "" || e.Finding.Severity != diag.Error {
		t.Errorf("got %+v, want %s", e.Finding, rule)
	}
	return e.Finding
}

func TestApply(t *testing.T) {
	t.Parallel()
	server := start(t, registrytest.Options{})
	client := open(t, server.URL())
	first, second := money("int64 units = 1"), money("int64 units = 1", "int32 nanos = 2")

	// In the wrong order, on purpose.
	p, _ := plan(t, client, registry.Request{Schemas: []schema.Schema{deposited(), opened("string owner = 1"), first}})
	var lines []string
	result, err := client.Apply(t.Context(), p, func(o registry.Outcome) { lines = append(lines, o.String()) })
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"create    acme/v1/money.proto version 1, id 1",
		"create    bank.account-bank.v1.Deposited version 1, id 2",
		"create    bank.account-bank.v1.AccountOpened version 1, id 3",
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Error(diff)
	}
	if result.Done[2].Index != 3 || result.Done[2].Total != 3 || len(result.Left) != 0 {
		t.Errorf("got %+v", result)
	}
	if got, want := result.Done[1].GUID, confluent.GUID(deposited().Text, []schema.Reference{{Name: first.Subject, Subject: first.Subject, Version: 1}}); got != want {
		t.Errorf("got GUID %s, want %s", got, want)
	}
	if p.Steps[1].Schema.References[0].Version != 0 {
		t.Error("applying changed the plan")
	}

	// The import changes, so what imports it gets a version that refers to it.
	register(t, client, deposited(), opened("string owner = 1"), second)
	register(t, client, deposited(), opened("string owner = 1"), second) // and nothing happens
	wantWrites := []string{
		"register acme/v1/money.proto 1", "register bank.account-bank.v1.Deposited 1", "register bank.account-bank.v1.AccountOpened 1",
		"register acme/v1/money.proto 2", "register bank.account-bank.v1.Deposited 2",
	}
	if diff := cmp.Diff(wantWrites, written(server)); diff != "" {
		t.Error(diff)
	}
	stored, err := client.Fetch(t.Context(), []string{deposited().Subject})
	if err != nil || len(stored) != 2 || stored[1].References[0].Version != 2 || stored[0].References[0].Version != 1 {
		t.Errorf("got %+v, %v", stored, err)
	}
}

// One refused schema stops the whole plan: half a release helps nobody.
func TestApply_refused(t *testing.T) {
	t.Parallel()
	server := start(t, registrytest.Options{})
	seed(t, server, opened("string owner = 1"))
	client := open(t, server.URL())
	p, _ := plan(t, client, registry.Request{Schemas: []schema.Schema{event("New", "string a = 1"), opened("int64 owner = 1")}})
	result, err := client.Apply(t.Context(), p, nil)
	wantError(t, err, "REGISTRY_REFUSED")
	if len(server.Writes()) > 0 || len(result.Left) != 2 {
		t.Errorf("wrote %v, left %v", written(server), result.Left)
	}
}

func TestApply_secondWriter(t *testing.T) {
	t.Parallel()
	owner, limit, branch := opened("string owner = 1"), opened("string owner = 1", "int64 limit = 2"), opened("string owner = 1", "string branch = 3")
	tests := map[string]struct {
		there   []schema.Schema
		between func(*testing.T, *registrytest.Server)
		rule    string
		done    []string
	}{
		"writes another version": {[]schema.Schema{owner}, func(t *testing.T, s *registrytest.Server) { t.Helper(); seed(t, s, branch) }, "REGISTRY_CHANGED", nil},
		"creates the subject":    {nil, func(t *testing.T, s *registrytest.Server) { t.Helper(); seed(t, s, branch) }, "REGISTRY_CHANGED", nil},
		"registers the same":     {[]schema.Schema{owner}, func(t *testing.T, s *registrytest.Server) { t.Helper(); seed(t, s, limit) }, "", []string{"unchanged"}},
		"registers the same and more": {
			[]schema.Schema{owner},
			func(t *testing.T, s *registrytest.Server) { t.Helper(); seed(t, s, limit, branch) },
			"",
			[]string{"unchanged"},
		},
		"deletes the subject": {[]schema.Schema{owner}, func(t *testing.T, s *registrytest.Server) {
			t.Helper()
			request(t, http.MethodDelete, s.URL()+"/subjects/"+owner.Subject)
		}, "REGISTRY_CHANGED", nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := start(t, registrytest.Options{})
			seed(t, server, test.there...)
			client := open(t, server.URL())
			p, findings := plan(t, client, registry.Request{Schemas: []schema.Schema{limit}})
			if len(findings) > 0 {
				t.Fatal(findings)
			}
			test.between(t, server)
			writes := len(server.Writes())
			result, err := client.Apply(t.Context(), p, nil)
			if test.rule != "" {
				wantError(t, err, test.rule)
			} else if err != nil {
				t.Fatal(err)
			}
			var done []string
			for _, o := range result.Done {
				done = append(done, string(o.Action))
			}
			if !slices.Equal(done, test.done) || len(server.Writes()) != writes {
				t.Errorf("did %v, wrote %v", done, written(server)[writes:])
			}
		})
	}
}

// The other client is quicker than the look at the subject: the registry itself
// refuses, and nothing is registered.
func TestApply_secondWriterInTheGap(t *testing.T) {
	t.Parallel()
	for _, old := range []bool{false, true} {
		server := start(t, registrytest.Options{OldCodes: old})
		seed(t, server, opened("string owner = 1"))
		client := open(t, server.URL())
		p, _ := plan(t, client, registry.Request{Schemas: []schema.Schema{event("First", "string a = 1"), opened("string owner = 1", "string limit = 2")}})
		server.Intercept(func(_ http.ResponseWriter, r *http.Request) bool {
			if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "AccountOpened/versions") {
				seed(t, server, opened("string owner = 1", "int64 limit = 2"))
			}
			return false
		})
		result, err := client.Apply(t.Context(), p, nil)
		f := wantError(t, err, "REGISTRY_REFUSED")
		code := map[bool]string{false: "(40901)", true: "(409)"}[old]
		if !strings.Contains(f.Message, code) || !strings.Contains(f.Message, "FIELD_SCALAR_KIND_CHANGED") {
			t.Errorf("got %q", f.Message)
		}
		if diff := cmp.Diff([]string{"register bank.account-bank.v1.First 1"}, written(server)); diff != "" {
			t.Error(diff)
		}
		if len(result.Done) != 1 || !slices.Equal(result.Left, []string{opened().Subject}) {
			t.Errorf("got %+v", result)
		}
	}
}

func TestApply_deletedSubject(t *testing.T) {
	t.Parallel()
	server := start(t, registrytest.Options{})
	client := open(t, server.URL())
	register(t, client, opened("string owner = 1"))
	request(t, http.MethodDelete, server.URL()+"/subjects/"+opened().Subject)
	p, findings := plan(t, client, registry.Request{Schemas: []schema.Schema{opened("int64 owner = 1")}})
	if f := find(t, findings, "REGISTRY_DELETED"); p.Steps[0].Action != registry.Create || !strings.Contains(f.Help, "version 2") {
		t.Errorf("got %+v, %+v", p.Steps, f)
	}
	result, err := client.Apply(t.Context(), p, nil)
	if err != nil || result.Done[0].Version != 2 {
		t.Errorf("got %+v, %v", result, err)
	}
}

func TestApply_level(t *testing.T) {
	t.Parallel()
	server := start(t, registrytest.Options{})
	seed(t, server, event("Old", "string a = 1"), event("Same", "string a = 1"))
	server.SetLevel(event("Same").Subject, confluent.FullTransitive)
	send(t, http.MethodPut, server.URL()+"/config/"+event("Old").Subject, `{"compatibility":"FULL","normalize":true}`)
	client := open(t, server.URL())
	own := event("Own", "string a = 1")
	own.Level = "NONE"
	wanted := registry.Request{
		Schemas: []schema.Schema{event("Old", "string a = 1"), event("Same", "string a = 1", "string b = 2"), event("New", "string a = 1"), own},
		Level:   confluent.FullTransitive,
	}
	_, findings := plan(t, client, wanted)
	if diff := cmp.Diff([]string{"REGISTRY_LEVEL", "REGISTRY_LEVEL", "REGISTRY_LEVEL"}, rules(findings)); diff != "" {
		t.Fatal(diff)
	}
	if f := findings[0]; f.Severity != diag.Warning || !strings.Contains(f.Message, "FULL,") || !strings.Contains(f.Message, "FULL_TRANSITIVE") {
		t.Errorf("got %+v", f)
	}
	wanted.SetLevel = true
	p, findings := plan(t, client, wanted)
	if diag.Worst(findings) != diag.Info {
		t.Errorf("what is about to be mended is still wrong: %+v", findings)
	}
	if _, err := client.Apply(t.Context(), p, nil); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"level bank.account-bank.v1.Old FULL", // the test's
		"level bank.account-bank.v1.Old FULL_TRANSITIVE",
		"register bank.account-bank.v1.Same 2",
		"level bank.account-bank.v1.New FULL_TRANSITIVE", "register bank.account-bank.v1.New 1",
		"level bank.account-bank.v1.Own NONE", "register bank.account-bank.v1.Own 1",
	}
	if diff := cmp.Diff(want, written(server)); diff != "" {
		t.Error(diff)
	}
	if settings := request(t, http.MethodGet, server.URL()+"/config/"+event("Old").Subject); !strings.Contains(settings, `"normalize":true`) {
		t.Errorf("setting the level dropped other settings: %s", settings)
	}
}

// Under the level that is set, and not under the one that is in effect, is
// decided what is refused.
func TestApply_setLevelDecides(t *testing.T) {
	t.Parallel()
	server := start(t, registrytest.Options{Level: confluent.Backward})
	seed(t, server, opened("string owner = 1", "int32 limit = 2"), opened("string owner = 1"))
	client := open(t, server.URL())
	wanted := registry.Request{
		Schemas: []schema.Schema{opened("string owner = 1", "string limit = 2")},
		Level:   confluent.BackwardTransitive, SetLevel: true, Local: offline,
	}
	p, findings := plan(t, client, wanted)
	if p.Steps[0].Action != registry.Refused || !strings.Contains(find(t, findings, "REGISTRY_REFUSED").Message, "under BACKWARD_TRANSITIVE") {
		t.Errorf("got %+v, %+v", p.Steps, findings)
	}
	server.SetLevel("", confluent.BackwardTransitive)
	wanted.Level = confluent.Backward
	p, findings = plan(t, client, wanted)
	if p.Steps[0].Action != registry.Update {
		t.Fatalf("got %+v, %+v", p.Steps, findings)
	}
	if _, err := client.Apply(t.Context(), p, nil); err != nil {
		t.Error(err)
	}
}

// A node that follows the leader may know a registration a moment later.
func TestApply_confirmedLate(t *testing.T) {
	t.Parallel()
	server := start(t, registrytest.Options{})
	client := open(t, server.URL())
	p, _ := plan(t, client, registry.Request{Schemas: []schema.Schema{opened("string owner = 1")}})
	lookups := 0
	server.Intercept(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodPost || r.URL.Path != "/subjects/"+opened().Subject {
			return false
		}
		lookups++
		if lookups > 1 {
			return false
		}
		w.WriteHeader(http.StatusNotFound)
		w.Write([]byte(`{"error_code":40403,"message":"Schema not found"}`))
		return true
	})
	if _, err := client.Apply(t.Context(), p, nil); err != nil || lookups != 2 {
		t.Errorf("got %v with %d look-ups", err, lookups)
	}
}

func TestApply_unverified(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]string{
		"not found": `{"error_code":40403,"message":"Schema not found"}`,
		"other id":  `{"subject":"x","version":1,"id":77,"schema":"y"}`,
	} {
		server := start(t, registrytest.Options{})
		client := open(t, server.URL())
		p, _ := plan(t, client, registry.Request{Schemas: []schema.Schema{opened("string owner = 1")}})
		server.Intercept(func(w http.ResponseWriter, r *http.Request) bool {
			if r.Method != http.MethodPost || r.URL.Path != "/subjects/"+opened().Subject {
				return false
			}
			if strings.Contains(answer, "error_code") {
				w.WriteHeader(http.StatusNotFound)
			}
			w.Write([]byte(answer))
			return true
		})
		_, err := client.Apply(t.Context(), p, nil)
		if f := wantError(t, err, "REGISTRY_UNVERIFIED"); name == "other id" && !strings.Contains(f.Message, "77") {
			t.Errorf("got %q", f.Message)
		}
	}
}
