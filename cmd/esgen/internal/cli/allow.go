package cli

import (
	"bytes"
	"fmt"
	"os"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/esgen-dev/esgen/compat"
	"github.com/esgen-dev/esgen/diag"
)

// approvalDays is for how long a drafted approval holds: long enough to ship
// what it is for, short enough to be looked at again.
const approvalDays = 90

// writeAllow adds approvals of findings to esgen.yaml. Their reasons are left
// empty, so that no command accepts the file before somebody gave them.
func (a *app) writeAllow(g gate, findings []diag.Finding) error {
	if g.config.Path == "" {
		return usage("run esgen init, or create esgen.yaml with: version: v1", "there is no esgen.yaml to write approvals to")
	}
	drafts := compat.Draft(findings, a.env.Now().Add(approvalDays*24*time.Hour))
	if len(drafts) == 0 {
		a.note("there is nothing to approve")
		return a.verdict(findings)
	}
	text, err := os.ReadFile(g.config.Path)
	if err != nil {
		return fmt.Errorf("read the configuration: %w", err)
	}
	text, err = addApprovals(text, drafts)
	if err != nil {
		return fmt.Errorf("add approvals to %s: %w", g.config.Path, err)
	}
	if err := replace(g.config.Path, text); err != nil {
		return fmt.Errorf("write the configuration: %w", err)
	}
	a.note("drafted %d approvals in %s: give each a reason", len(drafts), g.config.Path)
	return nil
}

// addApprovals adds approvals to the text of a configuration. Its comments
// stay.
func addApprovals(text []byte, drafts []compat.Approval) ([]byte, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, err //nolint:wrapcheck // the caller wraps it
	}
	allow := sequence(mapping(doc.Content[0], "compat"), "allow")
	for _, d := range drafts {
		entry := &yaml.Node{Kind: yaml.MappingNode}
		for _, pair := range [][2]string{
			{"rule", d.Rule}, {"symbol", d.Symbol}, {"fingerprint", d.Fingerprint}, {"reason", ""}, {"until", d.Until},
		} {
			value := scalar(pair[1])
			value.Style = yaml.DoubleQuotedStyle
			entry.Content = append(entry.Content, scalar(pair[0]), value)
		}
		allow.Content = append(allow.Content, entry)
	}
	var out bytes.Buffer
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	if err := encoder.Encode(&doc); err != nil {
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
		return value
	}
	value := &yaml.Node{Kind: kind}
	in.Content = append(in.Content, scalar(key), value)
	return value
}
