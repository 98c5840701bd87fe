package load

import (
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/esgen-dev/esgen/diag"
)

// Locate returns where a message, field, oneof, enum or enum value of this name
// stands. Where there is none, it is the position of the nearest thing around
// it: what is not declared any more was declared there. The position is zero
// when not even the package is known.
func (s *Set) Locate(name protoreflect.FullName) diag.Position {
	var nearest protoreflect.Descriptor
	for _, f := range s.Plugin.Files {
		rest, ok := strings.CutPrefix(string(name), string(f.Desc.Package()))
		if !ok || rest != "" && f.Desc.Package() != "" && rest[0] != '.' {
			continue
		}
		found := follow(f.Desc, strings.Split(strings.TrimPrefix(rest, "."), "."))
		if nearest == nil || len(found.FullName()) > len(nearest.FullName()) {
			nearest = found
		}
	}
	if nearest == nil {
		return diag.Position{}
	}
	return s.Position(nearest)
}

// follow goes down a path of names as far as it leads.
func follow(d protoreflect.Descriptor, path []string) protoreflect.Descriptor {
	for _, name := range path {
		next := member(d, protoreflect.Name(name))
		if next == nil {
			return d
		}
		d = next
	}
	return d
}

func member(d protoreflect.Descriptor, name protoreflect.Name) protoreflect.Descriptor {
	type scope interface {
		Messages() protoreflect.MessageDescriptors
		Enums() protoreflect.EnumDescriptors
	}
	if s, ok := d.(scope); ok {
		if m := s.Messages().ByName(name); m != nil {
			return m
		}
		if e := s.Enums().ByName(name); e != nil {
			return e
		}
		if v := valueIn(s.Enums(), name); v != nil {
			return v
		}
	}
	switch d := d.(type) {
	case protoreflect.MessageDescriptor:
		if f := d.Fields().ByName(name); f != nil {
			return f
		}
		if o := d.Oneofs().ByName(name); o != nil {
			return o
		}
	case protoreflect.EnumDescriptor:
		if v := d.Values().ByName(name); v != nil {
			return v
		}
	}
	return nil
}

// valueIn finds a value by its name: Protobuf puts it beside its enum.
func valueIn(enums protoreflect.EnumDescriptors, name protoreflect.Name) protoreflect.EnumValueDescriptor {
	for i := range enums.Len() {
		if v := enums.Get(i).Values().ByName(name); v != nil {
			return v
		}
	}
	return nil
}
