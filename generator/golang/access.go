package golang

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/esgen-dev/esgen/generator/model"
)

// emitAccess writes e.g. the struct AccountAggregate.
func emitAccess(f *jen.File, a *model.Aggregate) {
	doc(f,
		para("%s gives typed access to every %s of an engine. Safe for concurrent use.", a.Names.Aggregate, a.GoName),
		written(&a.Message),
		deprecation(&a.Message))
	f.Type().Id(a.Names.Aggregate).Struct(jen.Id("store").Qual(esPath, "Store"))
	f.Line()
}

// emitNewAccess writes e.g. NewAccountAggregate.
func emitNewAccess(f *jen.File, a *model.Aggregate) {
	doc(f, para("%s returns access to every %s that engine stores, with the behavior b. "+
		"What is wrong with the engine is returned by every method.", a.Names.New, a.GoName))
	f.Func().Id(a.Names.New).
		Params(jen.Id("engine").Qual(esPath, "Engine"), jen.Id("b").Id(a.Names.Behavior)).
		Op("*").Id(a.Names.Aggregate).
		Block(jen.Return(jen.Op("&").Id(a.Names.Aggregate).Values(
			field("store", jen.Id("engine").Dot("Bind").Call(jen.Id(a.Names.Type).Call(jen.Id("b")))),
		)))
	f.Line()
}

// emitExecutes writes the methods that execute a command, e.g. Withdraw.
func emitExecutes(f *jen.File, a *model.Aggregate) {
	for _, c := range a.Commands {
		doc(f, executeDoc(a, c)...)
		f.Func().Params(jen.Id("a").Op("*").Id(a.Names.Aggregate)).Id(c.GoName).
			Params(contextParam(), jen.Id("c").Op("*").Id(c.GoName), optsParam("CommandOption")).
			Params(jen.Qual(esPath, "Result").Types(jen.Id(c.Outcome)), jen.Error()).
			Block(jen.Return(jen.Qual(esPath, "Execute").Types(jen.Id(c.Outcome)).Call(
				jen.Id("ctx"), jen.Id("a").Dot("store"), jen.Id("c"), jen.Id("opts"),
			)))
		f.Line()
	}
}

// emitExecute writes the method Execute, for code that carries any command.
func emitExecute(f *jen.File, a *model.Aggregate) {
	if len(a.Commands) == 0 {
		return
	}
	doc(f, para("Execute executes any command of one %s, for code that carries commands without caring which. "+
		"It fails as [es.Store.Execute] does.", a.GoName))
	f.Func().Params(jen.Id("a").Op("*").Id(a.Names.Aggregate)).Id("Execute").
		Params(contextParam(), jen.Id("c").Id(a.Names.Command), optsParam("CommandOption")).
		Params(jen.Qual(esPath, "Result").Types(jen.Id(a.Names.Event)), jen.Error()).
		Block(jen.Return(jen.Qual(esPath, "Execute").Types(jen.Id(a.Names.Event)).Call(
			jen.Id("ctx"), jen.Id("a").Dot("store"), jen.Id("c"), jen.Id("opts"),
		)))
	f.Line()
}

// executeDoc returns the paragraphs about a command's method. They are the
// author's own where these begin as a Go comment does, with the name.
func executeDoc(a *model.Aggregate, c *model.Command) []string {
	const errors = "It fails as [es.Store.Execute] does."
	text := written(&c.Message)
	if strings.HasPrefix(text, c.GoName+" ") {
		return []string{text, errors, deprecation(&c.Message)}
	}
	return []string{
		para("%s executes the command on the %s that it names. %s", c.GoName, a.GoName, errors),
		text,
		deprecation(&c.Message),
	}
}

