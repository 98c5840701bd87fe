package jsonschema_test

var objectPairs = []pair{
	// required, of properties on both sides
	{`{"properties":{"a":{}}}`, `{"properties":{"a":{}},"required":["a"]}`, "REQUIRED_ATTRIBUTE_ADDED #/required/a"},
	{
		`{"properties":{"a":{"default":1}}}`, `{"properties":{"a":{}},"required":["a"]}`,
		"REQUIRED_ATTRIBUTE_ADDED #/required/a; DEFAULT_CHANGED #/properties/a",
	},
	{
		`{"properties":{"a":{}}}`, `{"properties":{"a":{"default":null}},"required":["a"]}`,
		"REQUIRED_ATTRIBUTE_WITH_DEFAULT_ADDED #/required/a; DEFAULT_CHANGED #/properties/a",
	},
	{`{"properties":{"a":{}},"required":["a","z"]}`, `{"properties":{"a":{}},"required":["y"]}`, "REQUIRED_ATTRIBUTE_REMOVED #/required/a"},
	{`{"properties":{"a":{}}}`, `{"properties":{"a":{}},"required":["z"]}`, ""},
	{`{"type":"object"}`, `{"type":"object","required":["z"]}`, ""},
	{`{"properties":{"a/b":{"type":"string"}}}`, `{"properties":{"a/b":{"type":"null"}}}`, "TYPE_CHANGED #/properties/a/b"},
	// the order is that of Java's hash tables
	{
		`{"properties":{"zeta":{},"alpha":{},"mid":{},"b":{},"a":{}}}`, `{"properties":{"zeta":{},"alpha":{},"mid":{},"b":{},"a":{}},"required":["alpha","a","b","mid","zeta"]}`,
		"REQUIRED_ATTRIBUTE_ADDED #/required/zeta; REQUIRED_ATTRIBUTE_ADDED #/required/a; REQUIRED_ATTRIBUTE_ADDED #/required/b; " +
			"REQUIRED_ATTRIBUTE_ADDED #/required/alpha; REQUIRED_ATTRIBUTE_ADDED #/required/mid",
	},
	// parts in order
	{
		`{"properties":{"a":{"type":"string"}},"additionalProperties":false,"maxProperties":3,"minProperties":1}`,
		`{"properties":{"a":{"type":"null"}},"required":["a"],"dependencies":{"a":["b"],"c":{}},"maxProperties":4,"minProperties":2}`,
		"REQUIRED_ATTRIBUTE_ADDED #/required/a; TYPE_CHANGED #/properties/a; DEPENDENCY_ARRAY_ADDED #/dependencies/a; " +
			"DEPENDENCY_SCHEMA_ADDED #/dependencies/c; ADDITIONAL_PROPERTIES_ADDED #/additionalProperties; " +
			"MAX_PROPERTIES_INCREASED #/maxProperties; MIN_PROPERTIES_INCREASED #/minProperties",
	},
	// dependencies
	{`{"type":"object"}`, `{"dependencies":{"a":["b"]}}`, "DEPENDENCY_ARRAY_ADDED #/dependencies/a"},
	{`{"dependencies":{"a":["b"]}}`, `{"type":"object"}`, "DEPENDENCY_ARRAY_REMOVED #/dependencies/a"},
	{`{"dependencies":{"a":["b"]}}`, `{"dependencies":{"a":["c","b"]}}`, "DEPENDENCY_ARRAY_EXTENDED #/dependencies/a"},
	{`{"dependencies":{"a":["b","c"]}}`, `{"dependencies":{"a":["c"]}}`, "DEPENDENCY_ARRAY_NARROWED #/dependencies/a"},
	{`{"dependencies":{"a":["b","c"]}}`, `{"dependencies":{"a":["c","d"]}}`, "DEPENDENCY_ARRAY_CHANGED #/dependencies/a"},
	{`{"dependencies":{"a":["b","c"]}}`, `{"dependencies":{"a":["c","b","b"]}}`, ""},
	{`{"type":"object"}`, `{"dependencies":{"a":[]}}`, ""},
	{`{"type":"object"}`, `{"dependencies":{"a":{}}}`, "DEPENDENCY_SCHEMA_ADDED #/dependencies/a"},
	{`{"dependencies":{"a":{}}}`, `{"type":"object"}`, "DEPENDENCY_SCHEMA_REMOVED #/dependencies/a"},
	{`{"dependencies":{"a":{"type":"string"}}}`, `{"dependencies":{"a":{"type":"null"}}}`, "TYPE_CHANGED #/dependencies/a"},
	{`{"dependencies":{"a":["b"]}}`, `{"dependencies":{"a":{}}}`, "DEPENDENCY_ARRAY_REMOVED #/dependencies/a; DEPENDENCY_SCHEMA_ADDED #/dependencies/a"},
	// additionalProperties
	{`{"type":"object"}`, `{"additionalProperties":false}`, "ADDITIONAL_PROPERTIES_REMOVED #/additionalProperties"},
	{`{"additionalProperties":false}`, `{"additionalProperties":true}`, "ADDITIONAL_PROPERTIES_ADDED #/additionalProperties"},
	{`{"additionalProperties":false}`, `{"additionalProperties":{"type":"string"}}`, "ADDITIONAL_PROPERTIES_ADDED #/additionalProperties"},
	{`{"additionalProperties":{"type":"string"}}`, `{"additionalProperties":false}`, "ADDITIONAL_PROPERTIES_REMOVED #/additionalProperties"},
	{`{"type":"object"}`, `{"additionalProperties":{"type":"string"}}`, "ADDITIONAL_PROPERTIES_NARROWED #/additionalProperties"},
	{`{"additionalProperties":{"type":"string"}}`, `{"type":"object"}`, "ADDITIONAL_PROPERTIES_EXTENDED #/additionalProperties"},
	{`{"additionalProperties":{"type":"string"}}`, `{"additionalProperties":{"type":"null"}}`, "TYPE_CHANGED #/additionalProperties"},
	{`{"additionalProperties":{"type":"string"}}`, `{"additionalProperties":{}}`, ""},
	// what could be the id of a schema is no property
	{`{"type":"object"}`, `{"properties":{"$id":"x"}}`, ""},
	{`{"properties":{"$id":{}}}`, `{"properties":{"$id":true}}`, "PROPERTY_REMOVED_FROM_OPEN_CONTENT_MODEL #/properties/$id"},
	// never compared
	{`{"propertyNames":{"type":"string"}}`, `{"propertyNames":{"type":"null"}}`, ""},
	{`{"patternProperties":{"a":{"type":"string"}}}`, `{"patternProperties":{"a":{"type":"null"},"b":{}}}`, ""},
}

