package confluent

import (
	"errors"
	"fmt"

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
		where = fmt.Sprintf("%s:%d:%d", where, e.Line, e.Column)
	}
	if where == "" {
		return e.Message
	}
	return where + ": " + e.Message
}

// Parse reads a schema. The error is an [*InvalidError].
func Parse(src Source) (*Schema, error) {
	switch src.Type {
	case schema.Protobuf:
		return parseProtobuf(src)
	case schema.JSON:
		return parseJSON(src)
	}
	return nil, &InvalidError{Message: fmt.Sprintf("unknown schema type %q: PROTOBUF and JSON can be compared", src.Type)}
}

func parseProtobuf(src Source) (*Schema, error) {
	imports := make([]protobuf.Import, len(src.Imports))
	for i, imp := range src.Imports {
		imports[i] = protobuf.Import(imp)
	}
	parsed, err := protobuf.Parse(protobuf.Source{Text: src.Text, Imports: imports})
	var invalid *protobuf.InvalidError
	switch {
	case errors.As(err, &invalid):
		return nil, &InvalidError{Message: invalid.Message, Import: invalid.Import, Line: invalid.Line, Column: invalid.Column}
	case err != nil:
		return nil, &InvalidError{Message: err.Error()}
	}
	return &Schema{typ: schema.Protobuf, proto: parsed}, nil
}

func parseJSON(src Source) (*Schema, error) {
	imports := make([]jsonschema.Import, len(src.Imports))
	for i, imp := range src.Imports {
		imports[i] = jsonschema.Import(imp)
	}
	parsed, err := jsonschema.Parse(jsonschema.Source{Text: src.Text, Imports: imports})
	var invalid *jsonschema.InvalidError
	switch {
	case errors.As(err, &invalid):
		return nil, &InvalidError{Message: invalid.Message, Import: invalid.Import, Line: invalid.Line, Column: invalid.Column}
	case err != nil:
		return nil, &InvalidError{Message: err.Error()}
	}
	return &Schema{typ: schema.JSON, json: parsed}, nil
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
