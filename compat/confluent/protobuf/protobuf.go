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
// order here too (file javahash.go).
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
type Schema struct{}

// Parse reads a schema. The error is an [*InvalidError] when the registry would
// refuse it.
func Parse(src Source) (*Schema, error) { return &Schema{}, nil }

// ParseStored reads a version that the registry has stored. Versions that an
// old registry took may name types that do not exist, which is an error of
// [Parse] only: the registry looks at it when a schema comes in.
func ParseStored(src Source) (*Schema, error) { return &Schema{}, nil }

// Types returns the full names of all messages and enums of the root file,
// nested ones included, in the order of the text, outer before inner.
func (s *Schema) Types() []string { return nil }

// RecordName returns the full name of the first message of the root file, by
// which the registry knows the schema; without a message, of the first enum.
// It is empty for a file without types.
func (s *Schema) RecordName() string { return "" }

// Canonical returns the text that the registry stores and hashes: without
// comments, in the registry's layout.
func (s *Schema) Canonical() string { return "" }
