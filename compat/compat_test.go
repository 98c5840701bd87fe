package compat_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/esgen-dev/esgen/compat"
	"github.com/esgen-dev/esgen/compat/confluent"
	"github.com/esgen-dev/esgen/compat/confluent/protobuf"
	"github.com/esgen-dev/esgen/generator/schema"
)

var transitive = confluent.Rules{Level: confluent.BackwardTransitive}

func states(r compat.Report) map[string]string {
	all := map[string]string{}
	for _, s := range r.Subjects {
		all[s.Schema.Key] = s.State.String()
	}
	return all
}

func TestCheck_states(t *testing.T) {
	t.Parallel()
	first := check(t, transitive, bank)
	if diff := cmp.Diff(map[string]string{"common/money.proto": "new", "bank.v1.Opened": "new", "bank.v1.Moved": "new"}, states(first)); diff != "" {
		t.Errorf("first (-want +got):\n%s", diff)
	}
	same := check(t, transitive, bank, bank)
	if diff := cmp.Diff(map[string]string{"common/money.proto": "unchanged", "bank.v1.Opened": "unchanged", "bank.v1.Moved": "unchanged"}, states(same)); diff != "" {
		t.Errorf("unchanged (-want +got):\n%s", diff)
	}
	more := check(t, transitive, bank, edit(t, bank, "string owner = 1;\n", "string owner = 1;\n  string note = 4;\n"))
	if diff := cmp.Diff(map[string]string{"common/money.proto": "unchanged", "bank.v1.Opened": "changed", "bank.v1.Moved": "unchanged"}, states(more)); diff != "" {
		t.Errorf("a field more (-want +got):\n%s", diff)
	}
	// A new version of a file is one of all that refer to it.
	money := check(t, transitive, bank, edit(t, bank, "string currency = 2;", "string currency = 2;\n  bool exact = 3;"))
	if diff := cmp.Diff(map[string]string{"common/money.proto": "changed", "bank.v1.Opened": "changed", "bank.v1.Moved": "changed"}, states(money)); diff != "" {
		t.Errorf("a field more in a file (-want +got):\n%s", diff)
	}
	for name, r := range map[string]compat.Report{"first": first, "same": same, "more": more, "money": money} {
		if len(r.Findings) > 0 {
			t.Errorf("%s: %s", name, show(r.Findings))
		}
		for _, s := range r.Subjects {
			if !s.Registry.Compatible || len(s.Replay) > 0 {
				t.Errorf("%s: %s: registry %v, replay %v", name, s.Schema.Key, s.Registry.Compatible, s.Replay)
			}
		}
	}
}

// TestCheck_positions holds that a finding shows both places, in the new file
// and in the old version.
func TestCheck_positions(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		edits []string
		want  string
	}{
		"type": {[]string{"  string owner = 1;\n  common", "  int32 owner = 1;\n  common"}, `
proto/bank/v1/account.proto:11:9: field "owner" was string and is int32: the two are encoded differently, so stored values are not read any more (Opened, version 1); the registry refuses it too (FIELD_SCALAR_KIND_CHANGED) [REPLAY_FIELD_TYPE bank.v1.Opened.owner]
  was schemas/bank.v1.Opened/1.proto:7:10 string owner = 1
  help keep the type, and add a field with a new number beside it`},
		// One cause: another field took the number. The line is that of the field,
		// although it has another name now.
		"renamed and another type": {[]string{"  string owner = 1;\n  common", "  int32 holder = 1;\n  common"}, `
proto/bank/v1/account.proto:11:9: number 1 was string owner and is int32 holder, which looks like another field (Opened, version 1); the registry refuses it too (FIELD_SCALAR_KIND_CHANGED) [REPLAY_NUMBER_REUSED bank.v1.Opened.owner]
  was schemas/bank.v1.Opened/1.proto:7:10 string owner = 1
  help keep string owner = 1, and give the new field a number of its own`},
		"only renamed": {[]string{"  string owner = 1;\n  common", "  string holder = 1;\n  common"}, ""},
		"gone": {[]string{"  common.Money limit = 2;\n", ""}, `
proto/bank/v1/account.proto:9:9: field "limit" is gone, so stored values of it are not read any more (Opened, version 1) [REPLAY_FIELD_REMOVED bank.v1.Opened.limit]
  was schemas/bank.v1.Opened/1.proto:8:17 Money limit = 2
  help keep the field and mark it [deprecated = true]
    the registry would take it: it only asks whether the bytes can be skipped, not whether the value is missed`},
		"deprecated":              {[]string{"common.Money limit = 2;", "common.Money limit = 2 [deprecated = true];"}, ""},
		"into a oneof of its own": {[]string{"  common.Money limit = 2;\n", "  oneof cap { common.Money limit = 2; string note = 9; }\n"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want(t, check(t, transitive, bank, edit(t, bank, c.edits...)).Findings, c.want)
		})
	}
}