// modelPairs add and remove properties under the content models.
var modelPairs = []pair{
	// added, open
	{`{"type":"object"}`, `{"properties":{"a":{}}}`, "PROPERTY_WITH_EMPTY_SCHEMA_ADDED_TO_OPEN_CONTENT_MODEL #/properties/a"},
	{`{"type":"object"}`, `{"properties":{"a":true},"required":["a"]}`, "PROPERTY_WITH_EMPTY_SCHEMA_ADDED_TO_OPEN_CONTENT_MODEL #/properties/a"},
	{`{"type":"object"}`, `{"properties":{"a":{"type":"null"}}}`, "OPTIONAL_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL #/properties/a"},
	{`{"type":"object"}`, `{"properties":{"a":false}}`, "OPTIONAL_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL #/properties/a"},
	{`{"type":"object"}`, `{"properties":{"a":{"type":"null"}},"required":["a"]}`, "REQUIRED_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL #/properties/a"},
	{
		`{"type":"object"}`, `{"properties":{"a":{"type":"null","default":1}},"required":["a"]}`,
		"REQUIRED_PROPERTY_WITH_DEFAULT_ADDED_TO_OPEN_CONTENT_MODEL #/properties/a",
	},
	{
		`{"additionalProperties":true}`, `{"properties":{"a":{"type":"null"}},"additionalProperties":false}`,
		"OPTIONAL_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL #/properties/a; ADDITIONAL_PROPERTIES_REMOVED #/additionalProperties",
	},
	// added, closed
	{`{"additionalProperties":false}`, `{"properties":{"a":{}},"additionalProperties":false}`, "OPTIONAL_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL #/properties/a"},
	{
		`{"additionalProperties":false}`, `{"properties":{"a":{}},"required":["a"],"additionalProperties":false}`,
		"REQUIRED_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL #/properties/a",
	},
	{
		`{"additionalProperties":false}`, `{"properties":{"a":{"default":1}},"required":["a"],"additionalProperties":false}`,
		"REQUIRED_PROPERTY_WITH_DEFAULT_ADDED_TO_UNOPEN_CONTENT_MODEL #/properties/a",
	},
	{
		`{"additionalProperties":false}`, `{"properties":{"a":{}}}`,
		"OPTIONAL_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL #/properties/a; ADDITIONAL_PROPERTIES_ADDED #/additionalProperties",
	},
	// added, partially open
	{
		`{"additionalProperties":{"type":"integer"}}`, `{"properties":{"a":{"type":"number"}},"additionalProperties":{"type":"integer"}}`,
		"TYPE_EXTENDED #/properties/a; PROPERTY_ADDED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL #/properties/a; OPTIONAL_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL #/properties/a",
	},
	{
		`{"additionalProperties":{"type":"number"}}`, `{"properties":{"a":{"type":"integer"}},"additionalProperties":{"type":"number"}}`,
		"TYPE_NARROWED #/properties/a; PROPERTY_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL #/properties/a; OPTIONAL_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL #/properties/a",
	},
	{
		`{"patternProperties":{"^a":{"type":"string"}},"additionalProperties":false}`, `{"properties":{"ab":{"type":"string"}},"patternProperties":{"^a":{"type":"string"}},"additionalProperties":false}`,
		"PROPERTY_ADDED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL #/properties/ab; OPTIONAL_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL #/properties/ab",
	},
	{
		`{"patternProperties":{"^a":{"type":"string"}},"additionalProperties":{"type":"null"}}`, `{"properties":{"ab":{"type":"null"},"b":{"type":"null"}},"required":["ab"],"additionalProperties":{"type":"null"}}`,
		"TYPE_CHANGED #/properties/ab; PROPERTY_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL #/properties/ab; REQUIRED_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL #/properties/ab; " +
			"PROPERTY_ADDED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL #/properties/b; OPTIONAL_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL #/properties/b",
	},
	{`{"patternProperties":{"^a":{}}}`, `{"properties":{"b":{"type":"null"}},"patternProperties":{"^a":{}}}`, "OPTIONAL_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL #/properties/b"},
	{`{"patternProperties":{"(?=a)":{}}}`, `{"properties":{"a":{"type":"null"}}}`, "OPTIONAL_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL #/properties/a"}, // not run
	// removed, by the model of the update
	{`{"properties":{"a":{}}}`, `{"type":"object"}`, "PROPERTY_REMOVED_FROM_OPEN_CONTENT_MODEL #/properties/a"},
	{
		`{"properties":{"a":false},"additionalProperties":false}`, `{"type":"object"}`,
		"PROPERTY_REMOVED_FROM_OPEN_CONTENT_MODEL #/properties/a; ADDITIONAL_PROPERTIES_ADDED #/additionalProperties",
	},
	{
		`{"properties":{"a":{}}}`, `{"additionalProperties":false}`,
		"PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL #/properties/a; ADDITIONAL_PROPERTIES_REMOVED #/additionalProperties",
	},
	{
		`{"properties":{"a":false},"additionalProperties":false}`, `{"additionalProperties":false}`,
		"PROPERTY_WITH_FALSE_REMOVED_FROM_CLOSED_CONTENT_MODEL #/properties/a",
	},
	{
		`{"properties":{"a":{"type":"integer"}},"additionalProperties":{"type":"number"}}`, `{"additionalProperties":{"type":"number"}}`,
		"TYPE_EXTENDED #/properties/a; PROPERTY_REMOVED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL #/properties/a",
	},
	{
		`{"properties":{"a":{}},"additionalProperties":{"type":"number"}}`, `{"additionalProperties":{"type":"number"}}`,
		"TYPE_CHANGED #/properties/a; PROPERTY_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL #/properties/a",
	},
	{
		`{"properties":{"ab":{"type":"null"},"b":{}}}`, `{"patternProperties":{"^a":{"type":"null"}}}`,
		"PROPERTY_REMOVED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL #/properties/ab; PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL #/properties/b",
	},
	// a property that is required and goes is judged as removed only
	{`{"properties":{"a":{}},"required":["a"]}`, `{"type":"object"}`, "PROPERTY_REMOVED_FROM_OPEN_CONTENT_MODEL #/properties/a"},
	{
		`{"properties":{"a":{}}}`, `{"properties":{"b":{}}}`,
		"PROPERTY_REMOVED_FROM_OPEN_CONTENT_MODEL #/properties/a; PROPERTY_WITH_EMPTY_SCHEMA_ADDED_TO_OPEN_CONTENT_MODEL #/properties/b",
	},
}
