package jsonschema_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	validator "github.com/santhosh-tekuri/jsonschema/v5"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"

	"github.com/esgen-dev/esgen/generator/schema/jsonschema"
)

// TestEmit_acceptsWhatIsWritten holds random messages of random types, as
// protojson writes them with every option that keeps the JSON names, against
// the schemas of both content models.
func TestEmit_acceptsWhatIsWritten(t *testing.T) {
	t.Parallel()
	options := []protojson.MarshalOptions{{}, {EmitUnpopulated: true}, {EmitDefaultValues: true}, {UseEnumNumbers: true}}
	for seed := range uint64(80) {
		r := rand.New(rand.NewPCG(seed, 1))
		source := randomSource(r)
		md := event(t, source)
		for _, o := range []jsonschema.Options{{}, {Open: true}} {
			text := emit(t, md, o)
			schema := compile(t, text)
			for i := range 8 {
				m := randomMessage(t, r, md, 0)
				written, err := options[i%len(options)].Marshal(m.Interface())
				if err != nil {
					t.Fatalf("seed %d: %v\n%s", seed, err, source)
				}
				if err := validate(t, schema, written); err != nil {
					t.Fatalf("seed %d, %+v: %s\n%s\n%s\n%s", seed, o, fmt.Sprintf("%#v", err), written, text, source)
				}
			}
		}
	}
}

// The reasons for which a schema and protojson may disagree about a mutant;
// the manual of the package lists them.
var (
	acceptedGaps = []string{
		"range of a key", "two spellings of a key", "members of a oneof", "padding of base64", "range of a float",
		"fraction in a string", "range in a string", "range of a 64-bit number", "content of an Any",
		"range of a timestamp", "range of a duration",
	}
	refusedGaps = []string{
		"original name", "line break in base64", "comma in a timestamp", "hour of one digit", "offset of a day", "space around a field mask",
	}
)

// TestEmit_refusesWhatIsRefused changes what protojson wrote and compares the
// verdicts of protojson and of the schema. Every disagreement must have a
// reason that is known.
func TestEmit_refusesWhatIsRefused(t *testing.T) {
	t.Parallel()
	count := tally{}
	for seed := range uint64(150) {
		r := rand.New(rand.NewPCG(seed, 2))
		md := event(t, randomSource(r))
		schema := compile(t, emit(t, md, jsonschema.Options{}))
		for range 40 {
			written, err := protojson.Marshal(randomMessage(t, r, md, 0).Interface())
			if err != nil {
				t.Fatal(err)
			}
			value := clone(t, written)
			if m := mutate(r, sites(md, value)); m.kind != "" {
				count.judge(t, m, md, schema, value)
			}
		}
	}
	count.check(t, 900, 3000, []string{"original name", "members of a oneof", "two spellings of a key", "range of a key"})
}

// TestEmit_literals puts every literal in place of a value of every type: of a
// field, an element, a value of a map, a whole list and a whole map.
func TestEmit_literals(t *testing.T) {
	t.Parallel()
	var body strings.Builder
	body.WriteString("message M {\n  oneof unused { bool u = 9999; }\n")
	for i, name := range typeNames() {
		fmt.Fprintf(&body, "  %s s%d = %d; repeated %s l%d = %d; map<string, %s> m%d = %d;\n", name, i, 3*i+1, name, i, 3*i+2, name, i, 3*i+3)
	}
	md := proto3(t, body.String()+"}\nenum E { option allow_alias = true; E_ZERO = 0; E_ONE = 1; E_UNO = 1; }")
	schema := compile(t, emit(t, md, jsonschema.Options{}))
	count := tally{}
	for i := range typeNames() {
		for _, raw := range literals {
			for _, shape := range []string{`{"s%d":%s}`, `{"l%d":[%s]}`, `{"m%d":{"k":%s}}`, `{"l%d":%s}`, `{"m%d":%s}`} {
				fd := md.Fields().ByJSONName(shape[2:3] + strconv.Itoa(i))
				if fd.IsMap() {
					fd = fd.MapValue()
				}
				count.judge(t, mutant{"value", element(fd), raw}, md, schema, json.RawMessage(fmt.Sprintf(shape, i, raw)))
			}
		}
	}
	names := slices.DeleteFunc(slices.Concat(acceptedGaps, refusedGaps), func(name string) bool {
		return slices.Contains([]string{"original name", "members of a oneof", "two spellings of a key", "range of a key"}, name)
	})
	count.check(t, 2000, 15000, names)
}

// TestEmit_keys puts every name into maps of every type of keys. There is one
// key each, so the range is the only reason to disagree.
func TestEmit_keys(t *testing.T) {
	t.Parallel()
	var body strings.Builder
	for i, name := range mapKeys {
		fmt.Fprintf(&body, "  map<%s, bool> f%d = %d;\n", name, i, i+1)
	}
	md := proto3(t, "message M {\n"+body.String()+"}")
	schema := compile(t, emit(t, md, jsonschema.Options{}))
	count := tally{}
	for i := range mapKeys {
		name := fmt.Sprintf("f%d", i)
		for _, key := range mapNames {
			m := mutant{"only key", md.Fields().ByJSONName(name).MapKey(), key}
			count.judge(t, m, md, schema, map[string]any{name: map[string]any{key: true}})
		}
	}
	count.check(t, 50, 50, []string{"range of a key"})
}

func typeNames() []string {
	names := append(slices.Clone(scalars), "E", "M")
	for _, name := range special {
		names = append(names, "google.protobuf."+name)
	}
	return names
}

// A tally counts the mutants of each class.
type tally map[string]int

// judge compares the verdicts about one mutant.
func (c tally) judge(t *testing.T, m mutant, md protoreflect.MessageDescriptor, schema *validator.Schema, value any) {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatalf("%+v: %v", m, err)
	}
	reads := protojson.Unmarshal(text, dynamicpb.NewMessage(md))
	accepts := validate(t, schema, text)
	class := classify(m, reads == nil, accepts == nil)
	if class == "" {
		t.Errorf("%s of %s: %s\nprotojson: %v\nschema: %#v\n%s", m.kind, describe(m.fd), m.raw, reads, accepts, text)
	}
	c[class]++
}

// check fails if a class was not met, because the test would then show nothing.
func (c tally) check(t *testing.T, accept, refuse int, classes []string) {
	t.Helper()
	for _, class := range slices.Sorted(maps.Keys(c)) {
		t.Logf("%6d %s", c[class], class)
	}
	for _, class := range classes {
		if c[class] == 0 {
			t.Errorf("no mutant was of the class %q", class)
		}
	}
	if c["both accept"] < accept || c["both refuse"] < refuse {
		t.Errorf("too few mutants agree: %d are accepted and %d refused by both", c["both accept"], c["both refuse"])
	}
}

// classify names what became of a mutant: nothing for what should not be.
func classify(m mutant, reads, accepts bool) string {
	reason, known := tooLittle, refusedGaps
	switch {
	case reads && accepts:
		return "both accept"
	case !reads && !accepts:
		return "both refuse"
	case accepts:
		reason, known = tooMuch, acceptedGaps
	}
	if name := reason(m); slices.Contains(known, name) {
		return name
	}
	return ""
}

func describe(fd protoreflect.FieldDescriptor) string {
	switch {
	case fd == nil:
		return "a message"
	case fd.Message() != nil:
		return fmt.Sprintf("%s (%s)", fd.FullName(), fd.Message().FullName())
	default:
		return fmt.Sprintf("%s (%v)", fd.FullName(), fd.Kind())
	}
}
