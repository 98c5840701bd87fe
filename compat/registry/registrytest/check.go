package registrytest

import (
	"fmt"

	"github.com/esgen-dev/esgen/compat/confluent"
	"github.com/esgen-dev/esgen/compat/confluent/protobuf"
	"github.com/esgen-dev/esgen/generator/schema"
)

// Question is what a [Checker] decides about.
type Question struct {
	Level   confluent.Level
	Profile protobuf.Profile
	Update  Candidate
	History []Candidate // the live versions, oldest first
}

// Candidate is a schema with what it imports.
type Candidate struct {
	Version int // 0 for what is not registered
	Type    schema.Type
	Text    string
	Imports []confluent.Import
}

// Answer is what a [Checker] says.
type Answer struct {
	Invalid    error  // why the schema is no schema; nil if it is one
	Canonical  string // the text that is kept
	Compatible bool
	Messages   []string // in the registry's form
}

// Checker decides which schemas are valid and compatible.
type Checker func(Question) Answer

// Check is the [Checker] of esgen: package confluent.
func Check(q Question) Answer {
	update, err := parse(q.Update)
	if err != nil {
		return Answer{Invalid: err}
	}
	answer := Answer{Canonical: update.Canonical(), Compatible: true}
	history := make([]*confluent.Schema, len(q.History))
	for i, candidate := range q.History {
		if history[i], err = parse(candidate); err != nil {
			return Answer{Invalid: fmt.Errorf("version %d: %w", candidate.Version, err)}
		}
	}
	rules := confluent.Rules{Level: q.Level, Profile: q.Profile}
	verdict := rules.Check(update, history)
	answer.Compatible = verdict.Compatible
	for _, check := range verdict.Checks {
		answer.Messages = append(answer.Messages, messages(check, q)...)
	}
	return answer
}

func parse(c Candidate) (*confluent.Schema, error) {
	parsed, err := confluent.Parse(confluent.Source{Type: c.Type, Text: c.Text, Imports: c.Imports})
	if err != nil {
		return nil, fmt.Errorf("parse: %w", err)
	}
	return parsed, nil
}

// messages words a failed comparison in the registry's form, which looks like
// JSON and is not.
func messages(check confluent.Check, q Question) []string {
	if check.Compatible() {
		return nil
	}
	old := q.History[check.Version]
	var lines []string
	if check.TypeChanged {
		lines = append(lines, "Incompatible because of different schema type")
	}
	for _, d := range check.Differences {
		if !d.Compatible {
			lines = append(lines, fmt.Sprintf(`{errorType:"%s", description:"The change at path '%s' is not compatible"}`, d.Type, d.Path))
		}
	}
	const most = 10 << 10 // as the registry, which cuts long texts
	return append(lines,
		fmt.Sprintf("{oldSchemaVersion: %d}", old.Version),
		fmt.Sprintf("{oldSchema: '%s'}", old.Text[:min(len(old.Text), most)]),
		fmt.Sprintf("{validateFields: 'false', compatibility: '%s'}", q.Level))
}
