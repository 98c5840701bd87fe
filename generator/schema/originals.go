package schema

import (
	"cmp"
	"slices"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"

	"github.com/esgen-dev/esgen/generator/load"
	esgenv1 "github.com/esgen-dev/esgen/proto/esgen/v1"
)

// Original is a .proto file without what only esgen and people read.
type Original struct {
	Path string // under which it is imported
	Text string
}

// Originals returns the files to generate and what they need, by path, for
// code generators of other languages: everything that is declared, in its
// syntax or edition, without comments and without custom options and their
// imports. Options of descriptor.proto that decide what generated code looks
// like are kept, those of Go too. google/protobuf is not among the files,
// because every compiler of Protobuf has it.
func Originals(set *load.Set) []Original {
	found := map[string]bool{}
	var originals []Original
	var add func(file protoreflect.FileDescriptor)
	add = func(file protoreflect.FileDescriptor) {
		if found[file.Path()] {
			return
		}
		found[file.Path()] = true
		doc := original(file)
		for _, path := range slices.Concat(doc.imports, doc.public) {
			for imp := range all(file.Imports()) {
				if imp.Path() == path && !isGoogle(path) {
					add(imp.FileDescriptor)
				}
			}
		}
		if !doc.empty() {
			originals = append(originals, Original{file.Path(), doc.String()})
		}
	}
	for _, file := range set.Plugin.Files {
		if file.Generate {
			add(file.Desc)
		}
	}
	slices.SortFunc(originals, func(a, b Original) int { return strings.Compare(a.Path, b.Path) })
	return originals
}

// isGoogle reports whether every compiler of Protobuf has the file.
func isGoogle(path string) bool { return strings.HasPrefix(path, "google/protobuf/") }

// empty reports whether the text declares nothing, because all there was were
// custom options.
func (d *document) empty() bool {
	return len(d.messages)+len(d.enums)+len(d.extensions)+len(d.services)+len(d.public) == 0
}

func original(file protoreflect.FileDescriptor) *document {
	doc := &document{
		syntax:     file.Syntax().String(),
		pkg:        file.Package(),
		options:    fileOptions(file, true),
		enums:      slices.Collect(all(file.Enums())),
		extensions: extensionsOf(file.Extensions()),
		services:   slices.Collect(all(file.Services())),
		originals:  true,
	}
	if edition, ok := file.(interface{ Edition() int32 }); ok && file.Syntax() == protoreflect.Editions {
		doc.edition = strings.TrimPrefix(descriptorpb.Edition(edition.Edition()).String(), "EDITION_")
		doc.options = append((&writer{doc: doc}).features(file), doc.options...)
	}
	for m := range all(file.Messages()) {
		if !isExtensionGroup(m) {
			doc.messages = append(doc.messages, m)
		}
	}
	used := usedFiles(file, doc)
	for imp := range all(file.Imports()) {
		switch {
		case imp.Path() == esgenv1.Path:
		case imp.IsPublic && !isGoogle(imp.Path()) && original(imp.FileDescriptor).empty():
		case imp.IsPublic:
			doc.public = append(doc.public, imp.Path())
		case provides(imp.FileDescriptor, used):
			doc.imports = append(doc.imports, imp.Path())
		}
	}
	return doc
}

// usedFiles returns the files that define what the text of a file mentions.
func usedFiles(file protoreflect.FileDescriptor, doc *document) map[string]bool {
	used := map[string]bool{}
	use := func(d protoreflect.Descriptor) {
		if d != nil {
			used[d.ParentFile().Path()] = true
		}
	}
	extensions := doc.extensions
	for d := range typesOf(file) {
		if m, ok := d.(protoreflect.MessageDescriptor); ok {
			for need := range needs(m) {
				use(need)
			}
			extensions = append(extensions, extensionsOf(m.Extensions())...)
		}
	}
	for _, x := range extensions {
		use(x.ContainingMessage())
		use(typeOfField(x))
	}
	for _, s := range doc.services {
		for method := range all(s.Methods()) {
			use(method.Input())
			use(method.Output())
		}
	}
	return used
}

