package schema

import (
	"maps"
	"slices"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/generator/load"
	"github.com/esgen-dev/esgen/generator/model"
)

// Build returns the schemas of all events of a model that was built from the
// set: the referenced files first, each behind those that it needs itself, then
// the events in the order of the model, each followed by its JSON Schema where
// it has one. An event with a finding of severity error may be missing.
//
// It is safe for concurrent use and changes neither set nor model.
func Build(set *load.Set, m *model.Model, o Options) ([]Schema, []diag.Finding) {
	b := &builder{set: set, options: o, files: newFiles(), checked: map[protoreflect.FullName]bool{}, subjects: map[string]*owner{}}
	var events []Schema
	for _, p := range m.Packages {
		for _, a := range p.Aggregates {
			for _, e := range a.Events {
				events = append(events, b.event(e)...)
			}
		}
	}
	schemas := append(b.referenced(events), events...)
	return schemas, diag.Sort(b.findings)
}

// builder holds what is known while schemas are built.
type builder struct {
	set      *load.Set
	options  Options
	files    *files
	types    map[protoreflect.FullName]protoreflect.Descriptor // all of the set; filled when first needed
	checked  map[protoreflect.FullName]bool                    // types that were looked at already
	subjects map[string]*owner
	findings []diag.Finding
}

// event returns the schemas of an event.
func (b *builder) event(e *model.Event) []Schema {
	s, ok := b.eventText(e)
	if !ok {
		return nil
	}
	s.Key, s.Type, s.Event, s.Position = string(e.FullName), Protobuf, e, e.Position
	s.Subject, s.Level = b.options.subject(e), e.Registry.Level
	b.lintOpen(e)
	if !b.claim(s) || !e.Registry.JSON {
		return []Schema{s}
	}
	j, ok := b.json(e, s)
	if !ok {
		return []Schema{s}
	}
	b.claim(j)
	return []Schema{s, j}
}

// subject returns the subject of an event's Protobuf schema.
func (o Options) subject(e *model.Event) string {
	if e.Registry.Subject != "" {
		return e.Registry.Subject
	}
	switch o.Naming {
	case Record:
		return string(e.FullName)
	case Topic:
		return e.Aggregate.Topic.Name + "-value"
	default:
		return e.Aggregate.Topic.Name + "-" + string(e.FullName)
	}
}

// eventText makes the text of an event.
func (b *builder) eventText(e *model.Event) (Schema, bool) {
	file := e.Desc.ParentFile()
	if b.options.Text == File {
		s, ok := b.fileText(file)
		s.Index = e.Desc.Index()
		return s, ok
	}
	r := b.files.reachOf(e.Desc, b.kept(e))
	syntax, ok := b.syntax(file, e.Desc, r.types)
	if !ok {
		return Schema{}, false
	}
	doc := &document{
		syntax:  syntax,
		pkg:     file.Package(),
		imports: slices.Sorted(maps.Keys(r.imports)),
		options: fileOptions(file, false),
		full:    r.full,
		named:   r.named(),
	}
	doc.messages, doc.enums = r.top(e.Desc)
	b.check(r.types)
	return Schema{Text: doc.String(), References: references(doc.imports), Types: typeNames(r.types, r.full)}, true
}

// fileText makes the text of a whole file: all of its types.
func (b *builder) fileText(file protoreflect.FileDescriptor) (Schema, bool) {
	types := slices.Collect(typesOf(file))
	syntax, ok := b.syntax(file, file, types)
	if !ok {
		return Schema{}, false
	}
	doc := &document{
		syntax:   syntax,
		pkg:      file.Package(),
		imports:  b.files.imports(file),
		options:  fileOptions(file, false),
		messages: slices.Collect(all(file.Messages())),
		enums:    slices.Collect(all(file.Enums())),
	}
	b.check(types)
	full := map[protoreflect.FullName]bool{}
	for _, d := range types {
		full[d.FullName()] = true
	}
	return Schema{Text: doc.String(), References: references(doc.imports), Types: typeNames(types, full)}, true
}

// references returns what text with these imports refers to.
func references(imports []string) []Reference {
	var refs []Reference
	for _, path := range imports {
		if !isBuiltin(path) {
			refs = append(refs, Reference{Name: path, Subject: path})
		}
	}
	return refs
}

// kept returns the types that an accepted version of an event's schema had and
// that are still declared, in the event's package.
func (b *builder) kept(e *model.Event) []protoreflect.Descriptor {
	names := b.options.Kept[string(e.FullName)]
	if len(names) == 0 {
		return nil
	}
	var kept []protoreflect.Descriptor
	for _, name := range slices.Sorted(slices.Values(names)) {
		d, ok := b.declared()[protoreflect.FullName(strings.TrimPrefix(name, "."))]
		if ok && d.ParentFile().Package() == e.Desc.ParentFile().Package() {
			kept = append(kept, d)
		}
	}
	return kept
}

// declared returns all types of the set, by name.
func (b *builder) declared() map[protoreflect.FullName]protoreflect.Descriptor {
	if b.types == nil {
		b.types = map[protoreflect.FullName]protoreflect.Descriptor{}
		for _, file := range b.set.Plugin.Files {
			for d := range typesOf(file.Desc) {
				b.types[d.FullName()] = d
			}
		}
	}
	return b.types
}

// referenced returns the schemas of the files that other schemas refer to,
// each behind those that it refers to itself.
func (b *builder) referenced(events []Schema) []Schema {
	var schemas []Schema
	done := map[string]bool{}
	var add func(path string)
	add = func(path string) {
		if done[path] {
			return
		}
		done[path] = true
		file := b.files.byPath[path]
		s, ok := b.fileText(file)
		for _, ref := range s.References {
			add(ref.Name)
		}
		if !ok {
			return
		}
		s.Key, s.Subject, s.Type, s.Position = path, path, Protobuf, b.set.Position(file)
		b.claim(s)
		schemas = append(schemas, s)
	}
	var paths []string
	for _, s := range events {
		for _, ref := range s.References {
			paths = append(paths, ref.Name)
		}
	}
	slices.Sort(paths)
	for _, path := range slices.Compact(paths) {
		add(path)
	}
	return schemas
}
