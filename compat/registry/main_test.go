package registry_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/sr"
	"go.uber.org/goleak"

	"github.com/esgen-dev/esgen/compat/confluent"
	"github.com/esgen-dev/esgen/compat/registry"
	"github.com/esgen-dev/esgen/compat/registry/registrytest"
	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/generator/schema"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// start returns a registry that is closed with the test.
func start(t *testing.T, options registrytest.Options) *registrytest.Server {
	t.Helper()
	server := registrytest.New(options)
	t.Cleanup(server.Close)
	return server
}

// open returns a client of an address, with pauses too short to notice.
func open(t *testing.T, url string, change ...func(*registry.Config)) *registry.Client {
	t.Helper()
	config := registry.Config{URLs: []string{url}, Retry: registry.Retry{Attempts: 3, Pause: time.Microsecond, MaxPause: time.Millisecond}}
	for _, f := range change {
		f(&config)
	}
	client, err := registry.Open(config)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(client.Close)
	return client
}

// opened is an event with the given fields.
func opened(fields ...string) schema.Schema { return event("AccountOpened", fields...) }

func event(name string, fields ...string) schema.Schema {
	text := "syntax = \"proto3\";\npackage bank.v1;\n\nmessage " + name + " {\n"
	for _, field := range fields {
		text += "  " + field + ";\n"
	}
	full := "bank.v1." + name
	return schema.Schema{
		Key: full, Subject: "bank.account-" + full, Type: schema.Protobuf, Text: text + "}\n",
		Position: diag.Position{Path: "bank/v1/account.proto", Line: 7, Column: 1},
	}
}

// money is a file that events import.
func money(fields ...string) schema.Schema {
	text := "syntax = \"proto3\";\npackage acme.v1;\n\nmessage Money {\n"
	for _, field := range fields {
		text += "  " + field + ";\n"
	}
	return schema.Schema{Key: "acme/v1/money.proto", Subject: "acme/v1/money.proto", Type: schema.Protobuf, Text: text + "}\n"}
}

// deposited is an event that imports money.
func deposited(fields ...string) schema.Schema {
	s := event("Deposited", append([]string{".acme.v1.Money amount = 1"}, fields...)...)
	s.Text = strings.Replace(s.Text, "package bank.v1;\n", "package bank.v1;\n\nimport \"acme/v1/money.proto\";\n", 1)
	s.References = []schema.Reference{{Name: "acme/v1/money.proto", Subject: "acme/v1/money.proto"}}
	return s
}

// seed puts schemas into a registry as if they had always been there.
func seed(t *testing.T, server *registrytest.Server, schemas ...schema.Schema) {
	t.Helper()
	for _, s := range schemas {
		body := sr.Schema{Schema: s.Text}
		if err := body.Type.UnmarshalText([]byte(s.Type)); err != nil {
			t.Fatal(err)
		}
		for _, ref := range s.References {
			body.References = append(body.References, sr.SchemaReference(ref))
		}
		if _, _, err := server.Seed(s.Subject, body); err != nil {
			t.Fatal(err)
		}
	}
}

// plan returns the plan, and fails the test if there is none.
func plan(t *testing.T, client *registry.Client, request registry.Request) (registry.Plan, []diag.Finding) {
	t.Helper()
	p, findings, err := client.Plan(t.Context(), request)
	if err != nil {
		t.Fatalf("plan: %v\n%s", err, help(err))
	}
	return p, findings
}

func help(err error) string {
	var e *registry.Error
	if !asError(err, &e) {
		return ""
	}
	return e.Finding.Help
}

// register plans and applies.
func register(t *testing.T, client *registry.Client, schemas ...schema.Schema) registry.Result {
	t.Helper()
	p, findings := plan(t, client, registry.Request{Schemas: schemas})
	result, err := client.Apply(t.Context(), p, nil)
	if err != nil {
		t.Fatalf("apply: %v\n%v", err, findings)
	}
	return result
}

// actions are the steps of a plan, such as "create acme/v1/money.proto".
func actions(p registry.Plan) []string {
	var all []string
	for _, step := range p.Steps {
		all = append(all, fmt.Sprintf("%s %s", step.Action, step.Schema.Subject))
	}
	return all
}

// written are the changes of a registry, such as "register acme/v1/money.proto 1".
func written(server *registrytest.Server) []string {
	var all []string
	for _, w := range server.Writes() {
		what := fmt.Sprint(w.Version)
		if w.Kind != "register" {
			what = w.Value
		}
		all = append(all, fmt.Sprintf("%s %s %s", w.Kind, w.Subject, what))
	}
	return all
}

// rules are the rules of findings, in order.
func rules(findings []diag.Finding) []string {
	var all []string
	for _, f := range findings {
		all = append(all, f.Rule)
	}
	return all
}

// find returns the finding of a rule, and fails the test if there is none.
func find(t *testing.T, findings []diag.Finding, rule string) diag.Finding {
	t.Helper()
	i := slices.IndexFunc(findings, func(f diag.Finding) bool { return f.Rule == rule })
	if i < 0 {
		t.Fatalf("no finding %s in %+v", rule, findings)
	}
	return findings[i]
}

// offline is the second opinion that is right.
func offline(q registry.Question) registry.Verdict {
	candidate := registrytest.Candidate{Type: q.Schema.Type, Text: q.Schema.Text, Imports: q.Imports}
	question := registrytest.Question{Level: q.Level, Profile: q.Profile, Update: candidate}
	for _, stored := range q.History {
		question.History = append(question.History, registrytest.Candidate{
			Version: stored.Version, Type: stored.Type, Text: stored.Text, Imports: stored.Imports,
		})
	}
	answer := registrytest.Check(question)
	if answer.Invalid != nil {
		return registry.Verdict{Messages: []string{answer.Invalid.Error()}}
	}
	return registry.Verdict{Compatible: answer.Compatible, Messages: answer.Messages}
}

// proxy stands before a registry and breaks requests.
type proxy struct {
	*httptest.Server

	requests atomic.Int64
}

// before returns an address whose requests go through a function first. With
// true the function has dealt with it. The number counts requests from 0.
func before(t *testing.T, server *registrytest.Server, f func(n int64, w http.ResponseWriter, r *http.Request) bool) *proxy {
	t.Helper()
	p := &proxy{}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if n := p.requests.Add(1) - 1; !f(n, w, r) {
			server.Handler().ServeHTTP(w, r)
		}
	}))
	t.Cleanup(p.Close)
	return p
}

// hangUp closes the connection of a request without an answer.
func hangUp(w http.ResponseWriter) {
	connection, _, err := http.NewResponseController(w).Hijack()
	if err == nil {
		connection.Close()
	}
}

var _ = confluent.Backward
