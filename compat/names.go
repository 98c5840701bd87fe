package compat

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/esgen-dev/esgen/compat/history"
	"github.com/esgen-dev/esgen/compat/replay"
	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/generator/schema"
)

// names turns the paths of the registry into Protobuf names and places.
type names struct {
	key              string
	old, new         protoreflect.FileDescriptor // nil where there is nothing to look up
	oldText, newText string

	// Of a JSON Schema, whose properties are the fields of the event: the
	// accepted Protobuf schemas of the event, the newest first.
	stored []protoreflect.FileDescriptor
	json   bool
}

// newNames links the two schemas that were compared. It is needed where
// something is wrong, so it need not be quick.
func (c *checker) newNames(s Subject, v history.Version) names {
	n := names{key: s.Schema.Key, oldText: v.Schema.Text, newText: s.Schema.Text}
	if s.Schema.Type != schema.Protobuf {
		return c.jsonNames(n)
	}
	// What does not compile has no names; a finding of its own says so.
	n.old, _ = replay.Link(linkSource(c.stored(v)))
	n.new, _ = replay.Link(linkSource(c.source(s.Schema)))
	return n
}

// jsonNames links the Protobuf schemas of the event that a JSON Schema is of.
func (c *checker) jsonNames(n names) names {
	n.json, n.oldText, n.newText = true, "", ""
	n.new, _ = replay.Link(linkSource(c.source(c.declared[n.key])))
	for _, v := range slices.Backward(c.Accepted.Versions(n.key, schema.Protobuf)) {
		if file, err := replay.Link(linkSource(c.stored(v))); err == nil {
			n.stored = append(n.stored, file)
		}
	}
	return n
}

// inProtobuf returns the path of the field that a path in a JSON Schema is
// about, such as "#/Opened/3" for "#/properties/owner", with the newest schema
// that has the field as the old one.
func (n names) inProtobuf(path string) (in names, at string) {
	parts := strings.Split(strings.TrimPrefix(path, "#/"), "/")
	if !n.json || len(parts) < 2 || parts[0] != "properties" {
		return n, path
	}
	name := protoreflect.FullName(n.key).Name()
	for _, file := range append(slices.Clone(n.stored), n.new) {
		if file == nil || file.Messages().ByName(name) == nil {
			continue
		}
		if f := file.Messages().ByName(name).Fields().ByJSONName(parts[1]); f != nil {
			n.old = file
			return n, fmt.Sprintf("#/%s/%d", name, f.Number())
		}
	}
	return n, path
}

// lookup returns what a path such as "#/Opened/3" is about, and the place in the
// old schema that declares it.
func (n names) lookup(path string) (symbol protoreflect.FullName, at diag.Position, text string) {
	if n.old == nil || n.new == nil {
		return protoreflect.FullName(n.key), diag.Position{}, ""
	}
	parts := strings.Split(strings.TrimPrefix(path, "#/"), "/")
	before, whole := find(n.old, parts)
	now, all := find(n.new, parts)
	switch {
	case before == nil && now == nil:
		return protoreflect.FullName(n.key), diag.Position{}, ""
	case before == nil || all && !whole:
		symbol = now.FullName()
	default:
		symbol = before.FullName()
	}
	at, text = declaration(n.old, n.oldText, before)
	return symbol, at, text
}

// reaches returns the types that the field at a path holds, if the field kept
// the name of its type: what changed is in one of these. If it did not, it
// returns the name that the type had.
func (n names) reaches(path string) (types map[protoreflect.FullName]bool, was protoreflect.FullName) {
	if n.old == nil || n.new == nil {
		return nil, ""
	}
	parts := strings.Split(strings.TrimPrefix(path, "#/"), "/")
	before, _ := find(n.old, parts)
	now, _ := find(n.new, parts)
	f, _ := before.(protoreflect.FieldDescriptor)
	g, _ := now.(protoreflect.FieldDescriptor)
	types = map[protoreflect.FullName]bool{}
	if n.json {
		addValues(f, types)
		addValues(g, types)
	}
	switch {
	case f == nil || g == nil || f.Message() == nil || g.Message() == nil:
		return types, ""
	case f.Message().FullName() != g.Message().FullName():
		return nil, f.Message().FullName()
	}
	reach(g.Message(), types)
	return types, ""
}

// addValues adds the values of the enum that a field holds, which JSON stores
// by name.
func addValues(f protoreflect.FieldDescriptor, types map[protoreflect.FullName]bool) {
	if f == nil || f.Enum() == nil {
		return
	}
	for i := range f.Enum().Values().Len() {
		types[f.Enum().Values().Get(i).FullName()] = true
	}
}

