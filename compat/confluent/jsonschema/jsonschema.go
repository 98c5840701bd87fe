// Package jsonschema answers as the Confluent Schema Registry does whether one
// JSON Schema may follow another: the same differences, in the same order, at
// the same paths, with the same verdict under each policy.
//
//	old, err := jsonschema.Parse(jsonschema.Source{Text: a})
//	...
//	for _, d := range jsonschema.Diff(jsonschema.Strict, old, update) {
//		fmt.Println(d.Type, d.Path, d.Type.Compatible(jsonschema.Strict))
//	}
//
// [Parse] builds the model that the registry compares. It is not the text: a
// type with an enum becomes an allOf of two schemas, a list of types an anyOf,
// a reference the schema it refers to, and what the registry would refuse as
// invalid is an [InvalidError]. [Diff] walks two of these models. [Changes] is
// the table of everything it can say.
//
// Drafts 4, 6 and 7 are read as written; a text without $schema, or with an
// unknown one, is draft 7. Drafts 2019-09 and 2020-12 are translated to the
// same model.
//
// # What it does not do
//
// It validates no document. It fetches nothing: a reference leads into the same
// text or into one of [Source].Imports. It knows no levels and no history: the
// question is always whether a reader of the update can read what was written
// with the original (BACKWARD). It does not compare what the registry does not
// compare: formats, if/then/else, contains, propertyNames, and patternProperties
// with each other.
//
// # Where the registry fails
//
// For some pairs the registry answers with an internal error. They get a verdict
// here: see [Diff]. Schemas nested deeper than the registry's stack are invalid.
//
// All functions are safe for concurrent use, and a [Schema] never changes.
package jsonschema

import "fmt"

// Import is another schema that a text may refer to.
type Import struct {
	// Name is the URI that leads to the text, as written in $ref or resolved
	// against the $id of the root, e.g. "address.json".
	Name string
	// Text is the JSON Schema.
	Text string
	// Subject and Version say where the registry keeps the text. They are
	// not looked at here.
	Subject string
	Version int
}

// Source is what is registered: a text, and everything it refers to directly or
// through other imports. Of imports of one name the first counts.
type Source struct {
	Text    string
	Imports []Import
}

// InvalidError says why the registry would refuse a text, before it compares it
// with anything.
type InvalidError struct {
	// Message is lower-case without a full stop, e.g. `"type": unknown type "strin"`.
	Message string
	// Import is the name of the import that is wrong; "" for the text itself.
	Import string
	// Line and Column count from 1, columns in bytes; 0 when not known.
	Line, Column int
}

// Error returns the position and the message.
func (e *InvalidError) Error() string {
	where := ""
	if e.Import != "" {
		where = e.Import + ":"
	}
	if e.Line > 0 {
		where += fmt.Sprintf("%d:%d:", e.Line, e.Column)
	}
	if where == "" {
		return e.Message
	}
	return where + " " + e.Message
}
