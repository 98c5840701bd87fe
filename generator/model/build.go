package model

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"google.golang.org/protobuf/compiler/protogen"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/generator/load"
	esgenv1 "github.com/esgen-dev/esgen/proto/esgen/v1"
)

// Build reads the declarations of a set of files and checks them against all
// rules. The model is complete when no finding is an error. Findings about
// files that are only imported are left out: they are for whoever owns those.
func Build(set *load.Set) (*Model, []diag.Finding) {
	b := &builder{set: set, byName: map[protoreflect.FullName]*decl{}}
	b.files = slices.Clone(set.Plugin.Files)
	slices.SortFunc(b.files, func(x, y *protogen.File) int {
		return strings.Compare(x.Desc.Path(), y.Desc.Path())
	})
	b.collect()
	b.buildAggregates()
	b.buildEvents()
	b.buildCommands()
	b.linkFates()
	b.linkEmits()
	b.buildViews()
	b.buildProcesses()
	m := b.model()
	b.checkStoredNames()
	b.checkTopics()
	b.checkCollisions(m)
	if diag.Worst(b.findings) < diag.Error {
		b.lint(m) // on a broken model it would report consequences
	}
	return m, diag.Sort(b.findings)
}

// builder holds what is known while the model is built.
type builder struct {
	set        *load.Set
	files      []*protogen.File // by path
	decls      []*decl          // by file, then in order of declaration
	aggregates []*decl          // those of decls
	byName     map[protoreflect.FullName]*decl
	symbols    symbols
	ignored    ignores
	findings   []diag.Finding
}

// decl is a message with a role.
type decl struct {
	msg  *protogen.Message
	file *protogen.File

	// The options; exactly one is set.
	aggregateOpt *esgenv1.AggregateOptions
	commandOpt   *esgenv1.CommandOptions
	eventOpt     *esgenv1.EventOptions
	viewOpt      *esgenv1.ViewOptions
	processOpt   *esgenv1.ProcessOptions

	// What was built from them; nil when that failed.
	aggregate *Aggregate
	command   *Command
	event     *Event
	view      *View
	process   *Process
}

// own reports whether the declaration is to be generated, and not imported.
func (d *decl) own() bool { return d.file.Generate }

// role returns what the declaration is, in words.
func (d *decl) role() string {
	switch {
	case d.aggregateOpt != nil:
		return "an aggregate"
	case d.commandOpt != nil:
		return "a command"
	case d.eventOpt != nil:
		return "an event"
	case d.viewOpt != nil:
		return "a view"
	default:
		return "a process"
	}
}

// extension returns the number of the option that gave the role.
func (d *decl) extension() int32 {
	switch {
	case d.aggregateOpt != nil:
		return int32(esgenv1.E_Aggregate.TypeDescriptor().Number())
	case d.commandOpt != nil:
		return int32(esgenv1.E_Command.TypeDescriptor().Number())
	case d.eventOpt != nil:
		return int32(esgenv1.E_Event.TypeDescriptor().Number())
	case d.viewOpt != nil:
		return int32(esgenv1.E_View.TypeDescriptor().Number())
	default:
		return int32(esgenv1.E_Process.TypeDescriptor().Number())
	}
}

// message returns the common part of every declaration.
func (b *builder) message(d *decl) Message {
	options, _ := d.msg.Desc.Options().(interface{ GetDeprecated() bool })
	return Message{
		FullName:   d.msg.Desc.FullName(),
		GoName:     d.msg.GoIdent.GoName,
		Comment:    string(d.msg.Comments.Leading),
		Deprecated: options != nil && options.GetDeprecated(),
		Position:   b.set.Position(d.msg.Desc),
		Desc:       d.msg.Desc,
	}
}

// at returns the position of a value of the option that gave the role.
func (b *builder) at(d *decl, path ...int32) diag.Position {
	return b.set.OptionPosition(d.msg.Desc, append([]int32{d.extension()}, path...)...)
}

// report adds a finding about a declaration, unless it is imported or the
// source says to ignore it.
func (b *builder) report(d *decl, f diag.Finding) {
	if !d.own() {
		return
	}
	if f.Symbol == "" {
		f.Symbol = string(d.msg.Desc.FullName())
	}
	rule := ruleByID(f.Rule)
	f.Severity = rule.Severity
	if !rule.Fixed() && b.ignored.covers(protoreflect.FullName(f.Symbol), f.Rule) {
		return
	}
	b.findings = append(b.findings, f)
}

// model assembles what was built.
func (b *builder) model() *Model {
	m := &Model{}
	packages := map[protogen.GoImportPath]*Package{}
	for _, d := range b.decls {
		if !d.own() {
			continue
		}
		switch {
		case d.view != nil:
			m.Views = append(m.Views, d.view)
		case d.process != nil:
			m.Processes = append(m.Processes, d.process)
		case d.aggregate != nil:
			p, ok := packages[d.file.GoImportPath]
			if !ok {
				p = newPackage(d.file)
				packages[d.file.GoImportPath] = p
				m.Packages = append(m.Packages, p)
			}
			p.Aggregates = append(p.Aggregates, d.aggregate)
		}
	}
	slices.SortFunc(m.Packages, func(x, y *Package) int { return strings.Compare(x.ImportPath, y.ImportPath) })
	slices.SortFunc(m.Views, func(x, y *View) int { return cmp.Compare(x.FullName, y.FullName) })
	slices.SortFunc(m.Processes, func(x, y *Process) int { return cmp.Compare(x.FullName, y.FullName) })
	return m
}

func newPackage(file *protogen.File) *Package {
	dir, _ := splitPath(file.GeneratedFilenamePrefix)
	return &Package{
		ImportPath: string(file.GoImportPath),
		Name:       string(file.GoPackageName),
		Dir:        dir,
	}
}

// splitPath splits a slash-separated path into its directory, "." for none,
// and its last element.
func splitPath(path string) (dir, base string) {
	if i := strings.LastIndexByte(path, '/'); i >= 0 {
		return path[:i], path[i+1:]
	}
	return ".", path
}

func previous(pos diag.Position, format string, args ...any) []diag.Previous {
	return []diag.Previous{{Position: pos, Text: fmt.Sprintf(format, args...)}}
}
