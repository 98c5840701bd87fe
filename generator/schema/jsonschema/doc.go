// Package jsonschema makes the JSON Schema (draft-07) of a Protobuf message:
// of the JSON that protojson writes for it and reads as it.
package jsonschema
