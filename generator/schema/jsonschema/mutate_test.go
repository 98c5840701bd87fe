package jsonschema_test

import (
	"encoding/json"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// A site is a place in a JSON text at which a mutant can differ.
type site struct {
	fd     protoreflect.FieldDescriptor // of the value; nil at an object of a message
	object map[string]any               // the members, where there are some by name
	md     protoreflect.MessageDescriptor
	set    func(any) // puts another value in place
	old    any
}

// sites lists all places of a decoded message, in a fixed order.
func sites(md protoreflect.MessageDescriptor, value any) []site {
	var list []site
	object, ok := value.(map[string]any)
	if !ok || strings.HasPrefix(string(md.FullName()), "google.protobuf.") && md.Name() != "Empty" {
		return nil
	}
	list = append(list, site{object: object, md: md})
	for _, name := range slices.Sorted(maps.Keys(object)) {
		fd := md.Fields().ByJSONName(name)
		set := func(v any) { object[name] = v }
		list = append(list, site{fd: fd, set: set, old: object[name]})
		list = append(list, below(fd, object[name])...)
	}
	return list
}

// below lists the places inside the value of a field.
func below(fd protoreflect.FieldDescriptor, value any) []site {
	var list []site
	element := func(fd protoreflect.FieldDescriptor, v any, set func(any)) {
		list = append(list, site{fd: element(fd), set: set, old: v})
		if fd.Message() != nil {
			list = append(list, sites(fd.Message(), v)...)
		}
	}
	switch v := value.(type) {
	case []any:
		if fd.IsList() {
			for i := range v {
				element(fd, v[i], func(n any) { v[i] = n })
			}
		}
	case map[string]any:
		switch {
		case fd.IsMap():
			list = append(list, site{fd: fd.MapKey(), object: v})
			for _, key := range slices.Sorted(maps.Keys(v)) {
				element(fd.MapValue(), v[key], func(n any) { v[key] = n })
			}
		case fd.Message() != nil:
			list = append(list, sites(fd.Message(), v)...)
		}
	}
	return list
}

// An inList makes the descriptor of a list stand for one of its elements.
type inList struct{ protoreflect.FieldDescriptor }

func (inList) IsList() bool { return false }

func element(fd protoreflect.FieldDescriptor) protoreflect.FieldDescriptor { return inList{fd} }

// literals are values that are right for some kind, nearly right for another
// and plainly wrong for most.
var literals = append(strings.Fields(`
null true false {} [] [null] [[]] {"@type":""} {"@type":1} {"@type":"nope/x"} {"@type":"x.test/google.protobuf.Duration","value":"1s"} {"value":1}
0 1 -1 -0 1.0 1.5 1e2 1e-2 15e-1 1.5e1 2147483647 2147483648 -2147483648 -2147483649 4294967295 4294967296
9223372036854775807 9223372036854775808 -9223372036854775808 -9223372036854775809 18446744073709551615 18446744073709551616 1e39 1e309
"" "0" "1" "-1" "-0" "+1" "01" "1.0" "1.5" "1e2" "1.5e1" "1.5e0" "1." ".5" "0x10" "1e" "NaN" "Infinity" "-Infinity" "-NaN" "inf" "2147483648" "1e39" "1e309"
"-9223372036854775809" "18446744073709551616" "true" "null" "a"
"AA" "AA==" "AA=" "AAA=" "AAA" "A" "A===" "AAAAA" "====" "_-8=" "_-8" "+/8=" "+_8=" "AA\nAA" "AA==AA" "é"
"2020-01-02T03:04:05Z" "2020-01-02T03:04:05.123456789Z" "2020-01-02T03:04:05.1234567890Z" "2020-01-02T03:04:05,5Z" "2020-01-02T03:04:05.Z"
"2020-01-02T3:04:05Z" "2020-01-02T03:04:05+01:00" "2020-01-02T03:04:05+25:00" "2020-01-02T03:04:05+24:00" "2020-01-02T03:04:05-00:60" "2020-01-02t03:04:05z" "2020-01-02T03:04:05" "2020-02-30T03:04:05Z" "2020-13-01T03:04:05Z"
"2020-01-02T24:00:00Z" "2020-01-02T23:59:60Z" "0000-01-01T00:00:00Z" "0001-01-01T00:00:00+01:00" "10000-01-01T00:00:00Z" "2020-01-02"
"1s" "+1s" "-1s" "1.s" ".1s" ".s" "-.s" "01s" "1.0000000001s" "1.123456789s" "315576000000s" "315576000001s" "9999999999999s" "1" "s" "1S" "1m" "--1s"
"a,b" "fooBar.baz,qux" "a.B" "foo_bar" "a," ",a" "a..b" "1a" "Foo" "E_ZERO" "E_UNO" "e_zero" "E_TWO" "NULL_VALUE"`),
	`" 1"`, `"1 "`, `"1 2"`, `" a"`, `"a\t"`, `" "`, `" 1s"`, `"AA ="`)

// A mutant says what was changed.
type mutant struct {
	kind string
	fd   protoreflect.FieldDescriptor // of the value or the key that was put in
	raw  string                       // the JSON text that was put in
}

// mutate changes one of the places, and says what it did; it may do nothing.
func mutate(r *rand.Rand, list []site) mutant {
	s := list[r.IntN(len(list))]
	switch {
	case s.md != nil:
		return mutateMembers(r, s)
	case s.object != nil:
		for _, k := range slices.Sorted(maps.Keys(s.object)) {
			key := mapNames[r.IntN(len(mapNames))]
			s.object[key] = s.object[k]
			return mutant{"key", s.fd, key}
		}
		return mutant{}
	}
	raw := literals[r.IntN(len(literals))]
	if text, isString := s.old.(string); isString && r.IntN(3) == 0 {
		raw = edit(r, text)
	}
	s.set(json.RawMessage(raw))
	return mutant{"value", s.fd, raw}
}

// mapNames are names of properties that are keys of some maps.
var mapNames = []string{
	"", "0", "1", "-1", "+1", "01", "-0", "1.0", "1e2", " 1", "true", "false", "True", "a", "é",
	"2147483648", "4294967296", "-2147483649", "9223372036854775808", "18446744073709551616", "1_0",
}

// mutateMembers adds, renames or removes members of a message.
func mutateMembers(r *rand.Rand, s site) mutant {
	switch r.IntN(4) {
	case 0:
		s.object["unknown"] = nil
		return mutant{kind: "unknown member"}
	case 1:
		if s.md.Oneofs().ByName("choice") == nil {
			return mutant{}
		}
		fd := s.md.Oneofs().ByName("choice").Fields().Get(r.IntN(3))
		raw := literals[r.IntN(len(literals))]
		s.object[fd.JSONName()] = json.RawMessage(raw)
		return mutant{"oneof", fd, raw}
	}
	names := slices.Sorted(maps.Keys(s.object))
	if len(names) == 0 {
		return mutant{}
	}
	name := names[r.IntN(len(names))]
	if r.IntN(2) == 0 {
		delete(s.object, name)
		return mutant{kind: "member removed"}
	}
	other := string(s.md.Fields().ByJSONName(name).Name())
	if other == name {
		return mutant{}
	}
	s.object[other] = s.object[name]
	delete(s.object, name)
	return mutant{kind: "original name"}
}

// edit inserts, drops or replaces one character, and returns a JSON string.
func edit(r *rand.Rand, text string) string {
	runes := []rune(text)
	c := []rune("0189-+._=,: \neEsTZaAé")[r.IntN(21)]
	at := r.IntN(len(runes) + 1)
	switch {
	case r.IntN(2) == 0 || at == len(runes):
		runes = slices.Insert(runes, at, c)
	case r.IntN(2) == 0:
		runes = slices.Delete(runes, at, at+1)
	default:
		runes[at] = c
	}
	raw, err := json.Marshal(string(runes))
	if err != nil {
		return "null" // a string has a JSON form
	}
	return string(raw)
}

// clone decodes a JSON text, with numbers as they are written.
func clone(t testing.TB, text []byte) any {
	t.Helper()
	dec := json.NewDecoder(strings.NewReader(string(text)))
	dec.UseNumber()
	var value any
	if err := dec.Decode(&value); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return value
}
