package confluent

import (
	"errors"
	"fmt"
	"strings"

	"github.com/esgen-dev/esgen/compat/confluent/jsonschema"
	"github.com/esgen-dev/esgen/compat/confluent/protobuf"
	"github.com/esgen-dev/esgen/generator/schema"
)

// Import is a schema that another one may refer to.
type Import struct {
	Name    string // the import path, or the URI of a $ref
	Text    string
	Subject string // "" for what is not referred to directly
	Version int
}

// Source is a schema as it is written.
type Source struct {
	Type    schema.Type
	Text    string
	Imports []Import // all that are reached, directly or not
}

// Schema is a schema that the registry would take as valid. It is not changed
// after [Parse] and safe for concurrent use.
type Schema struct {
	typ   schema.Type
	proto *protobuf.Schema
	json  *jsonschema.Schema
}

// InvalidError says why the registry would refuse a schema before comparing it
// with anything: HTTP status 422, code 42201.
type InvalidError struct {
	Message      string
	Import       string // the import that is wrong; "" for the schema itself
	Line, Column int    // counting from 1; 0 when unknown
}

// Error returns position and message.
func (e *InvalidError) Error() string {
	where := e.Import
	if e.Line > 0 {
		where = strings.TrimPrefix(fmt.Sprintf("%s:%d:%d", where, e.Line, e.Column), ":")
	}
	if where == "" {
		return e.Message
	}
	return where + ": " + e.Message
}

// Parse reads a schema. The error is an [*InvalidError].
func Parse(src Source) (*Schema, error) { return parse(src, protobuf.Parse) }

// ParseStored reads a version that the registry has taken already. It may be
// one that the registry would refuse today, see [protobuf.ParseStored]. The
// error is an [*InvalidError].
func ParseStored(src Source) (*Schema, error) { return parse(src, protobuf.ParseStored) }

func parse(src Source, asProtobuf func(protobuf.Source) (*protobuf.Schema, error)) (*Schema, error) {
	parsed := &Schema{typ: src.Type}
	var err error
	switch src.Type {
	case schema.Protobuf:
		parsed.proto, err = asProtobuf(protobuf.Source{Text: src.Text, Imports: convert(src.Imports, func(i Import) protobuf.Import {
			return protobuf.Import(i)
		})})
	case schema.JSON:
		parsed.json, err = jsonschema.Parse(jsonschema.Source{Text: src.Text, Imports: convert(src.Imports, func(i Import) jsonschema.Import {
			return jsonschema.Import(i)
		})})
	default:
		err = &InvalidError{Message: fmt.Sprintf("unknown schema type %q: PROTOBUF and JSON can be compared", src.Type)}
	}
	if err != nil {
		return nil, Invalid(err)
	}
	return parsed, nil
}

// Invalid returns why a schema is none, out of the error of [Parse].
func Invalid(err error) *InvalidError {
	var ours *InvalidError
	var proto *protobuf.InvalidError
	var json *jsonschema.InvalidError
	switch {
	case errors.As(err, &ours):
		return ours
	case errors.As(err, &proto):
		return &InvalidError{Message: proto.Message, Import: proto.Import, Line: proto.Line, Column: proto.Column}
	case errors.As(err, &json):
		return &InvalidError{Message: json.Message, Import: json.Import, Line: json.Line, Column: json.Column}
	}
	return &InvalidError{Message: err.Error()}
}

// Type returns the type of the schema.
func (s *Schema) Type() schema.Type { return s.typ }

// Canonical returns the text that the registry keeps of the schema.
func (s *Schema) Canonical() string {
	if s.proto != nil {
		return s.proto.Canonical()
	}
	return s.json.Canonical()
}
