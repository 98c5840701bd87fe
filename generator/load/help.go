package load

import (
	"fmt"
	"regexp"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/esgen-dev/esgen/internal/nearest"
	esgenv1 "github.com/esgen-dev/esgen/proto/esgen/v1"
)

// compileHelp returns the way out of those errors of the compiler that have a
// usual one.
func compileHelp(text string) string {
	switch {
	case strings.Contains(text, "unknown extension esgen.v1."):
		return extensionHelp(text)
	case strings.Contains(text, "option (esgen.v1."):
		return optionHelp(text)
	case strings.Contains(text, "is not a path below a proto root"):
		return `write it like "bank/v1/account.proto": not absolute, without . and .., backslashes and empty parts`
	case strings.Contains(text, "could not resolve path"):
		return "imports are looked up below the directories of proto.roots and proto.imports in esgen.yaml"
	}
	return ""
}

// extensionHelp is for an option whose name is not known: it is misspelt, or
// the options file is not imported.
func extensionHelp(text string) string {
	name := text[strings.LastIndexByte(text, '.')+1:]
	extensions := esgenv1.File_esgen_v1_options_proto.Extensions()
	var names []string
	for i := range extensions.Len() {
		names = append(names, string(extensions.Get(i).Name()))
	}
	if near, ok := nearest.To(name, names); ok && near != name {
		return fmt.Sprintf("did you mean (esgen.v1.%s)?", near)
	}
	return fmt.Sprintf("add import %q; esgen brings the file along", esgenv1.Path)
}

// optionHelp is for a value that an option of esgen cannot have.
func optionHelp(text string) string {
	field := regexp.MustCompile(`field (\w+) (?:not found|of \S+ does not exist)`)
	value := regexp.MustCompile(`enum (\S+) has no value named (\w+)`)
	if m := field.FindStringSubmatch(text); m != nil {
		if near, ok := nearest.To(m[1], optionFields()); ok {
			return fmt.Sprintf("did you mean %s?", near)
		}
	}
	if m := value.FindStringSubmatch(text); m != nil {
		names := enumValues(protoreflect.FullName(m[1]).Name())
		for _, name := range names {
			if strings.HasSuffix(name, "_"+strings.ToUpper(m[2])) {
				return fmt.Sprintf("did you mean %s?", name)
			}
		}
		if near, ok := nearest.To(m[2], names); ok {
			return fmt.Sprintf("did you mean %s?", near)
		}
	}
	return `run "esgen options" to read what the option may hold`
}

// optionFields returns the names of all fields of esgen's options.
func optionFields() []string {
	var names []string
	messages := esgenv1.File_esgen_v1_options_proto.Messages()
	for i := range messages.Len() {
		fields := messages.Get(i).Fields()
		for j := range fields.Len() {
			names = append(names, string(fields.Get(j).Name()))
		}
	}
	return names
}

// enumValues returns the names of the values of one of esgen's enums.
func enumValues(enum protoreflect.Name) []string {
	var names []string
	if e := esgenv1.File_esgen_v1_options_proto.Enums().ByName(enum); e != nil {
		for i := range e.Values().Len() {
			names = append(names, string(e.Values().Get(i).Name()))
		}
	}
	return names
}
