// Package templates holds the texts that esgen writes once and never again:
// the service that init lays out. They are embedded in the binary.
//
//	files, err := templates.Service{ImportPath: "example.com/bank", Package: "bank.v1", Out: "gen"}.Files()
//
// Code that is generated again and again does not come from here, but from
// package generator/golang. Nothing is read from or written to disk.
package templates

import (
	"bytes"
	"embed"
	"fmt"
	"go/format"
	"path"
	"slices"
	"strings"
	"text/template"

	esgenv1 "github.com/esgen-dev/esgen/proto/esgen/v1"
)

//go:embed service demo
var texts embed.FS

// Esgen is the module that a service depends on, and Tool its command.
const (
	Esgen = "github.com/esgen-dev/esgen"
	Tool  = Esgen + "/cmd/esgen"
)

// Go is the oldest version of Go that a service can use: that of esgen.
const Go = "1.26.0"

// File is a file of a service.
type File struct {
	Path    string // slash-separated, below the directory of the service
	What    string // what it is for, in a few words
	Content []byte
}

// source says which file a template becomes.
type source struct{ template, path, what string }

// Files returns the files of the service, by path, without those that are
// generated. An error is a mistake in a template, or a name that [Service.Check]
// refuses.
func (s Service) Files() ([]File, error) {
	files := []File{{
		Path: "third_party/" + esgenv1.Path, Content: []byte(esgenv1.Source),
		What: "a copy of the options, for editors, protoc and buf",
	}}
	for _, from := range s.sources() {
		content, err := s.execute("service/" + from.template)
		if err != nil {
			return nil, err
		}
		files = append(files, File{Path: from.path, What: from.what, Content: content})
	}
	slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	return files, nil
}

func (s Service) sources() []source {
	sources := []source{{"esgen.yaml.tmpl", "esgen.yaml", "where the .proto files are, and where the Go code goes"}}
	if s.NewModule {
		sources = append(sources, source{"go.mod.tmpl", "go.mod", "module " + s.ImportPath})
	}
	if s.Sample {
		sources = append(
			sources,
			source{"account.proto.tmpl", "proto/" + s.dir() + "/account.proto", "an aggregate, its commands and events"},
			source{"accounts.go.tmpl", behavior + "/accounts.go", "its behaviour: pure functions"},
			source{"accounts_test.go.tmpl", behavior + "/accounts_test.go", "and the tests of that"},
			source{"main.go.tmpl", "main.go", "runs it in memory"},
		)
	}
	if s.Buf {
		sources = append(
			sources,
			source{"buf.yaml.tmpl", "buf.yaml", "for buf lint and buf breaking"},
			source{"buf.gen.yaml.tmpl", "buf.gen.yaml", "for buf generate"},
		)
	}
	if s.Workflow != "" {
		sources = append(sources, source{"workflow.yml.tmpl", s.Workflow, "checks every push on GitHub"})
	}
	return sources
}

// Edit changes a file of a service.
type Edit struct {
	Path    string // slash-separated
	Old     string // whole lines, which are replaced; "" adds at the end
	Content []byte
}

// NewCommand returns the edits that add a command and its event to the sample:
// the declaration, and the behaviour that it then needs.
func (s Service) NewCommand() (declaration, behaviour Edit, err error) {
	declaration.Path = "proto/" + s.dir() + "/account.proto"
	if declaration.Content, err = s.execute("demo/owner.proto.tmpl"); err != nil {
		return Edit{}, Edit{}, err
	}
	behaviour.Path = behavior + "/accounts.go"
	if behaviour.Content, err = s.execute("demo/owner.go.tmpl"); err != nil {
		return Edit{}, Edit{}, err
	}
	return declaration, behaviour, nil
}

// Evolve returns two edits of an event of the sample, one after the other:
// the first adds a field, which stored events permit, and the second makes
// another type of one that there is, which they do not.
func (s Service) Evolve() (adds, breaks Edit) {
	const field = "  int64 balance_cents = 2;\n"
	adds = Edit{Path: "proto/" + s.dir() + "/account.proto", Old: field, Content: []byte(field + "  string branch = 3;\n")}
	breaks = Edit{Path: adds.Path, Old: field, Content: []byte("  string balance = 2;\n")}
	return adds, breaks
}

// execute fills in one template. A whole Go file is formatted: the order of
// its imports depends on the names in them.
func (s Service) execute(name string) ([]byte, error) {
	t, err := template.New(path.Base(name)).Option("missingkey=error").ParseFS(texts, name)
	if err != nil {
		return nil, fmt.Errorf("template %s: %w", name, err)
	}
	var out bytes.Buffer
	if err := t.Execute(&out, s.values()); err != nil {
		return nil, fmt.Errorf("template %s: %w", name, err)
	}
	if !strings.HasSuffix(name, ".go.tmpl") || !bytes.HasPrefix(out.Bytes(), []byte("package ")) && !bytes.HasPrefix(out.Bytes(), []byte("//")) {
		return out.Bytes(), nil
	}
	content, err := format.Source(out.Bytes())
	if err != nil {
		return nil, fmt.Errorf("template %s: %w", name, err)
	}
	return content, nil
}
