package schema_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bufbuild/protocompile"
	gocmp "github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"

	"github.com/esgen-dev/esgen/generator/schema"
)

// compile compiles the text of a schema, with the texts that it refers to as
// the only other files.
func compile(t testing.TB, s schema.Schema, all []schema.Schema) protoreflect.FileDescriptor {
	t.Helper()
	const name = "the/event.proto"
	texts := map[string]string{name: s.Text}
	var add func(refs []schema.Reference)
	add = func(refs []schema.Reference) {
		for _, ref := range refs {
			i := slices.IndexFunc(all, func(s schema.Schema) bool { return s.Event == nil && s.Subject == ref.Subject })
			if i < 0 {
				t.Fatalf("%s refers to %s, which is no schema", s.Key, ref.Subject)
			}
			texts[ref.Name] = all[i].Text
			add(all[i].References)
		}
	}
	add(s.References)
	compiler := protocompile.Compiler{Resolver: protocompile.WithStandardImports(&protocompile.SourceResolver{
		Accessor: protocompile.SourceAccessorFromMap(texts),
	})}
	files, err := compiler.Compile(t.Context(), name)
	if err != nil {
		t.Fatalf("%s: %v\n%s", s.Key, err, s.Text)
	}
	return files[0]
}

// holdMeaning compiles every Protobuf schema and holds it against the
// declarations that it was made from.
func holdMeaning(t testing.TB, l loaded, schemas []schema.Schema) {
	t.Helper()
	for i, s := range schemas {
		if s.Type != schema.Protobuf {
			continue
		}
		file := compile(t, s, schemas)
		names, err := schema.Types(s.Text)
		if err != nil {
			t.Errorf("%s: %v", s.Key, err)
		}
		if diff := gocmp.Diff(s.Types, names); diff != "" {
			t.Errorf("%s: the types that were written and that are read differ (-written +read):\n%s\n%s", s.Key, diff, s.Text)
		}
		for _, ref := range s.References {
			at := slices.IndexFunc(schemas, func(s schema.Schema) bool { return s.Key == ref.Name })
			if at > i {
				t.Errorf("%s comes before %s, which it needs", s.Key, ref.Name)
			}
		}
		if s.Event != nil {
			got := file.Messages().Get(s.Index)
			if got.FullName() != s.Event.FullName {
				t.Errorf("%s: message %d is %s", s.Key, s.Index, got.FullName())
			}
			holdSame(t, s, got, s.Event.Desc)
		}
		for _, name := range names {
			got := find(file, protoreflect.FullName(name))
			want := l.find(protoreflect.FullName(name))
			if got == nil || want == nil {
				t.Fatalf("%s: %s is not there: %v %v", s.Key, name, got, want)
			}
			holdSame(t, s, got, want)
		}
	}
}

// find returns a type that a file declares, or nil.
func find(file protoreflect.FileDescriptor, name protoreflect.FullName) protoreflect.Descriptor {
	var found protoreflect.Descriptor
	var look func(messages protoreflect.MessageDescriptors, enums protoreflect.EnumDescriptors)
	look = func(messages protoreflect.MessageDescriptors, enums protoreflect.EnumDescriptors) {
		for i := range enums.Len() {
			if enums.Get(i).FullName() == name {
				found = enums.Get(i)
			}
		}
		for i := range messages.Len() {
			if messages.Get(i).FullName() == name {
				found = messages.Get(i)
			}
			look(messages.Get(i).Messages(), messages.Get(i).Enums())
		}
	}
	look(file.Messages(), file.Enums())
	return found
}

func (l loaded) find(name protoreflect.FullName) protoreflect.Descriptor {
	for _, file := range l.set.Plugin.Files {
		if d := find(file.Desc, name); d != nil {
			return d
		}
	}
	return nil
}

// holdSame reports every difference between two types, and the types that they
// reach, that changes what bytes or JSON mean.
func holdSame(t testing.TB, s schema.Schema, got, want protoreflect.Descriptor) {
	t.Helper()
	g, w := map[protoreflect.FullName]string{}, map[protoreflect.FullName]string{}
	lax := got.ParentFile().Syntax() != protoreflect.Proto3
	describe(g, got, lax)
	describe(w, want, lax)
	if diff := gocmp.Diff(w, g); diff != "" {
		t.Errorf("%s: %s means something else (-want +got):\n%s\n%s", s.Key, want.FullName(), diff, s.Text)
	}
}

