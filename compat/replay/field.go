package replay

import (
	"fmt"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// field compares what two fields of the same number hold.
func (c *comparer) field(f, g protoreflect.FieldDescriptor) {
	if shapeOf(f) != shapeOf(g) {
		c.shape(f, g)
		return
	}
	c.text(f, g)
	if f.IsMap() {
		c.value(f, f.MapKey(), g, g.MapKey())
		if c.value(f, f.MapValue(), g, g.MapValue()) {
			c.types(f.MapValue(), g.MapValue())
		}
		return
	}
	if !c.value(f, f, g, g) {
		return
	}
	if !f.IsList() && f.Cardinality() != protoreflect.Required { // a required one is always set
		c.presence(f, g)
	}
	c.types(f, g)
}

// types compares the enums of two fields, or puts their messages on the list.
func (c *comparer) types(f, g protoreflect.FieldDescriptor) {
	switch {
	case f.Message() != nil && g.Message() != nil:
		c.reached = append(c.reached, messagePair{f.Message(), g.Message(), c.replaced})
	case f.Enum() != nil && g.Enum() != nil:
		c.enums(f.Enum(), g.Enum())
	}
}

// shape is what surrounds the values of a field.
type shape int8

const (
	single shape = iota
	list
	mapping
)

func (s shape) String() string {
	switch s {
	case list:
		return "a list"
	case mapping:
		return "a map"
	case single:
	}
	return "a single value"
}

func shapeOf(f protoreflect.FieldDescriptor) shape {
	switch {
	case f.IsMap():
		return mapping
	case f.IsList():
		return list
	}
	return single
}

func (c *comparer) shape(f, g protoreflect.FieldDescriptor) {
	from, to := shapeOf(f), shapeOf(g)
	consequence := "which code of the new schema cannot tell from one that was meant so"
	switch {
	case from == single && to == list && !f.HasPresence():
		consequence = "and a stored " + zeroOf(f) + " is an empty list"
	case from == list && to == single:
		consequence = "and of several stored values only one is kept"
	case to == mapping:
		consequence = "and of several entries with one key only the last is kept"
	}
	c.report(Change{
		Rule:     ruleFieldShape,
		Message:  fmt.Sprintf("field %q was %s and is %s, %s", f.Name(), from, to, consequence),
		Help:     "keep the field as it is, and add one with a new number beside it",
		Registry: registryOfShape(f, g),
	}, f, g, nil)
}

// zeroOf names the value that a field without presence does not store.
func zeroOf(f protoreflect.FieldDescriptor) string {
	switch f.Kind() {
	case protoreflect.StringKind, protoreflect.BytesKind:
		return `""`
	case protoreflect.BoolKind:
		return "false"
	default:
		return "0"
	}
}

// presence compares how two single fields tell that they were not set, and
// what they then read as.
func (c *comparer) presence(f, g protoreflect.FieldDescriptor) {
	switch {
	case g.Cardinality() == protoreflect.Required:
		c.report(Change{
			Rule:    ruleRequiredAdded,
			Message: fmt.Sprintf("field %q is required now, so stored values without it cannot be read", f.Name()),
			Help:    "leave it optional",
		}, f, g, nil)
		return
	case f.HasPresence() && !g.HasPresence():
		c.report(Change{
			Rule:     rulePresence,
			Message:  fmt.Sprintf("field %q no longer tells %s from not set", f.Name(), zeroOf(f)),
			Help:     presenceHelp(g),
			Registry: "it takes a field with and one without presence for the same",
		}, f, g, nil)
	}
	if was, is := defaultOf(f), defaultOf(g); was != is {
		c.report(Change{
			Rule:     ruleDefault,
			Message:  fmt.Sprintf("field %q reads as %s where it was not set, and as %s before", f.Name(), is, was),
			Help:     "leave the default as it was",
			Registry: registryIgnores("defaults"),
		}, f, g, nil)
	}
}

func presenceHelp(g protoreflect.FieldDescriptor) string {
	if g.ParentFile().Syntax() == protoreflect.Editions {
		return "leave out features.field_presence = IMPLICIT"
	}
	return `write "optional" in front of it`
}

// oneofs remembers, by oneof of the update, the first field of the original
// that went into it.
type oneofs map[protoreflect.OneofDescriptor]protoreflect.FieldDescriptor

// oneof reports a field that shares a oneof of the update with a field that
// could be set together with it.
func (c *comparer) oneof(cases *oneofs, f, g protoreflect.FieldDescriptor) {
	to := choiceOf(g)
	if to == nil {
		return
	}
	first, ok := (*cases)[to]
	if !ok {
		(*cases)[to] = f
		return
	}
	if from := choiceOf(f); from != nil && from == choiceOf(first) {
		return
	}
	c.report(Change{
		Rule: ruleOneof,
		Message: fmt.Sprintf("fields %q and %q could both be set, and oneof %q keeps only one of them",
			first.Name(), f.Name(), to.Name()),
		Help: fmt.Sprintf("leave %q outside of the oneof", f.Name()),
	}, f, g, nil)
}

// choiceOf returns the oneof that a field is written in, or nil.
func choiceOf(f protoreflect.FieldDescriptor) protoreflect.OneofDescriptor {
	if o := f.ContainingOneof(); o != nil && !o.IsSynthetic() {
		return o
	}
	return nil
}
