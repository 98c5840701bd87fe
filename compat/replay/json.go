package replay

import (
	"fmt"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// jsonName reports a field whose key in stored JSON stands for another field,
// or for none.
func (c *comparer) jsonName(f, g protoreflect.FieldDescriptor, from, to members) {
	key := jsonKey(f)
	if own := from.key(key); own == nil || own.Number() != f.Number() {
		return // no different before: two fields of the original share the key
	}
	if namesake := to.name(f); namesake != nil && namesake.Number() != f.Number() {
		return // reported as such
	}
	target := to.key(key)
	switch {
	case target == nil:
		c.report(Change{
			Rule:     ruleJSONName,
			Message:  fmt.Sprintf("field %q is stored as %q in JSON, and %q knows no such key", f.Name(), key, g.ContainingMessage().Name()),
			Help:     fmt.Sprintf("add [json_name = %q]", key),
			Registry: registryIgnores("JSON names"),
		}, f, g, nil)
	case target.Number() != f.Number():
		c.report(Change{
			Rule:     ruleJSONName,
			Message:  fmt.Sprintf("field %q is stored as %q in JSON, which is read as %q", f.Name(), key, target.Name()),
			Help:     fmt.Sprintf("add [json_name = %q], and give %q another one", key, target.Name()),
			Registry: registryIgnores("JSON names"),
		}, f, target, nil)
	}
}

func jsonKey(f protoreflect.FieldDescriptor) string {
	if f.IsExtension() {
		return sourceName(f)
	}
	return f.JSONName()
}

// key returns the field that a key of a JSON object stands for: a JSON name,
// else a name as it is written in the source.
func (m members) key(key string) protoreflect.FieldDescriptor {
	if m.keys != nil {
		return m.keys[key]
	}
	if strings.HasPrefix(key, "[") {
		for _, x := range m.extensions {
			if sourceName(x) == key {
				return x
			}
		}
	}
	for i := range m.fields.Len() {
		if f := m.fields.Get(i); f.JSONName() == key {
			return f
		}
	}
	for i := range m.fields.Len() {
		if f := m.fields.Get(i); f.TextName() == key {
			return f
		}
	}
	return nil
}

// byKey is the index behind key.
func (m members) byKey() map[string]protoreflect.FieldDescriptor {
	keys := make(map[string]protoreflect.FieldDescriptor, 2*m.len())
	for i := range m.len() {
		if key := jsonKey(m.at(i)); keys[key] == nil { // in proto2 two fields may share one
			keys[key] = m.at(i)
		}
	}
	for i := range m.fields.Len() {
		f := m.fields.Get(i)
		if _, taken := keys[f.TextName()]; !taken {
			keys[f.TextName()] = f
		}
	}
	return keys
}

// jsonForm names what the protojson form of a scalar is.
func jsonForm(k protoreflect.Kind) string {
	switch k {
	case protoreflect.BoolKind:
		return "true or false"
	case protoreflect.StringKind:
		return "text"
	case protoreflect.BytesKind:
		return "base64"
	default:
		return "a number"
	}
}
