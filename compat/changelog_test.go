package compat_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/esgen-dev/esgen/compat"
)

// TestChangelog says what every kind of edit changed.
func TestChangelog(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		edits []string
		want  []string
	}{
		"nothing": {nil, nil},
		"a field more": {[]string{"  Place place = 3;", "  Place place = 3;\n  string note = 4;"}, []string{
			"bank.v1.Opened changed 2", "field added: string note = 4",
		}},
		"another type": {[]string{"string owner = 1;\n  common", "int32 owner = 1;\n  common"}, []string{
			"bank.v1.Opened changed 2", "field scalar kind changed: int32 owner = 1",
		}},
		"a field less": {[]string{"  common.Money limit = 2;\n", ""}, []string{
			"bank.v1.Opened changed 2", "field removed: .common.Money limit = 2",
		}},
		"in a type of both": {[]string{"  int32 floor = 2;", "  int32 floor = 2;\n  string town = 3;"}, []string{
			"bank.v1.Opened changed 2", "field added: string town = 3",
			"bank.v1.Moved changed 2", "field added: string town = 3",
		}},
		"renamed field": {[]string{"int32 floor", "int32 storey"}, []string{
			"bank.v1.Opened changed 2", "field name changed: int32 storey = 2",
			"bank.v1.Moved changed 2", "field name changed: int32 storey = 2",
		}},
		"deprecated": {[]string{"string street = 1;", "string street = 1 [deprecated = true];"}, []string{
			"bank.v1.Opened changed 2", "the text, in a way that the registry does not compare",
			"bank.v1.Moved changed 2", "the text, in a way that the registry does not compare",
		}},
		"in a file": {[]string{"string currency = 2;", "string currency = 2;\n  bool exact = 3;"}, []string{
			"bank.v1.Opened changed 2", "field added: common.Money.exact",
			"bank.v1.Moved changed 2", "field added: common.Money.exact",
		}},
		"an event more": {[]string{"message Place {", "message Closed { option (esgen.v1.event) = {}; }\nmessage Place {"}, []string{"bank.v1.Closed new 1"}},
		"an event less": {[]string{"message Moved {\n  option (esgen.v1.event) = {};", "message Moved {", `emits: "Moved"`, `emits: "Opened"`}, []string{"bank.v1.Moved gone"}},
		"an event of another name": {[]string{"message Moved {\n  option (esgen.v1.event) = {};", "message Left {\n  option (esgen.v1.event) = { type: \"bank.v1.Moved\" };", `emits: "Moved"`, `emits: "Left"`}, []string{
			"bank.v1.Left renamed 1", "from bank.v1.Moved",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			accepted := accept(t, bank)
			report := ask(t, transitive, declare(t, edit(t, bank, c.edits...), accepted), accepted)
			var got []string
			for _, e := range compat.Changelog(report, accepted) {
				line := fmt.Sprintf("%s %s", e.Event, e.State)
				if e.Version > 0 {
					line += fmt.Sprintf(" %d", e.Version)
				}
				got = append(append(got, line), e.Changes...)
				for _, name := range e.RenamedFrom {
					got = append(got, "from "+name)
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestChangelog_renamedBefore holds that a rename that was accepted is no news.
func TestChangelog_renamedBefore(t *testing.T) {
	t.Parallel()
	renamed := edit(t, shop, `message Shipped { option (esgen.v1.event) = { aggregate: "Order"`, `message Sent { option (esgen.v1.event) = { aggregate: "Order" type: "shop.v1.Shipped"`)
	accepted := accept(t, shop, renamed)
	report := ask(t, transitive, declare(t, renamed, accepted), accepted)
	if entries := compat.Changelog(report, accepted); len(entries) > 0 {
		t.Errorf("%+v", entries)
	}
	for _, s := range report.Subjects {
		if len(s.RenamedFrom) > 0 {
			t.Errorf("%s is still new, from %v", s.Schema.Key, s.RenamedFrom)
		}
	}
}
