package registry_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/sr"

	"github.com/esgen-dev/esgen/compat/confluent"
	"github.com/esgen-dev/esgen/compat/registry"
	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/generator/schema"
)

// level is the one of the cases that are not about levels.
const level = confluent.BackwardTransitive

func suiteNew(p place) {
	s := opened("string owner = 1")
	made, findings := p.plan(level, s)
	if step := made.Steps[0]; step.Action != registry.Create || step.Latest != 0 || len(findings) > 0 {
		p.Errorf("got %+v, %+v", step, findings)
	}
	if texts := p.texts(s); len(texts) > 0 {
		p.Errorf("a plan wrote %v", texts)
	}
	wantLines(p.T, p.register(level, s), "create bank.account-bank.v1.AccountOpened version 1")
	wantLines(p.T, p.register(level, s), "unchanged bank.account-bank.v1.AccountOpened version 1")
	p.wantTexts(s)
	// The id in the plan is the one under which consumers ask for the schema.
	made, _ = p.plan(level, s)
	stored, err := p.raw.SchemaByID(p.Context(), made.Steps[0].ID)
	if err != nil || stored.Schema != s.Text || stored.Type != sr.TypeProtobuf {
		p.Errorf("id %d: got %+v, %v", made.Steps[0].ID, stored, err)
	}
}

func suiteEvolved(p place) {
	one, two := opened("string owner = 1"), opened("string owner = 1", "int64 limit = 2")
	p.register(level, one)
	made, findings := p.plan(level, two)
	if step := made.Steps[0]; step.Action != registry.Update || step.Latest != 1 || !slices.Equal(step.Against, []int{1}) || len(findings) > 0 {
		p.Errorf("got %+v, %+v", step, findings)
	}
	wantLines(p.T, p.register(level, two), "update bank.account-bank.v1.AccountOpened version 2")
	wantLines(p.T, p.register(level, two), "unchanged bank.account-bank.v1.AccountOpened version 2")
	p.wantTexts(one, two)
}

// Nothing of a plan with a refusal is registered, and the registry says the
// same to who does not ask before.
func suiteRefused(p place) {
	one, other := opened("string owner = 1"), event("Other", "string a = 1")
	p.register(level, one)
	bad := opened("int64 owner = 1")
	made, findings := p.plan(level, bad, other)
	if step := made.Steps[0]; step.Action != registry.Refused || step.Server == nil || step.Server.Compatible {
		p.Errorf("got %+v", step)
	}
	f := find(p.T, findings, "REGISTRY_REFUSED")
	if !strings.Contains(f.Message, "with version 1 under BACKWARD_TRANSITIVE") || !strings.Contains(f.Help, "\n") {
		p.Errorf("the reason is missing: %+v", f)
	}
	_, err := p.client.Apply(p.Context(), made, nil)
	wantError(p.T, err, "REGISTRY_REFUSED")
	if texts := p.texts(other); len(texts) > 0 {
		p.Errorf("half of the plan was registered: %v", texts)
	}
	_, err = p.raw.RegisterSchema(p.Context(), p.own(bad)[0].Subject, sr.Schema{Schema: bad.Text, Type: sr.TypeProtobuf}, -1, -1)
	if err == nil {
		p.Error("the registry took it")
	}
	p.wantTexts(one)
}

// A text that is no schema is not registered, and something is said about it:
// some servers refuse it, others fail when they are asked.
func suiteInvalid(p place) {
	one := opened("string owner = 1")
	p.register(level, one)
	made, _, err := p.client.Plan(p.Context(), registry.Request{Schemas: p.own(opened("string owner = 1", "string = 2"))})
	if err == nil {
		_, err = p.client.Apply(p.Context(), made, nil)
	}
	if err == nil || help(err) == "" {
		p.Errorf("got %+v, %v", made, err)
	}
	p.wantTexts(one)
}

// The question has to be about all versions, or a transitive level is not
// checked at all.
func suiteTransitive(p place) {
	one, two, three := opened("string owner = 1", "int32 limit = 2"), opened("string owner = 1"), opened("string owner = 1", "string limit = 2")
	p.register(confluent.None, one)
	p.register(confluent.None, two)
	// The server answers under the level that is in effect, so that is set first.
	if err := p.set(one, level); err != nil {
		p.Fatal(err)
	}
	if made, findings := p.plan(level, three); made.Steps[0].Action != registry.Refused {
		p.Errorf("got %+v, %+v", made.Steps[0], findings)
	}
	if err := p.set(one, confluent.Backward); err != nil {
		p.Fatal(err)
	}
	wantLines(p.T, p.register(confluent.Backward, three), "update bank.account-bank.v1.AccountOpened version 3")
}

// What imports a changed file gets a version that refers to it.
func suiteReferences(p place) {
	one, two := money("int64 units = 1"), money("int64 units = 1", "int32 nanos = 2")
	wantLines(p.T, p.register(level, deposited(), one),
		"create acme/v1/money.proto version 1", "create bank.account-bank.v1.Deposited version 1")
	wantLines(p.T, p.register(level, deposited(), one),
		"unchanged acme/v1/money.proto version 1", "unchanged bank.account-bank.v1.Deposited version 1")
	wantLines(p.T, p.register(level, deposited(), two),
		"update acme/v1/money.proto version 2", "update bank.account-bank.v1.Deposited version 2")
	wantLines(p.T, p.register(level, deposited(), two),
		"unchanged acme/v1/money.proto version 2", "unchanged bank.account-bank.v1.Deposited version 2")
	p.wantTexts(one, two)
	stored, err := p.client.Fetch(p.Context(), []string{p.own(deposited())[0].Subject})
	if err != nil {
		p.Fatal(err)
	}
	for i, version := range stored {
		if len(version.Imports) != 1 || version.Imports[0].Text != []schema.Schema{one, two}[i].Text || version.References[0].Version != i+1 {
			p.Errorf("version %d: got %+v", i+1, version)
		}
	}
	// A schema that is not part of the run is referred to in its latest version.
	sold := deposited()
	sold.Text, sold.Subject, sold.Key = strings.Replace(sold.Text, "message Deposited", "message Sold", 1), "bank.account-bank.v1.Sold", "bank.v1.Sold"
	p.register(level, sold)
	if stored, err = p.client.Fetch(p.Context(), []string{p.own(sold)[0].Subject}); err != nil || stored[0].References[0].Version != 2 {
		p.Errorf("got %+v, %v", stored, err)
	}
}