// members returns the fields of the oneof at a path, as it was.
func (n names) members(path string) map[protoreflect.FullName]bool {
	if n.old == nil {
		return nil
	}
	d, whole := find(n.old, strings.Split(strings.TrimPrefix(path, "#/"), "/"))
	o, ok := d.(protoreflect.OneofDescriptor)
	if !whole || !ok {
		return nil
	}
	members := map[protoreflect.FullName]bool{}
	for i := range o.Fields().Len() {
		members[o.Fields().Get(i).FullName()] = true
	}
	return members
}

func reach(m protoreflect.MessageDescriptor, reached map[protoreflect.FullName]bool) {
	if reached[m.FullName()] {
		return
	}
	reached[m.FullName()] = true
	for i := range m.Fields().Len() {
		switch f := m.Fields().Get(i); {
		case f.Message() != nil:
			reach(f.Message(), reached)
		case f.Enum() != nil:
			reached[f.Enum().FullName()] = true
		}
	}
}

// describe returns how the thing at a path is declared, in the new schema if it
// is there.
func (n names) describe(path string) string {
	if n.old == nil || n.new == nil {
		return path
	}
	parts := strings.Split(strings.TrimPrefix(path, "#/"), "/")
	file, whole := n.new, n.newText
	d, found := find(file, parts)
	if !found {
		file, whole = n.old, n.oldText
		d, found = find(file, parts)
	}
	if !found {
		return path
	}
	if _, text := declaration(file, whole, d); text != "" {
		return strings.TrimRight(text, " {;")
	}
	return string(d.FullName()) // in another file
}

// declaration returns where a text declares something, and that line. What is
// declared in another file has none.
func declaration(file protoreflect.FileDescriptor, text string, d protoreflect.Descriptor) (at diag.Position, declared string) {
	if d == nil || d.ParentFile() != file {
		return diag.Position{}, ""
	}
	at = replay.Position(d)
	lines := strings.Split(text, "\n")
	return at, strings.TrimSpace(lines[min(max(at.Line, 1), len(lines))-1])
}

// find follows a path as far as it leads. A first name that the file does not
// have may be one of its imports.
func find(file protoreflect.FileDescriptor, path []string) (at protoreflect.Descriptor, whole bool) {
	for i, part := range path {
		next := child(at, file, part)
		if next == nil {
			return at, false
		}
		at, whole = next, i == len(path)-1
	}
	return at, whole
}

func child(at protoreflect.Descriptor, file protoreflect.FileDescriptor, part string) protoreflect.Descriptor {
	number, err := strconv.ParseInt(part, 10, 32)
	switch at := at.(type) {
	case nil:
		return topLevel(file, protoreflect.Name(part))
	case protoreflect.MessageDescriptor:
		if err == nil {
			return orNil(at.Fields().ByNumber(protoreflect.FieldNumber(number)))
		}
		return firstOf(at.Messages().ByName(protoreflect.Name(part)), at.Enums().ByName(protoreflect.Name(part)),
			at.Oneofs().ByName(protoreflect.Name(part)))
	case protoreflect.OneofDescriptor:
		if err == nil {
			return orNil(at.Fields().ByNumber(protoreflect.FieldNumber(number)))
		}
	case protoreflect.EnumDescriptor:
		if err == nil {
			return orNil(at.Values().ByNumber(protoreflect.EnumNumber(number)))
		}
	}
	return nil
}

func topLevel(file protoreflect.FileDescriptor, name protoreflect.Name) protoreflect.Descriptor {
	if d := firstOf(file.Messages().ByName(name), file.Enums().ByName(name), nil); d != nil {
		return d
	}
	for i := range file.Imports().Len() {
		imported := file.Imports().Get(i).FileDescriptor
		if d := firstOf(imported.Messages().ByName(name), imported.Enums().ByName(name), nil); d != nil {
			return d
		}
	}
	return nil
}

func firstOf(m protoreflect.MessageDescriptor, e protoreflect.EnumDescriptor, o protoreflect.OneofDescriptor) protoreflect.Descriptor {
	switch {
	case m != nil:
		return m
	case e != nil:
		return e
	case o != nil:
		return o
	}
	return nil
}

// orNil keeps a nil of a narrower interface a nil.
func orNil[D interface {
	protoreflect.Descriptor
	comparable
}](d D) protoreflect.Descriptor {
	var none D
	if d == none {
		return nil
	}
	return d
}
