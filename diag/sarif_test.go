package diag_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/esgen-dev/esgen/diag"
)

func TestSARIF(t *testing.T) {
	t.Parallel()
	f := full()
	f.Previous = append(f.Previous, diag.Previous{Text: "string id = 1;", Old: true, Subject: "bank.v1.Withdraw", Version: 3})
	unknown := diag.Finding{Rule: "NEW_RULE", Severity: diag.Info, Message: "m"}
	want := `{
  "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
  "version": "2.1.0",
  "runs": [
    {
      "tool": {
        "driver": {
          "name": "esgen",
          "version": "v1.2.3",
          "informationUri": "https://github.com/esgen-dev/esgen",
          "rules": [
            {
              "id": "EVENT_UNKNOWN",
              "shortDescription": {
                "text": "an event is not declared"
              },
              "fullDescription": {
                "text": "Declare it."
              },
              "helpUri": "https://github.com/esgen-dev/esgen/blob/main/docs/rules.md#event_unknown",
              "help": {
                "text": "Declare it.\n\nFor example:\n\nmessage ` + "````" + ` {}",
                "markdown": "Declare it.\n\nFor example:\n\n` + "`````" + `\nmessage ` + "````" + ` {}\n` + "`````" + `"
              },
              "defaultConfiguration": {
                "level": "error"
              }
            },
            {
              "id": "NEW_RULE"
            }
          ]
        }
      },
      "columnKind": "unicodeCodePoints",
      "results": [
        {
          "ruleId": "EVENT_UNKNOWN",
          "ruleIndex": 0,
          "level": "error",
          "message": {
            "text": "\"Withdrawed\" is not declared\nwas: string owner = 2; (old.proto:7:3)\nsee: Withdraw is declared here (bank.proto:1)\nwas: string id = 1; (v3 of bank.v1.Withdraw)\nhelp: did you mean \"Withdrawn\"?\nrun esgen lint"
          },
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "bank.proto"
                },
                "region": {
                  "startLine": 2,
                  "startColumn": 10,
                  "endLine": 2,
                  "endColumn": 22
                }
              },
              "logicalLocations": [
                {
                  "fullyQualifiedName": "bank.v1.Withdraw"
                }
              ]
            }
          ],
          "relatedLocations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "old.proto"
                },
                "region": {
                  "startLine": 7,
                  "startColumn": 3
                }
              },
              "message": {
                "text": "was: string owner = 2; (old.proto:7:3)"
              }
            },
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "bank.proto"
                },
                "region": {
                  "startLine": 1
                }
              },
              "message": {
                "text": "see: Withdraw is declared here (bank.proto:1)"
              }
            }
          ],
          "partialFingerprints": {
            "esgen/v1": "` + f.Fingerprint() + `"
          }
        },
        {
          "ruleId": "NEW_RULE",
          "ruleIndex": 1,
          "level": "note",
          "message": {
            "text": "m"
          },
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "esgen.yaml"
                },
                "region": {
                  "startLine": 1
                }
              }
            }
          ],
          "partialFingerprints": {
            "esgen/v1": "` + unknown.Fingerprint() + `"
          }
        }
      ]
    }
  ]
}
`
	got := output(t, diag.SARIF{Version: "v1.2.3", Rules: rules()[:1]}, []diag.Finding{f, unknown})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := output(t, diag.SARIF{}, nil); !strings.Contains(got, `"results": []`) || !strings.Contains(got, `"rules": []`) {
		t.Errorf("without findings: %s", got)
	}
}

// sarifPlace is the part of a report that says where a result is.
type sarifPlace struct {
	Runs []struct {
		Tool struct {
			Driver struct {
				Rules []struct {
					ID string `json:"id"`
				} `json:"rules"`
			} `json:"driver"`
		} `json:"tool"`
		Results []struct {
			RuleID    string `json:"ruleId"`
			RuleIndex *int   `json:"ruleIndex"`
			Locations []struct {
				Physical struct {
					Artifact struct {
						URI string `json:"uri"`
					} `json:"artifactLocation"`
					Region map[string]int `json:"region"`
				} `json:"physicalLocation"`
			} `json:"locations"`
		} `json:"results"`
	} `json:"runs"`
}

