package jsonschema_test

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/esgen-dev/esgen/compat/confluent/jsonschema"
)

// generator makes schemas out of a seed.
type generator struct{ *rand.Rand }

func (g generator) pick(texts ...string) string { return texts[g.IntN(len(texts))] }

func (g generator) root() string {
	definitions := map[string]any{}
	for _, name := range []string{"A", "B", "C"} {
		definitions[name] = g.schema(2)
	}
	root, isObject := g.schema(3).(map[string]any)
	if !isObject {
		root = map[string]any{}
	}
	root["definitions"] = definitions
	if g.IntN(4) == 0 {
		root["$schema"] = g.pick("http://json-schema.org/draft-04/schema#", "http://json-schema.org/draft-06/schema#",
			"https://json-schema.org/draft/2020-12/schema")
	}
	text, err := json.Marshal(root)
	if err != nil {
		return ""
	}
	return string(text)
}

func (g generator) schema(depth int) any {
	if depth == 0 || g.IntN(10) == 0 {
		leaves := []any{
			true, false,
			map[string]any{},
			map[string]any{"type": "string"},
			map[string]any{"enum": []any{"a", 1}},
			map[string]any{"type": []any{"null", "integer"}},
			map[string]any{"type": "null", "title": "t", "default": 1},
		}
		return leaves[g.IntN(len(leaves))]
	}
	if g.IntN(6) == 0 {
		return map[string]any{"$ref": g.pick("#", "#/definitions/A", "#/definitions/B", "#/definitions/C")}
	}
	s := map[string]any{"type": g.pick("string", "integer", "number", "boolean", "null", "array", "object", "object")}
	for range g.IntN(5) {
		g.keyword(s, depth-1)
	}
	return s
}

func (g generator) keyword(s map[string]any, depth int) {
	switch word := g.pick("properties", "properties", "items", "allOf", "anyOf", "oneOf", "not", "required", "limit", "additionalProperties",
		"patternProperties", "dependencies", "enum", "const", "default", "tuple", "prefixItems", "if"); word {
	case "properties", "patternProperties", "dependencies":
		under := map[string]any{}
		for range g.IntN(4) {
			under[g.pick("a", "b", "c", "n")] = g.schema(depth)
		}
		s[word] = under
	case "items", "not", "additionalProperties", "if":
		s[word] = g.schema(depth)
	case "allOf", "anyOf", "oneOf", "tuple", "prefixItems":
		list := []any{}
		for range g.IntN(4) {
			list = append(list, g.schema(depth))
		}
		s[strings.Replace(word, "tuple", "items", 1)] = list
	case "required":
		s[word] = []string{g.pick("a", "b"), "c"}[:1+g.IntN(2)]
	case "limit":
		s[g.pick("maxLength", "minLength", "maximum", "exclusiveMaximum", "minItems", "maxProperties")] = 1 + g.IntN(3)
	case "enum":
		s[word] = []any{"a", "b", 1, nil}[:1+g.IntN(4)]
	case "const", "default":
		s[word] = g.IntN(3)
	}
}

func TestDiff_properties(t *testing.T) {
	t.Parallel()
	valid, compatible := 0, 0
	for seed := range uint64(2000) {
		g := generator{rand.New(rand.NewPCG(seed, 1))}
		a, b := g.root(), g.root()
		old, err := jsonschema.Parse(jsonschema.Source{Text: a})
		update, err2 := jsonschema.Parse(jsonschema.Source{Text: b})
		if err != nil || err2 != nil {
			continue
		}
		valid++
		if ok(jsonschema.Strict, old, update) {
			compatible++
		}
		holds(t, a, b, old, update)
	}
	if valid < 500 || compatible < 15 || compatible > valid/2 {
		t.Errorf("%d valid pairs, %d compatible", valid, compatible)
	}
}

// holds checks what is true of any two schemas.
func holds(t *testing.T, a, b string, old, update *jsonschema.Schema) {
	t.Helper()
	for _, p := range []jsonschema.Policy{jsonschema.Strict, jsonschema.Lenient} {
		for _, d := range jsonschema.Diff(p, old, old) {
			if !d.Type.Compatible(p) {
				t.Errorf("%s differs from itself: %s", a, d)
			}
		}
		if d := cmp.Diff(jsonschema.Diff(p, old, update), jsonschema.Diff(p, parse(t, a), parse(t, b))); d != "" {
			t.Errorf("%s\n-> %s: another answer the second time:\n%s", a, b, d)
		}
	}
	if ok(jsonschema.Strict, old, update) && !ok(jsonschema.Lenient, old, update) {
		t.Errorf("%s\n-> %s: compatible in STRICT only", a, b)
	}
	again := parse(t, old.Canonical())
	if again.Canonical() != old.Canonical() {
		t.Errorf("%s: the canonical text has another one", a)
	}
	if d := cmp.Diff(jsonschema.Diff(jsonschema.Strict, old, update), jsonschema.Diff(jsonschema.Strict, again, update)); d != "" {
		t.Errorf("%s: the canonical text means something else:\n%s", a, d)
	}
}

// Without a not, a schema does not differ from itself, and swapping the sides
// twice is the same question.
func TestDiff_itself(t *testing.T) {
	t.Parallel()
	for _, p := range allPairs() {
		for _, text := range []string{p.original, p.update} {
			got := jsonschema.Diff(jsonschema.Strict, parse(t, text), parse(t, text))
			got = slices.DeleteFunc(got, func(d jsonschema.Difference) bool { return d.Type == jsonschema.NotTypeNarrowed })
			if len(got) > 0 {
				t.Errorf("%s differs from itself: %v", text, got)
			}
		}
	}
}

func FuzzDiff(f *testing.F) {
	for _, p := range allPairs() {
		f.Add(p.original, p.update)
	}
	for _, c := range invalid {
		f.Add(c.text, `{"$ref":"#/definitions/a~0b%20/0","definitions":{}}`)
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		old, err := jsonschema.Parse(jsonschema.Source{Text: a, Imports: []jsonschema.Import{{Name: "x.json", Text: `{"type":"string"}`}}})
		if err != nil {
			return
		}
		update, err := jsonschema.Parse(jsonschema.Source{Text: b})
		if err != nil {
			update = old
		}
		jsonschema.Diff(jsonschema.Strict, old, update)
		jsonschema.Diff(jsonschema.Lenient, update, old)
		for _, d := range jsonschema.Diff(jsonschema.Strict, old, old) {
			if !d.Type.Compatible(jsonschema.Strict) {
				t.Errorf("differs from itself: %s", d)
			}
		}
		if text := old.Canonical(); strings.TrimSpace(a) != "" {
			if again := parse(t, text, jsonschema.Import{Name: "x.json", Text: `{"type":"string"}`}); again.Canonical() != text {
				t.Errorf("canonical text of %q is not stable: %q", a, text)
			}
		}
	})
}
