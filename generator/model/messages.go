package model

import (
	"fmt"

	"google.golang.org/protobuf/compiler/protogen"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/gofeaturespb"

	"github.com/esgen-dev/esgen/diag"
)

// This file knows which names protoc-gen-go makes of messages, which it does
// without looking whether two of them are the same.
//
// Those of gRPC and its gateway cannot be the same as ours: theirs end in
// Client, Server, Handler, Desc and the like, and ours in none of these.
// Connect writes into a package of its own.

// checkMessages finds declarations for which protoc-gen-go would write one
// name twice. It returns all names that it declares, by Go package.
func (b *builder) checkMessages() map[protogen.GoImportPath]takenNames {
	packages := map[protogen.GoImportPath]takenNames{}
	for _, file := range b.files {
		taken := packages[file.GoImportPath]
		if taken == nil {
			taken = takenNames{}
			packages[file.GoImportPath] = taken
		}
		c := messageChecker{b, file, taken}
		c.declare(file.Desc, "file "+file.Desc.Path(), file.GoDescriptorIdent.GoName)
		c.extensions(file.Extensions)
		c.enums(file.Enums)
		c.messages(file.Messages)
	}
	// A message gets a builder when its API is changed to another than open.
	for _, file := range b.files {
		reserveBuilders(packages[file.GoImportPath], file.Messages, b)
	}
	return packages
}

func reserveBuilders(taken takenNames, messages []*protogen.Message, b *builder) {
	for _, m := range messages {
		if ident := m.GoIdent.GoName + "_builder"; taken[ident].what == "" {
			taken[ident] = origin{fmt.Sprintf("the builder of message %s", m.Desc.FullName()), b.set.Position(m.Desc)}
		}
		reserveBuilders(taken, m.Messages, b)
	}
}

// messageChecker goes through the declarations of one file.
type messageChecker struct {
	*builder

	file  *protogen.File
	taken takenNames
}

// declare claims the names that are made of a declaration. Only the first that
// is taken is reported: the others are so for the same reason.
func (c messageChecker) declare(d protoreflect.Descriptor, what string, idents ...string) {
	reported := false
	for _, ident := range idents {
		first, found := c.taken[ident]
		if !found {
			c.taken[ident] = origin{what, c.set.Position(d)}
			continue
		}
		if reported {
			continue
		}
		reported = true
		c.reportName(d, diag.Finding{
			Message:  fmt.Sprintf("%s needs the Go name %s, but that is %s", what, ident, first.what),
			Previous: []diag.Previous{{Position: first.at, Text: first.what}},
			Help:     "rename one of the two: names that differ in case or underscores alone may be one in Go",
		})
	}
}

// reportName reports a name of a declaration without a role.
func (c messageChecker) reportName(d protoreflect.Descriptor, f diag.Finding) {
	f.Rule, f.Symbol, f.Position = ruleCollision, string(d.FullName()), c.set.Position(d)
	c.report(&decl{file: c.file}, f)
}

func (c messageChecker) extensions(extensions []*protogen.Extension) {
	for _, ext := range extensions {
		c.declare(ext.Desc, fmt.Sprintf("extension %s", ext.Desc.FullName()), "E_"+ext.GoIdent.GoName)
	}
}

func (c messageChecker) enums(enums []*protogen.Enum) {
	for _, enum := range enums {
		name := enum.GoIdent.GoName
		c.declare(enum.Desc, fmt.Sprintf("enum %s", enum.Desc.FullName()), name, name+"_name", name+"_value")
		for _, value := range enum.Values {
			c.declare(value.Desc, fmt.Sprintf("enum value %s", value.Desc.FullName()), value.GoIdent.GoName)
		}
	}
}

func (c messageChecker) messages(messages []*protogen.Message) {
	for _, m := range messages {
		if m.Desc.IsMapEntry() {
			continue
		}
		names := []string{m.GoIdent.GoName}
		if m.APILevel != gofeaturespb.GoFeatures_API_OPEN {
			names = append(names, m.GoIdent.GoName+"_builder")
		}
		c.declare(m.Desc, fmt.Sprintf("message %s", m.Desc.FullName()), names...)
		c.enums(m.Enums)
		c.messages(m.Messages)
		c.extensions(m.Extensions)
		for _, field := range m.Fields {
			c.declare(field.Desc, fmt.Sprintf("field %s", field.Desc.FullName()), fieldNames(m, field)...)
		}
		for _, oneof := range m.Oneofs {
			c.declare(oneof.Desc, fmt.Sprintf("oneof %s", oneof.Desc.FullName()), oneofNames(m, oneof)...)
		}
		c.checkMembers(m)
	}
}

// fieldNames returns the names in the package that are made of a field.
func fieldNames(m *protogen.Message, field *protogen.Field) []string {
	var names []string
	if field.Desc.HasDefault() {
		names = append(names, "Default_"+m.GoIdent.GoName+"_"+field.GoName)
	}
	if field.Oneof == nil || field.Oneof.Desc.IsSynthetic() {
		return names
	}
	if m.APILevel != gofeaturespb.GoFeatures_API_OPEN {
		names = append(names, m.GoIdent.GoName+"_"+field.GoName+"_case")
	}
	if m.APILevel != gofeaturespb.GoFeatures_API_OPAQUE {
		names = append(names, field.GoIdent.GoName)
	}
	return names
}

// oneofNames returns the names in the package that are made of a oneof.
func oneofNames(m *protogen.Message, oneof *protogen.Oneof) []string {
	name := m.GoIdent.GoName + "_" + oneof.GoName
	switch {
	case oneof.Desc.IsSynthetic():
		return nil
	case m.APILevel == gofeaturespb.GoFeatures_API_OPEN:
		return []string{"is" + name}
	}
	return []string{"is" + name, "case_" + name, name + "_not_set_case"}
}
