package jsonschema

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/esgen-dev/esgen/compat/confluent/internal/javaorder"
)

// draft is what the loader understands of a text.
type draft uint8

const (
	draft4 draft = iota
	draft6
	draft7
	latest // 2019-09 and 2020-12
)

// draftOf reads $schema; what is unknown leaves the draft as it was.
func draftOf(v *value, before draft) draft {
	schema := v.get("$schema")
	if schema == nil || schema.kind != jsonString {
		return before
	}
	url := strings.TrimSuffix(schema.text, "#")
	_, url, _ = strings.Cut(url, "://")
	switch url {
	case "json-schema.org/draft-04/schema", "json-schema.org/schema":
		return draft4
	case "json-schema.org/draft-06/schema":
		return draft6
	case "json-schema.org/draft-07/schema":
		return draft7
	case "json-schema.org/draft/2019-09/schema", "json-schema.org/draft/2020-12/schema":
		return latest
	}
	return before
}

func (d draft) idKeyword() string {
	if d == draft4 {
		return "id"
	}
	return "$id"
}

// document is one text.
type document struct {
	name   string // of the import
	text   string
	uri    string
	root   *value
	anchor map[string]*value // by name; nil until one is looked up

	// Of the latest drafts; nil until looked at.
	resources map[string]*resource
	byValue   map[*value]*resource
}

// scope is where a schema stands.
type scope struct {
	document *document
	base     string
	resource *value // where pointers start; latest drafts
	draft    draft
	depth    int
}

// maxDepth is how deep schemas may be nested, references included. Java runs
// out of stack well before, at a few hundred.
const maxDepth = 1000

// loader turns values into nodes. A target of references is loaded once more
// than it stands in the text, as in the registry: that decides how often a
// difference inside of a cycle is reported.
type loader struct {
	documents map[string]*document
	targets   map[*value]*node
	inline    map[*value]*node
	budget    int // loads before targets are shared with the text
}

func (l *loader) fail(s scope, v *value, format string, args ...any) error {
	e := &InvalidError{Message: fmt.Sprintf(format, args...), Import: s.document.name}
	if v != nil {
		e.Line, e.Column = position(s.document.text, v.offset)
	}
	return e
}

func position(text string, offset int) (line, column int) {
	offset = min(offset, len(text))
	before := text[:offset]
	return 1 + strings.Count(before, "\n"), offset - strings.LastIndex(before, "\n")
}

// load makes a node of a schema.
func (l *loader) load(s scope, v *value) (*node, error) {
	n := &node{}
	return n, l.into(n, s, v)
}

func (l *loader) into(n *node, s scope, v *value) error {
	if s.depth++; s.depth > maxDepth {
		return l.fail(s, v, "schemas are nested deeper than %d, references included", maxDepth)
	}
	l.budget--
	if _, ok := l.inline[v]; !ok {
		l.inline[v] = n
	}
	switch v.kind {
	case jsonTrue:
		n.kind = kindTrue
		return nil
	case jsonFalse:
		n.kind = kindFalse
		return nil
	case jsonObject:
	default:
		return l.fail(s, v, "a schema is an object or a boolean, not %s", v.describe())
	}
	if s.draft == latest {
		return l.latest(n, s, v)
	}
	s, err := l.scoped(s, v)
	if err != nil {
		return err
	}
	if err := l.annotate(n, s, v); err != nil {
		return err
	}
	if ref := v.get("$ref"); ref != nil {
		n.hasDefault, n.defaultKey, n.id = false, "", nil
		n.rest = restOfReference(s.draft, v)
		return l.reference(n, s, ref)
	}
	parts, err := l.parts(s, v)
	if err != nil {
		return err
	}
	n.become(parts)
	n.rest = rest(s.draft, v)
	return nil
}

// become makes a schema out of its parts: none, the one, or allOf of them.
func (n *node) become(parts []*node) {
	switch len(parts) {
	case 0:
		n.kind = kindEmpty
	case 1:
		part := *parts[0]
		part.id, part.title, part.description = n.id, n.title, n.description
		part.defaultKey, part.hasDefault, part.connectBytes = n.defaultKey, n.hasDefault, n.connectBytes
		*n = part
	default:
		n.combine(allOf, parts)
	}
}

// combine sets the branches: those that are combined themselves come first.
func (n *node) combine(c criterion, branches []*node) {
	n.kind = kindCombined
	slices.SortStableFunc(branches, func(a, b *node) int { return rank(a) - rank(b) })
	n.combined = &combinedNode{criterion: c, branches: branches}
}

func rank(n *node) int {
	if n.kind == kindCombined {
		return 0
	}
	return 1
}

