package golang

import (
	"github.com/dave/jennifer/jen"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/generator/model"
)

// emitTypeFunc writes e.g. the function AccountType.
func emitTypeFunc(f *jen.File, a *model.Aggregate) {
	doc(f, para("%s describes %s with the behavior b to engines and tools.", a.Names.Type, a.GoName))
	var args []jen.Code
	if len(a.Upcasts()) > 0 {
		args = append(args, jen.Id("b"))
	}
	f.Func().Id(a.Names.Type).Params(jen.Id("b").Id(a.Names.Behavior)).Qual(esPath, "Aggregate").
		Block(jen.Return(jen.Id(a.Names.TypeImpl).Values(
			field(a.Names.EventsImpl, jen.Id(a.Names.NewEvents).Call(args...)),
			field("behavior", jen.Id("b")),
		)))
	f.Line()
}

// emitType writes e.g. the struct accountType, which implements es.Aggregate.
func emitType(f *jen.File, a *model.Aggregate) {
	f.Type().Id(a.Names.TypeImpl).Struct(
		jen.Id(a.Names.EventsImpl),
		jen.Id("behavior").Id(a.Names.Behavior),
	)
	f.Line()
}

// emitNewState writes the method NewState.
func emitNewState(f *jen.File, a *model.Aggregate) {
	f.Func().Params(jen.Id(a.Names.TypeImpl)).Id("NewState").Params().Add(protoMessage()).
		Block(jen.Return(jen.New(jen.Id(a.GoName))))
	f.Line()
}

// emitTarget writes the method Target.
func emitTarget(f *jen.File, a *model.Aggregate) {
	var cases []jen.Code
	for _, c := range a.Commands {
		cases = append(cases, jen.Case(jen.Op("*").Id(c.GoName)).Block(jen.Return(
			jen.Qual(esPath, "Target").Values(
				field("ID", jen.Id("c").Dot(c.IDGetter).Call()),
				field("Mode", jen.Qual(esPath, modeName(c.Mode))),
			),
			jen.True(),
		)))
	}
	f.Func().Params(jen.Id(a.Names.TypeImpl)).Id("Target").Params(jen.Id("c").Add(protoMessage())).
		Params(jen.Qual(esPath, "Target"), jen.Bool()).
		Block(
			switchOn(jen.Id("c").Op(":=").Id("c").Assert(jen.Type()), cases),
			jen.Return(jen.Qual(esPath, "Target").Values(), jen.False()),
		)
	f.Line()
}

func modeName(m es.Mode) string {
	switch m {
	case es.Create:
		return "Create"
	case es.Upsert:
		return "Upsert"
	case es.Update:
	}
	return "Update"
}

// emitHandle writes the method Handle.
func emitHandle(f *jen.File, a *model.Aggregate) {
	var cases []jen.Code
	for _, c := range a.Commands {
		cases = append(cases, jen.Case(jen.Op("*").Id(c.GoName)).Block(append(
			preconditions(c),
			jen.List(jen.Id("events"), jen.Err()).Op(":=").
				Id("a").Dot("behavior").Dot(handleName(c)).Call(jen.Id("m"), jen.Id("state"), jen.Id("c")),
			jen.Return(jen.Qual(esPath, "Messages").Call(jen.Id("events")), jen.Err()),
		)...))
	}
	f.Func().Params(jen.Id("a").Id(a.Names.TypeImpl)).Id("Handle").
		Params(metaParam(), jen.List(jen.Id("s"), jen.Id("c")).Add(protoMessage())).
		Params(jen.Index().Add(protoMessage()), jen.Error()).
		Block(
			typedState(a, cases),
			switchOn(jen.Id("c").Op(":=").Id("c").Assert(jen.Type()), cases),
			jen.Return(jen.Nil(), jen.Qual(esPath, "NotACommand").Call(
				jen.Id("a").Dot("spec").Dot("Name"), jen.Id("m").Dot("AggregateID"), jen.Id("c"),
			)),
		)
	f.Line()
}

// emitApply writes the method Apply.
func emitApply(f *jen.File, a *model.Aggregate) {
	var cases []jen.Code
	for _, e := range a.Today() {
		cases = append(cases, jen.Case(jen.Op("*").Id(e.GoName)).Block(
			jen.Id("a").Dot("behavior").Dot(applyName(e)).Call(jen.Id("m"), jen.Id("state"), jen.Id("e")),
		))
	}
	body := []jen.Code{jen.Return(jen.False())}
	if len(cases) > 0 {
		body = []jen.Code{
			typedState(a, cases),
			switchOn(jen.Id("e").Op(":=").Id("e").Assert(jen.Type()),
				append(cases, jen.Default().Block(jen.Return(jen.False())))),
			jen.Return(jen.True()),
		}
	}
	f.Func().Params(jen.Id("a").Id(a.Names.TypeImpl)).Id("Apply").
		Params(metaParam(), jen.List(jen.Id("s"), jen.Id("e")).Add(protoMessage())).Bool().
		Block(body...)
	f.Line()
}

// typedState declares the state as what it is, where there are cases to use
// it. An engine that passes another type is broken, and panics.
func typedState(a *model.Aggregate, cases []jen.Code) jen.Code {
	if len(cases) == 0 {
		return jen.Null()
	}
	return jen.Id("state").Op(":=").Id("s").Assert(jen.Op("*").Id(a.GoName))
}
