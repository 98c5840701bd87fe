package model

import (
	"fmt"
	"regexp"
	"strings"

	"google.golang.org/protobuf/compiler/protogen"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/internal/nearest"
	esgenv1 "github.com/esgen-dev/esgen/proto/esgen/v1"
)

// Paths of values inside a precondition.
const (
	pathRequireField = 1
	pathRequireIn    = 2
	pathRequireNotIn = 3
	pathRequireIs    = 4
	pathRequireCode  = 5
)

// codePattern is what callers can compare with and log.
var codePattern = regexp.MustCompile(`^[A-Z][A-Z0-9_]*$`)

func (b *builder) preconditions(d, owner *decl) []*Precondition {
	var built []*Precondition
	for i, o := range d.commandOpt.GetRequire() {
		r := requirement{b: b, d: d, owner: owner, opt: o, index: int32(i)}
		if p := r.build(); p != nil {
			built = append(built, p)
		}
	}
	return built
}

// requirement is one precondition while it is built.
type requirement struct {
	b        *builder
	d, owner *decl
	opt      *esgenv1.Precondition
	index    int32
}

func (r requirement) build() *Precondition {
	r.checkCode()
	field := r.field()
	if field == nil || !r.checkForm(field) {
		return nil
	}
	p := &Precondition{
		Field:   r.opt.GetField(),
		Getter:  getter(field),
		Is:      r.opt.Is,
		Code:    r.opt.GetCode(),
		Message: r.opt.GetMessage(),
	}
	if field.Enum != nil {
		p.In = r.values(field, r.opt.GetIn(), pathRequireIn)
		p.NotIn = r.values(field, r.opt.GetNotIn(), pathRequireNotIn)
	}
	if p.Message == "" {
		p.Message = sentence(r.opt)
	}
	return p
}

func (r requirement) at(path ...int32) diag.Position {
	return r.b.at(r.d, append([]int32{pathCommandRequire, r.index}, path...)...)
}

func (r requirement) report(rule string, at diag.Position, help, format string, args ...any) {
	r.b.report(r.d, diag.Finding{
		Rule: rule, Message: fmt.Sprintf(format, args...), Position: at, Help: help,
	})
}

func (r requirement) checkCode() {
	if codePattern.MatchString(r.opt.GetCode()) {
		return
	}
	const help = `give it one that callers can compare with, such as code: "ACCOUNT_CLOSED"`
	if r.opt.GetCode() == "" {
		r.report(ruleRequireCode, r.at(), help, "a precondition of %s has no code", r.d.msg.Desc.Name())
		return
	}
	r.report(ruleRequireCode, r.at(pathRequireCode), help,
		"%q is not a valid code: it needs upper-case letters, digits and underscores", r.opt.GetCode())
}

// field finds the field of the state that the condition is about.
func (r requirement) field() *protogen.Field {
	state := r.owner.msg
	var names []string
	for _, f := range state.Fields {
		if string(f.Desc.Name()) == r.opt.GetField() {
			return r.checkField(f)
		}
		names = append(names, string(f.Desc.Name()))
	}
	help := fmt.Sprintf("the fields of %s are %s", state.Desc.Name(), strings.Join(names, ", "))
	if near, ok := nearest.To(r.opt.GetField(), names); ok {
		help = fmt.Sprintf("did you mean %q?", near)
	}
	r.report(ruleRequireField, r.at(pathRequireField), help,
		"the state %s has no field %q", state.Desc.Name(), r.opt.GetField())
	return nil
}

func (r requirement) checkField(f *protogen.Field) *protogen.Field {
	kind := f.Desc.Kind()
	if f.Desc.Cardinality() != protoreflect.Repeated && (kind == protoreflect.BoolKind || kind == protoreflect.EnumKind) {
		return f
	}
	r.report(ruleRequireType, r.at(pathRequireField), "check it in the handler; preconditions are for a bool or an enum of the state",
		"field %s of %s is %s, not a bool or an enum", f.Desc.Name(), r.owner.msg.Desc.Name(), describeType(f.Desc))
	return nil
}

// checkForm checks that there is one condition, and that it suits the type.
func (r requirement) checkForm(f *protogen.Field) bool {
	forms := 0
	for _, set := range []bool{len(r.opt.GetIn()) > 0, len(r.opt.GetNotIn()) > 0, r.opt.Is != nil} {
		if set {
			forms++
		}
	}
	enum := f.Enum != nil
	switch {
	case forms == 0:
		r.report(ruleRequireForm, r.at(), "compare the field with in, not_in or is",
			"a precondition on %s has no condition", f.Desc.Name())
	case forms > 1:
		r.report(ruleRequireForm, r.at(), "keep one of in, not_in and is; several conditions are several require, each with its code",
			"a precondition on %s has %d conditions", f.Desc.Name(), forms)
	case enum && r.opt.Is != nil:
		r.report(ruleRequireForm, r.at(pathRequireIs), "use in or not_in with names of its values",
			"%s is an enum, so it cannot be compared with is", f.Desc.Name())
	case !enum && r.opt.Is == nil:
		r.report(ruleRequireForm, r.at(), "use is: true or is: false",
			"%s is a bool, so it cannot be compared with in or not_in", f.Desc.Name())
	default:
		return true
	}
	return false
}

// values finds the values of an enum by name. Of several names for one number
// it keeps the first, because a Go switch can have it only once.
func (r requirement) values(f *protogen.Field, names []string, path int32) []EnumValue {
	var found []EnumValue
	seen := map[protoreflect.EnumNumber]bool{}
	for i, name := range names {
		value := f.Enum.Desc.Values().ByName(protoreflect.Name(name))
		if value == nil {
			r.reportValue(f, name, r.at(path, int32(i)))
			continue
		}
		if seen[value.Number()] {
			continue
		}
		seen[value.Number()] = true
		ident := f.Enum.Values[value.Index()].GoIdent
		found = append(found, EnumValue{
			Go:   Ident{ImportPath: string(ident.GoImportPath), Name: ident.GoName},
			Name: name,
		})
	}
	return found
}

func (r requirement) reportValue(f *protogen.Field, name string, at diag.Position) {
	var names []string
	for _, v := range f.Enum.Values {
		names = append(names, string(v.Desc.Name()))
	}
	help := fmt.Sprintf("its values are %s", strings.Join(names, ", "))
	if near, ok := nearest.To(name, names); ok {
		help = fmt.Sprintf("did you mean %q?", near)
	}
	r.report(ruleRequireValue, at, help, "enum %s has no value %q", f.Enum.Desc.FullName(), name)
}

// sentence says a precondition in words.
func sentence(o *esgenv1.Precondition) string {
	switch {
	case o.Is != nil:
		return fmt.Sprintf("%s must be %t", o.GetField(), o.GetIs())
	case len(o.GetIn()) > 0:
		return fmt.Sprintf("%s must be %s", o.GetField(), strings.Join(o.GetIn(), " or "))
	default:
		return fmt.Sprintf("%s must not be %s", o.GetField(), strings.Join(o.GetNotIn(), " or "))
	}
}
