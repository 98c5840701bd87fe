package golang

import (
	"time"

	"github.com/dave/jennifer/jen"

	"github.com/esgen-dev/esgen/generator/model"
)

// emitEvents writes e.g. the struct accountEvents, which implements es.Events.
func emitEvents(f *jen.File, a *model.Aggregate) {
	fields := []jen.Code{jen.Id("spec").Op("*").Qual(esPath, "Spec")}
	if len(a.Upcasts()) > 0 {
		fields = append(fields, jen.Id("upcasts").Id(a.Names.Upcasts))
	}
	f.Type().Id(a.Names.EventsImpl).Struct(fields...)
	f.Line()
}

// emitNewEvents writes e.g. newAccountEvents.
func emitNewEvents(f *jen.File, a *model.Aggregate) {
	var params, fields []jen.Code
	if len(a.Upcasts()) > 0 {
		params = append(params, jen.Id("u").Id(a.Names.Upcasts))
		fields = append(fields, field("upcasts", jen.Id("u")))
	}
	fields = append(fields, field("spec", jen.Op("&").Qual(esPath, "Spec").Add(spec(a))))
	f.Func().Id(a.Names.NewEvents).Params(params...).Id(a.Names.EventsImpl).
		Block(jen.Return(jen.Id(a.Names.EventsImpl).Values(fields...)))
	f.Line()
}

// spec returns the fields of the es.Spec. Zero values are left out.
func spec(a *model.Aggregate) jen.Code {
	fields := []jen.Code{
		field("Name", jen.Lit(string(a.FullName))),
		field("Topic", jen.Lit(a.Topic.Name)),
		field("Partitions", jen.Lit(a.Topic.Partitions)),
	}
	if a.Topic.Retention != 0 {
		fields = append(fields, field("Retention", duration(a.Topic.Retention)))
	}
	if a.SnapshotEvery != 0 {
		fields = append(fields, field("SnapshotEvery", jen.Lit(a.SnapshotEvery)))
	}
	if a.StateVersion != 0 {
		fields = append(fields, field("StateVersion", jen.Lit(int(a.StateVersion))))
	}
	fields = append(fields, field("Fingerprint", jen.Lit(a.Fingerprint)))
	if len(a.Events) > 0 {
		fields = append(fields, field("Events", jen.Index().Qual(esPath, "EventSpec").Add(lines(eventSpecs(a)...))))
	}
	if len(a.Commands) > 0 {
		var commands []jen.Code
		for _, c := range a.Commands {
			commands = append(commands, jen.Lit(string(c.FullName)))
		}
		fields = append(fields, field("Commands", jen.Index().String().Add(lines(commands...))))
	}
	return lines(fields...)
}

func eventSpecs(a *model.Aggregate) []jen.Code {
	var specs []jen.Code
	for _, e := range a.Events {
		fields := []jen.Code{
			field("Type", jen.Lit(e.StoredType)),
			field("Message", jen.Lit(string(e.FullName))),
		}
		if len(e.Aliases) > 0 {
			fields = append(fields, field("Aliases", jen.Index().String().Values(literals(e.Aliases)...)))
		}
		if e.Current() {
			fields = append(fields, field("Current", jen.True()))
		}
		specs = append(specs, jen.Values(fields...))
	}
	return specs
}

// emitSpec writes the method Spec.
func emitSpec(f *jen.File, a *model.Aggregate) {
	f.Func().Params(jen.Id("a").Id(a.Names.EventsImpl)).Id("Spec").Params().Op("*").Qual(esPath, "Spec").
		Block(jen.Return(jen.Id("a").Dot("spec")))
	f.Line()
}

// emitTypeOf writes the method TypeOf.
func emitTypeOf(f *jen.File, a *model.Aggregate) {
	var cases []jen.Code
	for _, e := range a.Today() {
		cases = append(cases, jen.Case(jen.Op("*").Id(e.GoName)).Block(jen.Return(jen.Lit(e.StoredType))))
	}
	f.Func().Params(jen.Id(a.Names.EventsImpl)).Id("TypeOf").Params(jen.Id("e").Add(protoMessage())).String().
		Block(
			switchOn(jen.Id("e").Assert(jen.Type()), cases),
			jen.Return(jen.Lit("")),
		)
	f.Line()
}

