package jsonschema_test

var combinedPairs = []pair{
	// a plain schema and a combined one
	{`{"type":"string"}`, `{"oneOf":[{"type":"string"}]}`, ""},
	{`{"type":"string"}`, `{"allOf":[{"type":"string","title":"t"}]}`, "TITLE_CHANGED #/"},
	{`{"type":"string"}`, `{"anyOf":[{"type":"null"}]}`, "TYPE_CHANGED #/"},
	{`{"type":"string"}`, `{"anyOf":[{"type":"null"},{"type":"string","maxLength":2},{"type":"string","title":"t"}]}`, "TITLE_CHANGED #/; SUM_TYPE_EXTENDED #/"},
	{`{"type":"string"}`, `{"oneOf":[{"type":"null"},{"type":"number"}]}`, "TYPE_CHANGED #/"},
	{`{"type":"string"}`, `{"allOf":[{"type":"string"},{}]}`, "TYPE_CHANGED #/"},
	{`{"type":"string"}`, `{"anyOf":[]}`, "TYPE_CHANGED #/"},
	{`false`, `{"allOf":[{"type":"string"},{"type":"null"}]}`, ""},
	{`{}`, `{"anyOf":[{"type":"string"},{}]}`, "SUM_TYPE_EXTENDED #/"},
	{`{}`, `{"anyOf":[{"type":"string"},{"type":"null"}]}`, "TYPE_CHANGED #/"},
	{`{"oneOf":[{"type":"string"}]}`, `{"type":"string"}`, ""},
	{`{"oneOf":[{"type":"string"}]}`, `{"type":"null"}`, "TYPE_CHANGED #/"},
	{`{"oneOf":[{"type":"string"},{"type":"null"}]}`, `{"type":"string"}`, "TYPE_CHANGED #/"},
	{`{"oneOf":[{"type":"string"},{"type":"null"}]}`, `{}`, ""},
	{`{"allOf":[{"type":"string"},{"type":"null"}]}`, `{"type":"null","title":"t"}`, "TITLE_CHANGED #/; PRODUCT_TYPE_NARROWED #/"},
	{`{"allOf":[{"type":"string"},{"type":"null"}]}`, `{"type":"number"}`, "TYPE_CHANGED #/"},
	{`{"allOf":[{"type":"string"},{"type":"null"}]}`, `true`, "PRODUCT_TYPE_NARROWED #/"},
	{`{"type":["string"]}`, `{"type":"string"}`, ""},
	{`{"type":"string"}`, `{"type":["null","string"]}`, "SUM_TYPE_EXTENDED #/"},
	{`{"type":["string","null"]}`, `{"type":"string"}`, "TYPE_CHANGED #/"},
	{`{"type":"string"}`, `{"type":["string"],"enum":["a"]}`, "TYPE_CHANGED #/"},
	// criteria
	{`{"oneOf":[{"type":"string"},{"type":"null"}]}`, `{"anyOf":[{"type":"string"},{"type":"null"}]}`, "COMBINED_TYPE_EXTENDED #/"},
	{`{"allOf":[{"type":"string"},{"type":"null"}]}`, `{"anyOf":[{"type":"string"},{"type":"null"}]}`, "COMBINED_TYPE_EXTENDED #/"},
	{`{"anyOf":[{"type":"string"},{"type":"null"}]}`, `{"oneOf":[{"type":"string"},{"type":"null"}]}`, "COMBINED_TYPE_CHANGED #/"},
	{`{"anyOf":[{"type":"string"},{"type":"null"}]}`, `{"allOf":[{"type":"string"},{"type":"null"}]}`, "COMBINED_TYPE_CHANGED #/"},
	{`{"allOf":[{"type":"string"},{"type":"null"}]}`, `{"oneOf":[{"type":"string"},{"type":"null"}]}`, "COMBINED_TYPE_CHANGED #/"},
	{`{"oneOf":[{"type":"string"}]}`, `{"allOf":[{"type":"string","title":"t"}]}`, "COMBINED_TYPE_EXTENDED #/; TITLE_CHANGED #/oneOf/0"},
	{`{"allOf":[{"type":"string"}]}`, `{"oneOf":[{"type":"string"},{"type":"null"}]}`, "COMBINED_TYPE_EXTENDED #/; SUM_TYPE_EXTENDED #/"},
	{`{"allOf":[{"type":"string"},{"type":"null"}]}`, `{"oneOf":[{"type":"null"}]}`, "COMBINED_TYPE_EXTENDED #/; PRODUCT_TYPE_NARROWED #/"},
	{`{"anyOf":[{"type":"string"},{"type":"null"}]}`, `{"oneOf":[{"type":"null"}]}`, "COMBINED_TYPE_CHANGED #/"},
	{`{"oneOf":[{"type":"string"}]}`, `{"allOf":[{"type":"string"},{"type":"null"}]}`, "COMBINED_TYPE_CHANGED #/"},
	// sizes
	{`{"oneOf":[{"type":"string"},{"type":"null"}]}`, `{"oneOf":[{"type":"string"}]}`, "SUM_TYPE_NARROWED #/"},
	{`{"anyOf":[{"type":"string"},{"type":"null"}]}`, `{"anyOf":[{"type":"null"}]}`, "SUM_TYPE_NARROWED #/"},
	{`{"allOf":[{"type":"string"},{"type":"null"}]}`, `{"allOf":[{"type":"null"}]}`, "PRODUCT_TYPE_NARROWED #/"},
	{`{"allOf":[{"type":"string"}]}`, `{"allOf":[{"type":"null"},{"type":"string"}]}`, "PRODUCT_TYPE_EXTENDED #/"},
	{`{"anyOf":[]}`, `{"anyOf":[{"type":"null"},{"type":"string"}]}`, "SUM_TYPE_EXTENDED #/"},
	{`{"anyOf":[]}`, `{"anyOf":[]}`, ""},
	{`{"oneOf":[{"type":"string"},{"type":"string"}]}`, `{"oneOf":[{"type":"string"},{"type":"null"}]}`, "SUM_TYPE_EXTENDED #/"},
	{`{"oneOf":[{"type":"string"},{"type":"string"},{"type":"string","title":"t"}]}`, `{"oneOf":[{"type":"string","title":"t"},{"type":"string"}]}`, ""},
	{
		`{"type":"string","oneOf":[{"maxLength":1},{"minLength":2}]}`, `{"type":"string","oneOf":[{"maxLength":2},{"minLength":2}]}`,
		"MAX_LENGTH_INCREASED #/allOf/0/oneOf/0/maxLength",
	},
}

