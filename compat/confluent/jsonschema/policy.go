package jsonschema

// Policy is the registry's compatibilityPolicy. It decides which differences
// are compatible.
type Policy int8

// The policies.
const (
	// Strict is the registry's default: an object without
	// additionalProperties accepts anything under a name it does not declare.
	Strict Policy = iota
	// Lenient takes objects for closed, so that optional properties come and
	// go (servers from 8.0.6, 8.1.4, 8.2.2 and 8.3.0).
	Lenient
)

// String returns the name that the registry's configuration uses.
func (p Policy) String() string {
	switch p {
	case Strict:
		return "STRICT"
	case Lenient:
		return "LENIENT"
	}
	return "UNKNOWN"
}

// Difference is one difference between two schemas.
type Difference struct {
	Type Change
	// Path leads from the root of the schema, e.g. "#/properties/name". It is
	// the registry's path: names are not escaped, and a step into a synthetic
	// allOf or anyOf is one too.
	Path string
}

// String returns the difference as "TYPE path".
func (d Difference) String() string { return d.Type.String() + " " + d.Path }

// Compatible says whether the difference is compatible under the policy.
func (c Change) Compatible(p Policy) bool {
	switch c.row().Verdict {
	case Always:
		return true
	case OnlyLenient:
		return p == Lenient
	case Never:
	}
	return false
}

// String returns the registry's name of the change, e.g. "TYPE_CHANGED".
func (c Change) String() string { return c.row().ID }

// Verdict says under which policies a change is compatible.
type Verdict int8

// The verdicts.
const (
	Never Verdict = iota
	OnlyLenient
	Always
)

// ChangeRule is a row of the table of changes.
type ChangeRule struct {
	Change  Change
	ID      string // the registry's name, e.g. "TYPE_CHANGED"
	Verdict Verdict
	Meaning string // one line: what changed from the original to the update
}
