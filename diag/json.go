package diag

import (
	_ "embed" // for the schema
	"encoding/json"
	"fmt"
	"io"
)

// jsonVersion is raised when a reader of the JSON report would misunderstand
// it. New fields do not raise it.
const jsonVersion = 1

//go:embed findings.v1.schema.json
var jsonSchema string

// JSONSchema returns the JSON Schema of what [JSON] prints.
func JSONSchema() string { return jsonSchema }

// JSON prints findings as one JSON object, for programs.
type JSON struct {
	Version string // of esgen
	Rules   []Rule // from which the categories and links come
	// Verdicts are printed beside the findings, unless it is nil.
	Verdicts []Verdict
}

// Verdict is what was said of one schema, whether something is wrong with it or
// not.
type Verdict struct {
	Subject string `json:"subject"`          // of the schema registry
	Symbol  string `json:"symbol,omitempty"` // full name of the event; "" for a file that events refer to
	Type    string `json:"type"`             // "PROTOBUF" or "JSON"
	State   string `json:"state"`            // "new", "changed" or "unchanged"
	// Registry is "compatible" or "incompatible", Replay "safe", "unsafe",
	// "undecided" or, where there is no such verdict, "".
	Registry string `json:"registry"`
	Replay   string `json:"replay,omitempty"`
	// ApprovedUntil is the last day on which approvals let everything pass that
	// speaks against the schema, e.g. "2027-01-31"; "" if they do not.
	ApprovedUntil string `json:"approved_until,omitempty"`
	// RenamedFrom are the full names that a new event had before, under which it
	// is stored.
	RenamedFrom []string `json:"renamed_from,omitempty"`
}

type jsonReport struct {
	SchemaVersion int           `json:"schema_version"`
	Tool          string        `json:"tool"`
	Version       string        `json:"version"`
	Findings      []jsonFinding `json:"findings"`
	Verdicts      *[]Verdict    `json:"verdicts,omitempty"`
	Summary       jsonSummary   `json:"summary"`
}

type jsonFinding struct {
	Rule        string         `json:"rule"`
	Severity    string         `json:"severity"`
	Category    Category       `json:"category,omitempty"`
	Message     string         `json:"message"`
	Symbol      string         `json:"symbol,omitempty"`
	Path        string         `json:"path,omitempty"`
	Line        int            `json:"line,omitempty"`
	Column      int            `json:"column,omitempty"`
	EndLine     int            `json:"end_line,omitempty"`
	EndColumn   int            `json:"end_column,omitempty"`
	Previous    []jsonPrevious `json:"previous,omitempty"`
	Help        string         `json:"help,omitempty"`
	URL         string         `json:"url,omitempty"`
	Fingerprint string         `json:"fingerprint"`
}

type jsonPrevious struct {
	Path      string `json:"path,omitempty"`
	Line      int    `json:"line,omitempty"`
	Column    int    `json:"column,omitempty"`
	EndLine   int    `json:"end_line,omitempty"`
	EndColumn int    `json:"end_column,omitempty"`
	Text      string `json:"text,omitempty"`
	Old       bool   `json:"old,omitempty"`
	Subject   string `json:"subject,omitempty"`
	Version   int    `json:"version,omitempty"`
}

type jsonSummary struct {
	Errors   int `json:"errors"`
	Warnings int `json:"warnings"`
	Infos    int `json:"infos"`
}

// Print writes the findings in the order given. The error is the writer's.
func (j JSON) Print(w io.Writer, findings []Finding) error {
	report := jsonReport{
		SchemaVersion: jsonVersion, Tool: "esgen", Version: j.Version,
		Findings: make([]jsonFinding, 0, len(findings)),
	}
	if j.Verdicts != nil {
		report.Verdicts = &j.Verdicts
	}
	rules := byID(j.Rules)
	for _, f := range findings {
		report.Findings = append(report.Findings, toJSON(f, rules))
		switch f.Severity {
		case Error:
			report.Summary.Errors++
		case Warning:
			report.Summary.Warnings++
		case Info:
			report.Summary.Infos++
		}
	}
	return encode(w, report)
}

func encode[T any](w io.Writer, value T) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(value); err != nil {
		return fmt.Errorf("print the findings: %w", err)
	}
	return nil
}

func toJSON(f Finding, rules map[string]Rule) jsonFinding {
	p := f.Position
	out := jsonFinding{
		Rule: f.Rule, Severity: f.Severity.String(),
		Message: f.Message, Symbol: f.Symbol, Help: f.Help, Fingerprint: f.Fingerprint(),
		Path: p.Path, Line: p.Line, Column: p.Column, EndLine: p.EndLine, EndColumn: p.EndColumn,
	}
	if rule, ok := rules[f.Rule]; ok {
		out.Category, out.URL = rule.Category, rule.URL()
	}
	for _, previous := range f.Previous {
		p := previous.Position
		out.Previous = append(out.Previous, jsonPrevious{
			Path: p.Path, Line: p.Line, Column: p.Column, EndLine: p.EndLine, EndColumn: p.EndColumn,
			Text: previous.Text, Old: previous.Old, Subject: previous.Subject, Version: previous.Version,
		})
	}
	return out
}
