package protobuf_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/esgen-dev/esgen/compat/confluent/protobuf"
)

const header = `syntax = "proto3"; package p; `

// The tests of this file have no bound on time. What they would catch takes
// hours, or all the memory.

func TestDepth(t *testing.T) {
	t.Parallel()
	nest := func(levels int, begin, inner, end string) string {
		return header + strings.Repeat(begin, levels) + inner + strings.Repeat(end, levels)
	}
	for name, write := range map[string]func(levels int) string{
		"messages": func(n int) string { return nest(n, "message M { ", "", "}") },
		"packages": func(n int) string { return "package a" + strings.Repeat(".a", n-1) + ";" },
		"maps": func(n int) string {
			return header + "message M { " + strings.Repeat("map<string, ", n) + "M" + strings.Repeat(">", n) + " a = 1; }"
		},
		"lists in options": func(n int) string {
			return header + "option a = " + strings.Repeat("[", n) + strings.Repeat("]", n) + ";"
		},
		"maps in options": func(n int) string {
			return header + "option a = " + strings.Repeat("{ b ", n-1) + "{}" + strings.Repeat("}", n-1) + ";"
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := parse(t, protobuf.Source{Text: write(250)})
			checkCanonical(t, s)
			for _, levels := range []int{257, 10_000, 1_000_000} {
				if _, err := protobuf.Parse(protobuf.Source{Text: write(levels)}); err == nil || !strings.Contains(err.Error(), "nested more than 256 levels") {
					t.Errorf("%d levels: err = %v", levels, err)
				}
			}
		})
	}
	t.Run("path of an option", func(t *testing.T) {
		t.Parallel()
		checkCanonical(t, parse(t, protobuf.Source{Text: header + "option (a)" + strings.Repeat(".b .c", 100_000) + " = 1;"}))
	})
}

func TestManyOfEverything(t *testing.T) {
	t.Parallel()
	const most = 100_000
	for name, write := range map[string]func(i int) (outer, inner string){
		"fields":                func(i int) (string, string) { return "message M { %s }", fmt.Sprintf("int32 f%d = %d;", i, i) },
		"fields of one number":  func(i int) (string, string) { return "message M { %s }", fmt.Sprintf("int32 f%d = 1;", i) },
		"numbers in one bucket": func(i int) (string, string) { return "message M { %s }", fmt.Sprintf("int32 f = %d;", i<<14) },
		"constants":             func(i int) (string, string) { return "enum M { %s }", fmt.Sprintf("C%d = %d;", i, i) },
		"messages":              func(i int) (string, string) { return "%s", fmt.Sprintf("message M%d {}", i) },
		"messages of one name":  func(int) (string, string) { return "%s", "message M {}" },
		"names of one hash":     func(i int) (string, string) { return "%s", "enum " + sameHash(i) + " {}" },
		"oneofs": func(i int) (string, string) {
			return "message M { %s }", fmt.Sprintf("oneof o%d { int32 f%d = %d; }", i, i, i)
		},
		"members of a oneof": func(i int) (string, string) {
			return "message M { oneof o { %s } }", fmt.Sprintf("int32 f%d = %d;", i, i)
		},
		"references":        func(i int) (string, string) { return "message M { %s }", fmt.Sprintf("M f%d = %d;", i, i) },
		"options":           func(i int) (string, string) { return "%s", "option a = 1;" },
		"keys of an option": func(i int) (string, string) { return "option o = { %s };", fmt.Sprintf("k%d: 1 ", i%1000) },
		"comments":          func(i int) (string, string) { return "%s", "/* a */ // b\n" },
		"strings":           func(i int) (string, string) { return "option a = %s;", `"a\n"` },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			many := most / 5
			if name == "fields" || name == "constants" {
				many = most
			}
			text := func(from int) string {
				var b strings.Builder
				outer := ""
				for i := from; i < from+many; i++ {
					var inner string
					outer, inner = write(i)
					b.WriteString(inner)
				}
				return header + strings.Replace(outer, "%s", b.String(), 1)
			}
			old, update := parse(t, protobuf.Source{Text: text(1)}), parse(t, protobuf.Source{Text: text(2)})
			for _, profile := range []protobuf.Profile{protobuf.V1, protobuf.V2} {
				if got := len(protobuf.Diff(profile, old, update)); got > 4*many {
					t.Errorf("%d differences", got)
				}
			}
			if old.Canonical() == "" || len(old.Types()) > many {
				t.Error("no canonical text, or too many types")
			}
		})
	}
}

// sameHash returns one of 2^17 names that have the same hash in Java.
func sameHash(i int) string {
	var b strings.Builder
	for bit := range 17 {
		b.WriteString([2]string{"Aa", "BB"}[i>>bit&1])
	}
	return b.String()
}

