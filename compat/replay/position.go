package replay

import (
	"github.com/bufbuild/protocompile/ast"
	"github.com/bufbuild/protocompile/linker"
	"github.com/bufbuild/protocompile/protoutil"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/esgen-dev/esgen/diag"
)

// numberName is the field of a descriptor's own descriptor that holds its name.
const numberName = 1

// Position returns where the name of a declaration stands, or where the
// declaration does, or only the file: line and column are then 0. Files of
// [Link] carry no source locations, because few of them are ever asked for one,
// but their syntax tree.
func Position(d protoreflect.Descriptor) diag.Position {
	file := d.ParentFile()
	if file == nil {
		return diag.Position{}
	}
	if linked, ok := file.(linker.Result); ok && linked.AST() != nil {
		return positionInTree(linked, d)
	}
	locations := file.SourceLocations()
	loc := locations.ByDescriptor(d)
	if len(loc.Path) == 0 {
		return diag.Position{Path: file.Path()}
	}
	path := append(append(protoreflect.SourcePath{}, loc.Path...), numberName)
	if name := locations.ByPath(path); len(name.Path) > 0 {
		loc = name
	}
	return diag.Position{
		Path: file.Path(),
		Line: loc.StartLine + 1, Column: loc.StartColumn + 1,
		EndLine: loc.EndLine + 1, EndColumn: loc.EndColumn + 1,
	}
}

func positionInTree(file linker.Result, d protoreflect.Descriptor) diag.Position {
	node := nameNode(file.Node(protoutil.ProtoFromDescriptor(d)))
	if node == nil {
		return diag.Position{Path: file.Path()}
	}
	info := file.AST().NodeInfo(node)
	return diag.Position{
		Path: file.Path(),
		Line: info.Start().Line, Column: info.Start().Col,
		EndLine: info.End().Line, EndColumn: info.End().Col,
	}
}

func nameNode(declaration ast.Node) ast.Node {
	switch n := declaration.(type) {
	case ast.FieldDeclNode:
		return n.FieldName()
	case ast.MessageDeclNode:
		return n.MessageName()
	case ast.EnumValueDeclNode:
		return n.GetName()
	case *ast.EnumNode:
		return n.Name
	}
	return declaration
}
