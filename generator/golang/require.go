package golang

import (
	"github.com/dave/jennifer/jen"

	"github.com/esgen-dev/esgen/generator/model"
)

// preconditions returns the checks that come before a handler, in the order
// they were declared.
func preconditions(c *model.Command) []jen.Code {
	var checks []jen.Code
	for _, p := range c.Require {
		checks = append(checks, precondition(c, p))
	}
	return checks
}

func precondition(c *model.Command, p *model.Precondition) jen.Code {
	value := jen.Id("state").Dot(p.Getter).Call()
	refuse := jen.Return(jen.Nil(), refusal(c, p))
	switch {
	case p.Is != nil && *p.Is:
		return jen.If(jen.Op("!").Add(value)).Block(refuse)
	case p.Is != nil:
		return jen.If(value).Block(refuse)
	case len(p.In) > 0:
		return jen.Switch(value).Block(
			jen.Case(enumValues(p.In)...).Block(),
			jen.Default().Block(refuse),
		)
	default:
		return jen.Switch(value).Block(jen.Case(enumValues(p.NotIn)...).Block(refuse))
	}
}

// refusal returns the error for a precondition that does not hold.
func refusal(c *model.Command, p *model.Precondition) jen.Code {
	return jen.Op("&").Qual(esPath, "PreconditionError").Add(lines(
		field("Command", jen.Lit(string(c.FullName))),
		field("AggregateID", jen.Id("m").Dot("AggregateID")),
		field("Code", jen.Lit(p.Code)),
		field("Message", jen.Lit(p.Message)),
	))
}

func enumValues(values []model.EnumValue) []jen.Code {
	list := make([]jen.Code, len(values))
	for i, v := range values {
		list[i] = jen.Qual(v.Go.ImportPath, v.Go.Name)
	}
	return list
}
