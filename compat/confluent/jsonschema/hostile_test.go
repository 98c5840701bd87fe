package jsonschema_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/esgen-dev/esgen/compat/confluent/jsonschema"
)

// members writes n members made of their number.
func members(n int, format string) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strings.ReplaceAll(strings.ReplaceAll(format, "%n", strconv.Itoa(i+1)), "%", strconv.Itoa(i)))
	}
	return b.String()
}

// wide counts the differences of two texts that may be large.
func wide(t *testing.T, original, update string) (all, bad int) {
	t.Helper()
	for _, d := range jsonschema.Diff(jsonschema.Strict, parse(t, original), parse(t, update)) {
		if !d.Type.Compatible(jsonschema.Strict) {
			bad++
		}
		all++
	}
	return all, bad
}

func TestHostile_deep(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"objects":    strings.Repeat(`{"not":`, 10_000) + `{}` + strings.Repeat(`}`, 10_000),
		"arrays":     strings.Repeat(`[`, 10_000_000),
		"references": `{"$ref":"#/definitions/0","definitions":{` + members(10_000, `"%":{"not":{"$ref":"#/definitions/%n"}}`) + `,"10000":{}}}`,
		"groups":     `{"pattern":"` + strings.Repeat(`(`, 100_000) + `"}`,
		"classes":    `{"pattern":"` + strings.Repeat(`[`, 100_000) + `"}`,
	} {
		if _, err := jsonschema.Parse(jsonschema.Source{Text: text}); err == nil {
			t.Errorf("%s: a text nested 10000 deep is taken", name)
		}
	}
	deep := strings.Repeat(`{"items":`, 900) + `{}` + strings.Repeat(`}`, 900)
	if all, _ := wide(t, deep, deep); all != 0 {
		t.Errorf("900 deep: %d differences", all)
	}
}

func TestHostile_wide(t *testing.T) {
	t.Parallel()
	const n = 100_000
	closed := `{"type":"object","additionalProperties":false,"properties":{%s}}`
	for _, c := range []struct {
		name, original, update string
		all, bad               int
	}{
		{"properties", fmt.Sprintf(closed, members(n, `"p%":{"type":"string"}`)), fmt.Sprintf(closed, members(n, `"q%":{"type":"string"}`)), 2 * n, n},
		{"ten megabytes", `{"description":"` + strings.Repeat("a", 10<<20) + `"}`, `{"description":"` + strings.Repeat("b", 10<<20) + `"}`, 1, 0},
		{"values", `{"enum":[` + members(n, `"a%"`) + `]}`, `{"enum":[` + members(n+1, `"a%"`) + `]}`, 1, 0},
		{"constants", `{"oneOf":[` + members(2000, `{"const":%,"title":"a%"}`) + `]}`, `{"oneOf":[` + members(2000, `{"const":%,"title":"b%"}`) + `]}`, 2000, 0},
		{"other constants", `{"oneOf":[` + members(2000, `{"const":%,"title":"%"}`) + `]}`, `{"oneOf":[` + members(2000, `{"const":"%","title":"%"}`) + `]}`, 1, 1},
		{
			"branches", `{"oneOf":[` + members(200, `{"properties":{"k":{"const":%,"title":"%"}},"required":["k"]}`) + `]}`,
			`{"oneOf":[` + members(201, `{"properties":{"k":{"const":%,"title":"%"},"n":{}},"required":["k"]}`) + `]}`, 201, 0,
		},
		{"branches that all fit", `{"anyOf":[` + members(200, `{"type":"string","maxLength":%}`) + `]}`, `{"anyOf":[` + members(200, `{"type":"string","maxLength":1000%}`) + `]}`, 200, 0},
		{"branches that fit in one way", `{"anyOf":[` + members(300, `{"type":"string","minLength":%}`) + `]}`, `{"anyOf":[` + members(300, `{"type":"string","minLength":%,"title":"t"}`) + `]}`, 300, 0},
		{"patterns", fmt.Sprintf(`{"properties":{"%s":{}}}`, strings.Repeat("a", 10_000)), `{"patternProperties":{"(a+)+$":{"type":"null"},"(a|aa)*b":{}}}`, 2, 2},
	} {
		all, bad := wide(t, c.original, c.update)
		if all != c.all || bad != c.bad {
			t.Errorf("%s: %d differences, %d of them incompatible, want %d and %d", c.name, all, bad, c.all, c.bad)
		}
	}
}

