package compat_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/esgen-dev/esgen/compat"
	"github.com/esgen-dev/esgen/compat/confluent"
	"github.com/esgen-dev/esgen/compat/history"
	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/generator/load"
	"github.com/esgen-dev/esgen/generator/model"
	"github.com/esgen-dev/esgen/generator/schema"
)

// service is what one revision of a service declares.
type service struct {
	set     *load.Set
	model   *model.Model
	schemas []schema.Schema
}

// declare compiles a txtar of .proto files. What earlier revisions defined is
// kept, as the command does.
func declare(t testing.TB, sources string, accepted *history.History) service {
	t.Helper()
	fsys := fstest.MapFS{}
	for _, f := range txtar.Parse([]byte(sources)).Files {
		fsys["proto/"+f.Name] = &fstest.MapFile{Data: f.Data}
	}
	set, findings, err := load.Sources(t.Context(), load.Options{FS: fsys, Roots: []string{"proto"}, Parameter: "paths=source_relative"})
	if err != nil || set == nil {
		t.Fatalf("load: %v%s", err, show(findings))
	}
	m, findings := model.Build(set)
	if diag.Worst(findings) >= diag.Error {
		t.Fatalf("model:%s", show(findings))
	}
	schemas, findings := schema.Build(set, m, schema.Options{Kept: accepted.Kept()})
	if diag.Worst(findings) >= diag.Error {
		t.Fatalf("schemas:%s", show(findings))
	}
	return service{set, m, schemas}
}

// accept accepts revisions one after the other, without any check.
func accept(t testing.TB, revisions ...string) *history.History {
	t.Helper()
	h, findings, err := history.Read(fstest.MapFS{}, nil)
	if err != nil || len(findings) > 0 {
		t.Fatalf("read: %v%s", err, show(findings))
	}
	disk := fstest.MapFS{}
	for _, sources := range revisions {
		s := declare(t, sources, h)
		updated, findings := h.Update(s.schemas, s.model)
		if len(findings) > 0 {
			t.Fatalf("accept:%s", show(findings))
		}
		for _, f := range updated.Files {
			disk[f.Path] = &fstest.MapFile{Data: f.Content}
		}
		// Read from disk, so that positions are those of files.
		if h, findings, err = history.Read(disk, nil); err != nil || len(findings) > 0 {
			t.Fatalf("read: %v%s", err, show(findings))
		}
	}
	return h
}

// check compares the last revision with those before.
func check(t testing.TB, rules confluent.Rules, revisions ...string) compat.Report {
	t.Helper()
	last := len(revisions) - 1
	accepted := accept(t, revisions[:last]...)
	return ask(t, rules, declare(t, revisions[last], accepted), accepted)
}

func ask(t testing.TB, rules confluent.Rules, s service, accepted *history.History) compat.Report {
	t.Helper()
	if rules.Level == "" {
		rules.Level = confluent.BackwardTransitive
	}
	report, err := compat.Check(t.Context(), compat.Request{
		Rules: rules, Schemas: s.schemas, Model: s.model, Accepted: accepted, Locate: s.set.Locate,
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range report.Subjects {
		if wrong := !s.Registry.Compatible || len(s.Replay) > 0; wrong != (len(s.Findings) > 0) {
			t.Errorf("%s: registry compatible %v, %d unsafe, and these findings:%s", s.Schema.Key, s.Registry.Compatible, len(s.Replay), show(s.Findings))
		}
	}
	for _, f := range report.Findings {
		if f.Help == "" || f.Position.IsZero() || f.Position.Line == 0 || f.Symbol == "" {
			t.Errorf("help, position or symbol is missing:%s", show([]diag.Finding{f}))
		}
	}
	return report
}

// show prints findings as a user would see them, one below the other.
func show(findings []diag.Finding) string {
	var out strings.Builder
	for _, f := range findings {
		fmt.Fprintf(&out, "\n%s:%d:%d: %s [%s %s]", f.Position.Path, f.Position.Line, f.Position.Column, f.Message, f.Rule, f.Symbol)
		for _, p := range f.Previous {
			fmt.Fprintf(&out, "\n  was %s:%d:%d%s", p.Path, p.Line, p.Column, strings.TrimRight(" "+p.Text, " "))
		}
		if f.Help != "" {
			fmt.Fprintf(&out, "\n  help %s", strings.ReplaceAll(f.Help, "\n", "\n    "))
		}
	}
	return out.String()
}

// want compares findings with their full text.
func want(t *testing.T, got []diag.Finding, text string) {
	t.Helper()
	if diff := cmp.Diff(strings.TrimSpace(text), strings.TrimSpace(show(got))); diff != "" {
		t.Errorf("findings (-want +got):\n%s\nall of them:%s", diff, show(got))
	}
}

// rules returns the rules of findings and what they are about.
func rules(findings []diag.Finding) []string {
	list := []string{}
	for _, f := range findings {
		list = append(list, f.Rule+" "+f.Symbol)
	}
	return list
}

// edit replaces texts in a revision, pairwise. A text that is not there is a
// mistake of the test.
func edit(t testing.TB, sources string, pairs ...string) string {
	t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(sources, pairs[i]) {
			t.Fatalf("%q is not in the sources", pairs[i])
		}
		sources = strings.ReplaceAll(sources, pairs[i], pairs[i+1])
	}
	return sources
}

// day returns a day at noon.
func day(t testing.TB, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.DateOnly, text)
	if err != nil {
		t.Fatal(err)
	}
	return at.Add(12 * time.Hour)
}

// bank is a service with two events and a type that both hold.
const bank = `
-- bank/v1/account.proto --
syntax = "proto3";
package bank.v1;
import "common/money.proto";
import "esgen/v1/options.proto";
option go_package = "example.com/bank/v1;bankv1";
message Account { option (esgen.v1.aggregate) = { topic: { partitions: 12 } }; string owner = 1; }
message Open { option (esgen.v1.command) = { mode: MODE_CREATE emits: "Opened" }; string id = 1 [(esgen.v1.field).id = true]; }
message Move { option (esgen.v1.command) = { emits: "Moved" }; string id = 1 [(esgen.v1.field).id = true]; }
message Opened {
  option (esgen.v1.event) = {};
  string owner = 1;
  common.Money limit = 2;
  Place place = 3;
}
message Moved {
  option (esgen.v1.event) = {};
  Place to = 1;
  common.Money fee = 2;
}
message Place {
  string street = 1;
  int32 floor = 2;
}
-- common/money.proto --
syntax = "proto3";
package common;
option go_package = "example.com/common";
message Money {
  int64 cents = 1;
  string currency = 2;
}
`