func TestLongTexts(t *testing.T) {
	t.Parallel()
	const size = 10 << 20
	for name, text := range map[string]string{
		"white space": header + strings.Repeat(" ", size),
		"comment":     header + "//" + strings.Repeat("x", size),
		"name":        header + "message " + strings.Repeat("x", size) + " {}",
		"dots":        header + "message M { " + strings.Repeat("a.", 1000) + "M a = 1; }",
		"string":      header + `option a = "` + strings.Repeat(`\n`, size/2) + `";`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := protobuf.ParseStored(protobuf.Source{Text: text})
			if err != nil {
				t.Fatal(err)
			}
			if got := protobuf.Diff(protobuf.V2, s, s); len(got) > 0 {
				t.Error("a schema differs from itself")
			}
		})
	}
	for name, text := range map[string]string{
		"garbage":     strings.Repeat("}", size),
		"only words":  strings.Repeat("message ", size/8),
		"open string": header + `option a = "` + strings.Repeat("x", size),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := protobuf.Parse(protobuf.Source{Text: text}); err == nil || len(err.Error()) > 200 {
				t.Errorf("err = %.100v", err)
			}
		})
	}
}

// TestLongNames resolves names where each scope around is long, and there are
// many of them.
func TestLongNames(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 20_000)
	var b strings.Builder
	b.WriteString(header)
	for range 250 {
		b.WriteString("message " + long + " { ")
	}
	for i := range 10_000 {
		fmt.Fprintf(&b, "message M%d { M0 a = 1; %[2]s b = 2; p.%[2]s c = 3; } ", i, long[:10])
	}
	b.WriteString(strings.Repeat("} ", 250) + "message " + long[:10] + " {}")
	s := parse(t, protobuf.Source{Text: b.String()})
	if got := protobuf.Diff(protobuf.V2, s, s); len(got) > 0 {
		t.Error("a schema differs from itself")
	}
}

// chain is messages M0 to Mn of an import, where each refers to the next one
// in as many fields as given, and the last one has a field of a type.
func chain(length, width int, last string) protobuf.Import {
	var b strings.Builder
	b.WriteString(`syntax = "proto3"; package t; `)
	for i := range length {
		fmt.Fprintf(&b, "message M%d { ", i)
		for j := range width {
			fmt.Fprintf(&b, "M%d f%d = %d; ", i+1, j, j+1)
		}
		b.WriteString("} ")
	}
	fmt.Fprintf(&b, "message M%d { %s x = 1; }", length, last)
	return protobuf.Import{Name: "t.proto", Text: b.String()}
}

func TestTypeGraphs(t *testing.T) {
	t.Parallel()
	const root = header + "message E { t.M0 m = 1; }"
	for _, test := range []struct {
		name          string
		length, width int
	}{
		{"a few levels, two ways", 8, 2},
		{"sixty levels, two ways", 60, 2},
		{"thirty levels, nine ways", 30, 9},
		{"a long chain", 20_000, 1},
		{"a long chain, two ways", 5_000, 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			source := func(last string) protobuf.Source {
				return protobuf.Source{Text: root, Imports: []protobuf.Import{chain(test.length, test.width, last)}}
			}
			number, wide, text := parse(t, source("int32")), parse(t, source("int64")), parse(t, source("string"))
			if got := protobuf.Diff(protobuf.V2, number, wide); len(got) > 0 {
				t.Errorf("%d differences", len(got))
			}
			got := protobuf.Diff(protobuf.V2, number, text)
			if compatible(protobuf.V2, number, text) {
				t.Error("the change at the end is not seen")
			}
			if len(got) > 1_000_000 {
				t.Errorf("%d differences", len(got))
			}
		})
	}
}

// TestDeepIsRepeated holds that a graph below the limit is compared at each
// place, as the registry does: eight levels with two ways down are 256 ways.
func TestDeepIsRepeated(t *testing.T) {
	t.Parallel()
	source := func(last string) protobuf.Source {
		return protobuf.Source{Text: header + "message E { t.M0 m = 1; }", Imports: []protobuf.Import{chain(8, 2, last)}}
	}
	counts := map[protobuf.Change]int{}
	for _, d := range protobuf.Diff(protobuf.V2, parse(t, source("int32")), parse(t, source("string"))) {
		counts[d.Type]++
	}
	if counts[protobuf.FieldScalarKindChanged] != 256 || counts[protobuf.FieldNamedTypeChanged] != 511 {
		t.Errorf("differences = %v", counts)
	}
}

func TestCyclesOfImports(t *testing.T) {
	t.Parallel()
	source := func(typ string) protobuf.Source {
		return protobuf.Source{
			Text: header + `import "a.proto"; message E { a.A x = 1; }`,
			Imports: []protobuf.Import{
				{Name: "a.proto", Text: `syntax = "proto3"; package a; import "b.proto"; message A { b.B x = 1; A y = 2; }`},
				{Name: "b.proto", Text: `syntax = "proto3"; package b; import "a.proto"; message B { a.A x = 1; ` + typ + ` y = 2; message C { B z = 1; C c = 2; } C c = 3; }`},
			},
		}
	}
	if old, update := parse(t, source("int32")), parse(t, source("bytes")); compatible(protobuf.V2, old, update) {
		t.Error("the change in the cycle is not seen")
	}
}
