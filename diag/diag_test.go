package diag_test

import (
	"slices"
	"testing"

	"github.com/esgen-dev/esgen/diag"
)

func TestFinding_Fingerprint(t *testing.T) {
	t.Parallel()
	base := diag.Finding{Rule: "FIELD_SAME_TYPE", Symbol: "bank.v1.Opened.owner", Message: "m", Details: []string{"string", "bytes"}}
	change := func(edit func(f *diag.Finding)) string {
		f := base
		edit(&f)
		return f.Fingerprint()
	}
	// The hash is part of the contract: approvals in esgen.yaml hold it. It is
	// sha256("FIELD_SAME_TYPE|bank.v1.Opened.owner|string|bytes").
	const want = "c1d839ee39a3"
	for name, same := range map[string]string{
		"itself":            base.Fingerprint(),
		"moved":             change(func(f *diag.Finding) { f.Position = diag.Position{Path: "a.proto", Line: 7} }),
		"worded in another": change(func(f *diag.Finding) { f.Message = "n" }),
		"made milder":       change(func(f *diag.Finding) { f.Severity = diag.Info }),
	} {
		if same != want {
			t.Errorf("%s: got %s, want %s", name, same, want)
		}
	}
	different := []string{
		want,
		change(func(f *diag.Finding) { f.Rule = "FIELD_NO_DELETE" }),
		change(func(f *diag.Finding) { f.Symbol = "bank.v1.Opened.name" }),
		change(func(f *diag.Finding) { f.Details = []string{"string", "int32"} }),
		change(func(f *diag.Finding) { f.Details = nil }),
		change(func(f *diag.Finding) { f.Details, f.Message = nil, "n" }),
		change(func(f *diag.Finding) { f.Symbol = "" }),
		change(func(f *diag.Finding) { f.Symbol, f.Position.Path = "", "a.proto" }),
		change(func(f *diag.Finding) { f.Symbol, f.Position.Path = "", "b.proto" }),
	}
	slices.Sort(different)
	if n := len(different); len(slices.Compact(different)) != n {
		t.Errorf("some are the same: %v", different)
	}
}

func TestPrevious_String(t *testing.T) {
	t.Parallel()
	file := diag.Position{Path: "schemas/bank.v1.X/3.proto", Line: 16}
	for want, p := range map[string]diag.Previous{
		"string currency = 4; (v3, schemas/bank.v1.X/3.proto:16)": {Text: "string currency = 4;", Version: 3, Subject: "bank.v1.X", Position: file},
		"string currency = 4; (schemas/bank.v1.X/3.proto:16)":     {Text: "string\ncurrency  = 4;", Position: file},
		"x (v3 of bank-bank.v1.X, line 16)":                       {Text: "x", Version: 3, Subject: "bank-bank.v1.X", Position: diag.Position{Line: 16}},
		"x (bank-bank.v1.X)":                                      {Text: "x", Subject: "bank-bank.v1.X"},
		"x (v3)":                                                  {Text: "x", Version: 3},
		"v3, schemas/bank.v1.X/3.proto:16":                        {Version: 3, Position: file},
		"x (a\uFFFDb.proto)":                                      {Text: "x", Position: diag.Position{Path: "a\x1bb.proto"}},
	} {
		if got := p.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