// TestCheck_oneFindingPerCause breaks types that several events share: in the
// texts of both events, or in a file that both refer to. The registry names the
// fields that hold the type as well.
func TestCheck_oneFindingPerCause(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		edits []string
		want  string
	}{
		"of the package": {[]string{"int32 floor", "string floor"}, `
proto/bank/v1/account.proto:22:10: field "floor" was int32 and is string: the two are encoded differently, so stored values are not read any more (Opened, version 1; Moved, version 1); the registry refuses it too (FIELD_SCALAR_KIND_CHANGED) [REPLAY_FIELD_TYPE bank.v1.Place.floor]
  was schemas/bank.v1.Opened/1.proto:13:9 int32 floor = 2
  help keep the type, and add a field with a new number beside it`},
		"of another package": {[]string{"int64 cents", "string cents"}, `
proto/common/money.proto:5:10: field "cents" was int64 and is string: the two are encoded differently, so stored values are not read any more (Opened, version 1; Moved, version 1); the registry refuses it too (FIELD_SCALAR_KIND_CHANGED) [REPLAY_FIELD_TYPE common.Money.cents]
  was schemas/common/money.proto/1.proto:5:9 int64 cents = 1
  help keep the type, and add a field with a new number beside it`},
		"only replay objects": {[]string{"  string street = 1;\n", ""}, `
proto/bank/v1/account.proto:20:9: field "street" is gone, so stored values of it are not read any more (Opened, version 1; Moved, version 1) [REPLAY_FIELD_REMOVED bank.v1.Place.street]
  was schemas/bank.v1.Opened/1.proto:12:10 string street = 1
  help keep the field and mark it [deprecated = true]
    the registry would take it: it only asks whether the bytes can be skipped, not whether the value is missed`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want(t, check(t, transitive, bank, edit(t, bank, c.edits...)).Findings, c.want)
		})
	}
}

