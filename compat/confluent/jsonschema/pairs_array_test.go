package jsonschema_test

var arrayPairs = []pair{
	{`{"type":"array"}`, `{"type":"array","items":{}}`, "SCHEMA_ADDED #/items"},
	{`{"type":"array","items":{"type":"string"}}`, `{"type":"array"}`, "SCHEMA_REMOVED #/items"},
	{`{"type":"array","items":{"type":"string"}}`, `{"type":"array","items":{"type":"null"}}`, "TYPE_CHANGED #/items"},
	{
		`{"type":"array","items":{"type":"string"}}`, `{"type":"array","items":[{"type":"string"}]}`,
		"SCHEMA_REMOVED #/items; ITEM_ADDED_TO_OPEN_CONTENT_MODEL #/items/0",
	},
	{
		`{"type":"array","items":[{"type":"string"}]}`, `{"type":"array","items":{"type":"string"}}`,
		"SCHEMA_ADDED #/items; ITEM_REMOVED_FROM_OPEN_CONTENT_MODEL #/items/0",
	},
	{
		`{"items":[{"type":"string"},{"type":"null"}]}`, `{"items":[{"type":"null"},{"type":"null","title":"t"}]}`,
		"TYPE_CHANGED #/items/0; TITLE_CHANGED #/items/1",
	},
	{`{"type":"array","items":[]}`, `{"type":"array"}`, ""},
	// a longer tuple
	{`{"items":[{}]}`, `{"items":[{},{"type":"null"}]}`, "ITEM_ADDED_TO_OPEN_CONTENT_MODEL #/items/1"},
	{`{"items":[{}]}`, `{"items":[{},{}]}`, "ITEM_WITH_EMPTY_SCHEMA_ADDED_TO_OPEN_CONTENT_MODEL #/items/1"},
	{`{"items":[{}],"additionalItems":false}`, `{"items":[{},{}],"additionalItems":false}`, "ITEM_ADDED_TO_CLOSED_CONTENT_MODEL #/items/1"},
	{
		`{"items":[{}],"additionalItems":{"type":"integer"}}`, `{"items":[{},{"type":"number"}],"additionalItems":{"type":"integer"}}`,
		"TYPE_EXTENDED #/items/1; ITEM_ADDED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL #/items/1",
	},
	{
		`{"items":[{}],"additionalItems":{"type":"number"}}`, `{"items":[{},{"type":"integer"}],"additionalItems":{"type":"number"}}`,
		"TYPE_NARROWED #/items/1; ITEM_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL #/items/1",
	},
	// a shorter tuple
	{`{"items":[{},{"type":"null"}]}`, `{"items":[{}]}`, "ITEM_REMOVED_FROM_OPEN_CONTENT_MODEL #/items/1"},
	{`{"items":[{},{}],"additionalItems":false}`, `{"items":[{}],"additionalItems":false}`, "ITEM_REMOVED_FROM_CLOSED_CONTENT_MODEL #/items/1"},
	{`{"items":[{},false],"additionalItems":false}`, `{"items":[{}],"additionalItems":false}`, "ITEM_WITH_FALSE_REMOVED_FROM_CLOSED_CONTENT_MODEL #/items/1"},
	{
		`{"items":[{},{"type":"integer"}],"additionalItems":{"type":"number"}}`, `{"items":[{}],"additionalItems":{"type":"number"}}`,
		"TYPE_EXTENDED #/items/1; ITEM_REMOVED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL #/items/1",
	},
	{
		`{"items":[{},{"type":"number"}],"additionalItems":{"type":"integer"}}`, `{"items":[{}],"additionalItems":{"type":"integer"}}`,
		"TYPE_NARROWED #/items/1; ITEM_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL #/items/1",
	},
	// additionalItems
	{`{"items":[{}]}`, `{"items":[{}],"additionalItems":false}`, "ADDITIONAL_ITEMS_REMOVED #/additionalItems"},
	{`{"items":[{}],"additionalItems":false}`, `{"items":[{}],"additionalItems":true}`, "ADDITIONAL_ITEMS_ADDED #/additionalItems"},
	{`{"items":[{}]}`, `{"items":[{}],"additionalItems":{"type":"null"}}`, "ADDITIONAL_ITEMS_NARROWED #/additionalItems"},
	{`{"items":[{}],"additionalItems":{"type":"null"}}`, `{"items":[{}]}`, "ADDITIONAL_ITEMS_EXTENDED #/additionalItems"},
	{`{"items":[{}],"additionalItems":{"type":"null"}}`, `{"items":[{}],"additionalItems":{"type":"string"}}`, "TYPE_CHANGED #/additionalItems"},
	{`{"items":{}}`, `{"items":{},"additionalItems":false}`, ""}, // says nothing after items for all
	// the rest
	{`{"type":"array"}`, `{"type":"array","uniqueItems":true}`, "UNIQUE_ITEMS_ADDED #/uniqueItems"},
	{`{"type":"array","uniqueItems":true}`, `{"type":"array","uniqueItems":false}`, "UNIQUE_ITEMS_REMOVED #/uniqueItems"},
	{`{"type":"array","contains":{"type":"null"}}`, `{"type":"array","contains":{"type":"string"}}`, ""},
	{
		`{"items":{"type":"null"},"maxItems":2,"minItems":1}`, `{"items":{"type":"null","title":"a"},"maxItems":1,"minItems":0,"uniqueItems":true}`,
		"TITLE_CHANGED #/items; MAX_ITEMS_DECREASED #/maxItems; MIN_ITEMS_DECREASED #/minItems; UNIQUE_ITEMS_ADDED #/uniqueItems",
	},
}

