package replay

import (
	"errors"
	"fmt"
	"strings"

	"github.com/bufbuild/protocompile"
	"github.com/bufbuild/protocompile/ast"
	"github.com/bufbuild/protocompile/linker"
	"github.com/bufbuild/protocompile/options"
	"github.com/bufbuild/protocompile/parser"
	"github.com/bufbuild/protocompile/reporter"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// Source is the text of a schema, with the files that it may import. Those
// that come with Protobuf itself are always there.
type Source struct {
	Path    string // what positions call the file; "" is "schema.proto"
	Text    string
	Imports []Import
}

// Import is a file that others can import.
type Import struct {
	Name string // the path under which it is imported
	Text string
}

// LinkError says why a text is not a schema.
type LinkError struct {
	Path         string // of the file, the schema's or an import's
	Line, Column int    // counted from 1; 0 if unknown
	Message      string
}

func (e *LinkError) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("%s: %s", e.Path, e.Message)
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.Path, e.Line, e.Column, e.Message)
}

// Link compiles a schema in memory. An error is a [*LinkError]. Imports that
// nothing needs are not compiled.
func Link(source Source) (protoreflect.FileDescriptor, error) {
	l := linking{texts: make(map[string]string, len(source.Imports)), files: map[string]linker.File{}, symbols: &linker.Symbols{}}
	for _, i := range source.Imports {
		if _, taken := l.texts[i.Name]; !taken {
			l.texts[i.Name] = i.Text
		}
	}
	path := source.Path
	if path == "" {
		path = "schema.proto"
	}
	file, err := l.link(path, source.Text)
	if err != nil {
		return nil, toLinkError(path, err)
	}
	return file, nil
}

// linking is the state of one call of Link.
type linking struct {
	texts   map[string]string
	files   map[string]linker.File // nil while a file is being linked
	symbols *linker.Symbols
}

func (l *linking) link(path, text string) (linker.File, error) {
	l.files[path] = nil
	handler := reporter.NewHandler(nil)
	tree, err := parser.Parse(path, strings.NewReader(text), handler)
	if err != nil {
		return nil, err //nolint:wrapcheck // told in full by toLinkError
	}
	parsed, err := parser.ResultFromAST(tree, true, handler)
	if err != nil {
		return nil, err //nolint:wrapcheck // as above
	}
	imports := parsed.FileDescriptorProto().GetDependency()
	dependencies := make(linker.Files, len(imports))
	for i, name := range imports {
		if dependencies[i], err = l.dependency(tree, name); err != nil {
			return nil, err
		}
	}
	linked, err := linker.Link(parsed, dependencies, l.symbols, handler)
	if err != nil {
		return nil, err //nolint:wrapcheck // as above
	}
	if _, err := options.InterpretOptions(linked, handler); err != nil {
		return nil, err //nolint:wrapcheck // as above
	}
	if err := linked.ValidateOptions(handler, l.symbols); err != nil {
		return nil, err //nolint:wrapcheck // as above
	}
	l.files[path] = linked
	return linked, nil
}

// dependency returns a file that another one imports.
func (l *linking) dependency(importer *ast.FileNode, name string) (linker.File, error) {
	file, met := l.files[name]
	switch text, ok := l.texts[name]; {
	case file != nil:
		return file, nil
	case met:
		return nil, importError(importer, name, "leads back to itself")
	case ok:
		return l.link(name, text)
	}
	standard := protocompile.WithStandardImports(protocompile.CompositeResolver{})
	found, err := standard.FindFileByPath(name)
	if err != nil || found.Desc == nil {
		return nil, importError(importer, name, "is not at hand")
	}
	file, err = linker.NewFileRecursive(found.Desc)
	if err != nil {
		return nil, importError(importer, name, err.Error())
	}
	l.files[name] = file
	return file, nil
}

// importError points at the statement that imports a file.
func importError(importer *ast.FileNode, name, reason string) error {
	e := &LinkError{Path: importer.Name(), Message: fmt.Sprintf("import %q %s", name, reason)}
	for _, declaration := range importer.Decls {
		if statement, ok := declaration.(*ast.ImportNode); ok && statement.Name.AsString() == name {
			at := importer.NodeInfo(statement.Name).Start()
			e.Line, e.Column = at.Line, at.Col
			break
		}
	}
	return e
}

func toLinkError(path string, err error) error {
	if positioned, ok := errors.AsType[reporter.ErrorWithPos](err); ok {
		at := positioned.GetPosition()
		return &LinkError{Path: at.Filename, Line: at.Line, Column: at.Col, Message: positioned.Unwrap().Error()}
	}
	if linkError, ok := errors.AsType[*LinkError](err); ok {
		return linkError
	}
	return &LinkError{Path: path, Message: err.Error()}
}
