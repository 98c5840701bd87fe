package schema_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/bufbuild/protocompile"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/esgen-dev/esgen/generator/schema"
)

// world is a set of random declarations: an aggregate with events in one file,
// types of the same package in others, and types of a second package.
type world struct {
	rand  *rand.Rand
	texts map[string]string
	// What fields may hold, by the file that they are in. A file sees those of
	// the files before it.
	messages, enums []string
	names           int
}

// files of a world, in the order in which they may import each other.
var worldFiles = []struct{ path, pkg string }{
	{"a/v1/base.proto", "a.v1"},
	{"bank/v1/base.proto", "bank.v1"},
	{"b/v1/more.proto", "b.v1"},
	{"bank/v1/types.proto", "bank.v1"},
	{"bank/v1/account.proto", "bank.v1"},
}

func newWorld(seed uint64) *world {
	w := &world{rand: rand.New(rand.NewPCG(seed, 7)), texts: map[string]string{}}
	syntax := []string{"proto3", "proto3", "proto2", "edition"}[w.rand.IntN(4)]
	for i, f := range worldFiles {
		var body strings.Builder
		head := fmt.Sprintf("syntax = %q;\n", syntax)
		if syntax == "edition" {
			head = "edition = \"2023\";\n"
		}
		fmt.Fprintf(&body, "%spackage %s;\noption go_package = \"example.com/gen/%s;x%d\";\n", head, f.pkg, f.pkg, len(f.pkg))
		for _, earlier := range worldFiles[:i] {
			fmt.Fprintf(&body, "import %q;\n", earlier.path)
		}
		body.WriteString("import \"google/protobuf/timestamp.proto\";\n")
		if i == len(worldFiles)-1 {
			body.WriteString("import \"esgen/v1/options.proto\";\nmessage Account { option (esgen.v1.aggregate) = {}; }\n")
		}
		for range 2 + w.rand.IntN(3) {
			w.declare(&body, syntax, f.pkg, "", 0)
		}
		if i == len(worldFiles)-1 {
			for e := range 3 {
				w.message(&body, syntax, fmt.Sprintf("Event%d", e), f.pkg+fmt.Sprintf(".Event%d", e), "option (esgen.v1.event) = { retired: true };", 0)
			}
		}
		w.texts[f.path] = body.String()
	}
	return w
}

func (w *world) name(prefix string) string {
	w.names++
	return fmt.Sprintf("%s%d", prefix, w.names)
}

// declare declares a type, of which fields may then be.
func (w *world) declare(body *strings.Builder, syntax, pkg, scope string, depth int) {
	full := func(name string) string { return "." + strings.TrimSuffix(pkg+"."+scope, ".") + "." + name }
	if w.rand.IntN(3) == 0 {
		name, gone := w.name("E"), `"x"`
		if syntax == "edition" {
			gone = "x"
		}
		fmt.Fprintf(body, "enum %s { %s_ZERO = 0; %s_ONE = %d; reserved 70 to %d, 90; reserved %s; }\n",
			name, name, name, 1+w.rand.IntN(9), 71+w.rand.IntN(5), gone)
		w.enums = append(w.enums, full(name))
		return
	}
	name := w.name("M")
	w.messages = append(w.messages, full(name))
	w.message(body, syntax, name, strings.TrimPrefix(full(name), "."), "", depth)
}

func (w *world) message(body *strings.Builder, syntax, name, full, option string, depth int) {
	fmt.Fprintf(body, "message %s {\n%s\n", name, option)
	if depth < 2 {
		for range w.rand.IntN(3) {
			pkg, scope := cut(full)
			w.declare(body, syntax, pkg, scope, depth+1)
		}
	}
	number := 0
	if w.rand.IntN(3) == 0 {
		body.WriteString("reserved 500, 600 to 700;\n")
	}
	for range w.rand.IntN(6) {
		number++
		w.field(body, syntax, number)
	}
	if w.rand.IntN(3) == 0 {
		number++
		fmt.Fprintf(body, "oneof %s { string o%d = %d; %s p%d = %d; }\n", w.name("choice"), number, number, w.reference(), number, number+1)
	}
	body.WriteString("}\n")
}

// cut splits a full name into the package, of two parts, and the rest.
func cut(full string) (pkg, scope string) {
	parts := strings.SplitN(full, ".", 3)
	return parts[0] + "." + parts[1], parts[2]
}

func (w *world) reference() string {
	if len(w.messages) == 0 || w.rand.IntN(8) == 0 {
		return ".google.protobuf.Timestamp"
	}
	return w.messages[w.rand.IntN(len(w.messages))]
}

var scalars = []string{"int32", "sint64", "fixed32", "bool", "string", "bytes", "double", "float", "uint64"}

