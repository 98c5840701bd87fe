package load

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/bufbuild/protocompile"
	"github.com/bufbuild/protocompile/ast"
	"github.com/bufbuild/protocompile/reporter"

	"github.com/esgen-dev/esgen/diag"
)

// The rules of this package.
const (
	ruleCompile          = "PROTO_COMPILE"
	ruleWarning          = "PROTO_WARNING"
	ruleRootMissing      = "PROTO_ROOT_MISSING"
	ruleNoFiles          = "PROTO_NO_FILES"
	ruleShadowed         = "PROTO_FILE_SHADOWED"
	ruleIgnoredByGo      = "GO_FILE_IGNORED"
	ruleGoPackageMissing = "GO_PACKAGE_MISSING"
	ruleGoPackageInvalid = "GO_PACKAGE_INVALID"
)

// Rules returns the rules about .proto files that do not even load.
func Rules() []diag.Rule {
	return []diag.Rule{
		{
			ID: ruleCompile, Category: diag.Compile, Severity: diag.Error,
			Title:   "the Protobuf source does not compile",
			Explain: "The file breaks a rule of the Protobuf language, or names something that is not there. protoc and buf refuse it too.",
			Example: "message Account { strin owner = 1; }",
		},
		{
			ID: ruleWarning, Category: diag.Lint, Severity: diag.Warning,
			Title:   "the Protobuf compiler has a warning",
			Explain: "The file compiles, but the compiler advises against something in it, such as an import that is not used or a missing syntax line.",
			Example: `import "google/protobuf/any.proto"; // and no Any anywhere`,
		},
		{
			ID: ruleRootMissing, Category: diag.Compile, Severity: diag.Error,
			Title:   "a proto root does not exist",
			Explain: "The configuration lists a directory under proto.roots that is not there. Roots are relative to the configuration file.",
		},
		{
			ID: ruleNoFiles, Category: diag.Compile, Severity: diag.Error,
			Title:   "there is no .proto file to generate from",
			Explain: "The directories listed under proto.roots hold no file that ends in .proto. Symbolic links to directories are not followed.",
		},
		{
			ID: ruleShadowed, Category: diag.Compile, Severity: diag.Error,
			Title:   "two proto roots hold a file of the same name",
			Explain: "A file is known by its path below its root. Two roots with the same path make it unclear which one an import means.",
		},
		{
			ID: ruleIgnoredByGo, Category: diag.Lint, Severity: diag.Warning,
			Title:   "the go command ignores the files made from a .proto file",
			Explain: "Generated files are called like the .proto file. Go leaves out files whose names begin with an underscore or a dot, and builds those that end in the name of an operating system or a processor only there.",
			Example: "proto/order_windows.proto",
		},
		{
			ID: ruleGoPackageMissing, Category: diag.Compile, Severity: diag.Error,
			Title:   "a file does not say which Go package it belongs to",
			Explain: "The Go code of a .proto file needs an import path. It stands in the file's go_package option, optionally followed by a semicolon and the package name.",
			Example: `syntax = "proto3"; package bank.v1; // and no option go_package`,
		},
		{
			ID: ruleGoPackageInvalid, Category: diag.Compile, Severity: diag.Error,
			Title:   "the Go package of a file is not usable",
			Explain: "An import path needs a dot or a slash, and all files of one import path have to agree on the package name.",
			Example: `option go_package = "bank";`,
		},
	}
}

func (r *resolver) compileError(err reporter.ErrorWithPos) diag.Finding {
	return r.declaredTwice(diag.Finding{
		Rule: ruleCompile, Severity: diag.Error,
		Message:  message(err.Unwrap()),
		Position: r.span(err),
		Help:     compileHelp(err.Unwrap().Error()),
	})
}

func (r *resolver) compileWarning(err reporter.ErrorWithPos) diag.Finding {
	return diag.Finding{
		Rule: ruleWarning, Severity: diag.Warning,
		Message:  message(err.Unwrap()),
		Position: r.span(err),
	}
}

