package config

import (
	"slices"

	"github.com/esgen-dev/esgen/diag"
)

// Rules says which rules count, and how much.
type Rules struct {
	Disable  []string                 `yaml:"disable"`
	Severity map[string]diag.Severity `yaml:"severity"`
}

// Apply returns the findings that are left when disabled rules are gone, with
// the configured severities.
func (r Rules) Apply(findings []diag.Finding) []diag.Finding {
	kept := make([]diag.Finding, 0, len(findings))
	for _, f := range findings {
		if slices.Contains(r.Disable, f.Rule) {
			continue
		}
		if severity, ok := r.Severity[f.Rule]; ok {
			f.Severity = severity
		}
		kept = append(kept, f)
	}
	return kept
}

// The rules of this package.
const (
	ruleMissing     = "CONFIG_MISSING"
	ruleSyntax      = "CONFIG_SYNTAX"
	ruleVersion     = "CONFIG_VERSION"
	ruleKey         = "CONFIG_KEY"
	ruleType        = "CONFIG_TYPE"
	ruleValue       = "CONFIG_VALUE"
	rulePath        = "CONFIG_PATH"
	ruleRule        = "CONFIG_RULE"
	ruleToolVersion = "CONFIG_TOOL_VERSION"
)

// RuleTable returns the rules that the configuration can break.
func RuleTable() []diag.Rule {
	rule := func(id, title, explain, example string) diag.Rule {
		return diag.Rule{
			ID: id, Category: diag.Config, Severity: diag.Error,
			Title: title, Explain: explain, Example: example,
		}
	}
	return []diag.Rule{
		rule(ruleMissing, "there is no configuration",
			"esgen looks for esgen.yaml in the working directory and upwards, up to the directory with go.mod. Without one it needs a directory proto beside go.mod. --config and ESGEN_CONFIG name a file directly.", ""),
		rule(ruleSyntax, "the configuration is not valid YAML",
			"The file has to be one YAML document, and no key may be set twice.", "proto: { roots: [proto }"),
		rule(ruleVersion, "the configuration has another version",
			"The key version says how to read the rest of the file. This esgen reads v1; a later version needs a later esgen.", "version: v2"),
		rule(ruleKey, "the configuration has an unknown key or lacks one",
			"Every key is checked, because a mistyped key that is silently left out is a setting that silently does not hold.", "version: v1\nprotos: {}"),
		rule(ruleType, "a value of the configuration has the wrong type",
			"A mapping, a list, a string or a boolean is needed here. A string that looks like a number or a boolean has to be quoted.", "version: v1\ngenerate: { go: { clean: \"no\" } }"),
		rule(ruleValue, "a value of the configuration is invalid",
			"The value is none of those that the key can have. esgen config schema lists them for editors.", "version: v1\ngenerate: { go: { paths: flat } }"),
		rule(rulePath, "a path of the configuration does not exist",
			"Directories and descriptor sets are relative to the directory that holds esgen.yaml, not to the working directory.", "version: v1\nproto: { roots: [porto] }"),
		rule(ruleRule, "a rule of the configuration cannot be set that way",
			"Only rules that exist can be configured. Those of other categories than lint can neither be disabled nor made milder: no code could be generated, or it would not compile.", "version: v1\nrules: { disable: [EVENT_UNKNOWN] }"),
		rule(ruleToolVersion, "this version of esgen is not one that may run",
			"The key esgen pins the versions of esgen that may be used in a repository, so that everybody generates the same code.", "version: v1\nesgen: \">=0.3 <0.5\""),
	}
}