func (w *world) field(body *strings.Builder, syntax string, number int) {
	kind, scalar := scalars[w.rand.IntN(len(scalars))], true
	switch w.rand.IntN(4) {
	case 0:
		kind, scalar = w.reference(), false
	case 1:
		if len(w.enums) > 0 {
			kind = w.enums[w.rand.IntN(len(w.enums))]
		}
	}
	var options []string
	if w.rand.IntN(5) == 0 {
		options = append(options, fmt.Sprintf("json_name = \"j%d\"", number))
	}
	if w.rand.IntN(5) == 0 {
		options = append(options, "deprecated = true")
	}
	label := ""
	switch w.rand.IntN(4) {
	case 0:
		label = "repeated "
		if scalar && kind != "string" && kind != "bytes" && w.rand.IntN(2) == 0 {
			options = append(options, map[bool]string{true: "features.repeated_field_encoding = EXPANDED", false: "packed = " + fmt.Sprint(w.rand.IntN(2) == 0)}[syntax == "edition"])
		}
	case 1:
		kind = fmt.Sprintf("map<%s, %s>", []string{"string", "int32", "bool"}[w.rand.IntN(3)], kind)
	default:
		switch {
		case syntax == "proto2":
			label = []string{"optional ", "required "}[w.rand.IntN(2)]
			if kind == "string" {
				options = append(options, `default = "d\"'\n"`)
			}
		case syntax == "proto3" && w.rand.IntN(2) == 0:
			label = "optional "
		case syntax == "edition" && scalar && w.rand.IntN(2) == 0:
			options = append(options, "features.field_presence = IMPLICIT")
		}
	}
	text := ""
	if len(options) > 0 {
		text = " [" + strings.Join(options, ", ") + "]"
	}
	fmt.Fprintf(body, "%s%s f%d = %d%s;\n", label, kind, number, number, text)
}

// Whatever is declared: the texts compile, mean what the declarations mean,
// and stay the same when what they define is kept.
func TestBuild_random(t *testing.T) {
	t.Parallel()
	for seed := range uint64(25) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			l := files(t, newWorld(seed).texts)
			schemas := l.build(t, schema.Options{})
			if len(schemas) < 3 {
				t.Fatalf("%d schemas", len(schemas))
			}
			holdMeaning(t, l, schemas)
			holdCanonical(t, schemas)
			kept := map[string][]string{}
			for _, s := range schemas {
				if s.Event != nil {
					kept[s.Key] = s.Types
				}
			}
			for i, again := range l.build(t, schema.Options{Kept: kept}) {
				if again.Text != schemas[i].Text {
					t.Errorf("%s changes when its own types are kept:\n%s\n%s", again.Key, schemas[i].Text, again.Text)
				}
			}
			whole := l.build(t, schema.Options{Text: schema.File, Naming: schema.Record})
			holdMeaning(t, l, whole)
			holdCanonical(t, whole)
			holdOriginals(t, l)
		})
	}
}

// Fields come and go, and types with them; the messages of an accepted text
// stay, so that no registry sees one removed.
func TestBuild_keepsMessages(t *testing.T) {
	t.Parallel()
	for seed := range uint64(12) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			w := newWorld(seed)
			before := files(t, w.texts).build(t, schema.Options{})
			kept := map[string][]string{}
			for _, s := range before {
				if s.Event != nil {
					kept[s.Key] = s.Types
				}
			}
			const account = "bank/v1/account.proto"
			w.texts[account] = withoutEventFields(w.texts[account])
			after := files(t, w.texts).build(t, schema.Options{Kept: kept})
			for _, old := range before {
				if old.Event == nil {
					continue
				}
				i := slices.IndexFunc(after, func(s schema.Schema) bool { return s.Key == old.Key })
				for _, line := range declarations(old.Text) {
					if !slices.Contains(declarations(after[i].Text), line) {
						t.Errorf("%s loses %q:\n%s\n%s", old.Key, line, old.Text, after[i].Text)
					}
				}
			}
		})
	}
}

// declarations returns the lines of a text that begin a message.
func declarations(text string) []string {
	var lines []string
	for line := range strings.Lines(text) {
		if trimmed := strings.TrimSpace(line); strings.HasPrefix(trimmed, "message ") {
			lines = append(lines, strings.TrimSuffix(trimmed, "}"))
		}
	}
	return lines
}

// withoutEventFields removes the fields, but not the types, of the events that
// end a file.
func withoutEventFields(text string) string {
	head, events, _ := strings.Cut(text, "message Event0 {")
	var kept strings.Builder
	depth := 1
	for line := range strings.Lines(events) {
		before := depth
		depth += strings.Count(line, "{") - strings.Count(line, "}")
		if before == 1 && depth == 1 && !strings.Contains(line, "(esgen.v1.event)") && !strings.HasPrefix(line, "enum") {
			continue
		}
		kept.WriteString(line)
	}
	return head + "message Event0 {" + kept.String()
}

// holdOriginals compiles the originals and holds all their types against the
// declarations.
func holdOriginals(t *testing.T, l loaded) {
	t.Helper()
	texts := map[string]string{}
	var paths []string
	for _, o := range schema.Originals(l.set) {
		texts[o.Path] = o.Text
		paths = append(paths, o.Path)
	}
	compiler := protocompile.Compiler{Resolver: protocompile.WithStandardImports(&protocompile.SourceResolver{
		Accessor: protocompile.SourceAccessorFromMap(texts),
	})}
	files, err := compiler.Compile(t.Context(), paths...)
	if err != nil {
		t.Fatalf("the originals: %v", err)
	}
	for _, file := range files {
		want := l.set.Plugin.FilesByPath[file.Path()].Desc
		for i := range want.Messages().Len() {
			m := want.Messages().Get(i)
			got := find(file, m.FullName())
			if got == nil {
				t.Fatalf("%s: %s is not there", file.Path(), m.FullName())
			}
			holdSame(t, schema.Schema{Key: file.Path(), Text: texts[file.Path()]}, got, protoreflect.Descriptor(m))
		}
	}
}
