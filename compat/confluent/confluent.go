// Package confluent answers as the Confluent Schema Registry would: may this
// schema become the next version of its subject?
//
//	rules := confluent.Rules{Level: confluent.BackwardTransitive}
//	update, err := confluent.Parse(confluent.Source{Type: schema.Protobuf, Text: text})
//	verdict := rules.Check(update, accepted)
//
// It knows Protobuf (package protobuf) and JSON Schema (package jsonschema),
// and puts levels, directions and histories on top of them. [GUID] computes
// the id that a version has in every registry.
//
// The registry's verdict says which texts may follow each other in a subject.
// It is not a promise that stored events stay readable: it lets a field change
// its number. Package replay says what it leaves out.
//
// It does not know Avro, compatibility groups, the policy LOGICAL, rule sets
// or the reserved fields of metadata, and it reads nothing: whoever asks brings
// the texts.
package confluent

import (
	"slices"

	"github.com/esgen-dev/esgen/compat/confluent/jsonschema"
	"github.com/esgen-dev/esgen/compat/confluent/protobuf"
	"github.com/esgen-dev/esgen/generator/schema"
)

// Rules are the settings that decide a verdict. They are a value: safe for
// concurrent use.
type Rules struct {
	Level   Level            // "" is NONE
	Profile protobuf.Profile // which rules for oneofs the registry has
	Policy  jsonschema.Policy
}

// Difference is one difference between two schemas, by the registry's name.
type Difference struct {
	Type       string // e.g. "FIELD_SCALAR_KIND_CHANGED"
	Path       string // e.g. "#/AccountOpened/2"
	Compatible bool
}

// Check is the comparison with one version, in one direction.
type Check struct {
	Version     int  // where the version stands in the history, counting from 0
	Forward     bool // the version reads what the new schema writes, not the other way round
	TypeChanged bool // one is Protobuf and the other is not, so nothing was compared
	Differences []Difference
}

// Compatible reports whether no difference stands in the way.
func (c Check) Compatible() bool {
	return !c.TypeChanged && !slices.ContainsFunc(c.Differences, func(d Difference) bool { return !d.Compatible })
}

// Verdict is the registry's answer.
type Verdict struct {
	Compatible bool
	// Checks are the comparisons that were made, newest version first. Behind
	// a version that is incompatible the registry does not look.
	Checks []Check
}

// Differences returns all differences in the registry's order.
func (v Verdict) Differences() []Difference {
	var all []Difference
	for _, check := range v.Checks {
		all = append(all, check.Differences...)
	}
	return all
}

// Check says whether a schema may follow a history, which has the oldest
// version first. An empty history takes everything.
func (r Rules) Check(update *Schema, history []*Schema) Verdict {
	oldest := 0
	if !r.Level.Transitive() {
		oldest = max(0, len(history)-1)
	}
	verdict := Verdict{Compatible: true}
	for version := len(history) - 1; version >= oldest && verdict.Compatible; version-- {
		for _, check := range r.against(update, history[version]) {
			check.Version = version
			verdict.Checks = append(verdict.Checks, check)
			verdict.Compatible = verdict.Compatible && check.Compatible()
		}
	}
	return verdict
}

// against compares with one version: forward first, as the registry does.
func (r Rules) against(update, version *Schema) []Check {
	var checks []Check
	if r.Level.forward() {
		check := r.compare(update, version)
		check.Forward = true
		checks = append(checks, check)
	}
	if r.Level.backward() {
		checks = append(checks, r.compare(version, update))
	}
	return checks
}

// compare asks whether reader reads what writer wrote.
func (r Rules) compare(writer, reader *Schema) Check {
	switch {
	case writer.typ != reader.typ:
		return Check{TypeChanged: true}
	case writer.typ == schema.Protobuf:
		return Check{Differences: convert(protobuf.Diff(r.Profile, writer.proto, reader.proto), func(d protobuf.Difference) Difference {
			return Difference{Type: d.Type.String(), Path: d.Path, Compatible: d.Type.Compatible()}
		})}
	default:
		return Check{Differences: convert(jsonschema.Diff(r.Policy, writer.json, reader.json), func(d jsonschema.Difference) Difference {
			return Difference{Type: d.Type.String(), Path: d.Path, Compatible: d.Type.Compatible(r.Policy)}
		})}
	}
}

func convert[From, To any](all []From, one func(From) To) []To {
	converted := make([]To, len(all))
	for i, each := range all {
		converted[i] = one(each)
	}
	return converted
}
