package diag_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/esgen-dev/esgen/diag"
)

func TestJSON(t *testing.T) {
	t.Parallel()
	printer := diag.JSON{Version: "v1.2.3", Rules: []diag.Rule{{ID: "EVENT_UNKNOWN", Category: diag.Modelling}}}
	schema := jsonschema.MustCompileString("findings.json", diag.JSONSchema())
	for name, findings := range map[string][]diag.Finding{
		"none": nil,
		"full": {full()},
		"bare": {{Rule: "X", Severity: diag.Info, Message: "<m> & \"n\""}, {Rule: "Y", Severity: diag.Warning, Message: "m"}},
	} {
		var out strings.Builder
		if err := printer.Print(&out, findings); err != nil {
			t.Fatal(err)
		}
		var report any
		if err := json.Unmarshal([]byte(out.String()), &report); err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(report); err != nil {
			t.Errorf("%s: %#v\n%s", name, err, out.String())
		}
		if strings.Contains(out.String(), `\u003c`) {
			t.Errorf("%s: < is escaped as for HTML", name)
		}
	}
}

func TestJSON_bytes(t *testing.T) {
	t.Parallel()
	f := full()
	f.Previous = f.Previous[:1]
	want := `{
  "schema_version": 1,
  "tool": "esgen",
  "version": "v1.2.3",
  "findings": [
    {
      "rule": "EVENT_UNKNOWN",
      "severity": "error",
      "category": "model",
      "message": "\"Withdrawed\" is not declared",
      "symbol": "bank.v1.Withdraw",
      "path": "bank.proto",
      "line": 2,
      "column": 10,
      "end_line": 2,
      "end_column": 22,
      "previous": [
        {
          "path": "old.proto",
          "line": 7,
          "column": 3,
          "text": "string owner = 2;",
          "old": true
        }
      ],
      "help": "did you mean \"Withdrawn\"?\nrun esgen lint",
      "url": "https://github.com/esgen-dev/esgen/blob/main/docs/rules.md#event_unknown",
      "fingerprint": "` + f.Fingerprint() + `"
    }
  ],
  "summary": {
    "errors": 1,
    "warnings": 0,
    "infos": 0
  }
}
`
	var out strings.Builder
	printer := diag.JSON{Version: "v1.2.3", Rules: []diag.Rule{{ID: "EVENT_UNKNOWN", Category: diag.Modelling}}}
	if err := printer.Print(&out, []diag.Finding{f}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestJSONSchema_refuses holds that the schema can refuse at all.
func TestJSONSchema_refuses(t *testing.T) {
	t.Parallel()
	schema := jsonschema.MustCompileString("findings.json", diag.JSONSchema())
	const rest = `"tool": "esgen", "version": "v1", "summary": {"errors": 0, "warnings": 0, "infos": 0}`
	for _, text := range []string{
		`{}`, `[]`,
		`{"schema_version": 2, "findings": [], ` + rest + `}`,
		`{"schema_version": 1, "findings": [], "verdicts": [{"subject": "s", "type": "PROTOBUF", "state": "new"}], ` + rest + `}`,
		`{"schema_version": 1, "findings": [], "verdicts": [{"subject": "s", "type": "AVRO", "state": "new", "registry": "compatible"}], ` + rest + `}`,
		`{"schema_version": 1, "findings": [], "verdicts": [{"subject": "s", "type": "JSON", "state": "new", "registry": "compatible", "replay": ""}], ` + rest + `}`,
		`{"schema_version": 1, "findings": null, ` + rest + `}`,
		`{"schema_version": 1, "findings": [{"rule": "X"}], ` + rest + `}`,
		`{"schema_version": 1, "findings": [{"rule": "X", "severity": "fatal", "message": "m", "fingerprint": "0123456789ab"}], ` + rest + `}`,
		`{"schema_version": 1, "findings": [{"rule": "X", "severity": "info", "message": "m", "fingerprint": "0123456789ab", "line": 0}], ` + rest + `}`,
	} {
		var report any
		if err := json.Unmarshal([]byte(text), &report); err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(report); err == nil {
			t.Errorf("accepted: %s", text)
		}
	}
}

// TestJSON_verdicts holds that verdicts are printed where there may be some, and
// that they are valid.
func TestJSON_verdicts(t *testing.T) {
	t.Parallel()
	for want, verdicts := range map[string][]diag.Verdict{
		"":   nil,
		"[]": {},
		`[{"subject":"s","symbol":"a.B","type":"PROTOBUF","state":"changed","registry":"incompatible","replay":"unsafe"},` +
			`{"subject":"f.proto","type":"PROTOBUF","state":"new","registry":"compatible"}]`: {
			{Subject: "s", Symbol: "a.B", Type: "PROTOBUF", State: "changed", Registry: "incompatible", Replay: "unsafe"},
			{Subject: "f.proto", Type: "PROTOBUF", State: "new", Registry: "compatible"},
		},
	} {
		var out bytes.Buffer
		if err := (diag.JSON{Version: "v1", Verdicts: verdicts}).Print(&out, nil); err != nil {
			t.Fatal(err)
		}
		var got struct {
			Verdicts json.RawMessage `json:"verdicts"`
		}
		var whole any
		if err := errors.Join(json.Unmarshal(out.Bytes(), &got), json.Unmarshal(out.Bytes(), &whole)); err != nil {
			t.Fatal(err)
		}
		var compact bytes.Buffer
		if len(got.Verdicts) > 0 {
			if err := json.Compact(&compact, got.Verdicts); err != nil {
				t.Fatal(err)
			}
		}
		if compact.String() != want {
			t.Errorf("got %s, want %s", compact.String(), want)
		}
		if err := jsonschema.MustCompileString("findings.json", diag.JSONSchema()).Validate(whole); err != nil {
			t.Errorf("%#v", err)
		}
	}
}