// TestCheck_registryAlone breaks what only the registry minds.
func TestCheck_registryAlone(t *testing.T) {
	t.Parallel()
	more := []string{
		"string owner = 1;\n  common", "string owner = 1;\n  More more = 7;\n  common",
		"message Place {", "message More { int32 a = 1; }\nmessage Place {",
	}
	for name, c := range map[string]struct {
		rules confluent.Rules
		edits []string
		want  string
	}{
		"type renamed": {transitive, []string{"Place", "Spot"}, `
proto/bank/v1/account.proto:9:9: the registry would refuse the schema of bank.v1.Opened and 1 more: MESSAGE_REMOVED at #/Place against version 1, the new schema cannot read what it wrote [CONFLUENT_MESSAGE_REMOVED bank.v1.Place]
  was schemas/bank.v1.Opened/1.proto:11:9 message Place {
  help put it back as it was (the scope has no message of that name any more, even if an import has one),
    and declare what is new in an event of its own that Opened names in replaced_by
    stored events would stay readable: only the registry objects`},
		"type of a file renamed": {transitive, []string{"Money", "Cash"}, `
proto/common/money.proto:2:1: the registry would refuse the schema of common/money.proto: MESSAGE_REMOVED at #/Money against version 1, the new schema cannot read what it wrote [CONFLUENT_MESSAGE_REMOVED common.Money]
  was schemas/common/money.proto/1.proto:4:9 message Money {
  help put it back as it was, and declare what is new under another name: the scope has no message of that name any more, even if an import has one`},
		"new type under full": {confluent.Rules{Level: confluent.Full}, more, `
proto/bank/v1/account.proto:21:9: the registry would refuse the schema of bank.v1.Opened: MESSAGE_REMOVED at #/More against version 1, it cannot read what the new schema writes [CONFLUENT_MESSAGE_REMOVED bank.v1.More]
  was schemas/bank.v1.Opened/1.proto:1:1
  help the level full asks for both directions, which forbids almost every change but a new field;
    backward_transitive is enough for stored events: set compat.level in esgen.yaml`},
		"new type under forward": {confluent.Rules{Level: confluent.Forward}, more, `
proto/bank/v1/account.proto:21:9: the registry would refuse the schema of bank.v1.Opened: MESSAGE_REMOVED at #/More against version 1, it cannot read what the new schema writes [CONFLUENT_MESSAGE_REMOVED bank.v1.More]
  was schemas/bank.v1.Opened/1.proto:1:1
  help the level forward forbids it: put it back as it was`},
		"new type under backward": {transitive, more, ""},
		"another field of a type that lost one": {transitive, []string{
			"  string street = 1;\n", "", "  Place place = 3;", "  More place = 3;", "message Place {", "message More { string street = 1; int32 floor = 2; }\nmessage Place {",
		}, `
proto/bank/v1/account.proto:13:8: the registry would refuse the schema of bank.v1.Opened: FIELD_NAMED_TYPE_CHANGED at #/Opened/3 against version 1, the new schema cannot read what it wrote [CONFLUENT_FIELD_NAMED_TYPE_CHANGED bank.v1.Opened.place]
  was schemas/bank.v1.Opened/1.proto:9:18 .bank.v1.Place place = 3;
  help put it back as it was (a field has a message type of another name, or one that changed incompatibly),
    and declare what is new in an event of its own that Opened names in replaced_by
    stored events would stay readable: only the registry objects
proto/bank/v1/account.proto:21:9: field "street" is gone, so stored values of it are not read any more (Moved, version 1) [REPLAY_FIELD_REMOVED bank.v1.Place.street]
  was schemas/bank.v1.Moved/1.proto:11:10 string street = 1
  help keep the field and mark it [deprecated = true]
    the registry would take it: it only asks whether the bytes can be skipped, not whether the value is missed`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want(t, check(t, c.rules, bank, edit(t, bank, c.edits...)).Findings, c.want)
		})
	}
}

// TestCheck_allVersions reads a number that version 2 stored as something else,
// although version 3 knows nothing of it. Where the level lets the registry look
// at less, the finding says so.
func TestCheck_allVersions(t *testing.T) {
	t.Parallel()
	with := edit(t, bank, "  Place place = 3;", "  Place place = 3;\n  string note = 4;")
	again := edit(t, bank, "  Place place = 3;", "  Place place = 3;\n  int64 note = 4;")
	const what = `
proto/bank/v1/account.proto:14:9: field "note" was string and is int64: the two are encoded differently, so stored values are not read any more (Opened, version 2)`
	const rest = ` [REPLAY_FIELD_TYPE bank.v1.Opened.note]
  was schemas/bank.v1.Opened/2.proto:10:10 string note = 4
  help keep the type, and add a field with a new number beside it`
	for level, more := range map[confluent.Level]string{
		confluent.BackwardTransitive: what + "; the registry refuses it too (FIELD_SCALAR_KIND_CHANGED)" + rest,
		confluent.FullTransitive:     what + "; the registry refuses it too (FIELD_SCALAR_KIND_CHANGED)" + rest,
		confluent.Backward:           what + rest + "\n    the registry would take it: the level backward compares with the last version only",
		confluent.None:               what + rest + "\n    the registry would take it: the level none compares nothing",
		confluent.Forward:            what + rest + "\n    the registry would take it: the level forward does not ask whether the new schema reads old values",
	} {
		t.Run(string(level), func(t *testing.T) {
			t.Parallel()
			want(t, check(t, confluent.Rules{Level: level}, bank, with, bank, again).Findings, more)
		})
	}
}

