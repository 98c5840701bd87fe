package jsonschema_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/esgen-dev/esgen/compat/confluent/jsonschema"
)

// pair is two schemas and what the rules say about them, "TYPE path" joined by
// "; ".
type pair struct{ original, update, want string }

const latestDraft = `"$schema":"https://json-schema.org/draft/2020-12/schema",`

func allPairs() []pair {
	all := boundPairs()
	for _, more := range [][]pair{scalarPairs, objectPairs, modelPairs, arrayPairs, combinedPairs, identityPairs, branchPairs, referencePairs, latestPairs} {
		all = append(all, more...)
	}
	return all
}

func TestDiff_pairs(t *testing.T) {
	t.Parallel()
	pairs := allPairs()
	if len(pairs) < 200 {
		t.Errorf("%d pairs, want 200", len(pairs))
	}
	found := map[string]bool{}
	for _, p := range pairs {
		got := list(jsonschema.Diff(jsonschema.Strict, parse(t, p.original), parse(t, p.update)))
		if d := cmp.Diff(p.want, strings.Join(got, "; ")); d != "" {
			t.Errorf("%s\n-> %s\n(-want +got):\n%s", p.original, p.update, d)
		}
		for _, each := range got {
			name, _, _ := strings.Cut(each, " ")
			found[name] = true
		}
	}
	for _, rule := range jsonschema.Changes() {
		never := rule.Change == jsonschema.ReservedPropertyRemoved || rule.Change == jsonschema.ReservedPropertyConflictsWithProperty ||
			rule.Change == jsonschema.PropertyAddedToOpenContentModel
		if found[rule.ID] == never {
			t.Errorf("%s: provoked %v, want %v", rule.ID, found[rule.ID], !never)
		}
	}
}

// TestDiff_places compares every pair again where schemas can stand: what is
// found moves along.
func TestDiff_places(t *testing.T) {
	t.Parallel()
	for _, place := range []struct{ format, path string }{
		{`{"type":"object","properties":{"p":%s}}`, "properties/p"},
		{`{"type":"array","items":%s}`, "items"},
		{`{"type":"array","items":[{},%s]}`, "items/1"},
		{`{"type":"object","additionalProperties":%s}`, "additionalProperties"},
		{`{"dependencies":{"d":%s}}`, "dependencies/d"},
		{`{"properties":{"p":{"$ref":"#/definitions/x~1y"}},"definitions":{"x/y":%s}}`, "properties/p"},
	} {
		for _, p := range allPairs() {
			if strings.Contains(p.original+p.update, "$schema") || strings.Contains(p.original+p.update, "#") {
				continue // belong to a root
			}
			original, update := fmt.Sprintf(place.format, p.original), fmt.Sprintf(place.format, p.update)
			if strings.Contains(place.path, "additional") && (p.original == "true" || p.original == "false" || p.update == "true" || p.update == "false") {
				continue // means something else there
			}
			want := strings.ReplaceAll(strings.ReplaceAll(p.want, "#/", "#/"+place.path+"/"), place.path+"/;", place.path+";")
			want = strings.TrimSuffix(want, "/")
			got := list(jsonschema.Diff(jsonschema.Strict, parse(t, original), parse(t, update)))
			if d := cmp.Diff(want, strings.Join(got, "; ")); d != "" {
				t.Errorf("%s\n-> %s\n(-want +got):\n%s", original, update, d)
			}
		}
	}
}

// boundPairs are the keywords with a limit: added, removed, larger, smaller.
func boundPairs() []pair {
	var pairs []pair
	for _, b := range []struct{ head, word, id string }{
		{`"type":"string",`, "maxLength", "MAX_LENGTH"},
		{`"type":"string",`, "minLength", "MIN_LENGTH"},
		{`"type":"number",`, "maximum", "MAXIMUM"},
		{`"type":"integer",`, "minimum", "MINIMUM"},
		{`"type":"number",`, "exclusiveMaximum", "EXCLUSIVE_MAXIMUM"},
		{`"type":"number",`, "exclusiveMinimum", "EXCLUSIVE_MINIMUM"},
		{`"type":"object",`, "maxProperties", "MAX_PROPERTIES"},
		{`"type":"object",`, "minProperties", "MIN_PROPERTIES"},
		{`"type":"array",`, "maxItems", "MAX_ITEMS"},
		{`"type":"array",`, "minItems", "MIN_ITEMS"},
		{latestDraft + `"type":"array","contains":{},`, "maxContains", "MAX_CONTAINS"},
		{latestDraft + `"type":"array","contains":{},`, "minContains", "MIN_CONTAINS"},
	} {
		without := "{" + b.head + `"x":1}`
		low, high := fmt.Sprintf(`{%s%q:3}`, b.head, b.word), fmt.Sprintf(`{%s%q:20}`, b.head, b.word)
		pairs = append(pairs,
			pair{without, low, b.id + "_ADDED #/" + b.word}, pair{low, without, b.id + "_REMOVED #/" + b.word},
			pair{low, high, b.id + "_INCREASED #/" + b.word}, pair{high, low, b.id + "_DECREASED #/" + b.word},
			pair{low, low, ""})
	}
	return pairs
}

