package schema

import (
	"cmp"
	"fmt"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
)

// misfit is why a type cannot be written in a syntax.
type misfit struct {
	at     protoreflect.Descriptor
	reason string
}

// choose returns the syntax of a text: that of the file, or for an edition the
// first that every type fits. Without one it returns why not, for each syntax
// that could have been.
func choose(file protoreflect.FileDescriptor, types []protoreflect.Descriptor) (string, []misfit) {
	var candidates []string
	switch file.Syntax() {
	case protoreflect.Proto2:
		candidates = []string{proto2}
	case protoreflect.Proto3:
		candidates = []string{proto3}
	default:
		candidates = []string{proto3, proto2}
	}
	var misfits []misfit
	for _, syntax := range candidates {
		m := misfitOf(syntax, types)
		if m == nil {
			return syntax, nil
		}
		misfits = append(misfits, *m)
	}
	return "", misfits
}

// misfitOf returns what does not fit the syntax first, or nil.
func misfitOf(syntax string, types []protoreflect.Descriptor) *misfit {
	for _, d := range types {
		if d.ParentFile().Syntax().String() == syntax {
			continue
		}
		var m *misfit
		switch d := d.(type) {
		case protoreflect.EnumDescriptor:
			m = enumMisfit(syntax, d)
		case protoreflect.MessageDescriptor:
			m = messageMisfit(syntax, d)
		}
		if m != nil {
			return m
		}
	}
	return nil
}

func enumMisfit(syntax string, e protoreflect.EnumDescriptor) *misfit {
	switch {
	case syntax == proto3 && e.IsClosed():
		return &misfit{e, fmt.Sprintf("enum %s is closed, and those of proto3 are open", e.Name())}
	case syntax == proto2 && !e.IsClosed():
		return &misfit{e, fmt.Sprintf("enum %s is open, and those of proto2 are closed", e.Name())}
	case syntax == proto3 && legacyJSON(e):
		return &misfit{e, fmt.Sprintf("the names of enum %s need not differ in JSON, and those of proto3 have to", e.Name())}
	}
	return nil
}

func messageMisfit(syntax string, m protoreflect.MessageDescriptor) *misfit {
	if syntax == proto3 {
		switch {
		case m.ExtensionRanges().Len() > 0:
			return &misfit{m, fmt.Sprintf("%s can be extended, and messages of proto3 cannot", m.Name())}
		case legacyJSON(m):
			return &misfit{m, fmt.Sprintf("the names of %s need not differ in JSON, and those of proto3 have to", m.Name())}
		}
	}
	for f := range all(m.Fields()) {
		reason := proto3Misfit(f)
		if syntax == proto2 {
			reason = proto2Misfit(f)
		}
		if reason != "" {
			return &misfit{f, fmt.Sprintf("field %s of %s %s", f.Name(), m.Name(), reason)}
		}
	}
	return nil
}

// proto3Misfit says what proto3 has not got of a field, or nothing.
func proto3Misfit(f protoreflect.FieldDescriptor) string {
	if f.IsMap() {
		return cmp.Or(proto3Misfit(f.MapKey()), proto3Misfit(f.MapValue()))
	}
	switch {
	case f.Cardinality() == protoreflect.Required:
		return "is required, which proto3 has not got"
	case f.Kind() == protoreflect.GroupKind:
		return "is delimited, which proto3 has not got"
	case f.HasDefault():
		return "has a default, which proto3 has not got"
	case f.Enum() != nil && f.Enum().IsClosed():
		return fmt.Sprintf("holds the closed enum %s, and those of proto3 are open", f.Enum().Name())
	case f.Kind() == protoreflect.StringKind && !enforcesUTF8(f):
		return "may hold text that is not UTF-8, which proto3 refuses"
	}
	return ""
}

// proto2Misfit says what proto2 has not got of a field, or nothing. That
// proto2 does not insist on UTF-8 is no misfit: it reads what was written.
func proto2Misfit(f protoreflect.FieldDescriptor) string {
	switch {
	case f.Cardinality() == protoreflect.Optional && !f.HasPresence():
		return "cannot be absent, and every field of proto2 can"
	case f.Kind() == protoreflect.GroupKind && !looksLikeGroup(f):
		return "is delimited, and its type is not declared as that of a group"
	}
	return ""
}

// looksLikeGroup reports whether a delimited field can be written as a group:
// its message stands beside it and gives it its name.
func looksLikeGroup(f protoreflect.FieldDescriptor) bool {
	return f.Message().Parent() == f.Parent() && lower(f.Message().Name()) == f.Name()
}

func lower(name protoreflect.Name) protoreflect.Name {
	out := []byte(name)
	for i, c := range out {
		if 'A' <= c && c <= 'Z' {
			out[i] = c + 'a' - 'A'
		}
	}
	return protoreflect.Name(out)
}

// enforcesUTF8 reports whether a string has to be UTF-8. The feature is not
// part of the interface of descriptors, but all of them know.
func enforcesUTF8(f protoreflect.FieldDescriptor) bool {
	if known, ok := f.(interface{ EnforceUTF8() bool }); ok {
		return known.EnforceUTF8()
	}
	return f.ParentFile().Syntax() != protoreflect.Proto2
}

// legacyJSON reports whether an edition switches off what JSON asks of names.
// The nearest declaration that says something counts.
func legacyJSON(d protoreflect.Descriptor) bool {
	for ; d != nil; d = d.Parent() {
		o, ok := d.Options().(interface {
			GetFeatures() *descriptorpb.FeatureSet
		})
		if !ok || o.GetFeatures().GetJsonFormat() == descriptorpb.FeatureSet_JSON_FORMAT_UNKNOWN {
			continue
		}
		return o.GetFeatures().GetJsonFormat() == descriptorpb.FeatureSet_LEGACY_BEST_EFFORT
	}
	return false
}
