// Package schema writes what a schema registry is told about events: one
// Protobuf schema per event, the schemas that these refer to, and where a
// declaration asks for it, a JSON Schema.
//
// # The text of an event
//
// The text holds the event's message first, so its message index is 0, then
// the types of its own package that the event reaches, in the form that the
// registry itself would give the text: no comments, two spaces, absolute type
// names. Types of other packages are references: schemas of their own, each the
// types of one file, registered before under the path of that file. A type of
// the event's package that such a reference needs is a reference too, because a
// type has one definition.
//
// A type counts as reached if the event reaches it now, or did in a version
// that was accepted ([Options.Kept]) and the type is still declared. Otherwise
// the removal of the last field of a type would remove a message from the text,
// which no level but NONE and FORWARD permits. A message that is not reached but
// holds one that is, stands there empty.
//
// Kept is what decides how stored bytes are read, in Protobuf and in JSON:
// numbers, types, labels, reserved, json_name, defaults, packed, deprecated,
// allow_alias, and the options of Java and C#. Everything else is left out:
// comments, go_package, custom options and what they import, services and
// extensions.
//
// Text of proto2 stays proto2, and of proto3 proto3. The registry reads no
// editions: such text becomes proto3 where every feature permits it, else
// proto2, else it is a finding.
//
// # What it does not do
//
// It compares nothing and registers nothing. It is pure: the same model gives
// the same bytes.
package schema

import (
	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/generator/model"
)

// Type is the kind of a schema, as the registry names it in schemaType.
type Type string

// The types of schemas.
const (
	Protobuf Type = "PROTOBUF"
	JSON     Type = "JSON"
)

// Reference is a schema that another one needs.
type Reference struct {
	Name    string // the path under which the text imports it
	Subject string // where it is registered; the import path, too
	Version int    // of the subject; 0 is not known yet
}

// Schema is one text to register.
type Schema struct {
	Key        string // the event's full name, or the import path of a referenced file
	Subject    string
	Type       Type
	Text       string
	References []Reference // those that the text imports itself, by name

	// Index is the position of the event's message among the top-level
	// messages of the text: the message index of the wire format. It is 0
	// unless whole files are registered.
	Index int
	// Level is the compatibility level that the declaration asks for, in the
	// registry's words, e.g. "BACKWARD"; "" is the configured one.
	Level string
	// Types are the full names of the types that the text defines, sorted,
	// without messages that only hold others and without groups. What an
	// accepted version lists here belongs into [Options.Kept].
	Types []string

	Event    *model.Event  // nil for a referenced file
	Position diag.Position // of the event, or of the file
}

// Naming says how the subject of an event is made.
type Naming string

// The namings. The zero value is TopicRecord.
const (
	TopicRecord Naming = "topic_record" // <topic>-<full event name>
	Record      Naming = "record"       // <full event name>
	Topic       Naming = "topic"        // <topic>-value
)

// Text says what the schema of an event holds.
type Text string

// The texts. The zero value is PerEvent.
const (
	PerEvent Text = "event" // the event and what it reaches
	File     Text = "file"  // all types of the event's file
)

// Options say how schemas are made. The zero value holds the defaults.
type Options struct {
	Naming Naming
	Text   Text
	// Kept are the full names of types, by the full name of an event, that an
	// accepted version of the event's schema defined: see [Schema.Types] and
	// [Types]. Names that are not declared any more are passed over.
	Kept map[string][]string
	// Level is the configured compatibility level, e.g. "BACKWARD_TRANSITIVE".
	// It decides the content model of JSON Schemas of events that ask for no
	// level of their own.
	Level string
}
