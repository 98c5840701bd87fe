package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"github.com/esgen-dev/esgen/diag"
)

// The texts that values have to match. The JSON schema says the same.
var (
	localPath   = regexp.MustCompile(`^[^/\x00-\x1f\x7f][^\x00-\x1f\x7f]*$`)
	upwards     = regexp.MustCompile(`(^|/)\.\.(/|$)`)
	ruleID      = regexp.MustCompile(`^[A-Z][A-Z0-9_]*$`)
	baseline    = regexp.MustCompile(`^(lock|registry|git:.+|dir:.+)$`)
	fingerprint = regexp.MustCompile(`^[0-9a-f]{12}$`)
	date        = regexp.MustCompile(`^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$`)
	variables   = regexp.MustCompile(`^([^$]|\$\{[A-Za-z_][A-Za-z0-9_]*\})+$`)
	filled      = regexp.MustCompile(`[^ ]`)
	serverName  = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	contextName = regexp.MustCompile(`^\.[A-Za-z0-9._-]+$`)
)

// Parse reads the text of a file. Findings of severity error mean that there
// is no Config. Nothing outside the text is looked at.
func Parse(path string, text []byte) (*Config, []diag.Finding) {
	c := Default(filepath.Dir(path))
	c.Path = path
	c.positions = map[string]diag.Position{}
	d := &decoder{path: path, lines: bytes.Split(text, []byte("\n")), positions: c.positions}
	root, ok := d.document(text)
	if !ok || !d.version(root) {
		return nil, d.findings
	}
	d.config(root, c)
	if diag.Worst(d.findings) >= diag.Error {
		return nil, diag.Sort(d.findings)
	}
	return c, d.findings
}

// document returns the mapping that the file is.
func (d *decoder) document(text []byte) (*yaml.Node, bool) {
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	var doc, more yaml.Node
	err := decoder.Decode(&doc)
	if err == nil {
		err = decoder.Decode(&more)
		if err == nil {
			d.report(more.Content[0], ruleSyntax, "the file holds a second document", "remove it: "+Name+" is one document")
			return nil, false
		}
	}
	if at := invalidUTF8(text); err != nil && !errors.Is(err, io.EOF) && at >= 0 {
		d.findings = append(d.findings, diag.Finding{
			Rule: ruleSyntax, Severity: diag.Error, Message: fmt.Sprintf("the file holds the byte 0x%02x, which is not UTF-8", text[at]),
			Position: d.at(bytes.Count(text[:at], []byte("\n"))+1, utf8.RuneCount(text[bytes.LastIndexByte(text[:at], '\n')+1:at])+1),
			Help:     "save the file as UTF-8 text",
		})
		return nil, false
	}
	if syntax := (*yaml.LoadError)(nil); errors.As(err, &syntax) {
		d.findings = append(d.findings, diag.Finding{
			Rule: ruleSyntax, Severity: diag.Error, Message: "invalid YAML: " + syntax.Message,
			Position: d.at(syntax.Mark.Line, syntax.Mark.Column),
			Help:     "check the indentation and the quotes around this place",
		})
		return nil, false
	}
	if err != nil && !errors.Is(err, io.EOF) {
		d.findings = append(d.findings, diag.Finding{
			Rule: ruleSyntax, Severity: diag.Error, Message: "invalid YAML: " + err.Error(),
			Position: diag.Position{Path: d.path, Line: 1, Column: 1},
			Help:     "save the file as UTF-8 text",
		})
		return nil, false
	}
	if len(doc.Content) == 0 {
		return &yaml.Node{Kind: yaml.MappingNode, Line: 1, Column: 1}, true
	}
	return doc.Content[0], true
}

// invalidUTF8 returns where a text stops being UTF-8, or -1.
func invalidUTF8(text []byte) int {
	for at := 0; at < len(text); {
		r, size := utf8.DecodeRune(text[at:])
		if r == utf8.RuneError && size == 1 {
			return at
		}
		at += size
	}
	return -1
}

// version looks at the version before anything else: what the keys of another
// version mean is not known.
func (d *decoder) version(root *yaml.Node) bool {
	if root.Kind != yaml.MappingNode {
		d.report(root, ruleType, "the file must be a mapping", "begin it with: version: "+Version)
		return false
	}
	for i := 0; i < len(root.Content); i += 2 {
		if root.Content[i].Value != "version" {
			continue
		}
		value := resolve(root.Content[i+1])
		if value.Value == Version && value.ShortTag() == "!!str" {
			return true
		}
		d.report(value, ruleVersion,
			fmt.Sprintf("version %q is not known to this esgen, which reads %s", value.Value, Version),
			"write version: "+Version+", or update esgen:\ngo get -tool "+module+"@latest")
		return false
	}
	d.report(&yaml.Node{Line: 1, Column: 1}, ruleVersion, "the key version is missing", "begin the file with: version: "+Version)
	return false
}

