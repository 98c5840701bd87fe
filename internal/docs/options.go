package docs

import (
	"fmt"
	"strings"

	"google.golang.org/protobuf/compiler/protogen"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/esgen-dev/esgen/generator/load"
	esgenv1 "github.com/esgen-dev/esgen/proto/esgen/v1"
)

// Options returns the page about the declaration language. The set holds the
// options file.
func Options(set *load.Set) string {
	var out strings.Builder
	out.WriteString("# Options\n\n" + edited)
	fmt.Fprintf(&out, "The declaration language, from the comments of [%s](../proto/%s).\n"+
		"`esgen options` prints the file. Import it as:\n\n    import %q;\n\n", esgenv1.Path, esgenv1.Path, esgenv1.Path)
	file := set.Plugin.FilesByPath[esgenv1.Path]
	out.WriteString("## The options\n\n")
	var rows [][]string
	for _, ext := range file.Extensions {
		rows = append(rows, []string{
			"`(" + string(ext.Desc.FullName()) + ")`",
			target(ext.Desc.ContainingMessage()),
			link(ext.Desc.Message()),
			comment(ext.Comments),
		})
	}
	table(&out, []string{"option", "of a", "holds", "meaning"}, rows)
	for _, message := range file.Messages {
		fmt.Fprintf(&out, "## %s\n\n%s\n\n", message.Desc.Name(), comment(message.Comments))
		fields(&out, message)
	}
	for _, enum := range file.Enums {
		fmt.Fprintf(&out, "## %s\n\n%s\n\n", enum.Desc.Name(), comment(enum.Comments))
		values(&out, enum)
	}
	return strings.TrimRight(out.String(), "\n") + "\n"
}

func fields(out *strings.Builder, message *protogen.Message) {
	var rows [][]string
	for _, f := range message.Fields {
		rows = append(rows, []string{code(string(f.Desc.Name())), typeOf(f.Desc), comment(f.Comments)})
	}
	table(out, []string{"field", "type", "meaning"}, rows)
}

func values(out *strings.Builder, enum *protogen.Enum) {
	var rows [][]string
	for _, v := range enum.Values {
		rows = append(rows, []string{code(string(v.Desc.Name())), comment(v.Comments)})
	}
	table(out, []string{"value", "meaning"}, rows)
}

// target says what an option is set on, e.g. "message".
func target(options protoreflect.MessageDescriptor) string {
	return strings.ToLower(strings.TrimSuffix(string(options.Name()), "Options"))
}

func typeOf(f protoreflect.FieldDescriptor) string {
	name := f.Kind().String()
	switch {
	case f.Message() != nil:
		name = link(f.Message())
	case f.Enum() != nil:
		name = link(f.Enum())
	}
	if f.IsList() {
		return "list of " + name
	}
	return name
}

// link returns a link to a type of the same page, or the name of another.
func link(d protoreflect.Descriptor) string {
	if d.ParentFile().Path() != esgenv1.Path {
		return code(string(d.FullName()))
	}
	return fmt.Sprintf("[%s](#%s)", d.Name(), strings.ToLower(string(d.Name())))
}

func comment(c protogen.CommentSet) string {
	return strings.Join(strings.Fields(string(c.Leading)), " ")
}