// identityPairs tell which branches are equal: a second one that is counts for
// nothing, and another one extends the sum.
var identityPairs = []pair{
	// the loader takes any const, if and false for equal, and all that differ in them
	{`{"oneOf":[{"const":1},{"const":2}]}`, `{"oneOf":[{"const":1}]}`, ""},
	{`{"oneOf":[{"const":1},{"const":2}]}`, `{"oneOf":[{"const":1},{"const":3},{"const":4}]}`, ""},
	{`{"oneOf":[{"const":1},{"const":2}]}`, `{"oneOf":[{"const":2},{"const":1}]}`, "COMBINED_TYPE_SUBSCHEMAS_CHANGED #/"},
	{`{"oneOf":[{"const":1},false,{"if":{}},{"then":{}}]}`, `{"oneOf":[{"const":1}]}`, ""},
	{`{"oneOf":[{"const":1,"title":"a"},{"const":2,"title":"b"}]}`, `{"oneOf":[{"const":1,"title":"a"}]}`, "SUM_TYPE_NARROWED #/"},
	{
		`{"oneOf":[{"properties":{"k":{"const":"a"}}},{"properties":{"k":{"const":"b"}}}]}`, `{"oneOf":[{"properties":{"k":{"const":"a"}}}]}`,
		"",
	},
	{`{"oneOf":[{"type":"string","const":"a"},{"type":"string","const":"b"}]}`, `{"oneOf":[{"type":"string","const":"a"}]}`, ""},
	{`{"oneOf":[{"not":{"const":1}},{"not":{"const":2}}]}`, `{"oneOf":[{"not":{"const":1}}]}`, "NOT_TYPE_NARROWED #/oneOf/0/not"},
	// formats that the draft checks
	{`{"anyOf":[{"format":"date"},{"format":"time"}]}`, `{"anyOf":[{"format":"date"}]}`, "SUM_TYPE_NARROWED #/"},
	{`{"anyOf":[{"format":"uuid"},{"format":"duration"},{"type":"string"}]}`, `{"anyOf":[{"format":"uuid"},{"type":"string"}]}`, ""},
	{
		`{"$schema":"http://json-schema.org/draft-06/schema#","anyOf":[{"format":"date"},{"format":"time"},{"format":"uri-reference"}]}`,
		`{"$schema":"http://json-schema.org/draft-06/schema#","anyOf":[{"format":"date"}]}`, "SUM_TYPE_NARROWED #/",
	},
	{
		`{"$schema":"http://json-schema.org/draft-06/schema#","anyOf":[{"format":"date"},{"format":"time"}]}`,
		`{"$schema":"http://json-schema.org/draft-06/schema#","anyOf":[{"format":"date"}]}`, "",
	},
	{
		`{"$schema":"http://json-schema.org/draft-04/schema#","anyOf":[{"format":"uri"},{"format":"uri-reference"},{"format":"date"}]}`,
		`{"$schema":"http://json-schema.org/draft-04/schema#","anyOf":[{"format":"uri"},{"format":"uri-reference"}]}`, "",
	},
	// unknown keywords
	{`{"anyOf":[{"type":"string","x":1},{"type":"string","x":2}]}`, `{"anyOf":[{"type":"string","x":1}]}`, "SUM_TYPE_NARROWED #/"},
	{`{"anyOf":[{"type":"string","x":1,"y":2},{"type":"string","y":2,"x":1}]}`, `{"anyOf":[{"type":"string"}]}`, ""},
	{`{"anyOf":[{"type":"string"},{"type":"string","examples":[1]}]}`, `{"anyOf":[{"type":"string"}]}`, "SUM_TYPE_NARROWED #/"},
	{`{"anyOf":[{},{"$comment":"a"},{"readOnly":true}]}`, `{"anyOf":[{},{"$comment":"b"}]}`, "SUM_TYPE_NARROWED #/"},
	{
		`{"$schema":"http://json-schema.org/draft-04/schema#","anyOf":[{"const":1},{"const":2}]}`,
		`{"$schema":"http://json-schema.org/draft-04/schema#","anyOf":[{"const":1}]}`, "SUM_TYPE_NARROWED #/",
	},
	// beside references
	{
		`{"definitions":{"a":{}},"anyOf":[{"$ref":"#/definitions/a"},{"$ref":"#/definitions/a","x":1}]}`,
		`{"definitions":{"a":{}},"anyOf":[{"$ref":"#/definitions/a"}]}`, "SUM_TYPE_NARROWED #/",
	},
	{
		`{"definitions":{"a":{}},"anyOf":[{"$ref":"#/definitions/a","type":"string"},{"$ref":"#/definitions/a","type":"null"}]}`,
		`{"definitions":{"a":{}},"anyOf":[{"$ref":"#/definitions/a"}]}`, "SUM_TYPE_NARROWED #/",
	},
	{
		`{"definitions":{"a":{}},"anyOf":[{"$ref":"#/definitions/a"},{"$ref":"#/definitions/a","default":1},{"$ref":"#/definitions/a","readOnly":true}]}`,
		`{"definitions":{"a":{}},"anyOf":[{"$ref":"#/definitions/a"}]}`, "",
	},
	// orders
	{`{"anyOf":[{"enum":[1,2]},{"enum":[2,1]}]}`, `{"anyOf":[{"enum":[1,2]}]}`, "SUM_TYPE_NARROWED #/"},
	{`{"anyOf":[{"type":["string","null"]},{"anyOf":[{"type":"null"},{"type":"string"}]}]}`, `{"anyOf":[{"type":["string","null"]}]}`, ""},
	{
		`{"anyOf":[{"type":["string","null","null"]},{"type":["string","null"]}]}`, `{"anyOf":[{"type":["string","null"]}]}`,
		"SUM_TYPE_NARROWED #/",
	},
}

