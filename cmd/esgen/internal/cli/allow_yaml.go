package cli

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/esgen-dev/esgen/compat"
)

// addApprovals adds approvals to the text of a configuration. What stands there
// stays as it is, comments and all; only a section in flow style, which has no
// place for lines, is written anew.
func addApprovals(text []byte, drafts []compat.Approval) ([]byte, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, err //nolint:wrapcheck // the caller wraps it
	}
	root := doc.Content[0]
	if root.Style&yaml.FlowStyle == 0 {
		if at, ok := gap(root, bytes.Count(text, []byte("\n"))+1); ok {
			if added := insert(text, at, drafts); approvalsIn(added) == approvalsIn(text)+len(drafts) {
				return added, nil
			}
		}
	}
	added, err := rewritten(&doc, drafts)
	if err == nil && approvalsIn(added) != approvalsIn(text)+len(drafts) {
		err = errApprovals
	}
	return added, err
}

var errApprovals = errors.New("compat.allow is written in a form that nothing can be added to: write it as a list")

// approvalsIn counts the approvals in a text; -1 is for one that is no YAML.
func approvalsIn(text []byte) int {
	var config struct {
		Compat struct {
			Allow []yaml.Node `yaml:"allow"`
		} `yaml:"compat"`
	}
	if err := yaml.Unmarshal(text, &config); err != nil {
		return -1
	}
	return len(config.Compat.Allow)
}

// spot is where approvals are inserted.
type spot struct {
	line    int    // behind this one, counting from 1, or what is blank before it
	missing string // the keys that have to be written first, each a line
	indent  int    // of an approval's hyphen
}

// gap finds where approvals go in, or false where there is no such line.
func gap(root *yaml.Node, last int) (at spot, ok bool) {
	const step = 2
	compatKey, compatValue, end := entry(root, "compat", last)
	switch {
	case compatKey == nil:
		return spot{last, "compat:\n  allow:\n", 2 * step}, true
	case isNull(compatValue):
		return spot{compatKey.Line, "  allow:\n", 2 * step}, true
	case compatValue.Kind != yaml.MappingNode || compatValue.Style&yaml.FlowStyle != 0 || len(compatValue.Content) == 0:
		return spot{}, false
	}
	indent := compatValue.Content[0].Column - 1
	allowKey, allowValue, end := entry(compatValue, "allow", end)
	switch {
	case allowKey == nil:
		return spot{end, strings.Repeat(" ", indent) + "allow:\n", indent + step}, true
	case isNull(allowValue):
		return spot{allowKey.Line, "", indent + step}, true
	case allowValue.Kind != yaml.SequenceNode || allowValue.Style&yaml.FlowStyle != 0:
		return spot{}, false
	}
	return spot{end, "", allowValue.Column - 1}, true
}

func isNull(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Tag == "!!null" && n.Value == ""
}

// entry returns what stands under a key of a mapping, and the last line before
// the next key; without the key, the last line of the mapping.
func entry(in *yaml.Node, name string, last int) (key, value *yaml.Node, end int) {
	for i := 0; i < len(in.Content); i += 2 {
		if in.Content[i].Value != name {
			continue
		}
		if i+2 < len(in.Content) {
			last = in.Content[i+2].Line - 1
		}
		return in.Content[i], in.Content[i+1], last
	}
	return nil, nil, last
}

// insert inserts approvals. Blank lines and comments before the place belong to
// what follows.
func insert(text []byte, at spot, drafts []compat.Approval) []byte {
	newline := "\n"
	if bytes.Contains(text, []byte("\r\n")) {
		newline = "\r\n"
	}
	lines := strings.SplitAfter(string(text), "\n")
	line := min(at.line, len(lines))
	for line > 0 {
		before := strings.TrimSpace(lines[line-1])
		if before != "" && before[0] != '#' {
			break
		}
		line--
	}
	var added strings.Builder
	if line > 0 && !strings.HasSuffix(lines[line-1], "\n") {
		added.WriteString("\n")
	}
	added.WriteString(at.missing)
	indent := strings.Repeat(" ", at.indent)
	for _, d := range drafts {
		for i, pair := range fields(d) {
			mark := "  "
			if i == 0 {
				mark = "- "
			}
			fmt.Fprintf(&added, "%s%s%s: %s\n", indent, mark, pair[0], strconv.Quote(pair[1]))
		}
	}
	return []byte(strings.Join(lines[:line], "") + strings.ReplaceAll(added.String(), "\n", newline) + strings.Join(lines[line:], ""))
}

// fields are the keys of an approval and their values, in order.
func fields(d compat.Approval) [][2]string {
	return [][2]string{{"rule", d.Rule}, {"symbol", d.Symbol}, {"fingerprint", d.Fingerprint}, {"reason", ""}, {"until", d.Until}}
}

// rewritten writes a whole configuration anew.
func rewritten(doc *yaml.Node, drafts []compat.Approval) ([]byte, error) {
	allow := sequence(mapping(doc.Content[0], "compat"), "allow")
	for _, d := range drafts {
		entry := &yaml.Node{Kind: yaml.MappingNode}
		for _, pair := range fields(d) {
			value := scalar(pair[1])
			value.Style = yaml.DoubleQuotedStyle
			entry.Content = append(entry.Content, scalar(pair[0]), value)
		}
		allow.Content = append(allow.Content, entry)
	}
	var out bytes.Buffer
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	if err := encoder.Encode(doc); err != nil {
		return nil, err //nolint:wrapcheck // the caller wraps it
	}
	return out.Bytes(), nil
}

func scalar(value string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: value}
}

// mapping returns the mapping under a key, which it adds where it is missing.
func mapping(in *yaml.Node, key string) *yaml.Node { return under(in, key, yaml.MappingNode) }

// sequence returns the list under a key, which it adds where it is missing. It
// is written line by line from now on.
func sequence(in *yaml.Node, key string) *yaml.Node {
	list := under(in, key, yaml.SequenceNode)
	list.Style, in.Style = 0, 0
	return list
}

func under(in *yaml.Node, key string, kind yaml.Kind) *yaml.Node {
	for i := 0; i < len(in.Content); i += 2 {
		if in.Content[i].Value != key {
			continue
		}
		value := in.Content[i+1]
		if value.Kind != kind { // null: an empty section
			*value = yaml.Node{Kind: kind}
		}
		if value.LineComment != "" { // there will be no such line
			in.Content[i].HeadComment = strings.TrimPrefix(in.Content[i].HeadComment+"\n"+value.LineComment, "\n")
			value.LineComment = ""
		}
		return value
	}
	value := &yaml.Node{Kind: kind}
	in.Content = append(in.Content, scalar(key), value)
	return value
}
