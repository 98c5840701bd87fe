package model_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/generator/model"
)

// Each setting is that of the event, else of its aggregate, else of its file.
func TestBuild_registry(t *testing.T) {
	t.Parallel()
	const cards = `
option (esgen.v1.file) = { registry: { compatibility: COMPATIBILITY_NONE json: true } };
message Card { option (esgen.v1.aggregate) = {}; }
message CardLost { option (esgen.v1.event) = { retired: true aggregate: "Card" }; }
message Noted { option (esgen.v1.event) = { retired: true aggregate: "Account" registry: { subject: "notes" } }; }
`
	const accounts = `
message Account { option (esgen.v1.aggregate) = { registry: { subject: "accounts" compatibility: COMPATIBILITY_FULL } }; }
message Opened { option (esgen.v1.event) = { retired: true }; }
message Closed { option (esgen.v1.event) = { retired: true registry: { compatibility: COMPATIBILITY_BACKWARD_TRANSITIVE json: true } }; }
`
	m, findings := model.Build(set(t, map[string]string{"bank/v1/account.proto": header + accounts, "bank/v1/card.proto": header + cards}))
	if diag.Worst(findings) == diag.Error {
		t.Fatalf("findings: %v", findings)
	}
	var got []string
	for _, a := range m.Packages[0].Aggregates {
		for _, e := range a.Events {
			r := e.Registry
			got = append(got, fmt.Sprintf("%s %q %q %t %d:%d", e.GoName, r.Subject, r.Level, r.JSON, r.Position.Line, r.Position.Column))
		}
	}
	want := []string{
		`Opened "accounts" "FULL" false 6:63`,
		`Closed "accounts" "BACKWARD_TRANSITIVE" true 6:63`,
		`Noted "notes" "FULL" true 9:92`,
		`CardLost "" "NONE" true 0:0`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestBuild_registryInvalid(t *testing.T) {
	t.Parallel()
	for settings, want := range map[string]string{
		`subject: "bank.v1.account-x y/z:ü"`:                    "",
		`subject: "` + strings.Repeat("x", 255) + `"`:           "",
		`subject: "` + strings.Repeat("x", 256) + `"`:           "SUBJECT_INVALID",
		`subject: "__GLOBAL"`:                                   "SUBJECT_INVALID",
		`subject: "__EMPTY"`:                                    "SUBJECT_INVALID",
		`subject: "GLOBAL"`:                                     "",
		`subject: "a\tb"`:                                       "SUBJECT_INVALID",
		`subject: " a"`:                                         "SUBJECT_INVALID",
		`compatibility: 7`:                                      "",
		`compatibility: 8`:                                      "COMPATIBILITY_UNKNOWN",
		`compatibility: COMPATIBILITY_UNSPECIFIED`:              "",
		`subject: "__GLOBAL" compatibility: COMPATIBILITY_FULL`: "SUBJECT_INVALID",
	} {
		t.Run(settings, func(t *testing.T) {
			t.Parallel()
			_, findings := build(t, account+`message Old { option (esgen.v1.event) = { retired: true registry: { `+settings+` } }; }`)
			if got := strings.Join(rules(findings), " "); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
			for _, f := range findings {
				if f.Position.Line != 16 || f.Position.Column != 69 {
					t.Errorf("the position is %v", f.Position)
				}
			}
		})
	}
}