// compileFailure is for an error that the compiler did not report by position.
func (r *resolver) compileFailure(err error) diag.Finding {
	if pos := reporter.ErrorWithPos(nil); errors.As(err, &pos) {
		return r.compileError(pos)
	}
	f := diag.Finding{Rule: ruleCompile, Severity: diag.Error, Message: message(err), Help: compileHelp(err.Error())}
	if broken := (protocompile.PanicError{}); errors.As(err, &broken) {
		return r.compilerBroken(broken)
	}
	if unread := (*unreadableError)(nil); errors.As(err, &unread) {
		return notAFile(unread)
	}
	return f
}

// message words an error of the compiler as a finding.
func message(err error) string {
	text := strings.TrimSuffix(strings.TrimPrefix(err.Error(), "syntax error: "), ".")
	if path, ok := strings.CutPrefix(text, "could not resolve path "); ok {
		path, _, _ = strings.Cut(path, ": ")
		return fmt.Sprintf("import %s is not found", path)
	}
	return text
}

// span returns the position of an error of the compiler. Only its offsets can
// be relied on: it counts columns in characters, and lines without those that
// an unfinished string runs into.
func (r *resolver) span(s ast.SourceSpan) diag.Position {
	start, end := s.Start(), s.End()
	src := r.source(start.Filename)
	if src == nil {
		return diag.Position{Path: start.Filename, Line: start.Line, Column: start.Col}
	}
	p := diag.Position{Path: src.disk}
	p.Line, p.Column = src.place(start.Offset)
	if end.Offset > start.Offset {
		p.EndLine, p.EndColumn = src.place(end.Offset)
	}
	return p
}

func rootMissing(root string) diag.Finding {
	return diag.Finding{
		Rule: ruleRootMissing, Severity: diag.Error,
		Message:  fmt.Sprintf("proto root %q does not exist", root),
		Position: diag.Position{Path: root},
		Help:     "create it, or correct proto.roots in esgen.yaml",
	}
}

func nothingFound(roots []string) diag.Finding {
	return diag.Finding{
		Rule: ruleNoFiles, Severity: diag.Error,
		Message:  fmt.Sprintf("no .proto file below %s", strings.Join(roots, ", ")),
		Position: diag.Position{Path: strings.Join(roots, ", ")},
		Help:     "add one, or correct proto.roots in esgen.yaml",
	}
}

func notAFile(err *unreadableError) diag.Finding {
	help := "make it a file that you may read, or remove it"
	if knowing := (interface {
		error
		Help() string
	})(nil); errors.As(err, &knowing) {
		help = knowing.Help()
	}
	return diag.Finding{
		Rule: ruleCompile, Severity: diag.Error,
		Message:  fmt.Sprintf("cannot read the file: %v", err.cause()),
		Position: diag.Position{Path: err.path},
		Help:     help,
	}
}

// ignoredByGo is about files that the go command leaves out because of how they
// are called.
func ignoredByGo(path string) diag.Finding {
	return diag.Finding{
		Rule: ruleIgnoredByGo, Severity: diag.Warning,
		Message:  "the Go files made from this one are left out of most builds, because of its name",
		Position: diag.Position{Path: path, Line: 1, Column: 1},
		Help:     "rename it: Go ignores files that begin with _ or a dot, and builds those that end in _windows, _arm64 and the like there alone",
	}
}

func misnamed(path, name string) diag.Finding {
	return diag.Finding{
		Rule: ruleCompile, Severity: diag.Error,
		Message:  fmt.Sprintf("%q cannot be imported", name),
		Position: diag.Position{Path: strconv.Quote(path)},
		Help:     "rename the file: no control characters, no backslashes, and UTF-8 throughout",
	}
}

func overlapping(path, first, second string) diag.Finding {
	return diag.Finding{
		Rule: ruleShadowed, Severity: diag.Error,
		Message:  fmt.Sprintf("the file has two names, %q and %q, because one proto root lies in another", first, second),
		Position: diag.Position{Path: path, Line: 1, Column: 1},
		Help:     "keep the root below which the imports of your files start",
	}
}

func shadowed(name, path, other string) diag.Finding {
	return diag.Finding{
		Rule: ruleShadowed, Severity: diag.Error,
		Message:  fmt.Sprintf("%s is in two proto roots", name),
		Position: diag.Position{Path: path, Line: 1, Column: 1},
		Previous: []diag.Previous{{Position: diag.Position{Path: other, Line: 1, Column: 1}}},
		Help:     "keep one of them, or move one below a directory of its own",
	}
}
