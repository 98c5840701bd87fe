// Package protobuf answers as the Confluent Schema Registry would about two
// Protobuf schemas: is each of them valid, what differs, and is a difference
// compatible?
//
//	original, err := protobuf.Parse(protobuf.Source{Text: stored})
//	update, err := protobuf.Parse(protobuf.Source{Text: proposed})
//	for _, d := range protobuf.Diff(protobuf.V2, original, update) {
//		fmt.Fprintln(w, d.Type, d.Path, d.Type.Compatible())
//	}
//
// [Diff] answers for BACKWARD: original is what the writer had and update what
// the reader has. FORWARD is the same question with the sides swapped.
//
// # What is compared
//
// The registry compares what is written, not what it means once linked. A
// field without a label in proto3 has no label, so it may become repeated; a
// field that says optional may not. Only the root file is compared. Imports
// tell what names mean, and a message of an import is compared where a field
// uses it. Groups, extensions, services, reserved names and numbers, options,
// json names and comments are not looked at. [Changes] lists every difference
// that there is.
//
// The registry is a Java program that collects names and numbers in hash
// tables, and reports in the order of their buckets. Differences come in that
// order here too (file order.go).
//
// # What is valid
//
// The registry reads schemas with a parser of its own kind: it takes some
// texts that protoc refuses, for instance numbers that are used twice, and
// refuses some that protoc takes, for instance editions. This package has a
// parser for that language (file parse.go). Types of fields, of methods and of
// extensions have to exist; which files import which does not matter.
// google/protobuf, google/type and confluent are known without an import.
//
// # What it does not do
//
// It does not link, check options or numbers, or generate. It knows the text
// form only, not serialized file descriptors. It reads no file and asks no
// server.
package protobuf

import "fmt"

// Import is a file that a schema may refer to.
type Import struct {
	// Name is the import path, e.g. "acme/money.proto".
	Name string
	Text string
	// Subject is set for a direct reference of the schema, and empty for what
	// is reached through another import. Version is then the version that the
	// schema refers to. Two references to the same subject and version are the
	// same text, so that the registry does not compare them. Version 0 says
	// that the version is not known yet: the texts are compared.
	Subject string
	Version int
}

// Source is a schema as it is written, with every import that it reaches.
type Source struct {
	Text    string
	Imports []Import
}

// InvalidError says why the registry would refuse a schema before it compares
// it with anything.
type InvalidError struct {
	Message      string
	Import       string // the import that is wrong; "" for the schema itself
	Line, Column int    // counting from 1, columns in bytes; 0 when unknown
}

// Error returns position and message.
func (e *InvalidError) Error() string {
	switch {
	case e.Line == 0 && e.Import == "":
		return e.Message
	case e.Line == 0:
		return fmt.Sprintf("%s: %s", e.Import, e.Message)
	case e.Import == "":
		return fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e.Message)
	default:
		return fmt.Sprintf("%s:%d:%d: %s", e.Import, e.Line, e.Column, e.Message)
	}
}

// Schema is a schema that the registry takes as valid. It is not changed after
// [Parse] and safe for concurrent use.
type Schema struct {
	root  *file
	name  string // of the record
	names *node  // the root of the tree of names
	home  scope  // of the root file
}

// Parse reads a schema. The error is an [*InvalidError] when the registry would
// refuse it.
func Parse(src Source) (*Schema, error) {
	s, err := ParseStored(src)
	if err != nil {
		return nil, err
	}
	if err := s.unresolved(src.Text); err != nil {
		return nil, err
	}
	return s, nil
}

// ParseStored reads a version that the registry has stored. It may name types
// that do not exist, if an old registry took it: types are looked for only
// when a schema comes in.
func ParseStored(src Source) (*Schema, error) {
	root, err := parseFile(src.Text)
	if err != nil {
		return nil, err
	}
	s := &Schema{root: root, names: &node{builtin: builtins()}}
	s.home = scope{node: s.names.add(root, origin{known: true})}
	files := make(map[string]*file, len(src.Imports))
	for _, imp := range src.Imports {
		if files[imp.Name] != nil {
			continue // the first one counts
		}
		f, err := parseFile(imp.Text)
		if err != nil {
			err.Import = imp.Name
			return nil, err
		}
		files[imp.Name] = f
		from := origin{known: imp.Subject != "" && imp.Version > 0, subject: imp.Subject, version: imp.Version}
		if !from.known {
			from = origin{}
		}
		s.names.add(f, from)
	}
	s.name = root.recordName()
	if target, only := root.onlyForwards(); only && files[target] != nil {
		s.name = files[target].recordName()
	}
	return s, nil
}

// recordName returns the full name of the first type.
func (f *file) recordName() string {
	switch {
	case len(f.messages) > 0:
		return join(f.pkg, f.messages[0].name)
	case len(f.enums) > 0:
		return join(f.pkg, f.enums[0].name)
	default:
		return ""
	}
}

// onlyForwards reports whether the file is one public import and nothing else,
// and so stands for the file that it imports.
func (f *file) onlyForwards() (target string, ok bool) {
	if len(f.publicImports) != 1 || len(f.imports)+len(f.messages)+len(f.enums)+len(f.extends)+len(f.services)+len(f.options) > 0 {
		return "", false
	}
	return f.publicImports[0], true
}

// Types returns the full names of all messages and enums of the root file,
// nested ones included. Of each scope, the messages come first.
func (s *Schema) Types() []string {
	return typeNames(nil, s.root.pkg, s.root.messages, s.root.enums)
}

func typeNames(all []string, scope string, messages []*message, enums []*enum) []string {
	for _, m := range messages {
		name := join(scope, m.name)
		all = typeNames(append(all, name), name, m.messages, m.enums)
	}
	for _, e := range enums {
		all = append(all, join(scope, e.name))
	}
	return all
}

// RecordName returns the full name of the first message, by which the registry
// knows the schema; without a message, of the first enum. It is empty for a
// file without types. A file that is one public import and nothing else has
// the name of the file that it imports.
func (s *Schema) RecordName() string { return s.name }
