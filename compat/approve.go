package compat

import (
	"fmt"
	"slices"
	"time"

	"github.com/esgen-dev/esgen/diag"
)

// Approval lets one intended break pass: the finding that has its rule, symbol
// and fingerprint.
type Approval struct {
	Rule        string
	Symbol      string
	Fingerprint string
	Reason      string
	Until       string        // the last day on which it holds, e.g. "2027-01-31"
	Position    diag.Position // of the approval
}

// Approve applies approvals to a report, and returns what is left to be told, as
// [Approve] does. Subjects of which everything is approved say so.
func (r Report) Approve(approvals []Approval, today time.Time) (Report, []diag.Finding) {
	day := today.Format(time.DateOnly)
	r.Subjects = slices.Clone(r.Subjects)
	for i := range r.Subjects {
		r.Subjects[i].ApprovedUntil = approvedUntil(r.Subjects[i].Findings, approvals, day)
	}
	return r, Approve(r.Findings, approvals, today)
}

// approvedUntil returns the last day on which all findings are approved, or ""
// if one of them is not on the given day.
func approvedUntil(findings []diag.Finding, approvals []Approval, day string) string {
	until := ""
	for _, f := range findings {
		last := ""
		for _, a := range approvals {
			if a.covers(f) {
				last = max(last, a.Until)
			}
		}
		if last < day {
			return ""
		}
		if until == "" || last < until {
			until = last
		}
	}
	return until
}

// Approve returns the findings that no approval covers, with a finding for
// each approval that covers nothing, or expired before today. An approval that
// expired covers nothing.
func Approve(findings []diag.Finding, approvals []Approval, today time.Time) []diag.Finding {
	day := today.Format(time.DateOnly)
	var left []diag.Finding
	used := make([]bool, len(approvals))
	for _, f := range findings {
		i := slices.IndexFunc(approvals, func(a Approval) bool { return a.Until >= day && a.covers(f) })
		if i < 0 {
			left = append(left, f)
			continue
		}
		used[i] = true
	}
	for i, a := range approvals {
		switch {
		case a.Until < day:
			left = append(left, a.finding(ruleApprovalExpired,
				fmt.Sprintf("the approval of %s for %s expired on %s", a.Rule, a.Symbol, a.Until),
				"remove it, or if the break is still intended, set a later day"))
		case !used[i]:
			left = append(left, a.finding(ruleApprovalUnused,
				fmt.Sprintf("the approval of %s for %s covers nothing", a.Rule, a.Symbol), "remove it"))
		}
	}
	return diag.Sort(left)
}

func (a Approval) covers(f diag.Finding) bool {
	return Approvable(f) && a.Rule == f.Rule && a.Symbol == f.Symbol && a.Fingerprint == f.Fingerprint()
}

func (a Approval) finding(rule, message, help string) diag.Finding {
	return diag.Finding{
		Rule: rule, Severity: diag.Warning, Message: message, Symbol: a.Symbol, Position: a.Position, Help: help,
	}
}

// Approvable reports whether a finding is a break that can be intended.
func Approvable(f diag.Finding) bool {
	return slices.ContainsFunc(breaks(), func(r diag.Rule) bool { return r.ID == f.Rule })
}

// Draft returns approvals for all findings that can be approved, to be filled
// in with a reason.
func Draft(findings []diag.Finding, until time.Time) []Approval {
	var drafts []Approval
	for _, f := range findings {
		if Approvable(f) {
			drafts = append(drafts, Approval{
				Rule: f.Rule, Symbol: f.Symbol, Fingerprint: f.Fingerprint(), Until: until.Format(time.DateOnly),
			})
		}
	}
	return drafts
}