// emitNew writes the method New.
func emitNew(f *jen.File, a *model.Aggregate) {
	var cases []jen.Code
	for _, e := range a.Events {
		names := append([]string{e.StoredType}, e.Aliases...)
		cases = append(cases, jen.Case(literals(names)...).
			Block(jen.Return(jen.New(jen.Id(e.GoName)), jen.Lit(e.Current()))))
	}
	f.Func().Params(jen.Id(a.Names.EventsImpl)).Id("New").Params(jen.Id("typ").String()).
		Params(protoMessage(), jen.Bool()).
		Block(
			switchOn(jen.Id("typ"), cases),
			jen.Return(jen.Nil(), jen.False()),
		)
	f.Line()
}

// emitUpcast writes the method Upcast.
func emitUpcast(f *jen.File, a *model.Aggregate) {
	var cases []jen.Code
	for _, e := range a.Old() {
		cases = append(cases, jen.Case(jen.Op("*").Id(e.GoName)).Block(upcast(e)...))
	}
	// Only Upcast methods have a use for the receiver, for m and for the
	// event as what it is, and Go insists that a variable is used.
	receiver, meta, subject := jen.Id(a.Names.EventsImpl), "_", jen.Id("e").Assert(jen.Type())
	if len(a.Upcasts()) > 0 {
		receiver, meta, subject = jen.Id("a").Id(a.Names.EventsImpl), "m", jen.Id("e").Op(":=").Id("e").Assert(jen.Type())
	}
	f.Func().Params(receiver).Id("Upcast").
		Params(jen.Id(meta).Qual(esPath, "Meta"), jen.Id("e").Add(protoMessage())).
		Params(jen.Index().Add(protoMessage()), jen.Error()).
		Block(
			switchOn(subject, cases),
			jen.Return(jen.Index().Add(protoMessage()).Values(jen.Id("e")), jen.Nil()),
		)
	f.Line()
}

// upcast turns the old event e into those of today.
func upcast(e *model.Event) []jen.Code {
	call := jen.Id("a").Dot("upcasts").Dot(upcastName(e)).Call(jen.Id("m"), jen.Id("e"))
	switch e.Fate {
	case model.Replaced:
		next := jen.Return(jen.Index().Add(protoMessage()).Values(jen.Id("next")), jen.Nil())
		if !e.ReplacedBy.Current() {
			next = jen.Return(jen.Id("a").Dot("Upcast").Call(jen.Id("m"), jen.Id("next")))
		}
		return []jen.Code{
			jen.Id("next").Op(":=").Add(call),
			jen.If(jen.Id("next").Op("==").Nil()).Block(jen.Return(jen.Nil(), jen.Qual(esPath, "ErrNilUpcast").Call())),
			next,
		}
	case model.Split:
		return []jen.Code{jen.Return(jen.Qual(esPath, "Messages").Call(call), jen.Nil())}
	case model.Current, model.Retired:
	}
	return []jen.Code{jen.Return(jen.Nil(), jen.Nil())}
}

// switchOn returns a switch, or nothing where it would have no case.
func switchOn(subject jen.Code, cases []jen.Code) jen.Code {
	if len(cases) == 0 {
		return jen.Null()
	}
	return jen.Switch(subject).Block(cases...)
}

// field returns a field of a composite literal.
func field(name string, value jen.Code) jen.Code { return jen.Id(name).Op(":").Add(value) }

// lines returns the body of a composite literal with a line for each element.
func lines(elements ...jen.Code) jen.Code {
	return jen.Custom(jen.Options{Open: "{", Close: "}", Separator: ",", Multi: true}, elements...)
}

func literals(texts []string) []jen.Code {
	list := make([]jen.Code, len(texts))
	for i, s := range texts {
		list[i] = jen.Lit(s)
	}
	return list
}

// duration returns a duration in the largest unit that divides it.
func duration(d time.Duration) jen.Code {
	units := []struct {
		name string
		unit time.Duration
	}{
		{"Hour", time.Hour},
		{"Minute", time.Minute},
		{"Second", time.Second},
		{"Millisecond", time.Millisecond},
		{"Microsecond", time.Microsecond},
		{"Nanosecond", time.Nanosecond},
	}
	for _, u := range units {
		if d%u.unit == 0 {
			return jen.Lit(int(d/u.unit)).Op("*").Qual(timePath, u.name)
		}
	}
	return jen.Lit(0)
}
