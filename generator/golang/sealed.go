package golang

import (
	"github.com/dave/jennifer/jen"

	"github.com/esgen-dev/esgen/generator/model"
)

// sealed is an interface that only messages of its own package implement.
type sealed struct {
	name     string
	about    string   // the first sentences of its comment
	base     jen.Code // the interface it embeds
	method   string   // the unexported method that seals it
	messages []string // Go names of the implementations
}

// emitSealed writes the interface and the method of every implementation.
func emitSealed(f *jen.File, s sealed) {
	doc(f, para("%s", s.about), implementations(s.messages))
	f.Type().Id(s.name).Interface(s.base, jen.Id(s.method).Params())
	f.Line()
	for _, message := range s.messages {
		f.Func().Params(jen.Op("*").Id(message)).Id(s.method).Params().Block()
	}
	f.Line()
}

// emitEvent writes e.g. AccountEvent.
func emitEvent(f *jen.File, a *model.Aggregate) {
	emitSealed(f, sealed{
		name:     a.Names.Event,
		about:    a.Names.Event + " is an event that " + a.GoName + " may have today.",
		base:     protoMessage(),
		method:   a.Names.IsEvent,
		messages: goNames(a.Today()),
	})
}

// emitStoredEvent writes e.g. AccountStoredEvent, where it would not be the
// same as AccountEvent.
func emitStoredEvent(f *jen.File, a *model.Aggregate) {
	if len(a.Old()) == 0 {
		return
	}
	emitSealed(f, sealed{
		name: a.Names.Stored,
		about: a.Names.Stored + " is an event that the log of " + a.GoName + " may hold: " +
			"one of today, or one that is no longer emitted.",
		base:     protoMessage(),
		method:   a.Names.IsStored,
		messages: append(goNames(a.Today()), goNames(a.Old())...),
	})
}

// emitCommand writes e.g. AccountCommand.
func emitCommand(f *jen.File, a *model.Aggregate) {
	commands := make([]string, len(a.Commands))
	for i, c := range a.Commands {
		commands[i] = c.GoName
	}
	emitSealed(f, sealed{
		name:     a.Names.Command,
		about:    a.Names.Command + " is a command that " + a.GoName + " accepts.",
		base:     protoMessage(),
		method:   a.Names.IsCommand,
		messages: commands,
	})
}

// emitOutcomes writes e.g. WithdrawOutcome, for every command.
func emitOutcomes(f *jen.File, a *model.Aggregate) {
	for _, c := range a.Commands {
		emitSealed(f, sealed{
			name:     c.Outcome,
			about:    c.Outcome + " is an event that " + c.GoName + " may lead to.",
			base:     jen.Id(a.Names.Event),
			method:   model.OutcomeMethod(c.GoName),
			messages: goNames(c.Emits),
		})
	}
}

func goNames(events []*model.Event) []string {
	names := make([]string, len(events))
	for i, e := range events {
		names[i] = e.GoName
	}
	return names
}

func protoMessage() *jen.Statement { return jen.Qual(protoPath, "Message") }
