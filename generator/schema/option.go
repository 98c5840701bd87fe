package schema

import (
	"slices"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
)

// option is the name and the value of an option, as they are written.
type option struct{ name, value string }

// fileOptions returns the options of a file that are kept. Those of Go are for
// this generator alone.
func fileOptions(file protoreflect.FileDescriptor, originals bool) []option {
	o, ok := file.Options().(*descriptorpb.FileOptions)
	if !ok || o == nil {
		return nil
	}
	var options []option
	o.ProtoReflect().Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		if keepsFileOption(string(f.Name()), originals) {
			options = append(options, option{string(f.Name()), optionValue(f, v)})
		}
		return true
	})
	sortOptions(options)
	return options
}

// messageOptions returns the options of a message that are kept. The parser of
// registries reads none in a group.
func (w *writer) messageOptions(m protoreflect.MessageDescriptor) []option {
	options := w.features(m)
	o, _ := m.Options().(*descriptorpb.MessageOptions)
	if o.GetDeprecated() && (w.doc.originals || !isGroup(m)) {
		options = append(options, deprecated())
	}
	return options
}

func enumOptions(e protoreflect.EnumDescriptor) []option {
	o, _ := e.Options().(*descriptorpb.EnumOptions)
	var options []option
	if o.GetAllowAlias() {
		options = append(options, option{"allow_alias", "true"})
	}
	if o.GetDeprecated() {
		options = append(options, deprecated())
	}
	return options
}

func valueOptions(v protoreflect.EnumValueDescriptor) []option {
	if o, _ := v.Options().(*descriptorpb.EnumValueOptions); o.GetDeprecated() {
		return []option{deprecated()}
	}
	return nil
}

func deprecated() option { return option{"deprecated", "true"} }

func sortOptions(options []option) {
	slices.SortFunc(options, func(a, b option) int { return strings.Compare(a.name, b.name) })
}

// keepsFileOption reports whether an option of a file is kept: those that
// decide what code of other languages looks like.
func keepsFileOption(name string, originals bool) bool {
	switch name {
	case "csharp_namespace", "deprecated":
		return true
	case "go_package", "optimize_for", "cc_enable_arenas", "objc_class_prefix", "swift_prefix", "ruby_package",
		"php_class_prefix", "php_namespace", "php_metadata_namespace", "cc_generic_services", "py_generic_services":
		return originals
	}
	return strings.HasPrefix(name, "java_")
}
