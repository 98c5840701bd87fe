package compat

import (
	"fmt"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/esgen-dev/esgen/compat/confluent"
	"github.com/esgen-dev/esgen/compat/history"
	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/generator/schema"
)

// findings says what is wrong with one schema: one finding for each cause,
// whichever verdict saw it.
func (c *checker) findings(rules confluent.Rules, s Subject) []diag.Finding {
	refused := c.refusals(rules, s)
	var all []diag.Finding
	said := map[string]bool{}
	for _, unsafe := range s.Replay {
		also := refused[string(unsafe.Symbol)]
		said[string(unsafe.Symbol)] = true
		all = append(all, c.unsafe(s, unsafe, strings.TrimPrefix(also.Rule, confluentPrefix)))
	}
	for symbol, f := range refused {
		if !said[symbol] {
			all = append(all, f) // in any order: Check sorts
		}
	}
	return all
}

// unsafe words a replay change, with the registry's name for it if it refuses
// it too.
func (c *checker) unsafe(s Subject, u Unsafe, refused string) diag.Finding {
	help, too := u.Help, ""
	switch {
	case refused != "":
		too = fmt.Sprintf("; the registry refuses it too (%s)", refused)
	case u.Registry != "":
		help += "\nthe registry would take it: " + u.Registry
	}
	return diag.Finding{
		Rule:     u.Rule,
		Severity: diag.Error,
		Message:  fmt.Sprintf("%s (%s, version %d)%s", u.Message, s.Schema.Event.FullName.Name(), u.Since.Number, too),
		Symbol:   string(u.Symbol),
		Position: c.Locate(u.Symbol),
		Previous: previous(u.Since, u.OldAt.Line, u.Old),
		Help:     help,
		Details:  []string{u.Old, u.New},
	}
}

// refusals words the differences that the registry objects to, by symbol. Of
// several about one thing, the first is kept.
func (c *checker) refusals(rules confluent.Rules, s Subject) map[string]diag.Finding {
	refused := map[string]diag.Finding{}
	for _, check := range s.Registry.Checks {
		version := s.Accepted[check.Version]
		if check.TypeChanged {
			f := c.typeChanged(s, version)
			refused[f.Symbol] = f
			continue
		}
		names := c.newNames(s, version)
		for _, d := range check.Differences {
			if d.Compatible {
				continue
			}
			f := c.refusal(rules, s, version, check, d, names)
			if _, taken := refused[f.Symbol]; !taken {
				refused[f.Symbol] = f
			}
		}
	}
	return refused
}

func (c *checker) refusal(rules confluent.Rules, s Subject, v history.Version, check confluent.Check, d confluent.Difference, n names) diag.Finding {
	symbol, line, text := n.lookup(d.Path)
	reader := "the new schema cannot read what it wrote"
	if check.Forward {
		reader = "it cannot read what the new schema writes"
	}
	return diag.Finding{
		Rule:     confluentPrefix + d.Type,
		Severity: diag.Error,
		Message: fmt.Sprintf("the registry would refuse the schema of %s: %s at %s against version %d, %s",
			s.Schema.Key, d.Type, d.Path, v.Number, reader),
		Symbol:   string(symbol),
		Position: c.locate(s, symbol),
		Previous: previous(v, line, text),
		Help:     c.refusalHelp(rules, s, check, d),
		Details:  []string{d.Path, text},
	}
}

func (c *checker) refusalHelp(rules confluent.Rules, s Subject, check confluent.Check, d confluent.Difference) string {
	switch {
	case check.Forward && rules.Level != confluent.Forward && rules.Level != confluent.ForwardTransitive:
		return fmt.Sprintf("the level %s asks for both directions, which forbids almost every change but a new field;\n"+
			"backward_transitive is enough for stored events: set compat.level in esgen.yaml", strings.ToLower(string(rules.Level)))
	case check.Forward:
		return fmt.Sprintf("the level %s forbids it: put it back as it was", strings.ToLower(string(rules.Level)))
	case s.Schema.Event == nil:
		return "put it back as it was, and declare what is new under another name: " + meaning(s.Schema.Type, d.Type)
	}
	return fmt.Sprintf("put it back as it was (%s),\nand declare what is new in an event of its own that %s names in replaced_by",
		meaning(s.Schema.Type, d.Type), s.Schema.Event.FullName.Name())
}

func (c *checker) typeChanged(s Subject, v history.Version) diag.Finding {
	return diag.Finding{
		Rule:     ruleTypeChanged,
		Severity: diag.Error,
		Message:  fmt.Sprintf("the schema of %s was %s and is %s", s.Schema.Key, v.Schema.Type, s.Schema.Type),
		Symbol:   s.Schema.Key,
		Position: s.Schema.Position,
		Previous: previous(v, 1, ""),
		Help:     "a subject holds schemas of one type: give the event another subject",
	}
}

// invalid is about a schema that esgen itself made, so that somebody has to
// look at esgen.
func (c *checker) invalid(s schema.Schema, err *confluent.InvalidError) diag.Finding {
	return diag.Finding{
		Rule:     ruleInvalid,
		Severity: diag.Error,
		Message:  fmt.Sprintf("the registry would take the schema of %s for invalid: %v", s.Key, err),
		Symbol:   s.Key,
		Position: s.Position,
		Help:     "esgen export schemas shows the text; please report it with the .proto file",
	}
}

func (c *checker) invalidStored(s schema.Schema, v history.Version, err *confluent.InvalidError) diag.Finding {
	return diag.Finding{
		Rule:     ruleInvalidStored,
		Severity: diag.Error,
		Message:  fmt.Sprintf("version %d of %s cannot be read: %v", v.Number, s.Key, err),
		Symbol:   s.Key,
		Position: s.Position,
		Previous: previous(v, err.Line, ""),
		Help:     "was the file edited? esgen lock verify says so",
	}
}

func (c *checker) unlinked(s schema.Schema, err error) diag.Finding {
	return diag.Finding{
		Rule:     ruleInvalidStored,
		Severity: diag.Error,
		Message:  fmt.Sprintf("a version of %s does not compile, so nobody can say what was stored: %v", s.Key, err),
		Symbol:   s.Key,
		Position: s.Position,
		Help:     "was a file of schemas edited? esgen lock verify says so",
	}
}

// previous points to a line of an accepted version.
func previous(v history.Version, line int, text string) []diag.Previous {
	at := v.Schema.Position
	at.Line, at.Column = max(1, line), 1
	at.EndLine, at.EndColumn = 0, 0
	return []diag.Previous{{Position: at, Text: text, Old: true, Subject: v.Schema.Subject, Version: v.Number}}
}

// locate returns where something stands in the sources; what is not in a
// package of Protobuf stands with the schema.
func (c *checker) locate(s Subject, symbol protoreflect.FullName) diag.Position {
	if symbol == "" || symbol == protoreflect.FullName(s.Schema.Key) || c.Locate == nil {
		return s.Schema.Position
	}
	return c.Locate(symbol)
}
