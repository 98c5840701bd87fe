package diag

import (
	"fmt"
	"io"
	"strings"
)

// SARIF prints findings as one run of the Static Analysis Results Interchange
// Format 2.1.0, which code scanning services read. Every result has a place: a
// finding without one is shown at the first line of [Tree.Anchor].
type SARIF struct {
	Version string // of esgen
	Rules   []Rule // all that there are; further ones of the findings are added
	Tree    Tree
}

// sarifSchema is the name that the standard gives to its JSON schema.
const sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool       sarifTool     `json:"tool"`
	ColumnKind string        `json:"columnKind"`
	Results    []sarifResult `json:"results"`
}

type sarifTool struct {
	Driver sarifDriver `json:"driver"`
}

type sarifDriver struct {
	Name           string      `json:"name"`
	Version        string      `json:"version,omitempty"`
	InformationURI string      `json:"informationUri"`
	Rules          []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID               string              `json:"id"`
	ShortDescription *sarifText          `json:"shortDescription,omitempty"`
	FullDescription  *sarifText          `json:"fullDescription,omitempty"`
	HelpURI          string              `json:"helpUri,omitempty"`
	Help             *sarifText          `json:"help,omitempty"`
	Default          *sarifConfiguration `json:"defaultConfiguration,omitempty"`
}

type sarifConfiguration struct {
	Level string `json:"level"`
}

type sarifText struct {
	Text     string `json:"text"`
	Markdown string `json:"markdown,omitempty"`
}

type sarifResult struct {
	RuleID       string            `json:"ruleId,omitempty"`
	RuleIndex    *int              `json:"ruleIndex,omitempty"`
	Level        string            `json:"level"`
	Message      sarifText         `json:"message"`
	Locations    []sarifLocation   `json:"locations"`
	Related      []sarifLocation   `json:"relatedLocations,omitempty"`
	Fingerprints map[string]string `json:"partialFingerprints"`
}

type sarifLocation struct {
	Physical sarifPhysical  `json:"physicalLocation"`
	Logical  []sarifLogical `json:"logicalLocations,omitempty"`
	Message  *sarifText     `json:"message,omitempty"`
}

type sarifPhysical struct {
	Artifact sarifArtifact `json:"artifactLocation"`
	Region   sarifRegion   `json:"region"`
}

type sarifArtifact struct {
	URI string `json:"uri"`
}

type sarifRegion struct {
	StartLine   int `json:"startLine"`
	StartColumn int `json:"startColumn,omitempty"`
	EndLine     int `json:"endLine,omitempty"`
	EndColumn   int `json:"endColumn,omitempty"`
}

type sarifLogical struct {
	Name string `json:"fullyQualifiedName"`
}

// Print writes the findings in the order given. The error is the writer's.
func (s SARIF) Print(w io.Writer, findings []Finding) error {
	rules := make([]sarifRule, 0, len(s.Rules))
	index := make(map[string]int, len(s.Rules))
	add := func(id string, rule sarifRule) {
		if _, ok := index[id]; !ok && id != "" {
			index[id] = len(rules)
			rules = append(rules, rule)
		}
	}
	for _, r := range s.Rules {
		add(r.ID, toSARIF(r))
	}
	results := make([]sarifResult, 0, len(findings))
	for _, f := range findings {
		add(f.Rule, sarifRule{ID: f.Rule})
		result := s.result(f)
		if i, ok := index[f.Rule]; ok {
			result.RuleIndex = &i
		}
		results = append(results, result)
	}
	return encode(w, sarifLog{
		Schema: sarifSchema, Version: "2.1.0",
		Runs: []sarifRun{{
			Tool: sarifTool{Driver: sarifDriver{
				Name: "esgen", Version: s.Version, InformationURI: website, Rules: rules,
			}},
			ColumnKind: "unicodeCodePoints",
			Results:    results,
		}},
	})
}

func toSARIF(r Rule) sarifRule {
	explain := r.Explain
	markdown := escapeMarkdown(r.Explain)
	if r.Example != "" {
		example := strings.TrimRight(r.Example, "\n")
		fence := strings.Repeat("`", max(3, longestRun(example, '`')+1))
		explain += "\n\nFor example:\n\n" + example
		markdown += fmt.Sprintf("\n\nFor example:\n\n%s\n%s\n%s", fence, example, fence)
	}
	return sarifRule{
		ID:               r.ID,
		ShortDescription: &sarifText{Text: r.Title},
		FullDescription:  &sarifText{Text: r.Explain},
		HelpURI:          r.URL(),
		Help:             &sarifText{Text: explain, Markdown: markdown},
		Default:          &sarifConfiguration{Level: level(r.Severity)},
	}
}

// level returns what SARIF calls a severity.
func level(s Severity) string {
	switch s {
	case Error:
		return "error"
	case Warning:
		return "warning"
	case Info:
	}
	return "note"
}

func (s SARIF) result(f Finding) sarifResult {
	at := s.location(f.Position)
	if f.Symbol != "" {
		at.Logical = []sarifLogical{{Name: f.Symbol}}
	}
	result := sarifResult{
		RuleID: f.Rule, Level: level(f.Severity), Message: sarifText{Text: f.describe()},
		Locations: []sarifLocation{at}, Fingerprints: map[string]string{"esgen/v1": f.Fingerprint()},
	}
	for _, p := range f.Previous {
		if p.Path != "" { // of others the message says enough
			related := s.location(p.Position)
			related.Message = &sarifText{Text: p.label() + " " + p.String()}
			result.Related = append(result.Related, related)
		}
	}
	return result
}

func (s SARIF) location(p Position) sarifLocation {
	p = s.Tree.anchored(p)
	return sarifLocation{Physical: sarifPhysical{
		Artifact: sarifArtifact{URI: uri(p.Path)},
		Region:   sarifRegion{StartLine: p.Line, StartColumn: p.Column, EndLine: p.EndLine, EndColumn: p.EndColumn},
	}}
}

// longestRun returns how often a byte stands in a row at most.
func longestRun(text string, b byte) int {
	longest, run := 0, 0
	for i := range len(text) {
		if text[i] != b {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return longest
}
