package model

import (
	"fmt"
	"strings"

	"google.golang.org/protobuf/compiler/protogen"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/internal/nearest"
)

// symbols are the names that Protobuf's scoping knows: packages, messages and
// enums. The value tells whether a name can hold others.
type symbols map[protoreflect.FullName]bool

func newSymbols(files []*protogen.File) symbols {
	s := symbols{}
	for _, file := range files {
		for p := file.Desc.Package(); p != ""; p = p.Parent() {
			s[p] = true
		}
		for _, enum := range file.Enums {
			s[enum.Desc.FullName()] = false
		}
		s.addMessages(file.Messages)
	}
	return s
}

func (s symbols) addMessages(messages []*protogen.Message) {
	for _, msg := range messages {
		s[msg.Desc.FullName()] = true
		for _, enum := range msg.Enums {
			s[enum.Desc.FullName()] = false
		}
		s.addMessages(msg.Messages)
	}
}

// resolve finds the full name that name has inside scope, as Protobuf does:
// the first part of the name is looked up from the innermost scope outwards,
// and where it is found as something that holds names, the rest has to be
// there. A leading dot makes the name absolute.
func (s symbols) resolve(scope protoreflect.FullName, name string) (protoreflect.FullName, bool) {
	if absolute, ok := strings.CutPrefix(name, "."); ok {
		_, found := s[protoreflect.FullName(absolute)]
		return protoreflect.FullName(absolute), found
	}
	first, rest, compound := strings.Cut(name, ".")
	for {
		candidate := join(scope, first)
		holds, found := s[candidate]
		switch {
		case found && !compound:
			return candidate, true
		case found && holds:
			candidate = join(candidate, rest)
			_, found = s[candidate]
			return candidate, found
		case scope == "":
			return "", false
		}
		scope = scope.Parent()
	}
}

func join(scope protoreflect.FullName, name string) protoreflect.FullName {
	if scope == "" {
		return protoreflect.FullName(name)
	}
	return scope + "." + protoreflect.FullName(name)
}

// kind is one of the things that an option may name.
type kind struct {
	is      string // e.g. "an event"
	unknown string // the rule for a name that is not there
	option  string // the option that makes a message one, e.g. "(esgen.v1.event)"
	suits   func(*decl) bool
}

func eventKind() kind {
	return kind{"an event", ruleEventUnknown, "(esgen.v1.event)", func(d *decl) bool { return d.eventOpt != nil }}
}

func commandKind() kind {
	return kind{"a command", ruleCommandUnknown, "(esgen.v1.command)", func(d *decl) bool { return d.commandOpt != nil }}
}

func aggregateKind() kind {
	return kind{"an aggregate", ruleAggregateUnknown, "(esgen.v1.aggregate)", func(d *decl) bool { return d.aggregateOpt != nil }}
}

// lookup resolves a name in an option of d to a declaration of a kind, and
// reports why it cannot.
func (b *builder) lookup(d *decl, k kind, name string, at diag.Position) *decl {
	full, found := b.symbols.resolve(d.msg.Desc.FullName(), name)
	if !found {
		b.report(d, diag.Finding{
			Rule:     k.unknown,
			Message:  fmt.Sprintf("%q is not declared", name),
			Position: at,
			Help:     b.didYouMean(k, name),
		})
		return nil
	}
	target := b.byName[full]
	if target != nil && k.suits(target) {
		return target
	}
	f := diag.Finding{Rule: k.unknown, Position: at}
	if target == nil {
		f.Message = fmt.Sprintf("%s has no role, but %s is needed here", full, k.is)
		f.Help = fmt.Sprintf("give it the option %s, or name another message", k.option)
	} else {
		f.Message = fmt.Sprintf("%s is %s, but %s is needed here", full, target.role(), k.is)
		f.Previous = previous(b.set.Position(target.msg.Desc), "%s is declared here", full)
		f.Help = b.didYouMean(k, name)
	}
	b.report(d, f)
	return nil
}

// didYouMean suggests the declared name that comes nearest, or all there are.
func (b *builder) didYouMean(k kind, name string) string {
	var names []string
	for _, d := range b.decls {
		if k.suits(d) {
			names = append(names, string(d.msg.Desc.Name()))
		}
	}
	if near, ok := nearest.To(name[strings.LastIndexByte(name, '.')+1:], names); ok {
		return fmt.Sprintf("did you mean %q?", near)
	}
	help := fmt.Sprintf("declare %s with the option %s", k.is, k.option)
	if len(names) > 0 && len(names) <= maxSuggestions {
		help += ", or name one of " + strings.Join(names, ", ")
	}
	return help
}

// maxSuggestions bounds a list of names in a help text.
const maxSuggestions = 8
