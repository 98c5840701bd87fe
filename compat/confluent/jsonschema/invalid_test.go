package jsonschema_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/esgen-dev/esgen/compat/confluent/jsonschema"
)

// invalid are texts that the registry refuses, and a part of what is said.
var invalid = []struct{ text, want string }{
	{`{"type":"strin"}`, `1:9: "type": unknown type "strin"`},
	{"{\n  \"type\": \"object\",\n  \"properties\": []\n}", `3:17: "properties": an object is expected, not an array`},
	{`{"type":["string","bad"]}`, `unknown type "bad"`},
	{`{"type":["string",3]}`, "a string is expected"},
	{`{"type":null}`, "a string or an array is expected, not null"},
	{`{"minLength":"x"}`, "an integer of 32 bits"},
	{`{"minLength":1.0}`, "an integer of 32 bits"},
	{`{"maxItems":5000000000}`, "an integer of 32 bits"},
	{`{"minimum":"x"}`, "a number is expected, not a string"},
	{`{"exclusiveMaximum":true}`, "a number is expected, not a boolean"},
	{`{"$schema":"http://json-schema.org/draft-04/schema#","exclusiveMaximum":3}`, "a boolean is expected, not an integer"},
	{`{"$schema":"http://json-schema.org/draft-04/schema#","items":true}`, "not a boolean"},
	{`{"$schema":"http://json-schema.org/draft-04/schema#","dependencies":{"a":true}}`, "not a boolean"},
	{`{"multipleOf":0.0}`, "a number other than 0"},
	{`{"required":"a"}`, "an array of strings is expected"},
	{`{"required":[1]}`, "a string is expected"},
	{`{"enum":{}}`, "an array is expected"},
	{`{"allOf":{}}`, "an array of schemas is expected"},
	{`{"anyOf":[3]}`, "a schema is an object or a boolean, not an integer"},
	{`{"not":[]}`, "a schema is an object or a boolean, not an array"},
	{`{"items":3}`, "a schema is an object or a boolean"},
	{`{"additionalProperties":3}`, "a schema is an object or a boolean"},
	{`{"dependencies":{"a":[3]}}`, "a string is expected"},
	{`{"dependencies":[]}`, "an object is expected"},
	{`{"uniqueItems":"x"}`, "a boolean is expected"},
	{`{"title":3}`, "a string is expected"},
	{`{"$id":3}`, "a string is expected"},
	{`{"$id":"x y"}`, "is not a URI"},
	{`{"format":3}`, "a string is expected"},
	{`{"readOnly":3}`, "a boolean is expected"},
	{`{"then":3}`, "a schema is an object or a boolean"},
	{`{"pattern":"["}`, "not a regular expression of Java: unclosed character class"},
	{`{"patternProperties":{"a{,2}":{}}}`, "illegal repetition"},
	{`{"$schema":3}`, "a string is expected"},
	{`{"$ref":3}`, "a string is expected"},
	{`{"$ref":"#/definitions/zz"}`, `leads nowhere: there is no "definitions"`},
	{`{"definitions":{"a":[{}]},"$ref":"#/definitions/a/5"}`, `there is no "5"`},
	{`{"$ref":"missing.json"}`, `"missing.json" is in no import`},
	{`{"$ref":"a b"}`, "is not a URI"},
	{`{"$ref":"#/definitions/a","definitions":{"a":{"type":"bad"}}}`, "unknown type"},
	{`{"$ref":"#"}`, "leads back to itself"},
	{`{"$ref":"#/definitions/a","definitions":{"a":{"$ref":"#/definitions/b"},"b":{"$ref":"#/definitions/a"}}}`, "leads back to itself"},
	{`{"$id":"http://x.y/r.json","$ref":"r.json#/definitions/a","definitions":{"a":{}}}`, "in no import"}, // the registry would fetch it
	{`{` + latestDraft + `"items":[{}]}`, "a schema is an object or a boolean"},
	{`{` + latestDraft + `"$ref":"#nowhere"}`, "there is no anchor"},
	{`{` + latestDraft + `"$ref":"other.json"}`, "in no import"},
	{`{` + latestDraft + `"dependentRequired":[]}`, "an object is expected"},
	{`{` + latestDraft + `"minContains":"1"}`, "an integer"},
	{`1`, "not an integer"},
	{`null`, "not null"},
	{`{"a":1,}`, `1:8: not JSON: unexpected "}" after ','`},
	{`{"a":01}`, "leading zeros"},
	{`{"a":NaN}`, "not JSON"},
	{`{'a':1}`, "a name in quotes"},
	{`{"a":"` + "\t" + `"}`, "control character"},
	{`{"a":"\x"}`, "unknown escape"},
	{`{"a":1e99999999999}`, "exponent"},
	{`{"a"`, "':' is expected"},
	{`{"a":"b`, "unexpected end"},
}

