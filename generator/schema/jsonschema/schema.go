package jsonschema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
)

// draft07 identifies the dialect.
const draft07 = "http://json-schema.org/draft-07/schema#"

// The types of JSON that draft-07 knows, as far as they are needed.
const (
	typeNull    = "null"
	typeBoolean = "boolean"
	typeInteger = "integer"
	typeNumber  = "number"
	typeString  = "string"
	typeArray   = "array"
	typeObject  = "object"
)

// A schema is one JSON Schema. The order of its fields is the order of the
// keys in the text.
type schema struct {
	Dialect       string      `json:"$schema,omitempty"`
	Ref           string      `json:"$ref,omitempty"`
	Title         string      `json:"title,omitempty"`
	Type          types       `json:"type,omitempty"`
	Enum          []string    `json:"enum,omitempty"`
	Minimum       json.Number `json:"minimum,omitempty"`
	Maximum       json.Number `json:"maximum,omitempty"`
	MinLength     json.Number `json:"minLength,omitempty"`
	Pattern       string      `json:"pattern,omitempty"`
	Format        string      `json:"format,omitempty"`
	Items         *schema     `json:"items,omitempty"`
	Properties    *members    `json:"properties,omitempty"`
	Required      []string    `json:"required,omitempty"`
	MaxProperties json.Number `json:"maxProperties,omitempty"`
	PropertyNames *schema     `json:"propertyNames,omitempty"`
	Additional    *additional `json:"additionalProperties,omitempty"`
	AnyOf         []*schema   `json:"anyOf,omitempty"`
	Definitions   *members    `json:"definitions,omitempty"`
}

// nullable returns s, with null accepted too. It extends a union that s is
// instead of nesting it: a registry lets unions grow, but only on one level.
func (s *schema) nullable() *schema {
	switch {
	case s.acceptsNull():
	case s.Ref != "":
		return &schema{AnyOf: []*schema{s, {Type: types{typeNull}}}}
	case s.AnyOf != nil:
		s.AnyOf = append(s.AnyOf, &schema{Type: types{typeNull}})
	case s.Type != nil:
		s.Type = append(s.Type, typeNull)
	}
	return s
}

// acceptsNull reports whether s, as this package makes it, accepts null.
func (s *schema) acceptsNull() bool {
	if s.Ref != "" {
		return false
	}
	isNull := func(branch *schema) bool { return slices.Contains(branch.Type, typeNull) }
	return s.Type == nil && s.AnyOf == nil || isNull(s) || slices.ContainsFunc(s.AnyOf, isNull)
}

// types is a list of types; a single one is written as a string.
type types []string

// MarshalJSON implements [json.Marshaler].
func (t types) MarshalJSON() ([]byte, error) {
	if len(t) == 1 {
		return encode(t[0])
	}
	return encode([]string(t))
}

// additional is the value of additionalProperties: a schema, or false.
type additional struct{ values *schema }

// MarshalJSON implements [json.Marshaler].
func (a *additional) MarshalJSON() ([]byte, error) {
	if a.values == nil {
		return []byte("false"), nil
	}
	return encode(a.values)
}

// members are named schemas in the order in which they were added.
type members struct {
	names   []string
	schemas []*schema
}

func (m *members) add(name string, s *schema) {
	m.names = append(m.names, name)
	m.schemas = append(m.schemas, s)
}

// MarshalJSON implements [json.Marshaler].
func (m *members) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	for i, name := range m.names {
		key, err := encode(name)
		if err != nil {
			return nil, err
		}
		value, err := encode(m.schemas[i])
		if err != nil {
			return nil, err
		}
		b.WriteByte(separator(i))
		b.Write(key)
		b.WriteByte(':')
		b.Write(value)
	}
	if len(m.names) == 0 {
		b.WriteByte('{')
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

func separator(i int) byte {
	if i == 0 {
		return '{'
	}
	return ','
}

// encode is json.Marshal without the escapes that only HTML needs.
func encode[T any](v T) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("encode a JSON Schema: %w", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// render returns the text of a whole document.
func render(s *schema) (string, error) {
	compact, err := encode(s)
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	if err := json.Indent(&b, compact, "", "  "); err != nil {
		return "", fmt.Errorf("indent a JSON Schema: %w", err)
	}
	b.WriteByte('\n')
	return b.String(), nil
}