// emitLoad writes the method Load.
func emitLoad(f *jen.File, a *model.Aggregate) {
	doc(f, para("Load returns the state of one %s, which the caller owns. It fails with [es.ErrNotFound] when there "+
		"is no event, or none yet at the version or time asked for.", a.GoName))
	f.Func().Params(jen.Id("a").Op("*").Id(a.Names.Aggregate)).Id("Load").
		Params(contextParam(), jen.Id("id").String(), optsParam("LoadOption")).
		Params(jen.Qual(esPath, "Revision").Types(jen.Op("*").Id(a.GoName)), jen.Error()).
		Block(jen.Return(jen.Qual(esPath, "Load").Types(jen.Op("*").Id(a.GoName)).Call(
			jen.Id("ctx"), jen.Id("a").Dot("store"), jen.Id("id"), jen.Id("opts"),
		)))
	f.Line()
}

// emitReader writes e.g. the struct AccountReader.
func emitReader(f *jen.File, a *model.Aggregate) {
	doc(f, para("%s reads the events of every %s of an engine, and changes nothing. Safe for concurrent use.",
		a.Names.Reader, a.GoName))
	f.Type().Id(a.Names.Reader).Struct(jen.Id("reader").Qual(esPath, "Reader"))
	f.Line()
}

// emitNewReader writes e.g. NewAccountReader.
func emitNewReader(f *jen.File, a *model.Aggregate) {
	doc(f, para("%s returns a reader of the events that engine stores.", a.Names.NewReader))
	params := []jen.Code{jen.Id("engine").Qual(esPath, "Engine")}
	var args []jen.Code
	if len(a.Upcasts()) > 0 {
		params = append(params, jen.Id("u").Id(a.Names.Upcasts))
		args = append(args, jen.Id("u"))
	}
	f.Func().Id(a.Names.NewReader).Params(params...).Op("*").Id(a.Names.Reader).
		Block(jen.Return(jen.Op("&").Id(a.Names.Reader).Values(
			field("reader", jen.Id("engine").Dot("Reader").Call(jen.Id(a.Names.NewEvents).Call(args...))),
		)))
	f.Line()
}

// reading is a type with the methods that read.
type reading struct {
	typ, receiver, field string
}

// emitReads writes the methods History and Feed.
func emitReads(f *jen.File, a *model.Aggregate, r reading) {
	history := fmt.Sprintf("History yields the events of one %s, oldest first. An error is the last thing it yields: "+
		"[es.ErrNotFound] when there is no event.", a.GoName)
	if slices.ContainsFunc(a.Old(), mayVanish) {
		history += " Where a stored event no longer matters, a version is left out."
	}
	doc(f, para("%s", history))
	emitRead(f, a, r, "History", "id", jen.String())
	doc(f, para("Feed yields the events of every %s from a cursor on, in the order of the log. "+
		"An error is the last thing it yields.", a.GoName))
	emitRead(f, a, r, "Feed", "from", jen.Qual(esPath, "Cursor"))
}

// mayVanish reports whether a stored event may be read as none.
func mayVanish(e *model.Event) bool { return e.Fate == model.Retired || e.Fate == model.Split }

func emitRead(f *jen.File, a *model.Aggregate, r reading, method, param string, paramType jen.Code) {
	f.Func().Params(jen.Id(r.receiver).Op("*").Id(r.typ)).Id(method).
		Params(contextParam(), jen.Id(param).Add(paramType), optsParam(method+"Option")).
		Qual(iterPath, "Seq2").Types(jen.Qual(esPath, "Event").Types(jen.Id(a.Names.Event)), jen.Error()).
		Block(jen.Return(jen.Qual(esPath, method).Types(jen.Id(a.Names.Event)).Call(
			jen.Id("ctx"), jen.Id(r.receiver).Dot(r.field), jen.Id(param), jen.Id("opts"),
		)))
	f.Line()
}

func contextParam() jen.Code { return jen.Id("ctx").Qual(contextPath, "Context") }
func optsParam(option string) jen.Code {
	return jen.Id("opts").Op("...").Qual(esPath, option)
}
