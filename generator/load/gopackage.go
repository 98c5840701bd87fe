package load

import (
	"errors"
	"fmt"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/mod/module"
	"google.golang.org/protobuf/compiler/protogen"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/pluginpb"

	"github.com/esgen-dev/esgen/diag"
)

// numberGoPackage is the field number of go_package in FileOptions.
const numberGoPackage = 11

// goPackages finds files whose Go package is missing, or has another name than
// in an earlier file of the same import path. Files whose package is set by a
// parameter are left to protogen.
func (r *resolver) goPackages(req *pluginpb.CodeGeneratorRequest) []diag.Finding {
	var findings []diag.Finding
	first := map[string]*descriptorpb.FileDescriptorProto{} // by import path
	for _, file := range byName(req.GetProtoFile()) {
		option := file.GetOptions().GetGoPackage()
		path, name := splitGoPackage(option)
		switch {
		case isMapped(req.GetParameter(), file.GetName()):
		case option == "":
			findings = append(findings, diag.Finding{
				Rule: ruleGoPackageMissing, Severity: diag.Error,
				Message:  fmt.Sprintf("%s has no go_package", file.GetName()),
				Position: r.locate(file, numberFilePackage),
				Help:     fmt.Sprintf("add it below the package statement:\noption go_package = %q;", suggestGoPackage(file)),
			})
		case first[path] == nil:
			first[path] = file
		default:
			other := first[path]
			if _, otherName := splitGoPackage(other.GetOptions().GetGoPackage()); otherName != name {
				findings = append(findings, diag.Finding{
					Rule: ruleGoPackageInvalid, Severity: diag.Error,
					Message:  fmt.Sprintf("Go package %s is called %s here, but %s in %s", path, name, otherName, other.GetName()),
					Position: r.locate(file, numberFileOptions, numberGoPackage),
					Previous: []diag.Previous{{Position: r.locate(other, numberFileOptions, numberGoPackage), Text: otherName}},
					Help:     fmt.Sprintf("write the same in both: option go_package = %q;", path+";"+otherName),
				})
			}
		}
	}
	return findings
}

func byName(files []*descriptorpb.FileDescriptorProto) []*descriptorpb.FileDescriptorProto {
	return slices.SortedFunc(slices.Values(files), func(a, b *descriptorpb.FileDescriptorProto) int {
		return strings.Compare(a.GetName(), b.GetName())
	})
}

// isMapped reports whether a parameter such as "Mbank.proto=example.com/bank"
// names the Go package of a file.
func isMapped(parameter, name string) bool {
	for p := range strings.SplitSeq(parameter, ",") {
		if strings.HasPrefix(p, "M"+name+"=") {
			return true
		}
	}
	return false
}

// splitGoPackage returns the import path and the package name that the option
// go_package stands for.
func splitGoPackage(option string) (path, name string) {
	path, name, named := strings.Cut(option, ";")
	if named {
		return path, name
	}
	base := path[strings.LastIndexByte(path, '/')+1:]
	return path, strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return '_'
	}, base)
}

// checkImportPaths finds Go packages that no Go code could be, or could import,
// such as the test kits. protogen lets them pass.
func checkImportPaths(plugin *protogen.Plugin) error {
	for _, file := range plugin.Files {
		if !file.Generate {
			continue
		}
		if name := file.Desc.Path(); !validName(name) {
			return fmt.Errorf("a .proto file cannot be called %q", name)
		}
		if name := string(file.GoPackageName); !token.IsIdentifier(name) || name == "_" {
			return fmt.Errorf("the Go package of %q cannot be called %q", file.Desc.Path(), name)
		}
		var invalid *module.InvalidPathError
		if err := module.CheckImportPath(string(file.GoImportPath)); errors.As(err, &invalid) {
			return fmt.Errorf("the Go package %q of %q is not an import path: %w", string(file.GoImportPath), file.Desc.Path(), invalid.Err)
		}
	}
	return nil
}

// rejected words what else protogen may say: of the Go packages, or of files
// that the compiler let pass. It names the file at fault.
func (r *resolver) rejected(req *pluginpb.CodeGeneratorRequest, err error) diag.Finding {
	text, _, _ := strings.Cut(err.Error(), "\n")
	if strings.HasPrefix(text, "invalid FileDescriptorProto") {
		return r.invalid(req, text)
	}
	f := diag.Finding{
		Rule: ruleGoPackageInvalid, Severity: diag.Error,
		Message: strings.TrimSuffix(text, "."),
	}
	for _, file := range byName(req.GetProtoFile()) {
		if strings.Contains(text, strconv.Quote(file.GetName())) {
			f.Position = r.locate(file, numberFileOptions, numberGoPackage)
			f.Help = fmt.Sprintf("write it with its path and its name: option go_package = %q;", suggestGoPackage(file))
		}
	}
	return f
}

// invalid words what protogen says of a file that it cannot link.
func (r *resolver) invalid(req *pluginpb.CodeGeneratorRequest, text string) diag.Finding {
	f := diag.Finding{Rule: ruleCompile, Severity: diag.Error, Message: text}
	for _, file := range byName(req.GetProtoFile()) {
		prefix := fmt.Sprintf("invalid FileDescriptorProto %q: ", file.GetName())
		if cause, found := strings.CutPrefix(text, prefix); found {
			f.Message = strings.TrimSpace(strings.TrimPrefix(strings.ReplaceAll(cause, "\u00a0", " "), "proto: "))
			f.Position = r.locate(file, numberFilePackage)
		}
	}
	if strings.Contains(text, "invalid nested name") {
		f.Help = "rename the map field that the entry is for: without underscores its name has to begin with a letter"
	}
	return f
}

func suggestGoPackage(file *descriptorpb.FileDescriptorProto) string {
	if file.GetPackage() == "" {
		return "your.module/gen/name;name"
	}
	path := strings.ReplaceAll(file.GetPackage(), ".", "/")
	name := strings.ReplaceAll(file.GetPackage(), ".", "")
	return "your.module/gen/" + path + ";" + name
}

// locate returns the position of a part of a file, or its start.
func (r *resolver) locate(file *descriptorpb.FileDescriptorProto, path ...int32) diag.Position {
	src := r.source(file.GetName())
	p := diag.Position{Path: r.shown(file.GetName()), Line: 1, Column: 1}
	for _, loc := range file.GetSourceCodeInfo().GetLocation() {
		span := loc.GetSpan()
		if !slices.Equal(loc.GetPath(), path) || len(span) < 3 {
			continue
		}
		p.Line, p.Column = int(span[0])+1, src.byteColumn(int(span[0]), int(span[1]))+1
		end := span[len(span)-2:]
		if len(span) == 3 {
			end = []int32{span[0], span[2]}
		}
		p.EndLine, p.EndColumn = int(end[0])+1, src.byteColumn(int(end[0]), int(end[1]))+1
	}
	return p
}
