package generator_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// choices are made by bytes; when they are used up, the first choice is taken.
type choices struct{ rest []byte }

// shuffled returns bytes for many choices.
func shuffled(seed int) []byte {
	random := rand.New(rand.NewPCG(uint64(seed), 0))
	bytes := make([]byte, 400)
	for i := range bytes {
		bytes[i] = byte(random.UintN(256))
	}
	return bytes
}

// below returns a number from 0 to n-1.
func (c *choices) below(n int) int {
	if len(c.rest) == 0 {
		return 0
	}
	b := int(c.rest[0])
	c.rest = c.rest[1:]
	return b % n
}

// once reports true one time in n.
func (c *choices) once(n int) bool { return c.below(n) == n-1 }

// name returns a name that nothing else has, or rarely one of a list.
func (c *choices) name(plain, list string) string {
	if c.below(4) == 0 {
		return c.among(list)
	}
	return fmt.Sprintf("%s%d", plain, len(c.rest))
}

// among returns one of the words of a list.
func (c *choices) among(list string) string {
	words := strings.Fields(list)
	return words[c.below(len(words))]
}

// Names that mean something to Go, to generated code, or to nobody.
const (
	messageNames = "Account Opened Open account Account_ _Account AccountEvent AccountCommand AccountType AccountReader AccountKit " +
		"AccountStoredEvent NewAccountAggregate accountType accountEvents newAccountEvents AccountBehavior AccountUpcasts AccountAggregate " +
		"OpenOutcome HTTPRoute Http HTTP type func string error nil any append len range map select init main new panic es Es proto Proto " +
		"iter Iter context Context String Reset ProtoReflect ProtoMessage Descriptor Load History Feed Execute Store Helper Given When Then " +
		"_ __ _1 x_1 X1 T t b m s c e ctx id opts state behavior spec Spec Account_builder File_a_proto E_id Account_Opened Account_id"
	fieldNames = "id name reset Reset string String proto_reflect ProtoReflect descriptor get_id _id type range x X has_x clear_x set_x " +
		"which_x build marshal size_cache state unknown_fields proto_message _ __ _1 x_1 x1 func m s c get_get_id opened account"
	enumNames  = "Status status Kind kind Account_Status Status_name Status_value type error Event _ AccountEvent"
	valueNames = "NONE OPEN nil func Status status _ X x OPEN_1 name value Account"
	filePaths  = "a.proto b.proto d/a.proto x_y.proto x/y.proto test.proto a-b.proto a.b.proto 1.proto"
	packages   = "bank.v1 bank es proto type a.b.c.d google _ string"
	goPackages = "example.com/gen/bank/v1;bankv1 example.com/gen/bank example.com/gen/es example.com/gen/proto example.com/gen/banktest " +
		"example.com/gen/type example.com/a/b/v1 example.com/b/b/v1 example.com/gen/testing example.com/gen/t example.com/gen/int " +
		"example.com/gen/bank/v2 example.com/gen/1a example.com/gen/time;time example.com/gen/ctx example.com/gen/x-y.z example.com/gen/err"
)

// protoFile is a .proto file in the making.
type protoFile struct {
	index                    int
	path, pkg, goPkg, syntax string
	api                      string          // of editions
	enums                    strings.Builder // those beside the messages
	messages                 []*message
}

// scope returns the package as the beginning of a full name.
func (f *protoFile) scope() string { return strings.TrimSuffix("."+f.pkg, ".") }

// label returns what a singular field has to begin with.
func (f *protoFile) label() string {
	if strings.HasSuffix(f.syntax, `"proto2"`) {
		return "optional "
	}
	return ""
}

// text returns the whole file. It imports the files before it.
func (f *protoFile) text(files []*protoFile) string {
	var out strings.Builder
	fmt.Fprintf(&out, "%s;\n", f.syntax)
	if f.pkg != "" {
		fmt.Fprintf(&out, "package %s;\n", f.pkg)
	}
	for _, name := range []string{"esgen/v1/options", "google/protobuf/descriptor", "google/protobuf/timestamp"} {
		fmt.Fprintf(&out, "import \"%s.proto\";\n", name)
	}
	for _, earlier := range files[:f.index] {
		fmt.Fprintf(&out, "import %q;\n", earlier.path)
	}
	fmt.Fprintf(&out, "option go_package = %q;\n", f.goPkg)
	if strings.HasPrefix(f.syntax, "edition") {
		fmt.Fprintf(&out, "import \"google/protobuf/go_features.proto\";\noption features.(pb.go).api_level = API_%s;\n", f.api)
	}
	out.WriteString(f.enums.String())
	for _, m := range f.messages {
		fmt.Fprintf(&out, "message %s {\n%s}\n", m.name, m.body.String())
	}
	return out.String()
}