var scalarPairs = []pair{
	// annotations: all may change
	{`{"type":"string","title":"a"}`, `{"type":"string","title":"b"}`, "TITLE_CHANGED #/"},
	{`{"type":"string"}`, `{"type":"string","description":"b"}`, "DESCRIPTION_CHANGED #/"},
	{`{"type":"string"}`, `{"type":"string","title":"","description":""}`, "TITLE_CHANGED #/; DESCRIPTION_CHANGED #/"},
	{`{"type":"string","$id":"a"}`, `{"type":"string"}`, "ID_CHANGED #/"},
	{`{"type":"string","default":"a"}`, `{"type":"string","default":"b"}`, "DEFAULT_CHANGED #/"},
	{`{"type":"string"}`, `{"type":"string","default":null}`, "DEFAULT_CHANGED #/"},
	{`{"default":{"a":[1,{"b":2}],"c":3}}`, `{"default":{"c":3,"a":[1,{"b":2}]}}`, ""},
	{`{"default":1}`, `{"default":1.0}`, "DEFAULT_CHANGED #/"},
	{`{"type":"string","format":"date","$comment":"a"}`, `{"type":"string","format":"time","examples":[1]}`, ""},
	// types
	{`{"type":"string"}`, `{"type":"number"}`, "TYPE_CHANGED #/"},
	{`{"type":"boolean"}`, `{"type":"null"}`, "TYPE_CHANGED #/"},
	{`{"type":"boolean"}`, `{"type":"boolean"}`, ""},
	{`{"type":"object"}`, `{"type":"array"}`, "TYPE_CHANGED #/"},
	{`{"type":"integer"}`, `{"type":"number"}`, "TYPE_EXTENDED #/"},
	{`{"type":"number"}`, `{"type":"integer"}`, "TYPE_NARROWED #/"},
	{`{"type":"integer","maximum":3}`, `{"type":"number","maximum":4}`, "MAXIMUM_INCREASED #/maximum; TYPE_EXTENDED #/"},
	{`{"type":"string"}`, `{}`, ""},
	{`{"type":"string","title":"a"}`, `{"title":"b"}`, ""},
	{`{"type":"string"}`, `true`, ""},
	{`true`, `{}`, ""},
	{`{}`, `true`, ""},
	{`true`, `false`, "TYPE_CHANGED #/"},
	{`false`, `{"type":"string"}`, ""},
	{`false`, `false`, ""},
	{`{}`, `{"type":"string"}`, "TYPE_CHANGED #/"},
	{`{"type":"string","connect.type":"bytes"}`, `{"type":"number","connect.type":"bytes"}`, ""},
	{`{"type":"string","connect.type":"bytes"}`, `{"type":"number"}`, "TYPE_CHANGED #/"},
	{`{"type":"string","connect.type":"int8"}`, `{"type":"number","connect.type":"int8"}`, "TYPE_CHANGED #/"},
	{`{"maxLength":3}`, `{"type":"string","maxLength":3}`, ""}, // the keyword says string too
	{`{"minimum":3}`, `{"type":"integer","minimum":3}`, "TYPE_NARROWED #/"},
	// patterns are compared as texts
	{`{"type":"string"}`, `{"type":"string","pattern":"a"}`, "PATTERN_ADDED #/pattern"},
	{`{"type":"string","pattern":"a"}`, `{"type":"string"}`, "PATTERN_REMOVED #/pattern"},
	{`{"type":"string","pattern":"a"}`, `{"type":"string","pattern":"a|b"}`, "PATTERN_CHANGED #/pattern"},
	{
		`{"type":"string","maxLength":2,"minLength":1,"pattern":"a"}`, `{"type":"string","maxLength":3,"minLength":0,"pattern":"b"}`,
		"MAX_LENGTH_INCREASED #/maxLength; MIN_LENGTH_DECREASED #/minLength; PATTERN_CHANGED #/pattern",
	},
	// numbers are compared as doubles
	{`{"maximum":3}`, `{"maximum":3.0}`, ""},
	{`{"maximum":9007199254740992}`, `{"maximum":9007199254740993}`, ""},
	{`{"maximum":1e2}`, `{"maximum":101}`, "MAXIMUM_INCREASED #/maximum"},
	{`{"minimum":123456789012345678901234567890}`, `{"minimum":-0}`, "MINIMUM_DECREASED #/minimum"},
	// what decreased is measured by the maximum of the update
	{`{"exclusiveMaximum":10,"maximum":4}`, `{"exclusiveMaximum":5,"maximum":4}`, "EXCLUSIVE_MAXIMUM_DECREASED #/exclusiveMaximum"},
	{`{"exclusiveMaximum":10,"maximum":12}`, `{"exclusiveMaximum":5,"maximum":12}`, ""},
	{`{"exclusiveMaximum":10,"maximum":4}`, `{"exclusiveMaximum":10.0,"maximum":4}`, "EXCLUSIVE_MAXIMUM_DECREASED #/exclusiveMaximum"},
	{`{"exclusiveMaximum":10}`, `{"exclusiveMaximum":10.0}`, ""},
	{`{"exclusiveMinimum":10,"minimum":12}`, `{"exclusiveMinimum":5,"minimum":12}`, "EXCLUSIVE_MINIMUM_DECREASED #/exclusiveMinimum"},
	{`{"multipleOf":2}`, `{"type":"number"}`, "MULTIPLE_OF_REMOVED #/multipleOf"},
	{`{"type":"number"}`, `{"multipleOf":2}`, "MULTIPLE_OF_ADDED #/multipleOf"},
	{`{"multipleOf":2}`, `{"multipleOf":4}`, "MULTIPLE_OF_EXPANDED #/multipleOf"},
	{`{"multipleOf":4}`, `{"multipleOf":2}`, "MULTIPLE_OF_REDUCED #/multipleOf"},
	{`{"multipleOf":4}`, `{"multipleOf":6}`, "MULTIPLE_OF_CHANGED #/multipleOf"},
	{`{"multipleOf":0.1}`, `{"multipleOf":0.3}`, "MULTIPLE_OF_EXPANDED #/multipleOf"},
	{`{"multipleOf":2}`, `{"multipleOf":2.0}`, ""},
	{`{"multipleOf":1e999999}`, `{"multipleOf":3}`, "MULTIPLE_OF_CHANGED #/multipleOf"},
	{
		`{"$schema":"http://json-schema.org/draft-04/schema#","maximum":3,"exclusiveMaximum":true}`,
		`{"$schema":"http://json-schema.org/draft-04/schema#","maximum":3}`, "",
	},
	// values
	{`{"const":1}`, `{"const":2}`, "ENUM_ARRAY_CHANGED #/const"},
	{`{"const":{"a":1,"b":[]}}`, `{"const":{"b":[],"a":1}}`, ""},
	{`{"const":1}`, `{"const":1.0}`, "ENUM_ARRAY_CHANGED #/const"},
	{`{"const":1}`, `{"enum":[1]}`, "TYPE_CHANGED #/"},
	{`{"enum":["a"]}`, `{"enum":["b","a","a"]}`, "ENUM_ARRAY_EXTENDED #/enum"},
	{`{"enum":["a","b"]}`, `{"enum":["a"]}`, "ENUM_ARRAY_NARROWED #/enum"},
	{`{"enum":["a","b"]}`, `{"enum":["a","c"]}`, "ENUM_ARRAY_CHANGED #/enum"},
	{`{"enum":["a","b",null,1.50]}`, `{"enum":[1.50,null,"b","a"]}`, ""},
	{`{"enum":[1.5]}`, `{"enum":[1.50]}`, "ENUM_ARRAY_CHANGED #/enum"},
	{`{"enum":[]}`, `{"enum":[1]}`, "ENUM_ARRAY_EXTENDED #/enum"},
	{`{"type":"string","enum":["a"]}`, `{"type":"string","enum":["a","b"]}`, "ENUM_ARRAY_EXTENDED #/allOf/0/enum"},
	{`{"type":"string","const":"a"}`, `{"type":"string"}`, "PRODUCT_TYPE_NARROWED #/"},
	{`{"type":"string"}`, `{"type":"string","const":"a"}`, "TYPE_CHANGED #/"},
	// if, then and else are one schema that is not looked into
	{`{"if":{"type":"string"}}`, `{"then":{"type":"number"}}`, ""},
	{`{"if":{}}`, `{"type":"string"}`, "TYPE_CHANGED #/"},
	{`{"type":"string","if":{}}`, `{"type":"string"}`, "PRODUCT_TYPE_NARROWED #/"},
	// not is compared the other way round; that it is the same is a difference too
	{`{"not":{"type":"number"}}`, `{"not":{"type":"integer"}}`, "NOT_TYPE_NARROWED #/not"},
	{`{"not":{"type":"integer"}}`, `{"not":{"type":"number"}}`, "NOT_TYPE_EXTENDED #/not"},
	{`{"not":{"type":"integer"}}`, `{"not":{"type":"integer"}}`, "NOT_TYPE_NARROWED #/not"},
	{`{"not":{"not":{"type":"integer"}}}`, `{"not":{"not":{"type":"number"}}}`, "NOT_TYPE_NARROWED #/not"},
	{`{"not":{"not":{"type":"number"}}}`, `{"not":{"not":{"type":"integer"}}}`, "NOT_TYPE_EXTENDED #/not"},
	{`{"not":{"not":{"type":"object","title":"a"}}}`, `{"not":{"not":{"type":"object","title":"b"}}}`, "NOT_TYPE_NARROWED #/not"},
	{`{"not":{}}`, `{"type":"string"}`, "TYPE_CHANGED #/"},
}