// provides reports whether a file defines something that is used, itself or
// through what it imports publicly.
func provides(file protoreflect.FileDescriptor, used map[string]bool) bool {
	if used[file.Path()] {
		return true
	}
	for imp := range all(file.Imports()) {
		if imp.IsPublic && provides(imp.FileDescriptor, used) {
			return true
		}
	}
	return false
}

// extensionsOf returns the extensions that are no custom options, those of one
// message together.
func extensionsOf(list protoreflect.ExtensionDescriptors) []protoreflect.ExtensionDescriptor {
	var kept []protoreflect.ExtensionDescriptor
	for x := range all(list) {
		if x.ContainingMessage().ParentFile().Path() != "google/protobuf/descriptor.proto" {
			kept = append(kept, x)
		}
	}
	slices.SortStableFunc(kept, func(a, b protoreflect.ExtensionDescriptor) int {
		return cmp.Compare(a.ContainingMessage().FullName(), b.ContainingMessage().FullName())
	})
	return kept
}

// extends writes the extensions of each message as one declaration.
func (w *writer) extends(list []protoreflect.ExtensionDescriptor) bool {
	if len(list) == 0 {
		return false
	}
	w.part()
	for group := range slices.Values(chunk(list)) {
		w.open("extend .%s", group[0].ContainingMessage().FullName())
		w.part()
		for _, x := range group {
			if x.Kind() == protoreflect.GroupKind && w.doc.edition == "" {
				w.group(x)
			} else {
				w.field(x)
			}
		}
		w.close(false)
	}
	return true
}

// chunk cuts sorted extensions into those of one message each.
func chunk(list []protoreflect.ExtensionDescriptor) [][]protoreflect.ExtensionDescriptor {
	var chunks [][]protoreflect.ExtensionDescriptor
	for _, x := range list {
		last := len(chunks) - 1
		if last < 0 || chunks[last][0].ContainingMessage().FullName() != x.ContainingMessage().FullName() {
			chunks = append(chunks, nil)
			last++
		}
		chunks[last] = append(chunks[last], x)
	}
	return chunks
}

func (w *writer) service(s protoreflect.ServiceDescriptor) {
	w.open("service %s", s.Name())
	methods := s.Methods()
	body := w.block(methods.Len(), func(i int) {
		m := methods.Get(i)
		w.line("rpc %s (%s) returns (%s);", m.Name(), stream(m.IsStreamingClient(), m.Input()), stream(m.IsStreamingServer(), m.Output()))
	})
	w.close(!body)
}

func stream(streaming bool, m protoreflect.MessageDescriptor) string {
	if streaming {
		return "stream ." + string(m.FullName())
	}
	return "." + string(m.FullName())
}

// originalFieldOptions returns what decides how generated code of other
// languages holds a field.
func originalFieldOptions(o *descriptorpb.FieldOptions) []option {
	var options []option
	if o != nil && o.Ctype != nil {
		options = append(options, option{"ctype", o.GetCtype().String()})
	}
	if o != nil && o.Jstype != nil {
		options = append(options, option{"jstype", o.GetJstype().String()})
	}
	return options
}

// features returns the options of an edition that a declaration sets, by name.
// Those of single languages are left out.
func (w *writer) features(d protoreflect.Descriptor) []option {
	if w.doc.edition == "" {
		return nil
	}
	o, ok := d.Options().(interface {
		GetFeatures() *descriptorpb.FeatureSet
	})
	if !ok || o.GetFeatures() == nil {
		return nil
	}
	var options []option
	o.GetFeatures().ProtoReflect().Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		if f.Kind() == protoreflect.EnumKind && !f.IsExtension() {
			options = append(options, option{"features." + string(f.Name()), optionValue(f, v)})
		}
		return true
	})
	sortOptions(options)
	return options
}
