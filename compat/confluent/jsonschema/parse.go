package jsonschema

import (
	"errors"
	"fmt"
)

// Schema is a schema that the registry would take as valid.
type Schema struct {
	root *node
	json *value
}

// Parse reads a schema. The error is an [*InvalidError].
func Parse(src Source) (*Schema, error) {
	root, err := parseText("", src.Text)
	if err != nil {
		return nil, err
	}
	if root != nil && root.boolean() {
		k := kindTrue
		if root.kind == jsonFalse {
			k = kindFalse
		}
		return &Schema{root: &node{kind: k}, json: root}, nil
	}
	if root == nil || root.kind != jsonObject {
		// An array, a string or nothing at all is a schema without keywords there.
		if root != nil && (root.kind == jsonNull || root.number()) {
			return nil, &InvalidError{Message: fmt.Sprintf("a schema is an object or a boolean, not %s", root.describe()), Line: 1, Column: 1}
		}
		return &Schema{root: &node{kind: kindEmpty}, json: root}, nil
	}
	l, s, err := newLoader(src, root)
	if err != nil {
		return nil, err
	}
	loaded, err := l.load(s, root)
	if err != nil {
		return nil, err
	}
	if err := l.endless(s, markCycles(loaded)); err != nil {
		return nil, err
	}
	identify(loaded)
	for _, target := range l.targets {
		identify(target)
	}
	return &Schema{root: loaded, json: root}, nil
}

func parseText(name, text string) (*value, error) {
	v, err := readJSON(text)
	if syntax, ok := errors.AsType[*syntaxError](err); ok {
		line, column := position(text, syntax.offset)
		return nil, &InvalidError{Message: syntax.message, Import: name, Line: line, Column: column}
	}
	return v, err
}

func newLoader(src Source, root *value) (*loader, scope, error) {
	main := &document{text: src.Text, root: root}
	s := scope{document: main, draft: draftOf(root, draft7)}
	l := &loader{documents: map[string]*document{}, targets: map[*value]*node{}, inline: map[*value]*node{}}
	if id := root.get(s.draft.idKeyword()); id != nil && id.kind == jsonString && id.text != "" && id.text[0] != '#' {
		if !isURI(id.text) {
			return nil, s, l.fail(s, id, "%q: %q is not a URI", s.draft.idKeyword(), id.text)
		}
		main.uri = id.text
	}
	size := len(src.Text)
	for _, i := range src.Imports {
		v, err := parseText(i.Name, i.Text)
		if err != nil {
			return nil, s, err
		}
		if v == nil || v.kind != jsonObject {
			return nil, s, &InvalidError{Message: "an imported schema is an object", Import: i.Name, Line: 1, Column: 1}
		}
		uri := resolve(main.uri, i.Name)
		if _, ok := l.documents[uri]; !ok {
			l.documents[uri] = &document{name: i.Name, text: i.Text, uri: uri, root: v}
		}
		size += len(i.Text)
	}
	l.budget = minLoads + size
	if schema := root.get("$schema"); schema != nil && schema.kind != jsonString {
		return nil, s, l.fail(s, schema, `"$schema": a string is expected, not %s`, schema.describe())
	}
	return l, s, nil
}

// minLoads is how many schemas are loaded, beyond one for each byte of text,
// before targets of references share what is loaded already.
const minLoads = 100_000

// endless finds a reference that leads only to references, back to itself. The
// registry takes it, and fails once it compares what it leads to.
func (l *loader) endless(s scope, references []*node) error {
	done := map[*node]bool{}
	for _, start := range references {
		path := map[*node]bool{}
		for n := start; n.kind == kindReference && !done[n]; n = n.target {
			if path[n] {
				return l.fail(s, nil, `"$ref": %q leads back to itself`, n.ref)
			}
			path[n] = true
		}
		for n := range path {
			done[n] = true
		}
	}
	return nil
}
