package model

import (
	"fmt"

	"google.golang.org/protobuf/compiler/protogen"

	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/generator/load"
	esgenv1 "github.com/esgen-dev/esgen/proto/esgen/v1"
)

// collect finds the messages with a role, and the names that options may
// refer to.
func (b *builder) collect() {
	b.symbols = newSymbols(b.files)
	b.ignored = newIgnores(b.files)
	for _, file := range b.files {
		for _, msg := range file.Messages {
			b.collectMessage(file, msg, nil)
		}
	}
}

func (b *builder) collectMessage(file *protogen.File, msg, parent *protogen.Message) {
	if d := newDecl(file, msg); d != nil {
		if roles := d.roles(); len(roles) > 1 {
			b.reportRoles(d, roles)
		} else if parent != nil {
			b.report(d, diag.Finding{
				Rule:     ruleNested,
				Message:  fmt.Sprintf("%s is %s, but it is nested in %s", msg.Desc.Name(), d.role(), parent.Desc.Name()),
				Position: b.set.Position(msg.Desc),
				Help:     fmt.Sprintf("move message %s to the top level of the file", msg.Desc.Name()),
			})
		} else {
			b.decls = append(b.decls, d)
			b.byName[msg.Desc.FullName()] = d
			if d.aggregateOpt != nil {
				b.aggregates = append(b.aggregates, d)
			}
		}
	}
	for _, nested := range msg.Messages {
		b.collectMessage(file, nested, msg)
	}
}

// newDecl returns the declaration that a message is, or nil when it has no
// role.
func newDecl(file *protogen.File, msg *protogen.Message) *decl {
	d := &decl{file: file, msg: msg}
	options := load.Decode(msg.Desc)
	d.aggregateOpt, _ = load.Option[*esgenv1.AggregateOptions](options, esgenv1.E_Aggregate)
	d.commandOpt, _ = load.Option[*esgenv1.CommandOptions](options, esgenv1.E_Command)
	d.eventOpt, _ = load.Option[*esgenv1.EventOptions](options, esgenv1.E_Event)
	d.viewOpt, _ = load.Option[*esgenv1.ViewOptions](options, esgenv1.E_View)
	d.processOpt, _ = load.Option[*esgenv1.ProcessOptions](options, esgenv1.E_Process)
	if len(d.roles()) == 0 {
		return nil
	}
	return d
}

// roles returns every role that the message was given, one declaration each.
func (d *decl) roles() []*decl {
	var roles []*decl
	if d.aggregateOpt != nil {
		roles = append(roles, &decl{aggregateOpt: d.aggregateOpt})
	}
	if d.commandOpt != nil {
		roles = append(roles, &decl{commandOpt: d.commandOpt})
	}
	if d.eventOpt != nil {
		roles = append(roles, &decl{eventOpt: d.eventOpt})
	}
	if d.viewOpt != nil {
		roles = append(roles, &decl{viewOpt: d.viewOpt})
	}
	if d.processOpt != nil {
		roles = append(roles, &decl{processOpt: d.processOpt})
	}
	return roles
}

func (b *builder) reportRoles(d *decl, roles []*decl) {
	first := b.set.OptionPosition(d.msg.Desc, roles[0].extension())
	b.report(d, diag.Finding{
		Rule:     ruleTwoRoles,
		Message:  fmt.Sprintf("%s is %s, but also %s", d.msg.Desc.Name(), roles[0].role(), roles[1].role()),
		Position: b.set.OptionPosition(d.msg.Desc, roles[1].extension()),
		Previous: previous(first, "%s is made %s here", d.msg.Desc.Name(), roles[0].role()),
		Help:     "keep one of the options, and declare a message of its own for the other",
	})
}
