package model

import (
	"fmt"
	"strings"

	"google.golang.org/protobuf/compiler/protogen"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/gofeaturespb"

	"github.com/esgen-dev/esgen/diag"
)

// checkMembers finds fields and methods of one message that would have one
// name. The hybrid API is compiled in two ways, like the open API with more
// methods, and like the opaque one.
func (c messageChecker) checkMembers(m *protogen.Message) {
	reported := map[protoreflect.Descriptor]bool{}
	if m.APILevel != gofeaturespb.GoFeatures_API_OPAQUE {
		c.checkOnce(reported, openMembers(m))
	}
	if m.APILevel != gofeaturespb.GoFeatures_API_OPEN {
		c.checkOnce(reported, opaqueMembers(m))
	}
}

// member is a field or method that is made of a part of a message.
type member struct {
	name string
	of   protoreflect.Descriptor
}

// checkOnce reports members that share a name, unless what they are made of was
// reported before.
func (c messageChecker) checkOnce(reported map[protoreflect.Descriptor]bool, members []member) {
	first := map[string]protoreflect.Descriptor{"ProtoReflect": nil}
	for _, m := range members {
		other, found := first[m.name]
		if !found {
			first[m.name] = m.of
			continue
		}
		if reported[m.of] {
			continue
		}
		reported[m.of] = true
		f := diag.Finding{
			Message: fmt.Sprintf("%s needs the Go name %s, but every message has a method of that name", m.of.FullName(), m.name),
			Help:    "rename it",
		}
		if other != nil {
			f.Message = fmt.Sprintf("%s needs the Go name %s, but so does %s of the same message", m.of.FullName(), m.name, other.Name())
			f.Previous = previous(c.set.Position(other), "%s is declared here", other.Name())
			f.Help = "rename one of the two"
		}
		c.reportName(m.of, f)
	}
}

// openMembers returns the members in the open API, and those that the hybrid
// API adds.
func openMembers(m *protogen.Message) []member {
	hybrid := m.APILevel == gofeaturespb.GoFeatures_API_HYBRID
	var members []member
	add := func(d protoreflect.Descriptor, names ...string) {
		for _, name := range names {
			if name != "" {
				members = append(members, member{name, d})
			}
		}
	}
	for _, oneof := range realOneofs(m) {
		add(oneof.Desc, oneof.GoName, "Get"+oneof.GoName)
		if hybrid {
			add(oneof.Desc, oneof.MethodName("Has"), oneof.MethodName("Clear"), oneof.MethodName("Which"))
		}
	}
	for _, field := range m.Fields {
		get, compat := field.MethodName("Get")
		add(field.Desc, get, compat)
		if field.Oneof == nil || field.Oneof.Desc.IsSynthetic() {
			add(field.Desc, field.GoName)
		}
		if hybrid {
			for _, method := range accessors(field) {
				name, _ := field.MethodName(method)
				add(field.Desc, name)
			}
		}
	}
	return members
}

// opaqueMembers returns the members in the opaque API.
func opaqueMembers(m *protogen.Message) []member {
	var members []member
	for _, oneof := range realOneofs(m) {
		// In the hybrid API an underscore may stand before the name, which
		// itself never begins with one.
		name := strings.TrimPrefix(strings.TrimPrefix(oneof.MethodName("Has"), "Has"), "_")
		for _, method := range []string{"Has", "Clear", "Which"} {
			members = append(members, member{method + name, oneof.Desc})
		}
	}
	for _, field := range m.Fields {
		for _, method := range append(accessors(field), "Get") {
			members = append(members, member{method + field.BuilderFieldName(), field.Desc})
		}
	}
	return members
}

// accessors returns the methods that the hybrid and the opaque API have for a
// field beside its getter.
func accessors(field *protogen.Field) []string {
	if field.Desc.HasPresence() && field.Desc.Cardinality() != protoreflect.Repeated {
		return []string{"Set", "Has", "Clear"}
	}
	return []string{"Set"}
}

// realOneofs returns the oneofs that were declared as such.
func realOneofs(m *protogen.Message) []*protogen.Oneof {
	var oneofs []*protogen.Oneof
	for _, oneof := range m.Oneofs {
		if !oneof.Desc.IsSynthetic() {
			oneofs = append(oneofs, oneof)
		}
	}
	return oneofs
}

// getter returns the method that reads a field. Where the hybrid API has two
// names, it is the one that is also there when the code is compiled for the
// opaque API.
func getter(field *protogen.Field) string {
	name, compat := field.MethodName("Get")
	if opaque := "Get" + field.BuilderFieldName(); compat == opaque {
		return compat
	}
	return name
}