var branchPairs = []pair{
	// matching
	{`{"oneOf":[{"type":"string"},{"type":"null"}]}`, `{"oneOf":[{"type":"null"},{"type":"string"}]}`, ""},
	{`{"oneOf":[{"type":"string"},{"type":"null"}]}`, `{"oneOf":[{"type":"number"},{"type":"string"}]}`, "COMBINED_TYPE_SUBSCHEMAS_CHANGED #/"},
	{
		`{"oneOf":[{"type":"string"},{"type":"null"},{"type":"boolean"}]}`, `{"oneOf":[{"type":"number"},{"type":"string"}]}`,
		"SUM_TYPE_NARROWED #/; COMBINED_TYPE_SUBSCHEMAS_CHANGED #/",
	},
	{`{"oneOf":[{"type":"string"}]}`, `{"oneOf":[{"type":"number"},{"type":"null"}]}`, "SUM_TYPE_EXTENDED #/; COMBINED_TYPE_SUBSCHEMAS_CHANGED #/"},
	{
		`{"anyOf":[{"type":"integer"},{"type":"null"}]}`, `{"anyOf":[{"type":"null","title":"t"},{"type":"number"}]}`,
		"TYPE_EXTENDED #/anyOf/0; TITLE_CHANGED #/anyOf/1",
	},
	// the first takes the only partner of the second, and has to move over
	{
		`{"anyOf":[{"type":"integer"},{"type":"number","maximum":5}]}`, `{"anyOf":[{"type":"number"},{"type":"integer","title":"t"}]}`,
		"TITLE_CHANGED #/anyOf/0; MAXIMUM_REMOVED #/anyOf/1/maximum",
	},
	// a chain of three has to move over
	{
		`{"anyOf":[{"maximum":1},{"maximum":2},{"maximum":3}]}`, `{"anyOf":[{"maximum":3,"title":"c"},{"maximum":2,"title":"b"},{"maximum":1,"title":"a"}]}`,
		"TITLE_CHANGED #/anyOf/0; TITLE_CHANGED #/anyOf/1; TITLE_CHANGED #/anyOf/2",
	},
	{
		`{"anyOf":[{"maximum":1},{"maximum":2}]}`, `{"anyOf":[{"maximum":1,"title":"a"},{"maximum":1}]}`,
		"COMBINED_TYPE_SUBSCHEMAS_CHANGED #/",
	},
	// equal ones are matched first
	{`{"oneOf":[{"maxLength":1},{"maxLength":2}]}`, `{"oneOf":[{"maxLength":2},{"maxLength":1}]}`, ""},
	{`{"oneOf":[{"enum":[1]},{"enum":[2]},{"enum":[3]}]}`, `{"oneOf":[{"enum":[3]},{"enum":[1]},{"enum":[4]},{"enum":[2]}]}`, "SUM_TYPE_EXTENDED #/"},
	{`{"oneOf":[{"enum":[1]},{"enum":[2]},{"enum":[3]}]}`, `{"oneOf":[{"enum":[3]},{"enum":[1]},{"enum":[4]}]}`, "COMBINED_TYPE_SUBSCHEMAS_CHANGED #/"},
	// combined ones come first
	{
		`{"allOf":[{"type":"string"},{"anyOf":[{"maxLength":1},{"minLength":2}]}]}`, `{"allOf":[{"anyOf":[{"maxLength":3},{"minLength":2}]},{"type":"string","title":"t"}]}`,
		"MAX_LENGTH_INCREASED #/allOf/0/anyOf/0/maxLength; TITLE_CHANGED #/allOf/1",
	},
	// synthetic ones
	{
		`{"type":"integer","enum":[1],"not":{"type":"string"}}`, `{"type":"number","enum":[1,2],"not":{"type":"string"}}`,
		"ENUM_ARRAY_EXTENDED #/allOf/0/enum; NOT_TYPE_NARROWED #/allOf/1/not; TYPE_EXTENDED #/allOf/2",
	},
	{`{"type":["integer","null"],"minimum":1}`, `{"type":["integer","null"],"minimum":0}`, "MINIMUM_DECREASED #/anyOf/0/minimum"},
	{`{"type":"string","minimum":1}`, `{"type":"string","minimum":0}`, "MINIMUM_DECREASED #/allOf/1/minimum"},
	{`{"type":"string","enum":["a","b"]}`, `{"type":"string","enum":["a"]}`, "COMBINED_TYPE_SUBSCHEMAS_CHANGED #/"},
	{`{"type":"object","oneOf":[{"required":["a"]},{"required":["b"]}]}`, `{"type":"object","oneOf":[{"required":["a"]}]}`, "COMBINED_TYPE_SUBSCHEMAS_CHANGED #/"},
	{
		`{"type":"object","properties":{"a":{"type":"string"}},"if":{}}`, `{"type":"object","properties":{"a":{"type":"string","title":"t"}},"then":{}}`,
		"TITLE_CHANGED #/allOf/1/properties/a",
	},
}

