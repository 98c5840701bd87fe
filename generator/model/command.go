package model

import (
	"fmt"
	"slices"

	"google.golang.org/protobuf/compiler/protogen"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/generator/load"
	esgenv1 "github.com/esgen-dev/esgen/proto/esgen/v1"
)

// Paths of values inside the command option.
const (
	pathCommandAggregate = 1
	pathCommandMode      = 2
	pathCommandEmits     = 3
	pathCommandRequire   = 4
)

func (b *builder) buildCommands() {
	for _, d := range b.decls {
		if d.commandOpt == nil {
			b.checkStrayIDs(d)
			continue
		}
		owner := b.aggregateOf(d, d.commandOpt.GetAggregate(), b.at(d, pathCommandAggregate))
		if owner == nil || owner.aggregate == nil || !b.checkHome(d, owner) {
			continue
		}
		c := &Command{
			Message:   b.message(d),
			Aggregate: owner.aggregate,
			Mode:      mode(d.commandOpt.GetMode()),
			Outcome:   OutcomeName(d.msg.GoIdent.GoName),
			IDGetter:  b.idGetter(d),
		}
		c.Require = b.preconditions(d, owner)
		d.command = c
		owner.aggregate.Commands = append(owner.aggregate.Commands, c)
	}
}

func mode(m esgenv1.Mode) es.Mode {
	switch m {
	case esgenv1.Mode_MODE_CREATE:
		return es.Create
	case esgenv1.Mode_MODE_UPSERT:
		return es.Upsert
	default:
		return es.Update
	}
}

// idGetter finds the field with the aggregate's id, and returns its getter.
func (b *builder) idGetter(d *decl) string {
	var id *protogen.Field
	for _, field := range d.msg.Fields {
		if !isID(field.Desc) {
			continue
		}
		if id != nil {
			b.report(d, diag.Finding{
				Rule:     ruleIDTwice,
				Message:  fmt.Sprintf("%s has two id fields, %s and %s", d.msg.Desc.Name(), id.Desc.Name(), field.Desc.Name()),
				Position: b.idPosition(field.Desc),
				Previous: previous(b.idPosition(id.Desc), "%s is the id here", id.Desc.Name()),
				Help:     "a command is for one aggregate: keep the option on one field",
			})
			continue
		}
		id = field
	}
	if id == nil {
		b.report(d, diag.Finding{
			Rule:     ruleIDMissing,
			Message:  fmt.Sprintf("%s has no id field", d.msg.Desc.Name()),
			Position: b.set.Position(d.msg.Desc),
			Help:     "mark the string field that holds the aggregate's id: [(esgen.v1.field).id = true]",
		})
		return ""
	}
	if id.Desc.Kind() != protoreflect.StringKind || id.Desc.Cardinality() == protoreflect.Repeated || isInOneof(id.Desc) {
		b.report(d, diag.Finding{
			Rule:     ruleIDType,
			Message:  fmt.Sprintf("the id field %s is %s, not a singular string", id.Desc.Name(), describeType(id.Desc)),
			Position: b.set.Position(id.Desc),
			Help:     "declare it as a plain string field; other ids have a text form",
		})
		return ""
	}
	return getter(id)
}

func isID(field protoreflect.FieldDescriptor) bool {
	o, _ := load.Option[*esgenv1.FieldOptions](load.Decode(field), esgenv1.E_Field)
	return o.GetId()
}

func (b *builder) idPosition(field protoreflect.FieldDescriptor) diag.Position {
	return b.set.OptionPosition(field, int32(esgenv1.E_Field.TypeDescriptor().Number()), 1)
}

// checkStrayIDs reports id fields on what is not a command: there they mean
// nothing.
func (b *builder) checkStrayIDs(d *decl) {
	for _, field := range d.msg.Fields {
		if isID(field.Desc) {
			b.report(d, diag.Finding{
				Rule:     ruleIDStray,
				Message:  fmt.Sprintf("%s of %s is marked as an id, but %s has none", field.Desc.Name(), d.msg.Desc.Name(), d.role()),
				Position: b.idPosition(field.Desc),
				Help:     "remove the option: events and states get the id from their envelope",
			})
		}
	}
}

// linkEmits connects commands with the events they may lead to.
func (b *builder) linkEmits() {
	for _, d := range b.decls {
		if d.command == nil {
			continue
		}
		if len(d.commandOpt.GetEmits()) == 0 {
			b.report(d, diag.Finding{
				Rule:     ruleEmitsNothing,
				Message:  fmt.Sprintf("%s emits no event, so it can never do anything", d.msg.Desc.Name()),
				Position: b.at(d),
				Help:     `list the events it may lead to: emits: ["AccountOpened"]`,
			})
		}
		for i, name := range d.commandOpt.GetEmits() {
			b.linkEmit(d, name, b.at(d, pathCommandEmits, int32(i)))
		}
	}
}

func (b *builder) linkEmit(d *decl, name string, at diag.Position) {
	target := b.lookup(d, eventKind(), name, at)
	if target == nil || target.event == nil {
		return
	}
	e := target.event
	switch {
	case e.Aggregate != d.command.Aggregate:
		b.report(d, diag.Finding{
			Rule: ruleForeignEvent,
			Message: fmt.Sprintf("%s is a command of %s, but %s belongs to %s", d.msg.Desc.Name(),
				d.command.Aggregate.FullName.Name(), e.FullName.Name(), e.Aggregate.FullName.Name()),
			Position: at,
			Previous: previous(e.Position, "%s is declared here", e.FullName.Name()),
			Help:     "a command changes one aggregate: emit an event of its own, and let a process carry it to the other",
		})
	case !e.Current():
		b.report(d, diag.Finding{
			Rule:     ruleEmitsOld,
			Message:  fmt.Sprintf("%s emits %s, which is %s", d.msg.Desc.Name(), e.FullName.Name(), e.Fate),
			Position: at,
			Previous: previous(e.Position, "%s is declared here", e.FullName.Name()),
			Help:     emitInstead(e),
		})
	case slices.Contains(d.command.Emits, e):
		b.report(d, diag.Finding{
			Rule:     ruleEmitsTwice,
			Message:  fmt.Sprintf("%s lists %s twice", d.msg.Desc.Name(), e.FullName.Name()),
			Position: at,
			Help:     "remove one; how often an event is emitted is up to the handler",
		})
	default:
		d.command.Emits = append(d.command.Emits, e)
		e.EmittedBy = append(e.EmittedBy, d.command)
	}
}

// emitInstead says what to emit in place of an old event.
func emitInstead(e *Event) string {
	today := e
	for steps := 0; today.ReplacedBy != nil && steps < len(e.Aggregate.Events); steps++ {
		today = today.ReplacedBy
	}
	if today != e && today.Current() {
		return fmt.Sprintf("emit %q instead", today.FullName.Name())
	}
	return "emit an event that is still in use"
}

func describeType(field protoreflect.FieldDescriptor) string {
	switch {
	case field.IsMap():
		return "a map"
	case field.Cardinality() == protoreflect.Repeated:
		return "repeated"
	case isInOneof(field):
		return "in a oneof"
	case field.Message() != nil:
		return "a " + string(field.Message().FullName())
	case field.Enum() != nil:
		return "a " + string(field.Enum().FullName())
	}
	return "of type " + field.Kind().String()
}

func isInOneof(field protoreflect.FieldDescriptor) bool {
	oneof := field.ContainingOneof()
	return oneof != nil && !oneof.IsSynthetic()
}
