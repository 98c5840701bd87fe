package replay_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/esgen-dev/esgen/compat/replay"
)

// TestCompare_hostile holds that schemas made to be slow or deep are answered,
// and rightly. A quadratic search or a graph that is walked path by path would
// not come to an end.
func TestCompare_hostile(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		was, is string
		want    int
	}{
		{"many fields", manyFields("int64"), manyFields("int32"), 20_000},
		{"many fields in a oneof", manyFields("int64"), oneof(manyFields("int64")), 19_999},
		{"many enum values", manyValues(20_000, ""), manyValues(20_000, "reserved 1 to 20;"), 20},
		{"many paths", paths(200, "int64"), paths(200, "int32"), 1},
		{"two cycles", cycle(61, "int64"), cycle(53, "int32"), 61 * 53},
		{"cycles that go on for long", cycle(997, "int64"), cycle(991, "int64"), 1},
		{"long chain", chain(5000, "int64"), chain(5000, "int32"), 1},
		{"nested deeply", nested(28, "int64"), nested(28, "int32"), 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			changes := replay.Compare(link(t, c.was), link(t, c.is), replay.Options{JSON: true})
			if len(changes) != c.want {
				t.Errorf("got %d changes, want %d", len(changes), c.want)
			}
		})
	}
}

func manyFields(typ string) string {
	var b strings.Builder
	b.WriteString("message M {\n")
	for i := range 20_000 {
		number := i + 1
		if number >= 19000 {
			number += 1000 // these are Protobuf's own
		}
		fmt.Fprintf(&b, "%s f%d = %d;\n", typ, i, number)
	}
	return b.String() + "}"
}

func oneof(message string) string {
	return strings.Replace(message, "{", "{ oneof o {", 1) + "}"
}

// manyValues leaves out those that are reserved.
func manyValues(n int, reserved string) string {
	var b strings.Builder
	b.WriteString("message M { E e = 1; } enum E { " + reserved + "\n")
	for i := range n {
		if reserved == "" || i == 0 || i > 20 {
			fmt.Fprintf(&b, "V%d = %d;\n", i, i)
		}
	}
	return b.String() + "}"
}

// paths has two to the power of n ways to the one field that differs.
func paths(n int, typ string) string {
	var b strings.Builder
	b.WriteString("message M { N0 a = 1; }\n")
	for i := range n {
		fmt.Fprintf(&b, "message N%d { N%d a = 1; N%d b = 2; }\n", i, i+1, i+1)
	}
	fmt.Fprintf(&b, "message N%d { %s x = 1; }", n, typ)
	return b.String()
}

// cycle has n messages, each of which leads to the next.
func cycle(n int, typ string) string {
	var b strings.Builder
	b.WriteString("message M { N0 n = 1; }\n")
	for i := range n {
		fmt.Fprintf(&b, "message N%d { %s x = 1; N%d n = 2; }\n", i, typ, (i+1)%n)
	}
	return b.String()
}

func chain(n int, typ string) string {
	var b strings.Builder
	b.WriteString("message M { N0 a = 1; }\n")
	for i := range n {
		fmt.Fprintf(&b, "message N%d { N%d a = 1; }\n", i, i+1)
	}
	fmt.Fprintf(&b, "message N%d { %s x = 1; }", n, typ)
	return b.String()
}

func nested(n int, typ string) string {
	return strings.Repeat("message M { M m = 1;", n) + typ + " x = 2;" + strings.Repeat("}", n)
}