// config reads the whole file.
func (d *decoder) config(n *yaml.Node, c *Config) {
	d.mapping(n, "", fields{
		"version":  func(*yaml.Node, string) {}, // seen before
		"esgen":    d.text(&c.Esgen, pinSyntax, `write it as ">=0.3 <0.5"`),
		"proto":    d.proto(&c.Proto),
		"generate": d.generate(&c.Generate),
		"compat":   d.compat(&c.Compat),
		"rules":    d.rules(&c.Rules),
		"registry": d.registry(&c.Registry),
	})
}

func (d *decoder) proto(p *Proto) reader {
	return d.section(fields{
		"roots":   d.list(&p.Roots, 1, filled, "name a directory"),
		"imports": d.list(&p.Imports, 0, filled, "name a directory or a .binpb file"),
	})
}

func (d *decoder) generate(g *Generate) reader {
	return d.section(fields{"go": func(n *yaml.Node, where string) {
		d.section(fields{
			"out":      d.below(&g.Go.Out),
			"paths":    d.choice(&g.Go.Paths, "source_relative", "import"),
			"module":   d.text(&g.Go.Module, filled, "name the module, e.g. example.com/bank"),
			"clean":    d.flag(&g.Go.Clean),
			"messages": d.flag(&g.Go.Messages),
			"kit":      d.flag(&g.Go.Kit),
		})(n, where)
		if g.Go.Module != "" && g.Go.Paths != "import" {
			d.reportAt(d.positions[where+".module"], ruleValue, where+".module needs paths: import",
				"add paths: import, or remove module: with source_relative nothing is left out")
		}
	}})
}

func (d *decoder) compat(c *Compat) reader {
	return d.section(fields{
		"level": d.choice(&c.Level, "none", "backward", "backward_transitive",
			"forward", "forward_transitive", "full", "full_transitive"),
		"profile": d.choice(&c.Profile, "confluent", "confluent-v1", "confluent-v2"),
		"policy":  d.choice(&c.Policy, "strict", "lenient"),
		"against": d.text(&c.Against, baseline, "write lock, registry, git:REF or dir:PATH"),
		"allow": func(n *yaml.Node, where string) {
			d.sequence(n, where, 0, func(n *yaml.Node, where string) {
				c.Allow = append(c.Allow, Approval{})
				d.approval(n, where, &c.Allow[len(c.Allow)-1])
			})
		},
	})
}

func (d *decoder) approval(n *yaml.Node, where string, a *Approval) {
	d.mapping(n, where, fields{
		"rule":        d.text(&a.Rule, ruleID, "write the id of the rule, see esgen rules"),
		"symbol":      d.text(&a.Symbol, filled, "write the full Protobuf name"),
		"fingerprint": d.text(&a.Fingerprint, fingerprint, "copy it from the finding: twelve hex digits"),
		"reason":      d.text(&a.Reason, filled, "say why the break is intended"),
		"until":       d.text(&a.Until, date, "write a date such as 2027-01-31"),
	})
	for _, key := range []string{"rule", "symbol", "fingerprint", "reason", "until"} {
		d.require(n, where, key)
	}
}

func (d *decoder) rules(r *Rules) reader {
	return d.section(fields{
		"disable":  d.list(&r.Disable, 0, ruleID, "write the id of a rule, see esgen rules"),
		"severity": d.severities(&r.Severity),
	})
}

func (d *decoder) registry(r *Registry) reader {
	known := d.server(&r.Server)
	known["subject"] = d.choice(&r.Subject, "topic_record", "record", "topic")
	known["text"] = d.choice(&r.Text, "event", "file")
	known["named"] = d.byName(serverName, "write a name in small letters, such as staging", func(key string) reader {
		return func(n *yaml.Node, where string) {
			var s Server
			d.mapping(n, where, d.server(&s))
			d.require(n, where, "url")
			if r.Named == nil {
				r.Named = map[string]Server{}
			}
			r.Named[key] = s
		}
	})
	return d.section(known)
}

func (d *decoder) server(s *Server) fields {
	return fields{
		"url":       d.text(&s.URL, variables, "write an address, or ${NAME} for an environment variable"),
		"context":   d.text(&s.Context, contextName, "write a dot and a name, such as .staging"),
		"protected": d.flag(&s.Protected),
	}
}
