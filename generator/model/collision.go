package model

import (
	"fmt"

	"google.golang.org/protobuf/compiler/protogen"

	"github.com/esgen-dev/esgen/diag"
)

// checkCollisions finds identifiers that would be declared twice in a Go
// package: by esgen and by a generator whose output stands beside it, or by
// esgen for two aggregates.
func (b *builder) checkCollisions(m *Model) {
	owners := map[*Aggregate]*decl{}
	for _, d := range b.decls {
		if d.aggregate != nil {
			owners[d.aggregate] = d
		}
	}
	taken := b.checkMessages()
	for _, p := range m.Packages {
		taken := taken[protogen.GoImportPath(p.ImportPath)]
		kit := takenNames{}
		for _, a := range p.Aggregates {
			d := owners[a]
			for _, n := range emitted(a) {
				b.claim(d, taken, n)
			}
			for _, n := range []name{{a.Names.KitStarter, "the test kit"}, {a.Names.Kit, "the test kit"}} {
				b.claim(d, kit, n)
			}
			b.checkMethods(a)
		}
		b.checkKitPackage(p, owners[p.Aggregates[0]])
	}
}

// checkKitPackage finds files whose Go package is where the test kits go.
func (b *builder) checkKitPackage(p *Package, d *decl) {
	for _, file := range b.files {
		if string(file.GoImportPath) != p.ImportPath+"/"+p.Name+"test" {
			continue
		}
		b.report(d, diag.Finding{
			Rule: ruleCollision,
			Message: fmt.Sprintf("the test kits of Go package %s belong into %s, but that is the package of %s",
				p.Name, file.GoImportPath, file.Desc.Path()),
			Position: b.set.Position(d.msg.Desc),
			Previous: []diag.Previous{{Position: b.set.Position(file.Desc), Text: fmt.Sprintf("package %s", file.GoPackageName)}},
			Help:     "give that file another go_package",
		})
	}
}

// name is an identifier that is emitted, and what for.
type name struct{ ident, what string }

// origin says what an identifier was declared for already.
type origin struct {
	what string
	at   diag.Position
}

// takenNames are the identifiers of a Go package that are declared already.
type takenNames map[string]origin

// emitted lists the identifiers that are emitted for an aggregate, in order.
func emitted(a *Aggregate) []name {
	n := a.Names
	names := []name{
		{n.Event, "the interface of its events"},
		{n.Stored, "the interface of its stored events"},
		{n.Command, "the interface of its commands"},
	}
	for _, c := range a.Commands {
		names = append(names, name{c.Outcome, "the outcome of " + c.GoName})
	}
	return append(names,
		name{n.Behavior, "its behavior"},
		name{n.Upcasts, "its upcasts"},
		name{n.Aggregate, "its typed access"},
		name{n.New, "the constructor of its typed access"},
		name{n.Reader, "its reader"},
		name{n.NewReader, "the constructor of its reader"},
		name{n.Type, "its type"},
		name{n.TypeImpl, "its type"},
		name{n.EventsImpl, "its events"},
		name{n.NewEvents, "its events"},
	)
}

func (b *builder) claim(d *decl, taken takenNames, n name) {
	first, ok := taken[n.ident]
	if !ok {
		taken[n.ident] = origin{
			what: fmt.Sprintf("%s of %s", n.what, d.msg.Desc.FullName()),
			at:   b.set.Position(d.msg.Desc),
		}
		return
	}
	b.report(d, diag.Finding{
		Rule:     ruleCollision,
		Message:  fmt.Sprintf("aggregate %s needs the Go name %s for %s, but that is %s", d.msg.Desc.Name(), n.ident, n.what, first.what),
		Position: b.set.Position(d.msg.Desc),
		Previous: []diag.Previous{{Position: first.at, Text: first.what}},
		Help:     "rename one of the two; an event that is stored already keeps its name in the log with the option type",
	})
}

// checkMethods finds commands whose methods would be declared twice on the
// typed access.
func (b *builder) checkMethods(a *Aggregate) {
	reserved := map[string]bool{"Execute": true, "Load": true, "History": true, "Feed": true}
	for _, c := range a.Commands {
		if !reserved[c.GoName] {
			continue
		}
		b.report(b.byName[c.FullName], diag.Finding{
			Rule:     ruleCollision,
			Message:  fmt.Sprintf("command %s would be method %s of %s, which has one of its own", c.FullName.Name(), c.GoName, a.Names.Aggregate),
			Position: c.Position,
			Help:     fmt.Sprintf("rename the command, e.g. to %s%s", c.GoName, a.GoName),
		})
	}
}
