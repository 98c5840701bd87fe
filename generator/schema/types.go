package schema

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bufbuild/protocompile/ast"
	"github.com/bufbuild/protocompile/parser"
	"github.com/bufbuild/protocompile/reporter"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
)

// Types returns the full names of the types that the Protobuf text of a schema
// defines, sorted: what [Schema.Types] was when the text was made. A message
// without content that only holds other types is not among them, nor is that of
// a group. The error is for text that does not parse.
func Types(text string) ([]string, error) {
	file, err := parser.Parse("schema.proto", strings.NewReader(text), reporter.NewHandler(nil))
	if err != nil {
		return nil, fmt.Errorf("read the types of a schema: %w", err)
	}
	pkg := ""
	for _, decl := range file.Decls {
		if p, ok := decl.(*ast.PackageNode); ok {
			pkg = string(p.Name.AsIdentifier()) + "."
		}
	}
	var names []string
	for _, decl := range file.Decls {
		switch d := decl.(type) {
		case *ast.MessageNode:
			names = append(names, namesIn(pkg, d)...)
		case *ast.EnumNode:
			names = append(names, pkg+d.Name.Val)
		}
	}
	slices.Sort(names)
	return names, nil
}

func namesIn(scope string, m *ast.MessageNode) []string {
	full := scope + m.Name.Val
	var names []string
	content := false
	for _, decl := range m.Decls {
		switch d := decl.(type) {
		case *ast.MessageNode:
			names = append(names, namesIn(full+".", d)...)
		case *ast.EnumNode:
			names = append(names, full+"."+d.Name.Val)
		default:
			content = true
		}
	}
	if content || len(names) == 0 {
		names = append(names, full)
	}
	return names
}

// typeNames is what [Types] finds in a text with these types.
func typeNames(types []protoreflect.Descriptor, full map[protoreflect.FullName]bool) []string {
	var names []string
	for _, d := range types {
		if m, ok := d.(protoreflect.MessageDescriptor); !ok || !shell(m, full) && !isGroup(m) {
			names = append(names, string(d.FullName()))
		}
	}
	slices.Sort(names)
	return names
}

// shell reports whether a message looks, in a text with these types, like one
// that is only there for what it holds.
func shell(m protoreflect.MessageDescriptor, full map[protoreflect.FullName]bool) bool {
	o, _ := m.Options().(*descriptorpb.MessageOptions)
	if m.Fields().Len()+m.ReservedRanges().Len()+m.ReservedNames().Len()+m.ExtensionRanges().Len() > 0 || o.GetDeprecated() {
		return false
	}
	for d := range typesOf(m) {
		if full[d.FullName()] {
			return true
		}
	}
	return false
}
