package config

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/internal/nearest"
)

// decoder turns nodes into values and collects what is wrong with them.
type decoder struct {
	path      string
	lines     [][]byte
	positions map[string]diag.Position
	findings  []diag.Finding
}

// reader reads a value; where is its path, such as "proto.roots[0]".
type reader func(n *yaml.Node, where string)

// fields are the keys of a mapping.
type fields map[string]reader

// section reads a mapping that may be left empty.
func (d *decoder) section(known fields) reader {
	return func(n *yaml.Node, where string) {
		if !isNull(n) {
			d.mapping(n, where, known)
		}
	}
}

func (d *decoder) mapping(n *yaml.Node, where string, known fields) {
	if n.Kind != yaml.MappingNode {
		help := "write it as key: value"
		if len(known) > 0 {
			help = "its keys are " + strings.Join(slices.Sorted(maps.Keys(known)), ", ")
		}
		d.report(n, ruleType, where+" must be a mapping", help)
		return
	}
	seen := map[string]bool{}
	for i := 0; i < len(n.Content); i += 2 {
		key, value := n.Content[i], resolve(n.Content[i+1])
		name := strings.TrimPrefix(where+"."+key.Value, ".")
		switch read, ok := known[key.Value]; {
		case !ok:
			d.unknown(key, where, known)
		case seen[key.Value]:
			d.report(key, ruleSyntax, name+" is set twice", "keep one of the two")
		default:
			seen[key.Value] = true
			d.positions[name] = d.position(value)
			read(value, name)
		}
	}
}

func (d *decoder) unknown(key *yaml.Node, where string, known fields) {
	names := slices.Sorted(maps.Keys(known))
	message, help := fmt.Sprintf("unknown key %q", key.Value), "the keys are "+strings.Join(names, ", ")
	if where != "" {
		message += " in " + where
	}
	if near, ok := nearest.To(key.Value, names); ok {
		help = fmt.Sprintf("did you mean %q?", near)
	}
	d.report(key, ruleKey, message, help)
}

// require reports a key that a mapping lacks.
func (d *decoder) require(n *yaml.Node, where, key string) {
	if _, ok := d.positions[where+"."+key]; !ok && n.Kind == yaml.MappingNode {
		d.report(n, ruleKey, fmt.Sprintf("the key %q is missing in %s", key, where), "add "+key+": ...")
	}
}

func (d *decoder) sequence(n *yaml.Node, where string, atLeast int, element reader) {
	if isNull(n) && atLeast == 0 {
		return
	}
	if n.Kind != yaml.SequenceNode {
		d.report(n, ruleType, where+" must be a list", "write it in brackets: [ ... ]")
		return
	}
	if len(n.Content) < atLeast {
		d.report(n, ruleValue, where+" must not be empty", "name at least one, or remove the key")
	}
	for i, entry := range n.Content {
		entry, at := resolve(entry), fmt.Sprintf("%s[%d]", where, i)
		d.positions[at] = d.position(entry)
		element(entry, at)
	}
}

// list reads strings that match a pattern.
func (d *decoder) list(into *[]string, atLeast int, pattern *regexp.Regexp, help string) reader {
	return func(n *yaml.Node, where string) {
		*into = []string{}
		d.sequence(n, where, atLeast, func(n *yaml.Node, where string) {
			var text string
			d.text(&text, pattern, help)(n, where)
			*into = append(*into, text)
		})
	}
}

// text reads a string that matches a pattern. Variables in braces are left to
// those patterns that know them.
func (d *decoder) text(into *string, pattern *regexp.Regexp, help string) reader {
	return func(n *yaml.Node, where string) {
		switch tag := n.ShortTag(); {
		case n.Kind != yaml.ScalarNode || tag != "!!str" && tag != "!!timestamp":
			d.report(n, ruleType, where+" must be a string", help)
		case pattern != variables && strings.Contains(n.Value, "${"):
			d.report(n, ruleValue, where+" must not hold a variable",
				"environment variables are expanded in the url of a registry alone: write the value itself")
		case !pattern.MatchString(n.Value):
			d.report(n, ruleValue, fmt.Sprintf("invalid value %q for %s", n.Value, where), help)
		}
		*into = n.Value
	}
}

