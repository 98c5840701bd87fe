package config

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/internal/nearest"
)

// Check holds the configuration against the world: the paths have to exist,
// the rules have to be among the given ones, and the version of esgen that
// runs has to be one that may. A version that no release has, such as
// "(devel)", may always run.
func (c *Config) Check(rules []diag.Rule, version string) []diag.Finding {
	return diag.Sort(slices.Concat(c.checkPaths(), c.checkRules(rules), c.checkPin(version)))
}

func (c *Config) checkPaths() []diag.Finding {
	var findings []diag.Finding
	report := func(where, message, help string) {
		findings = append(findings, c.finding(where, rulePath, message, help))
	}
	const help = "create it, or correct the path: it is relative to the directory that holds " + Name
	for i, root := range c.Proto.Roots {
		if !isDir(c.Join(root)) {
			report(fmt.Sprintf("proto.roots[%d]", i), fmt.Sprintf("proto root %q is not a directory", root), help)
		}
	}
	for i, path := range c.Proto.Imports {
		where := fmt.Sprintf("proto.imports[%d]", i)
		info, err := os.Stat(c.Join(path))
		switch set := strings.HasSuffix(path, ".binpb"); {
		case err != nil:
			report(where, fmt.Sprintf("import path %q does not exist", path), help)
		case set && info.IsDir():
			report(where, fmt.Sprintf("%q is a directory, not a descriptor set", path),
				"name a file made with protoc --descriptor_set_out --include_imports, or buf build -o")
		case !set && !info.IsDir():
			report(where, fmt.Sprintf("%q is not a directory", path),
				"name a directory, or a descriptor set whose name ends in .binpb")
		}
	}
	return findings
}

func (c *Config) checkRules(rules []diag.Rule) []diag.Finding {
	var findings []diag.Finding
	check := func(where, id string, severity diag.Severity) {
		i := slices.IndexFunc(rules, func(r diag.Rule) bool { return r.ID == id })
		switch {
		case i < 0:
			findings = append(findings, c.finding(where, ruleRule, fmt.Sprintf("there is no rule %s", id), suggestRule(id, rules)))
		case rules[i].Fixed() && severity < rules[i].Severity:
			findings = append(findings, c.finding(where, ruleRule,
				fmt.Sprintf("rule %s cannot be disabled or made milder", id), "remove it here, and see esgen rules "+id+" for why"))
		}
	}
	for i, id := range c.Rules.Disable {
		check(fmt.Sprintf("rules.disable[%d]", i), id, 0)
	}
	for id, severity := range c.Rules.Severity {
		check("rules.severity."+id, id, severity) // in any order: Check sorts
	}
	return findings
}

func suggestRule(id string, rules []diag.Rule) string {
	ids := make([]string, 0, len(rules))
	for _, rule := range rules {
		ids = append(ids, rule.ID)
	}
	if near, ok := nearest.To(id, ids); ok {
		return fmt.Sprintf("did you mean %s?", near)
	}
	return "esgen rules lists all of them"
}

func (c *Config) checkPin(version string) []diag.Finding {
	pin := parsePin(c.Esgen)
	if pin.allows(version) {
		return nil
	}
	return []diag.Finding{c.finding("esgen", ruleToolVersion,
		fmt.Sprintf("esgen %s is running, but the project needs %s", version, c.Esgen),
		"run "+pin.install())}
}

func (c *Config) finding(where, rule, message, help string) diag.Finding {
	return diag.Finding{Rule: rule, Severity: diag.Error, Message: message, Position: c.Position(where), Help: help}
}