// TestCheck_acceptedByHand holds that a break which somebody wrote into the
// lock without the check is found as long as it stands there.
func TestCheck_acceptedByHand(t *testing.T) {
	t.Parallel()
	broken := edit(t, bank, "int32 floor", "string floor")
	r := check(t, transitive, bank, broken, broken)
	if got := states(r)["bank.v1.Opened"]; got != "unchanged" {
		t.Errorf("Opened is %s", got)
	}
	if diff := cmp.Diff([]string{"REPLAY_FIELD_TYPE bank.v1.Place.floor"}, rules(r.Findings)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestCheck_deterministic asks twice.
func TestCheck_deterministic(t *testing.T) {
	t.Parallel()
	broken := edit(t, bank, "int32 floor", "string floor", "int64 cents", "string cents", "string owner = 1;\n  common", "bytes owner = 1;\n  common")
	accepted := accept(t, bank)
	s := declare(t, broken, accepted)
	first := show(ask(t, transitive, s, accepted).Findings)
	for range 20 {
		if diff := cmp.Diff(first, show(ask(t, transitive, s, accepted).Findings)); diff != "" {
			t.Fatal(diff)
		}
	}
}

func TestCheck_cancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	accepted := accept(t, bank)
	s := declare(t, bank, accepted)
	_, err := compat.Check(ctx, compat.Request{Schemas: s.schemas, Model: s.model, Accepted: accepted, Locate: s.set.Locate})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// TestRules holds that everything found is in the table once.
func TestRules(t *testing.T) {
	t.Parallel()
	var ids []string
	for _, r := range compat.Rules() {
		ids = append(ids, r.ID)
		if r.Title == "" || r.Explain == "" {
			t.Errorf("%s says nothing", r.ID)
		}
	}
	slices.Sort(ids)
	if len(slices.Compact(slices.Clone(ids))) != len(ids) {
		t.Errorf("an id stands for two rules: %v", ids)
	}
}

// TestRules_examples holds that the registry refuses the examples of its rules
// for what they are examples of, and that each of its rules has one.
func TestRules_examples(t *testing.T) {
	t.Parallel()
	examples := 0
	for _, r := range compat.Rules() {
		id, ok := strings.CutPrefix(r.ID, "CONFLUENT_")
		if !ok || r.Example == "" {
			continue
		}
		examples++
		syntax := "syntax = \"proto3\";\n"
		if strings.Contains(r.Example, "required") {
			syntax = ""
		}
		var pair []confluent.Source
		for line := range strings.SplitSeq(r.Example, "\n") {
			pair = append(pair, confluent.Source{Type: schema.Protobuf, Text: syntax + line})
		}
		got := compat.Compare(confluent.Rules{Level: confluent.Backward, Profile: protobuf.V2}, compat.Pair{Old: pair[0], New: pair[1]})
		if got.Invalid != nil {
			t.Fatalf("%s: %v", r.ID, got.Invalid)
		}
		found := slices.ContainsFunc(got.Registry.Differences(), func(d confluent.Difference) bool { return d.Type == id })
		if !found || got.Registry.Compatible {
			t.Errorf("%s: the example has %v", r.ID, got.Registry.Differences())
		}
	}
	for _, c := range protobuf.Changes() {
		if !c.Compatible {
			examples--
		}
	}
	if examples != 0 {
		t.Errorf("%d examples more than rules", examples)
	}
}