// below reads a directory that the file's own directory holds.
func (d *decoder) below(into *string) reader {
	const help = "name a directory below the one that holds " + Name + ", or move " + Name + " up"
	return func(n *yaml.Node, where string) {
		d.text(into, localPath, help)(n, where)
		if upwards.MatchString(n.Value) {
			d.report(n, ruleValue, fmt.Sprintf("%s leaves the project: %q", where, n.Value), help)
		}
	}
}

func (d *decoder) choice(into *string, allowed ...string) reader {
	return func(n *yaml.Node, where string) {
		if n.Kind == yaml.ScalarNode && n.ShortTag() == "!!str" && slices.Contains(allowed, n.Value) {
			*into = n.Value
			return
		}
		help := "the values are " + strings.Join(allowed, ", ")
		if near, ok := nearest.To(n.Value, allowed); ok {
			help = fmt.Sprintf("did you mean %q?", near)
		}
		d.report(n, ruleValue, fmt.Sprintf("invalid value %q for %s", n.Value, where), help)
	}
}

func (d *decoder) flag(into *bool) reader {
	return func(n *yaml.Node, where string) {
		if n.Kind != yaml.ScalarNode || n.ShortTag() != "!!bool" {
			d.report(n, ruleType, where+" must be true or false", "write it without quotes")
			return
		}
		*into = strings.EqualFold(n.Value, "true")
	}
}

// severities reads a mapping from rules to severities.
func (d *decoder) severities(into *map[string]diag.Severity) reader {
	return d.byName(ruleID, "write the id of a rule, see esgen rules", func(key string) reader {
		return func(n *yaml.Node, where string) {
			var name string
			d.choice(&name, diag.Info.String(), diag.Warning.String(), diag.Error.String())(n, where)
			(*into)[key], _ = diag.ParseSeverity(name)
		}
	})
}

// byName reads a mapping whose keys are the user's, but match a pattern.
func (d *decoder) byName(pattern *regexp.Regexp, help string, element func(key string) reader) reader {
	return func(n *yaml.Node, where string) {
		known := fields{}
		for i := 0; n.Kind == yaml.MappingNode && i < len(n.Content); i += 2 {
			key := n.Content[i]
			if !pattern.MatchString(key.Value) {
				d.report(key, ruleValue, fmt.Sprintf("invalid key %q in %s", key.Value, where), help)
			}
			known[key.Value] = element(key.Value)
		}
		d.section(known)(n, where)
	}
}

func (d *decoder) report(n *yaml.Node, rule, message, help string) {
	d.reportAt(d.position(n), rule, message, help)
}

func (d *decoder) reportAt(at diag.Position, rule, message, help string) {
	d.findings = append(d.findings, diag.Finding{
		Rule: rule, Severity: diag.Error, Message: message, Position: at, Help: help,
	})
}

// position returns the span of a scalar, or where anything else starts.
func (d *decoder) position(n *yaml.Node) diag.Position {
	p := d.at(n.Line, n.Column)
	if n.Kind == yaml.ScalarNode && !strings.Contains(n.Value, "\n") {
		length := len(n.Value)
		if n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0 {
			length += len(`""`)
		}
		p.EndLine, p.EndColumn = p.Line, p.Column+max(1, length)
	}
	return p
}

// at returns a place that counts lines and bytes as editors do, for one that
// counts lines and characters as YAML does: there a file may end in a line that
// it does not have, and a carriage return begins a new one.
func (d *decoder) at(line, column int) diag.Position {
	if last := len(d.lines); line > last {
		line, column = last, len(d.lines[last-1])+1
	}
	line, column = max(1, line), max(1, column)
	return diag.Position{Path: d.path, Line: line, Column: d.byteColumn(line, column)}
}

// byteColumn turns a column in characters into one in bytes. Both count from 1.
func (d *decoder) byteColumn(line, column int) int {
	if line < 1 || line > len(d.lines) {
		return column
	}
	rest, bytes := d.lines[line-1], 0
	for ; column > 1 && bytes < len(rest); column-- {
		_, size := utf8.DecodeRune(rest[bytes:])
		bytes += size
	}
	return bytes + 1
}

// resolve returns what an alias stands for.
func resolve(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" }

// parent returns the path of what is around: "a.b[1]" is in "a.b", and "a.b"
// in "a".
func parent(path string) string {
	return path[:max(0, strings.LastIndexAny(path, ".["))]
}