func TestParse_invalid(t *testing.T) {
	t.Parallel()
	for _, c := range invalid {
		_, err := jsonschema.Parse(jsonschema.Source{Text: c.text})
		var refused *jsonschema.InvalidError
		if !errors.As(err, &refused) {
			t.Errorf("%s: %v, want an InvalidError", c.text, err)
			continue
		}
		if !strings.Contains(refused.Error(), c.want) {
			t.Errorf("%s:\n got %s\nwant %s", c.text, refused, c.want)
		}
		if refused.Line == 0 && !strings.Contains(c.want, "itself") {
			t.Errorf("%s: no position", c.text)
		}
	}
}

// What looks wrong and is taken all the same: the registry does not look.
func TestParse_valid(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`{}`, `true`, `[1]`, `"x"`, ``, ` `, `{"type":"string"} xx`, "\ufeff{}",
		`{"definitions":{"a":{"type":"bad"}}}`, `{"definitions":[1]}`, `{"$ref":"#/definitions/a","type":"bad","definitions":{"a":{}}}`,
		`{"minLength":-1}`, `{"minLength":5,"maxLength":2}`, `{"type":[]}`, `{"anyOf":[]}`, `{"enum":[]}`, `{"if":{"$ref":"#/if"}}`, `{"required":["a","a"]}`,
		`{"multipleOf":-2}`, `{"$comment":3,"examples":3,"nullable":3,"contentEncoding":3}`, `{"$schema":"unknown"}`,
		`{"$schema":"http://json-schema.org/draft-06/schema#","then":3,"readOnly":3}`,
		`{"$schema":"http://json-schema.org/draft-04/schema#","contains":3,"propertyNames":3,"not":true}`,
		`{"properties":{"$ref":{"type":"string"}}}`,
		`{"properties":{"p":{"$ref":"#nowhere"}}}`, // is the whole text
		`{"pattern":"(?<n>a)\\k<n>(?=x)(?<!y)a++[a-z&&[^b]]\\p{IsGreek}\\Q[\\E"}`,
		`{` + latestDraft + `"minLength":1.5,"dependencies":[]}`,
	} {
		if _, err := jsonschema.Parse(jsonschema.Source{Text: text}); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestParse_drafts(t *testing.T) {
	t.Parallel()
	for schema, typed := range map[string]bool{ // whether const is a keyword
		"http://json-schema.org/draft-04/schema#": false, "http://json-schema.org/schema#": false, "http://json-schema.org/draft-04/schema": false,
		"http://json-schema.org/draft-06/schema#": true, "https://json-schema.org/draft-07/schema": true,
		"https://json-schema.org/draft/2019-09/schema": true, "https://json-schema.org/draft/2020-12/schema#": true, "x": true,
	} {
		text := `{"$schema":"` + schema + `","const":1}`
		if got := !ok(jsonschema.Strict, parse(t, `{"type":"string"}`), parse(t, text)); got != typed {
			t.Errorf("%s: const is a keyword: %v, want %v", schema, got, typed)
		}
	}
}

func TestParse_imports(t *testing.T) {
	t.Parallel()
	imports := func(pairs ...string) (all []jsonschema.Import) {
		for i := 0; i < len(pairs); i += 2 {
			all = append(all, jsonschema.Import{Name: pairs[i], Text: pairs[i+1]})
		}
		return all
	}
	const one, boolean = `{"properties":{"p":{"$ref":"one.json"}}}`, `{"properties":{"p":{"type":"boolean"}}}`
	for _, c := range []struct {
		name    string
		text    string
		imports []jsonschema.Import
		invalid string // "" when p is a boolean
	}{
		{"plain", one, imports("one.json", `{"type":"boolean"}`), ""},
		{"the first of a name counts", one, imports("one.json", `{"type":"boolean"}`, "one.json", `{"type":"null"}`), ""},
		{"pointer", `{"properties":{"p":{"$ref":"one.json#/definitions/q"}}}`, imports("one.json", `{"definitions":{"q":{"$ref":"#/definitions/r"},"r":{"type":"boolean"}}}`), ""},
		{"id of a schema", `{"properties":{"p":{"$ref":"one.json#foo"}}}`, imports("one.json", `{"definitions":{"q":{"$id":"#foo","type":"boolean"}}}`), ""},
		{"through another", one, imports("one.json", `{"$ref":"two.json"}`, "two.json", `{"type":"boolean"}`), ""},
		{"back to the root", `{"$id":"http://x.y/r.json","properties":{"p":{"$ref":"one.json"}}}`, imports("one.json", `{"type":"boolean","not":{"$ref":"r.json"}}`), "in no import"},
		{"resolved against $id", `{"$id":"http://x.y/a/r.json","properties":{"p":{"$ref":"../one.json"}}}`, imports("http://x.y/one.json", `{"type":"boolean"}`), ""},
		{"named relative to $id", `{"$id":"http://x.y/a/r.json","properties":{"p":{"$ref":"http://x.y/a/one.json"}}}`, imports("one.json", `{"type":"boolean"}`), ""},
		{"relative to the import", `{"properties":{"p":{"$ref":"d/one.json"}}}`, imports("d/one.json", `{"$ref":"two.json"}`, "d/two.json", `{"type":"boolean"}`), ""},
		{"not relative to the root", `{"properties":{"p":{"$ref":"d/one.json"}}}`, imports("d/one.json", `{"$ref":"two.json"}`, "two.json", `{"type":"boolean"}`), "in no import"},
		{"scope of a schema", `{"properties":{"p":{"$id":"d/","not":{"$ref":"one.json"},"type":"boolean"}}}`, imports("one.json", `{}`), "in no import"},
		{"urn", `{"$id":"urn:a:b","properties":{"p":{"$ref":"one.json"}}}`, imports("one.json", `{"type":"boolean"}`), ""},
		{"dots are not resolved", `{"properties":{"p":{"$ref":"./one.json"}}}`, imports("one.json", `{"type":"boolean"}`), "in no import"},
		{"draft of the import", one, imports("one.json", `{"$schema":"http://json-schema.org/draft-04/schema#","type":"boolean","const":1}`), ""},
		{"draft of the referrer", `{"$schema":"http://json-schema.org/draft-04/schema#","properties":{"p":{"$ref":"one.json"}}}`, imports("one.json", `{"type":"boolean","const":1}`), ""},
		{"latest", "{" + latestDraft + `"properties":{"p":{"$ref":"one.json#x"}}}`, imports("one.json", `{"$defs":{"a":{"$anchor":"x","type":"boolean"}}}`), ""},
		{"wrong import", one, imports("one.json", "{\n\"type\":\"bad\"}"), `one.json:2:8: "type": unknown type "bad"`},
		{"unused and wrong", boolean, imports("one.json", `{"type":"bad"}`), ""},
		{"unused and no object", boolean, imports("one.json", `true`), "one.json:1:1: an imported schema is an object"},
		{"no JSON", boolean, imports("one.json", `{`), "one.json:1:2: not JSON"},
	} {
		s, err := jsonschema.Parse(jsonschema.Source{Text: c.text, Imports: c.imports})
		switch {
		case c.invalid != "" && (err == nil || !strings.Contains(err.Error(), c.invalid)):
			t.Errorf("%s: %v, want %s", c.name, err, c.invalid)
		case c.invalid != "":
		case err != nil:
			t.Errorf("%s: %v", c.name, err)
		case !ok(jsonschema.Strict, parse(t, boolean), s) || !ok(jsonschema.Strict, s, parse(t, boolean)):
			t.Errorf("%s: p is no boolean", c.name)
		}
	}
}

func TestCanonical(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"{ \"b\" : [ 1 , { } , [ ] , null ] ,\n \"a\" : true } x": `{"b":[1,{},[],null],"a":true}`,
		`{"a":1,"b":2,"a":3}`: `{"a":3,"b":2}`,
		`{"x":[1.0,1e2,1E-7,0.0000001,0.000001,-0.0,-0,0e5]}`:      `{"x":[1.0,1E+2,1E-7,1E-7,0.000001,0.0,0,0E+5]}`,
		`{"x":[1.50e3,12e-1,-1.5E-10,0.00,123456789012345678901]}`: `{"x":[1.50E+3,1.2,-1.5E-10,0.00,123456789012345678901]}`,
		`{"x":"\u0001\u001f\u00e9\ud83d\ude00\/\b\f\n\r\t\"\\é"}`:  `{"x":"\u0001\u001Fé😀/\b\f\n\r\t\"\\é"}`,
		`{"x":"\ud800"}`: `{"x":"?"}`,
		`true`:           `true`,
		``:               ``,
	} {
		if got := parse(t, text).Canonical(); got != want {
			t.Errorf("%s:\n got %s\nwant %s", text, got, want)
		}
	}
}