// message is a message in the making.
type message struct {
	file      *protoFile
	name      string
	aggregate *message // of commands and events
	old       bool     // no longer emitted
	bools     []string // names of fields
	enums     []enumField
	body      strings.Builder
}

func (m *message) full() string { return m.file.scope() + "." + m.name }

// enumField is a field of a message, and a value that it may have.
type enumField struct{ name, value string }

// enum is an enum in the making.
type enum struct {
	file        *protoFile
	full, value string
}

// author writes .proto files.
type author struct {
	choices

	files                                []*protoFile
	aggregates, events, commands, others []*message
	enums                                []enum
	taken                                map[string]bool // full names
}

// declare writes .proto files as the bytes choose, and returns them by path.
func declare(bytes []byte) map[string]string {
	a := &author{choices: choices{bytes}, taken: map[string]bool{}}
	a.planFiles()
	a.planMessages()
	for i, m := range a.aggregates {
		fmt.Fprintf(&m.body, "  option (esgen.v1.aggregate) = { topic: { name: \"t%d\" } snapshot: { every: %d } };\n", i, a.below(3))
		a.writeFields(m, 1+a.below(5))
	}
	for i, m := range a.events {
		first := i == 0 || a.events[i-1].aggregate != m.aggregate
		a.writeEvent(m, a.events[i+1:], first)
	}
	for _, m := range a.commands {
		a.writeCommand(m)
	}
	for _, m := range a.others {
		a.writeOther(m)
	}
	files := map[string]string{}
	for _, f := range a.files {
		files[f.path] = f.text(a.files)
	}
	return files
}

func (a *author) planFiles() {
	for i := range 1 + a.below(3) {
		f := &protoFile{
			index: i, path: a.among(filePaths), pkg: a.among(packages), goPkg: a.among(goPackages),
			syntax: []string{`syntax = "proto3"`, `edition = "2023"`, `syntax = "proto2"`}[a.below(3)],
			api:    a.among("OPEN OPAQUE HYBRID"),
		}
		for a.taken[f.path] {
			f.path = "x" + f.path
		}
		a.taken[f.path] = true
		if i > 0 && !a.once(3) {
			f.pkg, f.goPkg = a.files[0].pkg, a.files[0].goPkg
		}
		a.files = append(a.files, f)
	}
}

// planMessages decides which messages there are, before any refers to another.
func (a *author) planMessages() {
	for range 1 + a.below(3) {
		aggregate := a.plan(a.anyFile(), nil)
		a.aggregates = append(a.aggregates, aggregate)
		for range 1 + a.below(4) {
			a.events = append(a.events, a.plan(a.home(aggregate), aggregate))
		}
		for range a.below(4) {
			a.commands = append(a.commands, a.plan(a.home(aggregate), aggregate))
		}
	}
	for range a.below(3) {
		a.others = append(a.others, a.plan(a.anyFile(), nil))
	}
}

func (a *author) anyFile() *protoFile { return a.files[a.below(len(a.files))] }

// home returns a file for a message of an aggregate: as a rule one of its Go
// package.
func (a *author) home(aggregate *message) *protoFile {
	if f := a.anyFile(); f.goPkg == aggregate.file.goPkg || a.once(20) {
		return f
	}
	return aggregate.file
}

func (a *author) plan(f *protoFile, aggregate *message) *message {
	m := &message{file: f, aggregate: aggregate}
	m.name = a.fresh(f.scope(), a.name("Message", messageNames))
	f.messages = append(f.messages, m)
	return m
}

// fresh makes a name that a scope does not have yet.
func (a *author) fresh(scope, name string) string {
	for a.taken[scope+"."+name] {
		name += a.among("2 _ Event x")
	}
	a.taken[scope+"."+name] = true
	return name
}

// writeEvent writes an event. The first of an aggregate is one of today.
func (a *author) writeEvent(m *message, later []*message, first bool) {
	fate := ""
	later = slices.DeleteFunc(slices.Clone(later), func(e *message) bool { return e.aggregate != m.aggregate })
	switch way := a.below(6); {
	case first:
	case way == 3:
		fate = "retired: true"
	case way == 4:
		fate = "upcast: UPCAST_MANY"
	case way == 5 && len(later) > 0:
		fate = fmt.Sprintf("replaced_by: %q", later[a.below(len(later))].full())
	}
	m.old = fate != ""
	if a.once(8) {
		fate += " aliases: " + a.among(`"old" "a.b" "x\"y" "naïve" "'"`)
	}
	fmt.Fprintf(&m.body, "  option (esgen.v1.event) = { aggregate: %q %s };\n", m.aggregate.full(), fate)
	a.writeFields(m, a.below(4))
}