var referencePairs = []pair{
	{`{"$ref":"#/definitions/a","title":"x","definitions":{"a":{"type":"string"}}}`, `{"type":"string"}`, ""},
	{`{"$ref":"#/definitions/a","definitions":{"a":{"$ref":"#/definitions/b"},"b":{"type":"string"}}}`, `{"type":"null"}`, "TYPE_CHANGED #/"},
	{
		`{"properties":{"a":{"type":"string"}}}`, `{"properties":{"a":{"$ref":"#/definitions/a","type":"null"}},"definitions":{"a":{"type":"string","title":"t"}}}`,
		"TITLE_CHANGED #/properties/a",
	},
	{
		`{"properties":{"a":{"type":"string"}}}`, `{"properties":{"a":{"$ref":"#/definitions/a"}},"required":["a"],"definitions":{"a":{"type":"string","default":"t"}}}`,
		"REQUIRED_ATTRIBUTE_WITH_DEFAULT_ADDED #/required/a; DEFAULT_CHANGED #/properties/a",
	},
	{
		`{"type":"object"}`, `{"properties":{"a":{"$ref":"#/definitions/a"}},"definitions":{"a":{}}}`,
		"PROPERTY_WITH_EMPTY_SCHEMA_ADDED_TO_OPEN_CONTENT_MODEL #/properties/a",
	},
	{`{"properties":{"p":{"$ref":"#foo"}},"definitions":{"a":{"$id":"#foo","type":"null"}}}`, `{"properties":{"p":{"type":"null","$id":"#foo"}}}`, ""},
	{
		`{"properties":{"p":{"$ref":"#/definitions/a~0b~1c%20d%25"}},"definitions":{"a~b/c d%":{"type":"null"}}}`, `{"properties":{"p":{"type":"string"}}}`,
		"TYPE_CHANGED #/properties/p",
	},
	{
		`{"properties":{"p":{"$ref":"#/properties/q/items/1"},"q":{"items":[true,{"type":"null"}]}}}`, `{"properties":{"p":{"type":"string"},"q":{"items":[true,{"type":"null"}]}}}`,
		"TYPE_CHANGED #/properties/p",
	},
	// a reference to the root loads it once more: what is in it is found twice
	{
		`{"properties":{"n":{"$ref":"#"},"v":{"type":"string"}}}`, `{"properties":{"n":{"$ref":"#"},"v":{"type":"null"}}}`,
		"TYPE_CHANGED #/properties/v; TYPE_CHANGED #/properties/n/properties/v",
	},
	{
		`{"$ref":"#/definitions/n","definitions":{"n":{"properties":{"n":{"$ref":"#/definitions/n"},"v":{"type":"string"}}}}}`,
		`{"$ref":"#/definitions/n","definitions":{"n":{"properties":{"n":{"$ref":"#/definitions/n"},"v":{"type":"null"}}}}}`, "TYPE_CHANGED #/properties/v",
	},
	// a cycle of two against a cycle of one
	{
		`{"$ref":"#/definitions/a","definitions":{"a":{"items":{"$ref":"#/definitions/b"}},"b":{"items":{"$ref":"#/definitions/a"}}}}`,
		`{"$ref":"#/definitions/a","definitions":{"a":{"items":{"$ref":"#/definitions/a"}}}}`, "",
	},
	{
		`{"$ref":"#/definitions/a","definitions":{"a":{"items":{"$ref":"#/definitions/b"}},"b":{"minItems":1,"items":{"$ref":"#/definitions/a"}}}}`,
		`{"$ref":"#/definitions/a","definitions":{"a":{"minItems":1,"items":{"$ref":"#/definitions/a"}}}}`, "MIN_ITEMS_ADDED #/minItems",
	},
}
