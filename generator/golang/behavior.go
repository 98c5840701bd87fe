package golang

import (
	"github.com/dave/jennifer/jen"

	"github.com/esgen-dev/esgen/generator/model"
)

// emitBehavior writes e.g. AccountBehavior.
func emitBehavior(f *jen.File, a *model.Aggregate) {
	doc(f, para("%s is what a service writes for %s: pure functions without context, clock or I/O. "+
		"Handle methods decide, and leave the state as it is. Apply methods change the state, "+
		"cannot fail, and keep nothing of the event.", a.Names.Behavior, a.GoName))
	var handles, applies, upcasts []jen.Code
	for _, c := range a.Commands {
		handles = append(handles, handleMethod(a, c)...)
	}
	for _, e := range a.Today() {
		applies = append(applies, applyMethod(a, e)...)
	}
	if len(a.Upcasts()) > 0 {
		upcasts = append(upcasts, jen.Id(a.Names.Upcasts))
	}
	f.Type().Id(a.Names.Behavior).Interface(spaced(handles, applies, upcasts)...)
	f.Line()
}

func handleMethod(a *model.Aggregate, c *model.Command) []jen.Code {
	name := handleName(c)
	return commented(
		summary(name+" decides "+c.GoName, &c.Message),
		jen.Id(name).Params(metaParam(), stateParam(a), jen.Id("c").Op("*").Id(c.GoName)).
			Params(jen.Index().Id(c.Outcome), jen.Error()),
	)
}

func applyMethod(a *model.Aggregate, e *model.Event) []jen.Code {
	name := applyName(e)
	return commented(
		applyDoc(name, e),
		jen.Id(name).Params(metaParam(), stateParam(a), eventParam(e)),
	)
}

// applyDoc repeats what its author says of an event. Unlike a command's, the
// sentence is often about the past, so it is not joined with ours.
func applyDoc(name string, e *model.Event) string {
	text := firstParagraph(&e.Message)
	if text == "" {
		return ""
	}
	return para("%s applies %s. %s.", name, e.GoName, text)
}

// emitUpcasts writes e.g. AccountUpcasts, where there is something to upcast.
func emitUpcasts(f *jen.File, a *model.Aggregate) {
	upcasts := a.Upcasts()
	if len(upcasts) == 0 {
		return
	}
	doc(f, para("%s turns stored events of %s that are no longer emitted into today's. "+
		"It is all that a reader of the log needs.", a.Names.Upcasts, a.GoName))
	var methods []jen.Code
	for _, e := range upcasts {
		methods = append(methods, upcastMethod(a, e)...)
	}
	f.Type().Id(a.Names.Upcasts).Interface(methods...)
	f.Line()
}

func upcastMethod(a *model.Aggregate, e *model.Event) []jen.Code {
	name := upcastName(e)
	method := jen.Id(name).Params(metaParam(), eventParam(e))
	if e.Fate == model.Replaced {
		next := e.ReplacedBy.GoName
		return commented(
			para("%s returns the %s that took the event's place. It does not return nil.", name, next),
			method.Op("*").Id(next))
	}
	return commented(
		para("%s returns the events that took the event's place. None skips it.", name),
		method.Index().Id(a.Names.Event))
}

// commented puts a comment before a method, if there is one.
func commented(comment string, method jen.Code) []jen.Code {
	var block jen.Group
	doc(&block, comment)
	return []jen.Code{&block, method}
}

// spaced puts blank lines between groups of methods.
func spaced(groups ...[]jen.Code) []jen.Code {
	var all []jen.Code
	for _, group := range groups {
		if len(all) > 0 && len(group) > 0 {
			all = append(all, jen.Line())
		}
		all = append(all, group...)
	}
	return all
}

func handleName(c *model.Command) string { return "Handle" + c.GoName }
func applyName(e *model.Event) string    { return "Apply" + e.GoName }
func upcastName(e *model.Event) string   { return "Upcast" + e.GoName }

func metaParam() jen.Code                    { return jen.Id("m").Qual(esPath, "Meta") }
func stateParam(a *model.Aggregate) jen.Code { return jen.Id("s").Op("*").Id(a.GoName) }
func eventParam(e *model.Event) jen.Code     { return jen.Id("e").Op("*").Id(e.GoName) }