// What imports something may change while the import stays as it is.
func suiteReferenceEvolved(p place) {
	file := money("int64 units = 1")
	p.register(level, deposited(), file)
	wantLines(p.T, p.register(level, deposited("string note = 2"), file),
		"unchanged acme/v1/money.proto version 1", "update bank.account-bank.v1.Deposited version 2")
	p.wantTexts(deposited(), deposited("string note = 2"))
}

func suiteReferenceMissing(p place) {
	made, findings := p.plan(level, deposited())
	if made.Steps[0].Action != registry.Refused || !slices.Equal(rules(findings), []string{"REGISTRY_REFERENCE"}) {
		p.Errorf("got %+v, %+v", made.Steps[0], findings)
	}
}

func suiteReverted(p place) {
	one, two := opened("string owner = 1"), opened("string owner = 1", "int64 limit = 2")
	p.register(level, one)
	p.register(level, two)
	made, findings := p.plan(level, one)
	if step := made.Steps[0]; step.Action != registry.Unchanged || step.Version != 1 {
		p.Errorf("got %+v", step)
	}
	find(p.T, findings, "REGISTRY_REVERTED")
}

// Versions that the registry gives back are the texts that were accepted.
func suiteDrift(p place) {
	one, two, three := opened("string owner = 1"), opened("string owner = 1", "int64 limit = 2"), opened("string owner = 1", "int64 limit = 2", "int64 x = 3")
	p.register(level, one)
	p.put(two)
	for name, test := range map[string]struct {
		accepted []schema.Schema
		want     []string
	}{
		"none":    {[]schema.Schema{one, two, three}, nil},
		"unknown": {[]schema.Schema{one, three}, []string{"REGISTRY_DRIFT"}},
	} {
		request := registry.Request{Schemas: p.own(three), Accepted: map[string][]registry.Accepted{}}
		for _, s := range p.own(test.accepted...) {
			request.Accepted[s.Subject] = append(request.Accepted[s.Subject], registry.Accepted{Type: s.Type, Text: s.Text})
		}
		if _, findings := plan(p.T, p.client, request); !slices.Equal(rules(notable(findings)), test.want) {
			p.Errorf("%s: got %+v", name, findings)
		}
	}
}

func suiteSecondWriter(p place) {
	for i, test := range []struct {
		theirs string // the field that somebody else adds behind the plan
		rule   string
	}{{"int64 limit = 2", ""}, {"string branch = 3", "REGISTRY_CHANGED"}} {
		name := fmt.Sprintf("Event%d", i)
		one, two, theirs := event(name, "string owner = 1"), event(name, "string owner = 1", "int64 limit = 2"), event(name, "string owner = 1", test.theirs)
		p.register(level, one)
		made, _ := p.plan(level, two)
		p.put(theirs)
		result, err := p.client.Apply(p.Context(), made, nil)
		switch {
		case test.rule != "":
			wantError(p.T, err, test.rule)
		case err != nil || result.Done[0].Action != registry.Unchanged || result.Done[0].Version != 2:
			p.Errorf("got %+v, %v", result, err)
		}
		p.wantTexts(one, theirs)
	}
}

// A subject that comes back goes on counting, and is not compared with what was
// deleted.
func suiteDeleted(p place) {
	one := opened("string owner = 1")
	p.register(level, one)
	if _, err := p.raw.DeleteSubject(p.Context(), p.own(one)[0].Subject, sr.SoftDelete); err != nil {
		p.Fatal(err)
	}
	made, findings := p.plan(level, opened("int64 owner = 1"))
	find(p.T, findings, "REGISTRY_DELETED")
	result, err := p.client.Apply(p.Context(), made, nil)
	if err != nil || result.Done[0].Action != registry.Create || result.Done[0].Version != 2 {
		p.Errorf("got %+v, %v", result, err)
	}
}

func suiteLevel(p place) {
	s := opened("string owner = 1")
	p.register(confluent.Full, s)
	for _, next := range []confluent.Level{confluent.None, confluent.ForwardTransitive, confluent.BackwardTransitive} {
		made, findings := plan(p.T, p.client, registry.Request{Schemas: p.own(s), Level: next})
		if !slices.Equal(rules(findings), []string{"REGISTRY_LEVEL"}) || findings[0].Severity != diag.Warning || made.Steps[0].SetLevel != "" {
			p.Errorf("%s: got %+v", next, findings)
		}
		wantLines(p.T, p.register(next, s), "unchanged bank.account-bank.v1.AccountOpened version 1")
		if made, findings = plan(p.T, p.client, registry.Request{Schemas: p.own(s), Level: next}); made.Steps[0].Level != next || len(findings) > 0 {
			p.Errorf("%s: got %+v, %+v", next, made.Steps[0], findings)
		}
	}
}
