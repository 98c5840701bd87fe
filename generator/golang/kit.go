package golang

import (
	"path"

	"github.com/dave/jennifer/jen"

	"github.com/esgen-dev/esgen/generator/model"
)

// emitKits writes the test kits of the aggregates of a .proto file.
func emitKits(src *source) *jen.File {
	pkg := src.pkg
	name := pkg.Name + "test"
	f := newFile(pkg.ImportPath+"/"+name, name, src.proto)
	if alias := unshadowed(pkg.Name); alias != path.Base(pkg.ImportPath) {
		f.ImportAlias(pkg.ImportPath, alias)
	} else {
		f.ImportName(pkg.ImportPath, alias)
	}
	if src.first {
		f.PackageComment(comment(para("Package %s holds the test kits of the aggregates of package %s.", name, pkg.Name)))
	}
	for _, a := range src.aggregates {
		emitKit(f, pkg, a)
	}
	return f
}

// emitKit writes everything of the kit of one aggregate.
func emitKit(f *jen.File, pkg *model.Package, a *model.Aggregate) {
	emitKitStarter(f, pkg, a)
	emitKitStruct(f, a)
	for _, s := range kitSteps(pkg, a) {
		emitKitStep(f, a, s)
	}
}

// emitKitStarter writes e.g. the function Account.
func emitKitStarter(f *jen.File, pkg *model.Package, a *model.Aggregate) {
	doc(f, para("%s starts a test of one %s with the behavior b: Given what happened, When a command comes, "+
		"Then these events follow.", a.Names.KitStarter, a.GoName))
	f.Func().Id(a.Names.KitStarter).
		Params(jen.Id("t").Qual(testingPath, "TB"), jen.Id("b").Qual(pkg.ImportPath, a.Names.Behavior)).
		Op("*").Id(a.Names.Kit).
		Block(
			jen.Id("t").Dot("Helper").Call(),
			jen.Return(jen.Op("&").Id(a.Names.Kit).Values(
				field("kit", jen.Qual(estestPath, "New").Call(
					jen.Id("t"), jen.Qual(pkg.ImportPath, a.Names.Type).Call(jen.Id("b")),
				)),
			)),
		)
	f.Line()
}

// emitKitStruct writes e.g. AccountKit.
func emitKitStruct(f *jen.File, a *model.Aggregate) {
	doc(f, para("%s is a test in progress. Every step returns the kit, for the next one. Not safe for concurrent use.",
		a.Names.Kit))
	f.Type().Id(a.Names.Kit).Struct(jen.Id("kit").Op("*").Qual(estestPath, "Kit"))
	f.Line()
}

// kitStep is a method of a kit that passes its parameters on to estest.
type kitStep struct {
	name   string
	calls  string // the method of estest.Kit
	doc    string
	params []jen.Code
	args   []jen.Code
}

// kitSteps returns the steps of an aggregate's kit, in order of emission.
func kitSteps(pkg *model.Package, a *model.Aggregate) []kitStep {
	at := jen.Id("at").Qual(timePath, "Time")
	given := func(name string) jen.Code { return jen.Id("events").Op("...").Qual(pkg.ImportPath, name) }
	command := jen.Id("c").Qual(pkg.ImportPath, a.Names.Command)
	events := jen.Qual(esPath, "Messages").Call(jen.Id("events")).Op("...")
	opts := jen.Id("opts").Op("...")

	steps := []kitStep{{
		name: "Given", doc: "Given adds events to what happened, at the time of the last event, or at [estest.Epoch].",
		params: []jen.Code{given(a.Names.Event)},
		args:   []jen.Code{events},
	}, {
		name: "GivenAt", doc: "GivenAt adds events that happened at a time, which is not before that of the last event.",
		params: []jen.Code{at, given(a.Names.Event)},
		args:   []jen.Code{jen.Id("at"), events},
	}}
	if len(a.Old()) > 0 {
		steps = append(steps, kitStep{
			name: "GivenStored", calls: "Given",
			doc:    "GivenStored is Given for events as the log may hold them: those that are no longer emitted are upcast.",
			params: []jen.Code{given(a.Names.Stored)},
			args:   []jen.Code{events},
		})
	}
	return append(steps, []kitStep{{
		name: "When", doc: "When executes a command at the time of the last event, or at [estest.Epoch].",
		params: []jen.Code{command, optsParam("CommandOption")},
		args:   []jen.Code{jen.Id("c"), opts},
	}, {
		name: "WhenAt", doc: "WhenAt executes a command at a time; at that of the last event when this is later.",
		params: []jen.Code{at, command, optsParam("CommandOption")},
		args:   []jen.Code{jen.Id("at"), jen.Id("c"), opts},
	}, {
		name: "Then", doc: "Then checks that the command led to exactly these events, in this order.",
		params: []jen.Code{given(a.Names.Event)},
		args:   []jen.Code{events},
	}, {
		name: "ThenError", doc: "ThenError checks that the command was refused with an error that is target, as [errors.Is] has it.",
		params: []jen.Code{jen.Id("target").Error()},
		args:   []jen.Code{jen.Id("target")},
	}, {
		name: "ThenNothing", doc: "ThenNothing checks that the command succeeded and led to no event.",
	}, {
		name: "ThenState", doc: "ThenState checks the state after everything that happened.",
		params: []jen.Code{jen.Id("want").Op("*").Qual(pkg.ImportPath, a.GoName)},
		args:   []jen.Code{jen.Id("want")},
	}}...)
}

// emitKitStep writes one method of a kit.
func emitKitStep(f *jen.File, a *model.Aggregate, s kitStep) {
	if s.calls == "" {
		s.calls = s.name
	}
	doc(f, para("%s", s.doc))
	f.Func().Params(jen.Id("k").Op("*").Id(a.Names.Kit)).Id(s.name).Params(s.params...).Op("*").Id(a.Names.Kit).
		Block(
			jen.Id("k").Dot("kit").Dot("Helper").Call(),
			jen.Id("k").Dot("kit").Dot(s.calls).Call(s.args...),
			jen.Return(jen.Id("k")),
		)
	f.Line()
}
