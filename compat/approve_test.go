package compat_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/esgen-dev/esgen/compat"
	"github.com/esgen-dev/esgen/diag"
)

// TestApprove approves the break of one field, in ways that cover it and in
// ways that do not.
func TestApprove(t *testing.T) {
	t.Parallel()
	broken := edit(t, bank, "int32 floor", "string floor")
	found := check(t, transitive, bank, broken).Findings
	if len(found) != 1 {
		t.Fatalf("found:%s", show(found))
	}
	exact := compat.Approval{
		Rule: found[0].Rule, Symbol: found[0].Symbol, Fingerprint: found[0].Fingerprint(),
		Reason: "no service stored a floor yet", Until: "2026-12-31",
		Position: diag.Position{Path: "esgen.yaml", Line: 4, Column: 7},
	}
	with := func(change func(*compat.Approval)) []compat.Approval {
		a := exact
		change(&a)
		return []compat.Approval{a}
	}
	const broke = "REPLAY_FIELD_TYPE bank.v1.Place.floor"
	for name, c := range map[string]struct {
		approvals []compat.Approval
		today     string
		want      []string
	}{
		"none":                 {nil, "2026-11-20", []string{broke}},
		"exact":                {[]compat.Approval{exact}, "2026-11-20", []string{}},
		"on the last day":      {[]compat.Approval{exact}, "2026-12-31", []string{}},
		"on the day after":     {[]compat.Approval{exact}, "2027-01-01", []string{"APPROVAL_EXPIRED bank.v1.Place.floor", broke}},
		"another rule":         {with(func(a *compat.Approval) { a.Rule = "REPLAY_FIELD_REMOVED" }), "2026-11-20", []string{"APPROVAL_UNUSED bank.v1.Place.floor", broke}},
		"another symbol":       {with(func(a *compat.Approval) { a.Symbol = "bank.v1.Place.street" }), "2026-11-20", []string{"APPROVAL_UNUSED bank.v1.Place.street", broke}},
		"another fingerprint":  {with(func(a *compat.Approval) { a.Fingerprint = "000000000000" }), "2026-11-20", []string{"APPROVAL_UNUSED bank.v1.Place.floor", broke}},
		"no fingerprint":       {with(func(a *compat.Approval) { a.Fingerprint = "" }), "2026-11-20", []string{"APPROVAL_UNUSED bank.v1.Place.floor", broke}},
		"twice":                {[]compat.Approval{exact, exact}, "2026-11-20", []string{"APPROVAL_UNUSED bank.v1.Place.floor"}},
		"expired, and renewed": {append(with(func(a *compat.Approval) { a.Until = "2026-01-01" }), exact), "2026-11-20", []string{"APPROVAL_EXPIRED bank.v1.Place.floor"}},
	} {
		got := compat.Approve(found, c.approvals, day(t, c.today))
		if diff := cmp.Diff(c.want, rules(got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		for _, f := range got {
			if approval := f.Rule != "REPLAY_FIELD_TYPE"; approval && (f.Severity != diag.Warning || f.Position != exact.Position || f.Help == "") {
				t.Errorf("%s: %+v", name, f)
			}
		}
	}
}

// TestApprove_another holds that an approval of one change does not let another
// change of the same field pass.
func TestApprove_another(t *testing.T) {
	t.Parallel()
	found := check(t, transitive, bank, edit(t, bank, "int32 floor", "string floor")).Findings
	drafts := compat.Draft(found, day(t, "2026-12-31"))
	other := check(t, transitive, bank, edit(t, bank, "int32 floor", "bytes floor")).Findings
	got := rules(compat.Approve(other, drafts, day(t, "2026-11-20")))
	if diff := cmp.Diff([]string{"APPROVAL_UNUSED bank.v1.Place.floor", "REPLAY_FIELD_TYPE bank.v1.Place.floor"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestDraft drafts approvals for what can be intended, of every kind, and holds
// that they cover it.
func TestDraft(t *testing.T) {
	t.Parallel()
	found := check(t, transitive, shop, edit(t, shop,
		shipped, "", "partitions: 3", "partitions: 4", "string item = 1;", "int32 item = 1;",
	)).Findings
	until := day(t, "2027-02-18")
	drafts := compat.Draft(found, until)
	if len(found) != 3 || len(drafts) != 3 || drafts[0].Until != "2027-02-18" || drafts[0].Reason != "" {
		t.Fatalf("%d drafts %+v of %s", len(drafts), drafts, show(found))
	}
	if left := compat.Approve(found, drafts, until); len(left) > 0 {
		t.Errorf("left:%s", show(left))
	}
	// What is no break cannot be approved: a schema that is none, an approval.
	none := []diag.Finding{
		{Rule: "SCHEMA_INVALID", Symbol: "a.B"},
		{Rule: "SCHEMA_STORED_INVALID", Symbol: "a.B"},
		{Rule: "APPROVAL_EXPIRED", Symbol: "a.B"},
		{Rule: "EVENT_UNKNOWN", Symbol: "a.B"},
	}
	for _, f := range none {
		if compat.Approvable(f) {
			t.Errorf("%s can be approved", f.Rule)
		}
		a := compat.Approval{Rule: f.Rule, Symbol: f.Symbol, Fingerprint: f.Fingerprint(), Until: "2099-01-01"}
		got := rules(compat.Approve([]diag.Finding{f}, []compat.Approval{a}, until))
		if len(got) != 2 {
			t.Errorf("%s: %v", f.Rule, got)
		}
	}
	if len(compat.Draft(none, until)) > 0 {
		t.Error("drafts of what cannot be approved")
	}
}

// TestReport_Approve holds which schemas say that they are approved: those of
// which everything is, up to the first day on which something is not.
func TestReport_Approve(t *testing.T) {
	t.Parallel()
	// The first is in both events, the second in a file that both refer to, and
	// the third in one of them.
	report := check(t, transitive, bank, edit(t, bank,
		"int32 floor", "string floor", "int64 cents", "string cents", "string owner = 1;\n  common", "int32 owner = 1;\n  common"))
	drafts := compat.Draft(report.Findings, day(t, "2027-01-31"))
	if len(drafts) != 3 {
		t.Fatalf("%d drafts of%s", len(drafts), show(report.Findings))
	}
	without := func(symbol string) []compat.Approval {
		return slices.DeleteFunc(slices.Clone(drafts), func(a compat.Approval) bool { return a.Symbol == symbol })
	}
	sooner := slices.Clone(drafts)
	for i := range sooner {
		if sooner[i].Symbol == "common.Money.cents" {
			sooner[i].Until = "2026-12-31"
		}
	}
	const file, opened, moved = "common/money.proto", "bank.v1.Opened", "bank.v1.Moved"
	for name, c := range map[string]struct {
		approvals []compat.Approval
		today     string
		want      map[string]string
	}{
		"none":            {nil, "2026-11-20", map[string]string{}},
		"all":             {drafts, "2026-11-20", map[string]string{file: "2027-01-31", opened: "2027-01-31", moved: "2027-01-31"}},
		"all but of one":  {without("bank.v1.Opened.owner"), "2026-11-20", map[string]string{file: "2027-01-31", moved: "2027-01-31"}},
		"all but of both": {without("bank.v1.Place.floor"), "2026-11-20", map[string]string{file: "2027-01-31"}},
		"one ends sooner": {sooner, "2026-11-20", map[string]string{file: "2026-12-31", opened: "2026-12-31", moved: "2026-12-31"}},
		"one has ended":   {sooner, "2027-01-01", map[string]string{}},
		"the last day":    {drafts, "2027-01-31", map[string]string{file: "2027-01-31", opened: "2027-01-31", moved: "2027-01-31"}},
		"the day after":   {drafts, "2027-02-01", map[string]string{}},
	} {
		approved, left := report.Approve(c.approvals, day(t, c.today))
		got := map[string]string{}
		for _, s := range approved.Subjects {
			if s.ApprovedUntil != "" {
				got[s.Schema.Key] = s.ApprovedUntil
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if diff := cmp.Diff(rules(compat.Approve(report.Findings, c.approvals, day(t, c.today))), rules(left)); diff != "" {
			t.Errorf("%s: what is left (-want +got):\n%s", name, diff)
		}
	}
	for _, s := range report.Subjects {
		if s.ApprovedUntil != "" {
			t.Error("the report itself was changed")
		}
	}
}

// TestReport_Approve_follows holds that a schema is approved with what it is
// refused for, also if that is another schema.
func TestReport_Approve_follows(t *testing.T) {
	t.Parallel()
	report := check(t, transitive, bank, edit(t, bank, "Money", "Cash"))
	approved, _ := report.Approve(compat.Draft(report.Findings, day(t, "2027-01-31")), day(t, "2026-11-20"))
	for _, s := range approved.Subjects {
		if !s.Registry.Compatible && s.ApprovedUntil != "2027-01-31" {
			t.Errorf("%s is refused, for%s, and approved until %q", s.Schema.Key, show(s.Findings), s.ApprovedUntil)
		}
	}
}
