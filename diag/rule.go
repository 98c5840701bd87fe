package diag

import "strings"

// website is where esgen is at home.
const website = "https://github.com/esgen-dev/esgen"

// Category groups rules by what they protect.
type Category string

// The categories.
const (
	Config    Category = "config"   // esgen.yaml
	Compile   Category = "compile"  // the Protobuf source itself
	Modelling Category = "model"    // the declaration does not make sense
	Naming    Category = "naming"   // names that would not compile or mislead
	Lint      Category = "lint"     // it works, but you will regret it
	Generate  Category = "generate" // the files on disk
	Schema    Category = "schema"   // what would be registered
	Compat    Category = "compat"   // stored events would no longer be read as they were meant
	Registry  Category = "registry" // the schema registry
)

// Rule is a row of the rule table: what can be found, why it matters and what
// it looks like.
type Rule struct {
	ID       string // e.g. "EVENT_UNKNOWN"
	Category Category
	Severity Severity // unless configured otherwise
	Title    string   // at most 60 characters, lower-case, no full stop
	Explain  string   // why it is so and what to do, in full sentences
	Example  string   // .proto text that breaks the rule, or ""
}

// Fixed reports whether the rule can neither be disabled nor made milder,
// because code could not be generated or would not compile, or what is stored
// could not be read.
func (r Rule) Fixed() bool { return r.Category != Lint }

// URL returns where the documentation explains the rule.
func (r Rule) URL() string {
	return website + "/blob/main/docs/rules.md#" + strings.ToLower(r.ID)
}

// byID returns rules by their ids, the first one if there are several.
func byID(rules []Rule) map[string]Rule {
	found := make(map[string]Rule, len(rules))
	for _, r := range rules {
		if _, ok := found[r.ID]; !ok {
			found[r.ID] = r
		}
	}
	return found
}