func TestSARIF_places(t *testing.T) {
	t.Parallel()
	upper := func(p string) string { return strings.TrimPrefix(p, "up/") }
	printer := diag.SARIF{Rules: rules(), Tree: diag.Tree{
		Anchor: "up/my config.yaml", Path: upper,
		Source: func(string) []byte { return []byte("first\n\"é€🙂\": x\n") },
	}}
	for _, c := range []struct {
		position diag.Position
		uri      string
		region   map[string]int
	}{
		{diag.Position{}, "my%20config.yaml", map[string]int{"startLine": 1}},
		{diag.Position{Line: 4, Column: 2}, "my%20config.yaml", map[string]int{"startLine": 1}},
		{diag.Position{Path: "up/a.proto"}, "a.proto", map[string]int{"startLine": 1}},
		{diag.Position{Path: "./x/../a.proto", Line: 9}, "a.proto", map[string]int{"startLine": 9}},
		{diag.Position{Path: "/a b/c.proto", Line: 9}, "file:///a%20b/c.proto", map[string]int{"startLine": 9}},
		{diag.Position{Path: "a:b/c?#%\n\xff[€].proto", Line: 9}, "a%3Ab/c%3F%23%25%0A%FF%5B%E2%82%AC%5D.proto", map[string]int{"startLine": 9}},
		// The line is "é€🙂": x, of which the quoted part has 11 bytes and 5 characters.
		{diag.Position{Path: "a", Line: 2, Column: 12, EndLine: 2, EndColumn: 15}, "a", map[string]int{"startLine": 2, "startColumn": 6, "endLine": 2, "endColumn": 9}},
		{diag.Position{Path: "a", Line: 2, Column: 2, EndLine: 2, EndColumn: 11}, "a", map[string]int{"startLine": 2, "startColumn": 2, "endLine": 2, "endColumn": 5}},
		{diag.Position{Path: "a", Line: 2, Column: 15, EndLine: 2, EndColumn: 20}, "a", map[string]int{"startLine": 2, "startColumn": 9, "endLine": 2, "endColumn": 14}},
		{diag.Position{Path: "a", Line: 7, Column: 12}, "a", map[string]int{"startLine": 7, "startColumn": 12}},
		{diag.Position{Path: "a", Line: 3, Column: 4, EndLine: 3, EndColumn: 3}, "a", map[string]int{"startLine": 3, "startColumn": 4}},
		{diag.Position{Path: "a", Line: 3, Column: 4, EndLine: 2, EndColumn: 9}, "a", map[string]int{"startLine": 3, "startColumn": 4}},
		{diag.Position{Path: "a", Line: 3, EndLine: 3, EndColumn: 9}, "a", map[string]int{"startLine": 3}},
		{diag.Position{Path: "a", Line: -3, Column: -3}, "a", map[string]int{"startLine": 1}},
	} {
		var log sarifPlace
		if err := json.Unmarshal([]byte(output(t, printer, []diag.Finding{at(c.position)})), &log); err != nil {
			t.Fatal(err)
		}
		place := log.Runs[0].Results[0].Locations[0].Physical
		if place.Artifact.URI != c.uri {
			t.Errorf("%+v: got uri %q, want %q", c.position, place.Artifact.URI, c.uri)
		}
		if diff := cmp.Diff(c.region, place.Region); diff != "" {
			t.Errorf("%+v (-want +got):\n%s", c.position, diff)
		}
	}
}

// TestSARIF_ruleIndex follows the index of each result to its rule.
func TestSARIF_ruleIndex(t *testing.T) {
	t.Parallel()
	twice := append(rules(), rules()...)
	findings := []diag.Finding{at(diag.Position{}), {Rule: "B"}, {Rule: "A"}, {Rule: "B"}, {}, full()}
	var log sarifPlace
	if err := json.Unmarshal([]byte(output(t, diag.SARIF{Rules: twice}, findings)), &log); err != nil {
		t.Fatal(err)
	}
	table := log.Runs[0].Tool.Driver.Rules
	if len(table) != 4 {
		t.Errorf("%d rules: %v", len(table), table)
	}
	for i, result := range log.Runs[0].Results {
		switch {
		case findings[i].Rule == "":
			if result.RuleIndex != nil {
				t.Errorf("result %d has no rule, but the index %d", i, *result.RuleIndex)
			}
		case result.RuleIndex == nil || table[*result.RuleIndex].ID != findings[i].Rule || result.RuleID != findings[i].Rule:
			t.Errorf("result %d: rule %s, index %v", i, result.RuleID, result.RuleIndex)
		}
	}
}