// latestPairs are of draft 2020-12.
var latestPairs = []pair{
	{
		"{" + latestDraft + `"type":"array","prefixItems":[{"type":"string"}]}`, "{" + latestDraft + `"type":"array","prefixItems":[{"type":"null"}]}`,
		"TYPE_CHANGED #/items/0",
	},
	{
		"{" + latestDraft + `"prefixItems":[{}],"items":false}`, "{" + latestDraft + `"prefixItems":[{},{}],"items":false}`,
		"ITEM_ADDED_TO_CLOSED_CONTENT_MODEL #/items/1",
	},
	{
		"{" + latestDraft + `"prefixItems":[{}],"items":{"type":"null"}}`, "{" + latestDraft + `"prefixItems":[{}],"items":{"type":"string"}}`,
		"TYPE_CHANGED #/additionalItems",
	},
	{"{" + latestDraft + `"prefixItems":[{}],"items":{}}`, "{" + latestDraft + `"prefixItems":[{}],"items":true}`, ""},
	{
		"{" + latestDraft + `"prefixItems":[{}]}`, "{" + latestDraft + `"prefixItems":[{}],"unevaluatedItems":false}`,
		"UNEVALUATED_ITEMS_REMOVED #/unevaluatedItems",
	},
	{
		"{" + latestDraft + `"prefixItems":[{}],"unevaluatedItems":false}`, "{" + latestDraft + `"prefixItems":[{}]}`,
		"UNEVALUATED_ITEMS_ADDED #/unevaluatedItems",
	},
	{
		"{" + latestDraft + `"prefixItems":[{}],"unevaluatedItems":{"type":"null"}}`, "{" + latestDraft + `"prefixItems":[{},{"type":"null"}]}`,
		"ITEM_ADDED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL #/items/1; UNEVALUATED_ITEMS_EXTENDED #/unevaluatedItems",
	},
	{
		"{" + latestDraft + `"prefixItems":[{}]}`, "{" + latestDraft + `"prefixItems":[{}],"unevaluatedItems":{"type":"null"}}`,
		"UNEVALUATED_ITEMS_NARROWED #/unevaluatedItems",
	},
	{
		"{" + latestDraft + `"type":"object"}`, "{" + latestDraft + `"type":"object","unevaluatedProperties":false}`,
		"UNEVALUATED_PROPERTIES_REMOVED #/unevaluatedProperties",
	},
	{
		"{" + latestDraft + `"type":"object","unevaluatedProperties":false}`, "{" + latestDraft + `"type":"object","properties":{"a":{"type":"null"}},"unevaluatedProperties":false}`,
		"OPTIONAL_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL #/properties/a",
	},
	{
		"{" + latestDraft + `"type":"object","unevaluatedProperties":false}`, "{" + latestDraft + `"type":"object"}`,
		"UNEVALUATED_PROPERTIES_ADDED #/unevaluatedProperties",
	},
	{
		"{" + latestDraft + `"type":"object"}`, "{" + latestDraft + `"type":"object","unevaluatedProperties":{"type":"null"}}`,
		"UNEVALUATED_PROPERTIES_NARROWED #/unevaluatedProperties",
	},
	{
		"{" + latestDraft + `"type":"object","unevaluatedProperties":{"type":"null"}}`, "{" + latestDraft + `"type":"object","properties":{"a":{"type":"null"}}}`,
		"PROPERTY_ADDED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL #/properties/a; OPTIONAL_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL #/properties/a; " +
			"UNEVALUATED_PROPERTIES_EXTENDED #/unevaluatedProperties",
	},
	{
		"{" + latestDraft + `"type":"object","additionalProperties":{}}`, "{" + latestDraft + `"type":"object","properties":{"a":{"type":"null"}},"additionalProperties":{}}`,
		"OPTIONAL_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL #/properties/a",
	},
	{
		"{" + latestDraft + `"type":"object","dependentRequired":{"a":["b"]}}`, "{" + latestDraft + `"type":"object","dependentRequired":{"a":["b","c"]},"dependentSchemas":{"x":{}}}`,
		"DEPENDENCY_ARRAY_EXTENDED #/dependencies/a; DEPENDENCY_SCHEMA_ADDED #/dependencies/x",
	},
	{
		"{" + latestDraft + `"$ref":"#/$defs/a","$defs":{"a":{"type":"string"}}}`, "{" + latestDraft + `"$ref":"#b","$defs":{"c":{"$anchor":"b","type":"null"}}}`,
		"TYPE_CHANGED #/",
	},
	{
		"{" + latestDraft + `"$id":"http://x.y/r.json","$ref":"z.json#/$defs/q","$defs":{"a":{"$id":"z.json","$defs":{"q":{"type":"string"}}}}}`,
		"{" + latestDraft + `"$dynamicRef":"#b","$defs":{"c":{"$dynamicAnchor":"b","type":"null"}}}`, "TYPE_CHANGED #/",
	},
	{"{" + latestDraft + `"type":"string","enum":["a"]}`, "{" + latestDraft + `"type":"string","enum":["a","b"]}`, "ENUM_ARRAY_EXTENDED #/allOf/0/enum"},
	{"{" + latestDraft + `"type":["string","null"]}`, "{" + latestDraft + `"type":["string","null","integer"]}`, "SUM_TYPE_EXTENDED #/"},
	{"{" + latestDraft + `"dependencies":{"a":["b"]}}`, "{" + latestDraft + `"then":{"type":"null"},"properties":{}}`, ""},
	{`{"type":"object","properties":{"a":{"type":"string"}}}`, "{" + latestDraft + `"type":"object","properties":{"a":{"type":"null"}}}`, "TYPE_CHANGED #/properties/a"},
}