// Every schema uses the next one twice: written out, it is 2^30 schemas.
func TestHostile_doubling(t *testing.T) {
	t.Parallel()
	chain := func(use, leaf string) string {
		return `{"$ref":"#/definitions/0","definitions":{` + members(30, `"%":`+use) + `,"30":` + leaf + `}}`
	}
	const properties, branches, items = `{"properties":{"a":{"$ref":"#/definitions/%n"},"b":{"$ref":"#/definitions/%n"}}}`,
		`{"anyOf":[{"$ref":"#/definitions/%n"},{"title":"t","not":{"$ref":"#/definitions/%n"}}]}`,
		`{"items":[{"$ref":"#/definitions/%n"},{"$ref":"#/definitions/%n"}]}`
	for use, leaves := range map[string][]string{
		properties: {`{"type":"number","title":"t"}`, `{"type":"null"}`}, branches: {`{"type":"null"}`}, items: {`{"type":"integer"}`},
	} {
		for _, leaf := range leaves {
			s := chain(use, `{"type":"integer"}`)
			all, bad := wide(t, s, chain(use, leaf))
			if all > 1<<18+1 || use != branches && (bad > 0) != strings.Contains(leaf, "null") {
				t.Errorf("%s: %d differences, %d incompatible", leaf, all, bad)
			}
		}
	}
	// The only incompatible difference comes after more than can be listed.
	head := `{"properties":{"a":{"$ref":"#/definitions/0"},"z":{"type":"string"}},"definitions":{` + members(30, `"%":`+properties) + `,"30":`
	all, bad := wide(t, head+`{"type":"integer"}}}`, strings.Replace(head, `"string"`, `"null"`, 1)+`{"type":"number"}}}`)
	if bad != 1 {
		t.Errorf("%d differences, %d incompatible, want 1", all, bad)
	}
}

// Cycles that the plain recursion would walk in every order.
func TestHostile_cycles(t *testing.T) {
	t.Parallel()
	// every definition refers to every other
	complete := func(n int, leaf string) string {
		var b strings.Builder
		b.WriteString(`{"$ref":"#/definitions/0","definitions":{`)
		for i := range n {
			if i > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, `"%d":{"properties":{"leaf":%s,%s}}`, i, leaf, members(n, `"p%":{"$ref":"#/definitions/%"}`))
		}
		return b.String() + `}}`
	}
	for leaf, wantBad := range map[string]bool{`{"type":"number"}`: false, `{"type":"null"}`: true} {
		all, bad := wide(t, complete(12, `{"type":"integer"}`), complete(12, leaf))
		if (bad > 0) != wantBad || all == 0 {
			t.Errorf("%s: %d differences, %d incompatible", leaf, all, bad)
		}
	}
	// two circles whose lengths share no factor: as many pairs as their product
	circle := func(n int, more string) string {
		return `{"$ref":"#/definitions/0","definitions":{` + members(n-1, `"%":{"not":{"not":{"items":{"$ref":"#/definitions/%n"}`+more+`}}}`) +
			fmt.Sprintf(`,"%d":{"not":{"not":{"items":{"$ref":"#/definitions/0"}%s}}}}}`, n-1, more)
	}
	if _, bad := wide(t, circle(101, ""), circle(103, "")); bad != 0 {
		t.Errorf("circles: %d incompatible", bad)
	}
	if _, bad := wide(t, circle(101, ""), circle(103, `,"minItems":1`)); bad == 0 {
		t.Error("circles: nothing incompatible")
	}
	// as branches
	branches := `{"$ref":"#/definitions/0","definitions":{` +
		members(12, `"%":{"oneOf":[`+members(12, `{"$ref":"#/definitions/%"}`)+`,{"const":%}]}`) + `}}`
	wide(t, branches, branches)
}

func TestHostile_nested_pointers(t *testing.T) {
	t.Parallel()
	// each reference leads into the middle of a deep schema: loading what they
	// lead to again and again would take the square of the text
	var b strings.Builder
	b.WriteString(`{"definitions":{"d":` + strings.Repeat(`{"items":[`+members(20, `{"const":%}`)+`,`, 200) + `{}` + strings.Repeat(`]}`, 200) + `}`)
	path := "#/definitions/d"
	for i := range 200 {
		fmt.Fprintf(&b, `,"%d":0`, i)
		path += "/items/20"
	}
	b.WriteString(`,"properties":{`)
	for i := range 200 {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `"p%d":{"$ref":"#/definitions/d%s"}`, i, strings.Repeat("/items/20", i))
	}
	text := b.String() + `}}`
	if all, _ := wide(t, text, text); all != 0 {
		t.Errorf("%d differences", all)
	}
}