// describe says what a type means, and every type that it reaches. With lax,
// strings need not be UTF-8: proto2 reads all that an edition writes.
func describe(types map[protoreflect.FullName]string, d protoreflect.Descriptor, lax bool) {
	if _, done := types[d.FullName()]; done {
		return
	}
	var lines []string
	line := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	switch d := d.(type) {
	case protoreflect.EnumDescriptor:
		o, _ := d.Options().(*descriptorpb.EnumOptions)
		line("closed=%t alias=%t %s", d.IsClosed(), o.GetAllowAlias(), options(d))
		for i := range d.Values().Len() {
			v := d.Values().Get(i)
			line("%d: %s = %d %s", i, v.Name(), v.Number(), options(v))
		}
		for i := range d.ReservedRanges().Len() {
			line("reserved %v", d.ReservedRanges().Get(i))
		}
		for i := range d.ReservedNames().Len() {
			line("reserved %v", d.ReservedNames().Get(i))
		}
	case protoreflect.MessageDescriptor:
		types[d.FullName()] = "" // it may hold itself
		if !isGroup(d) {
			line("%s", options(d))
		}
		for i := range d.ReservedRanges().Len() {
			line("reserved %v", d.ReservedRanges().Get(i))
		}
		for i := range d.ReservedNames().Len() {
			line("reserved %v", d.ReservedNames().Get(i))
		}
		for i := range d.ExtensionRanges().Len() {
			line("extensions %v", d.ExtensionRanges().Get(i))
		}
		for i := range d.Fields().Len() {
			f := d.Fields().Get(i)
			line("%d %s", f.Number(), describeField(f, lax))
			switch {
			case f.Message() != nil:
				describe(types, f.Message(), lax)
			case f.Enum() != nil:
				describe(types, f.Enum(), lax)
			}
		}
	}
	slices.Sort(lines)
	types[d.FullName()] = strings.Join(lines, "\n")
}

func describeField(f protoreflect.FieldDescriptor, lax bool) string {
	var parts []string
	part := func(name string, value any) { parts = append(parts, fmt.Sprintf("%s=%v", name, value)) }
	part("name", f.Name())
	part("kind", f.Kind())
	part("cardinality", f.Cardinality())
	if !f.ContainingMessage().IsMapEntry() { // a key and a value are always there
		part("presence", f.HasPresence())
	}
	part("packed", f.IsPacked())
	part("json", f.JSONName())
	part("map", f.IsMap())
	part("default", f.HasDefault())
	part("value", fmt.Sprintf("%#v", f.Default().Interface()))
	if f.Kind() != protoreflect.GroupKind {
		part("deprecated", options(f))
	}
	if o := f.ContainingOneof(); o != nil && !o.IsSynthetic() {
		part("oneof", o.Name())
	}
	if f.Message() != nil {
		part("type", f.Message().FullName())
	}
	if f.Enum() != nil {
		part("type", f.Enum().FullName())
	}
	if !lax && f.Kind() == protoreflect.StringKind {
		part("utf8", enforcesUTF8(f))
	}
	return strings.Join(parts, " ")
}

// enforcesUTF8 asks the descriptors of protogen, which know, or goes by the
// syntax.
func enforcesUTF8(f protoreflect.FieldDescriptor) bool {
	if known, ok := f.(interface{ EnforceUTF8() bool }); ok {
		return known.EnforceUTF8()
	}
	return f.ParentFile().Syntax() != protoreflect.Proto2
}

// isGroup reports whether a field defines the message in place. Registries know
// no options there.
func isGroup(m protoreflect.MessageDescriptor) bool {
	parent, ok := m.Parent().(protoreflect.MessageDescriptor)
	for i := 0; ok && i < parent.Fields().Len(); i++ {
		if f := parent.Fields().Get(i); f.Kind() == protoreflect.GroupKind && f.Message().FullName() == m.FullName() {
			return true
		}
	}
	return false
}

// options returns what of the options has a meaning outside languages.
func options(d protoreflect.Descriptor) string {
	o, ok := d.Options().(interface{ GetDeprecated() bool })
	return fmt.Sprintf("deprecated=%t", ok && o.GetDeprecated())
}

// TestBuild_meaning holds that the texts of every archive, and of the
// examples, mean what the declarations mean.
func TestBuild_meaning(t *testing.T) {
	t.Parallel()
	for _, path := range archives(t) {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			sources, _ := split(archive)
			l := files(t, sources)
			schemas, findings := schema.Build(l.set, l.model, optionsOf(t, archive.Comment))
			if slices.ContainsFunc(schemas, func(s schema.Schema) bool { return s.Type == schema.Protobuf }) && !refused(findings) {
				holdMeaning(t, l, schemas)
			}
		})
	}
}

// TestBuild_examples holds the schemas of the examples to what is in testdata.
func TestBuild_examples(t *testing.T) {
	t.Parallel()
	for name, imports := range map[string][]string{"bank": {"third_party/protovalidate.binpb"}, "shop": nil} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join("..", "..", "examples", name)
			for i := range imports {
				imports[i] = filepath.Join(dir, imports[i])
			}
			l := loadDir(t, filepath.Join(dir, "proto"), imports...)
			schemas := l.build(t, schema.Options{})
			holdMeaning(t, l, schemas)
			holdCanonical(t, schemas)
			path := filepath.Join("testdata", "examples", name+".txtar")
			got := txtar.Format(&txtar.Archive{Files: shown(schemas)})
			if refreshing() {
				if err := os.WriteFile(path, got, 0o600); err != nil {
					t.Fatal(err)
				}
				t.Fatal("the archive was rewritten: look at the changes and run again without ESGEN_REFRESH")
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := gocmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestBuild_generated holds the schemas of the declarations that the emitters
// are tested with: all syntaxes, editions and names that are hard.
func TestBuild_generated(t *testing.T) {
	t.Parallel()
	l := loadDir(t, filepath.Join("..", "..", "testdata", "golang"))
	schemas, findings := schema.Build(l.set, l.model, schema.Options{})
	if len(schemas) < 20 || refused(findings) {
		t.Fatalf("%d schemas, %v", len(schemas), findings)
	}
	holdMeaning(t, l, schemas)
	holdCanonical(t, schemas)
	holdOriginals(t, l)
}
