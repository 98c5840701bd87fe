package replay

import (
	"google.golang.org/protobuf/reflect/protoreflect"
)

// few is up to how many fields a search from the front is quicker than a map.
const few = 24

// members are the fields of a message and the extensions of it that are known.
type members struct {
	message    protoreflect.MessageDescriptor
	fields     protoreflect.FieldDescriptors
	extensions []protoreflect.FieldDescriptor
	numbers    map[protoreflect.FieldNumber]protoreflect.FieldDescriptor // nil if there are few
	names      map[string]protoreflect.FieldDescriptor
	keys       map[string]protoreflect.FieldDescriptor // in JSON
}

func (m members) len() int { return m.fields.Len() + len(m.extensions) }

func (m members) at(i int) protoreflect.FieldDescriptor {
	if i < m.fields.Len() {
		return m.fields.Get(i)
	}
	return m.extensions[i-m.fields.Len()]
}

// number returns the field or extension with a number, or nil.
func (m members) number(n protoreflect.FieldNumber) protoreflect.FieldDescriptor {
	if m.numbers != nil {
		return m.numbers[n]
	}
	for i := range m.len() {
		if f := m.at(i); f.Number() == n {
			return f
		}
	}
	return nil
}

// name returns the field or extension that has the name of f, or nil.
func (m members) name(f protoreflect.FieldDescriptor) protoreflect.FieldDescriptor {
	name := sourceName(f)
	if m.names != nil {
		return m.names[name]
	}
	for i := range m.len() {
		if g := m.at(i); sourceName(g) == name {
			return g
		}
	}
	return nil
}

// sourceName is the name by which code knows a field.
func sourceName(f protoreflect.FieldDescriptor) string {
	if f.IsExtension() {
		return "[" + string(f.FullName()) + "]"
	}
	return string(f.Name())
}

func (m members) indexed() members {
	if m.len() <= few {
		return m
	}
	m.numbers = make(map[protoreflect.FieldNumber]protoreflect.FieldDescriptor, m.len())
	m.names = make(map[string]protoreflect.FieldDescriptor, m.len())
	for i := range m.len() {
		f := m.at(i)
		m.numbers[f.Number()] = f
		m.names[sourceName(f)] = f
	}
	m.keys = m.byKey()
	return m
}

// extensions are all extensions that are declared in a file or in one that it
// imports, by what they extend. They are collected when a message is met that
// can be extended.
type extensions struct {
	collected bool
	of        map[protoreflect.FullName][]protoreflect.FieldDescriptor
}

func (e *extensions) members(message, root protoreflect.MessageDescriptor) members {
	m := members{message: message, fields: message.Fields()}
	if message.ExtensionRanges().Len() > 0 {
		e.collect(root.ParentFile())
		m.extensions = e.of[message.FullName()]
	}
	return m.indexed()
}

func (e *extensions) collect(file protoreflect.FileDescriptor) {
	if e.collected {
		return
	}
	e.collected, e.of = true, map[protoreflect.FullName][]protoreflect.FieldDescriptor{}
	seen := map[string]bool{}
	queue := []protoreflect.FileDescriptor{file}
	for len(queue) > 0 {
		file, queue = queue[0], queue[1:]
		if file == nil || seen[file.Path()] {
			continue
		}
		seen[file.Path()] = true
		e.add(file)
		for i := range file.Imports().Len() {
			queue = append(queue, file.Imports().Get(i).FileDescriptor)
		}
	}
}

// scope is a file or a message: what extensions can be declared in.
type scope interface {
	Extensions() protoreflect.ExtensionDescriptors
	Messages() protoreflect.MessageDescriptors
}

func (e *extensions) add(s scope) {
	for i := range s.Extensions().Len() {
		x := s.Extensions().Get(i)
		of := x.ContainingMessage().FullName()
		e.of[of] = append(e.of[of], x)
	}
	for i := range s.Messages().Len() {
		e.add(s.Messages().Get(i))
	}
}