func (a *author) writeCommand(m *message) {
	fmt.Fprintf(&m.body, "  option (esgen.v1.command) = { aggregate: %q mode: %s",
		m.aggregate.full(), a.among("MODE_UPDATE MODE_CREATE MODE_UPSERT"))
	emits := false
	for _, e := range a.events {
		if e.aggregate == m.aggregate && !e.old && (!emits || a.below(2) == 0) {
			fmt.Fprintf(&m.body, " emits: %q", e.full())
			emits = true
		}
	}
	for i, name := range m.aggregate.bools {
		fmt.Fprintf(&m.body, ` require: { field: %q is: %s code: "B%d" message: %s }`,
			name, a.among("true false"), i, a.among("\"\" \"a\\\"quote\" \"`\" \"%d\\n\""))
	}
	for i, field := range m.aggregate.enums {
		fmt.Fprintf(&m.body, ` require: { field: %q %s: %q code: "E%d" }`, field.name, a.among("in not_in"), field.value, i)
	}
	fmt.Fprintf(&m.body, " };\n  %sstring %s = 1000 [(esgen.v1.field).id = true];\n",
		m.file.label(), a.fresh(m.full(), a.name("field", fieldNames)))
	a.writeFields(m, a.below(3))
}

func (a *author) writeOther(m *message) {
	a.writeFields(m, a.below(4))
	if a.once(2) {
		fmt.Fprintf(&m.body, "  message %s { extend google.protobuf.FieldOptions { %sstring %s = %d; } }\n",
			a.fresh(m.full(), a.name("Message", messageNames)), m.file.label(), a.name("field", fieldNames), 50000+a.below(200))
	}
}

func (a *author) writeFields(m *message, count int) {
	for number := 1; number <= count; number++ {
		name, label := a.fresh(m.full(), a.name("field", fieldNames)), m.file.label()
		field := func(typ string) { fmt.Fprintf(&m.body, "  %s %s = %d;\n", typ, name, number) }
		switch a.below(10) {
		case 0:
			field(label + "bool")
			m.bools = append(m.bools, name)
		case 1, 2:
			e := a.enum(m)
			field(label + e.full)
			m.enums = append(m.enums, enumField{name, e.value})
		case 3:
			field("repeated " + a.anyMessage(m.file))
		case 4:
			field("map<" + a.among("string int32 bool") + ", " + a.anyMessage(m.file) + ">")
		case 5:
			fmt.Fprintf(&m.body, "  oneof %s { %s %s = %d; bytes %s = %d; }\n", a.fresh(m.full(), a.name("field", fieldNames)),
				a.anyMessage(m.file), name, number, a.fresh(m.full(), a.name("field", fieldNames)), number+100)
		case 6:
			field(label + a.anyMessage(m.file))
		case 7:
			field(label + "google.protobuf.Timestamp")
		default:
			field(label + a.among("string bytes int64 double"))
		}
	}
}

// anyMessage returns the full name of a message of the file or one before.
func (a *author) anyMessage(f *protoFile) string {
	from := a.files[a.below(f.index+1)]
	if len(from.messages) == 0 {
		return "google.protobuf.Timestamp"
	}
	return from.messages[a.below(len(from.messages))].full()
}

// enum returns an enum for a field: one that is there, or a new one in the
// message or beside it.
func (a *author) enum(m *message) enum {
	if len(a.enums) > 0 && a.below(2) == 0 {
		if e := a.enums[a.below(len(a.enums))]; e.file.index <= m.file.index {
			return e
		}
	}
	into, scope := &m.body, m.full()
	if a.once(3) {
		f := a.files[a.below(m.file.index+1)]
		into, scope = &f.enums, f.scope()
	}
	name, zero, value := a.fresh(scope, a.name("Kind", enumNames)), a.fresh(scope, a.name("VALUE", valueNames)), a.fresh(scope, a.name("VALUE", valueNames))
	fmt.Fprintf(into, "enum %s { %s = 0; %s = 1; }\n", name, zero, value)
	e := enum{file: m.file, full: scope + "." + name, value: value}
	a.enums = append(a.enums, e)
	return e
}