// scoped enters the scope of a schema with an id.
func (l *loader) scoped(s scope, v *value) (scope, error) {
	id := v.get(s.draft.idKeyword())
	if id == nil {
		return s, nil
	}
	if id.kind != jsonString {
		return s, l.fail(s, id, "%q: a string is expected, not %s", s.draft.idKeyword(), id.describe())
	}
	if !strings.HasPrefix(id.text, "#") {
		s.base = resolve(s.base, id.text)
	}
	return s, nil
}

func (l *loader) annotate(n *node, s scope, v *value) error {
	var err error
	if n.title, err = l.text(s, v, "title"); err != nil {
		return err
	}
	if n.description, err = l.text(s, v, "description"); err != nil {
		return err
	}
	if n.id, err = l.text(s, v, s.draft.idKeyword()); err != nil {
		return err
	}
	if d := v.get("default"); d != nil {
		n.hasDefault, n.defaultKey = true, d.key()
	}
	if connect := v.get("connect.type"); connect != nil && connect.kind == jsonString && connect.text == "bytes" {
		n.connectBytes = true
	}
	if s.draft == draft7 {
		for _, word := range []string{"readOnly", "writeOnly"} {
			if flag := v.get(word); flag != nil && !flag.boolean() {
				return l.fail(s, flag, "%q: a boolean is expected, not %s", word, flag.describe())
			}
		}
	}
	return nil
}

func (l *loader) text(s scope, v *value, word string) (*string, error) {
	text := v.get(word)
	if text == nil {
		return nil, nil
	}
	if text.kind != jsonString {
		return nil, l.fail(s, text, "%q: a string is expected, not %s", word, text.describe())
	}
	return &text.text, nil
}

func (l *loader) count(s scope, v *value, word string) (*int, error) {
	count := v.get(word)
	if count == nil {
		return nil, nil
	}
	if s.draft == latest && count.number() {
		number := int(max(min(newNumber(count).float, 1<<31-1), -1<<31))
		return &number, nil
	}
	if count.kind == jsonInteger {
		if n, err := strconv.ParseInt(count.text, 10, 32); err == nil {
			number := int(n)
			return &number, nil
		}
	}
	return nil, l.fail(s, count, "%q: an integer of 32 bits is expected, written without point and exponent", word)
}

func (l *loader) bound(s scope, v *value, word string) (*number, error) {
	bound := v.get(word)
	if bound == nil {
		return nil, nil
	}
	if !bound.number() {
		return nil, l.fail(s, bound, "%q: a number is expected, not %s", word, bound.describe())
	}
	return newNumber(bound), nil
}

func (l *loader) flag(s scope, v *value, word string) (bool, error) {
	flag := v.get(word)
	if flag == nil {
		return false, nil
	}
	if !flag.boolean() {
		return false, l.fail(s, flag, "%q: a boolean is expected, not %s", word, flag.describe())
	}
	return flag.kind == jsonTrue, nil
}

// texts reads a list of strings.
func (l *loader) texts(s scope, list *value, word string) ([]string, error) {
	if list.kind != jsonArray {
		return nil, l.fail(s, list, "%q: an array of strings is expected, not %s", word, list.describe())
	}
	texts := make([]string, 0, len(list.items))
	for _, item := range list.items {
		if item.kind != jsonString {
			return nil, l.fail(s, item, "%q: a string is expected, not %s", word, item.describe())
		}
		texts = append(texts, item.text)
	}
	return texts, nil
}

// sub loads the schema under a keyword, nil when there is none.
func (l *loader) sub(s scope, v *value, word string) (*node, error) {
	if under := v.get(word); under != nil {
		return l.load(s, under)
	}
	return nil, nil
}

// list loads an array of schemas.
func (l *loader) list(s scope, list *value, word string) ([]*node, error) {
	if list.kind != jsonArray {
		return nil, l.fail(s, list, "%q: an array of schemas is expected, not %s", word, list.describe())
	}
	nodes := make([]*node, 0, len(list.items))
	for _, item := range list.items {
		n, err := l.load(s, item)
		if err != nil {
			return nil, err
		}
		nodes = append(nodes, n)
	}
	return nodes, nil
}

// members loads an object of schemas, and returns the names in the order of
// the map that the registry's loader keeps them in.
func (l *loader) members(s scope, v *value, word string) (map[string]*node, []string, error) {
	object := v.get(word)
	if object == nil {
		return nil, nil, nil
	}
	if object.kind != jsonObject {
		return nil, nil, l.fail(s, object, "%q: an object is expected, not %s", word, object.describe())
	}
	nodes := make(map[string]*node, len(object.members))
	names := make([]string, 0, len(object.members))
	for _, m := range object.members {
		if word == "properties" && s.draft != latest && m.name == s.draft.idKeyword() && m.value.kind != jsonObject {
			continue // is taken for the id of a schema, and dropped
		}
		n, err := l.load(s, m.value)
		if err != nil {
			return nil, nil, err
		}
		nodes[m.name] = n
		names = append(names, m.name)
	}
	return nodes, javaorder.Strings(nil, names), nil
}
