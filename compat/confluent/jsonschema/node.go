package jsonschema

import "regexp"

type kind uint8

// The kinds of schemas. An object of the registry's loader has one of them, and
// two schemas of different kinds are of different types.
const (
	kindEmpty kind = iota // {} or nothing but annotations
	kindTrue
	kindFalse
	kindObject
	kindArray
	kindString
	kindNumber // integer too
	kindBoolean
	kindNull
	kindConst
	kindEnum
	kindNot
	kindConditional // if, then, else: never looked into
	kindCombined
	kindReference
)

type criterion uint8

const (
	allOf criterion = iota
	anyOf
	oneOf
)

func (c criterion) String() string { return [...]string{"allOf", "anyOf", "oneOf"}[c] }

// node is a schema as the registry's loader makes it. A node does not change
// once it is loaded, and nodes may form cycles through references.
type node struct {
	kind                   kind
	id, title, description *string
	defaultKey             string // of the default value; "" without
	hasDefault             bool
	connectBytes           bool // "connect.type": "bytes"

	object    *objectNode
	array     *arrayNode
	str       *stringNode
	number    *numberNode
	constKey  string
	enum      map[string]struct{}
	enumOrder []string
	not       *node
	combined  *combinedNode
	target    *node    // of a reference
	ref       string   // as written
	identity  string   // shared by equal branches of combined schemas
	rest      []member // keywords that mean nothing, but tell branches apart
	cyclic    bool
}

type stringNode struct {
	minLength, maxLength *int
	pattern              *string
	format               string // one that the loader checks
	required             bool   // "type" says string; sniffed otherwise
}

type numberNode struct {
	minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf *number
	exclusiveFlags                                                   [2]bool // draft 4
	integer, required                                                bool
}

type objectNode struct {
	properties           map[string]*node
	names                []string // of properties, in the order of the loader's map
	required             []string
	requiredSet          map[string]struct{}
	min, max             *int
	closed               bool // additionalProperties: false
	additional           *node
	unevaluatedClosed    bool
	unevaluated          *node
	dependencies         map[string][]string
	dependencyNames      []string
	schemaDependencies   map[string]*node
	schemaDependantNames []string
	patterns             []patternNode
	propertyNames        *node
	typed                bool
}

type patternNode struct {
	text   string
	regexp *regexp.Regexp // nil when it cannot be run
	schema *node
}

type arrayNode struct {
	min, max                 *int
	unique, typed            bool
	all                      *node
	items                    []*node
	closed                   bool // additionalItems: false
	additional               *node
	unevaluatedClosed        bool
	unevaluated              *node
	contains                 *node
	minContains, maxContains *int
}

type combinedNode struct {
	criterion criterion
	branches  []*node
}

// resolved follows references.
func (n *node) resolved() *node {
	for n != nil && n.kind == kindReference {
		n = n.target
	}
	return n
}

// empty says whether anything fits.
func (n *node) empty() bool { return n.kind == kindEmpty || n.kind == kindTrue }
