package model_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/esgen-dev/esgen/generator/model"
)

// Every lint is shown what it is for, and what comes near it but is fine.
func TestLint(t *testing.T) {
	t.Parallel()
	event := func(name, fields string) string {
		return "message " + name + " {\n  option (esgen.v1.event) = {};\n" + fields + "}\n" +
			"message Mark" + name + " {\n  option (esgen.v1.command) = { emits: \"" + name + "\" };\n" +
			"  string account_id = 1 [(esgen.v1.field).id = true];\n}\n"
	}
	command := func(name, options, fields string) string {
		return "message " + name + " {\n  option (esgen.v1.command) = { emits: \"AccountOpened\" " + options + " };\n" +
			"  string account_id = 1 [(esgen.v1.field).id = true];\n" + fields + "}\n"
	}
	old := "message Former {\n  option (esgen.v1.event) = { replaced_by: \"AccountOpened\" };\n  double amount = 1;\n  string account_id = 2;\n}\n"
	for _, c := range []struct {
		name, body string
		want       []string
	}{
		{"a noun", event("AccountClosure", ""), []string{"EVENT_NAME_PAST_TENSE"}},
		{"an order", event("CloseAccountNow", ""), []string{"EVENT_NAME_PAST_TENSE"}},
		{"a regular participle", event("AccountClosed", ""), nil},
		{"an irregular participle", event("MoneySent", ""), nil},
		{"a participle in the middle", event("ItemAddedToCart", ""), nil},
		{"a version behind it", event("AccountClosedV2", ""), nil},
		{"a word in -ed that is none", event("AccountFeed", ""), []string{"EVENT_NAME_PAST_TENSE"}},

		{"a command like an event", command("AccountFrozen", "", ""), []string{"COMMAND_NAME_IMPERATIVE"}},
		{"a command like an activity", command("FreezingAccount", "", ""), []string{"COMMAND_NAME_IMPERATIVE"}},
		{"a command that marks", command("MarkAccountClosed", "", ""), nil},
		{"a command of one word", command("Close", "", ""), nil},
		{"a command with a verb in -ing", command("BringHome", "", ""), nil},

		{"an event nobody emits", "message AccountClosed { option (esgen.v1.event) = {}; }\n", []string{"EVENT_NOT_EMITTED"}},
		{"an old event nobody emits", old, nil},

		{"money in floating point", event("PaymentTaken", "  double amount = 1;\n"), []string{"FLOAT_MONEY"}},
		{"money in a command", command("Pay", "", "  float total_price = 2;\n"), []string{"FLOAT_MONEY"}},
		{"money in cents", event("PaymentTaken", "  int64 amount_cents = 1;\n"), nil},
		{"a measure in floating point", event("AccountWeighed", "  double weight = 1;\n"), nil},

		{"the aggregate's id", event("AccountClosed", "  string account_id = 1;\n"), []string{"ENVELOPE_FIELD"}},
		{"the time", event("AccountClosed", "  int64 occurred_at = 1;\n"), []string{"ENVELOPE_FIELD"}},
		{"another aggregate's id", event("AccountClosed", "  string customer_id = 1;\n"), nil},
		{"a command id in a command", command("Close", "", "  string command_id = 2;\n"), []string{"ENVELOPE_FIELD"}},

		{"a condition on nothing", command("Reopen", `mode: MODE_CREATE require: { field: "status" in: "STATUS_OPEN" code: "X" }`, ""), []string{"PRECONDITION_ON_CREATE"}},
		{"a condition on something", command("Reopen", `require: { field: "status" in: "STATUS_OPEN" code: "X" }`, ""), nil},

		{"undeclared personal data", event("EmailChanged", "  string email = 1;\n"), []string{"PII_UNDECLARED"}},
		{"declared personal data", event("EmailChanged", "  string email = 1 [(esgen.v1.field).pii = {}];\n"), nil},

		{"a build constraint", "//go:build ignore\nmessage Note {}\n", []string{"COMMENT_DIRECTIVE"}},
		{"an old build constraint behind a field", "message Note {\n  string a = 1; // +build ignore\n}\n", []string{"COMMENT_DIRECTIVE"}},
		{"a command, on its own", "\n//go:generate true\n\nmessage Note {}\n", []string{"COMMENT_DIRECTIVE"}},
		{"a word about one", "// go:build takes a file out of the build.\nmessage Note {}\n", nil},

		{"a lint that is switched off", "// esgen:ignore EVENT_NOT_EMITTED comes later\nmessage AccountClosed { option (esgen.v1.event) = {}; }\n", nil},
		{"another lint that is switched off", "// esgen:ignore FLOAT_MONEY why\nmessage AccountClosed { option (esgen.v1.event) = {}; }\n", []string{"EVENT_NOT_EMITTED"}},
		{"a lint that is switched off for a field", event("PaymentTaken", "  // esgen:ignore FLOAT_MONEY a test\n  double amount = 1;\n"), nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, findings := build(t, account+c.body)
			if diff := cmp.Diff(c.want, rules(findings)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestLint_aggregates(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, old, new string
		want           []string
	}{
		{"nothing creates it", "mode: MODE_CREATE ", "", []string{"AGGREGATE_WITHOUT_CREATE"}},
		{"something may create it", "MODE_CREATE", "MODE_UPSERT", nil},
		{"retention", "aggregate) = {}", "aggregate) = { topic: { retention: { seconds: 60 } } }", []string{"TOPIC_RETENTION"}},
		{"money in the state", "Status status = 1;", "Status status = 1; double balance = 2;", []string{"FLOAT_MONEY"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, findings := build(t, strings.Replace(account, c.old, c.new, 1))
			if diff := cmp.Diff(c.want, rules(findings)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	t.Run("no events", func(t *testing.T) {
		t.Parallel()
		_, findings := build(t, "message Account { option (esgen.v1.aggregate) = {}; }\n")
		if !slices.Equal(rules(findings), []string{"AGGREGATE_WITHOUT_EVENTS"}) {
			t.Errorf("got %v", rules(findings))
		}
	})
}

func TestLint_openTypes(t *testing.T) {
	t.Parallel()
	const text = `syntax = "proto3";
package bank.v1;
import "esgen/v1/options.proto";
import "google/protobuf/any.proto";
option go_package = "example.com/bank/gen/bank/v1;bankv1";
` + account + `
message AccountTagged { option (esgen.v1.event) = {}; google.protobuf.Any tag = 1; }
message TagAccount {
  option (esgen.v1.command) = { emits: "AccountTagged" };
  string account_id = 1 [(esgen.v1.field).id = true];
}
`
	s := set(t, map[string]string{"bank/v1/account.proto": text})
	_, findings := model.Build(s)
	if !slices.Equal(rules(findings), []string{"EVENT_OPEN_TYPE"}) {
		t.Errorf("got %v", rules(findings))
	}
}

func TestLint_isSilentOnABrokenModel(t *testing.T) {
	t.Parallel()
	_, findings := build(t, strings.Replace(account, `emits: "AccountOpened"`, `emits: "AccountOpend"`, 1))
	if !slices.Equal(rules(findings), []string{"EVENT_UNKNOWN"}) {
		t.Errorf("got %v: that nothing emits AccountOpened is a consequence", rules(findings))
	}
}
