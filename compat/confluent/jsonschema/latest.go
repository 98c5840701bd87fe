package jsonschema

import (
	"net/url"
	"strings"
)

// latest loads a schema of draft 2019-09 or 2020-12: the registry reads these
// with another loader and translates what it gets to the model of the older
// drafts. Both drafts are read alike, so items is never an array there.
func (l *loader) latest(n *node, s scope, v *value) error {
	s, err := l.scopedLatest(s, v)
	if err != nil {
		return err
	}
	if err := l.annotate(n, s, v); err != nil {
		return err
	}
	n.id = nil // is lost in the translation
	for _, word := range []string{"$ref", "$dynamicRef"} {
		if ref := v.get(word); ref != nil {
			n.hasDefault, n.defaultKey = false, ""
			return l.referenceLatest(n, s, ref)
		}
	}
	parts, err := l.parts(s, v)
	if err != nil {
		return err
	}
	n.become(parts)
	return nil
}

// scopedLatest enters the scope of a schema with $id: it is a resource of its
// own, and pointers start there.
func (l *loader) scopedLatest(s scope, v *value) (scope, error) {
	s, err := l.scoped(s, v)
	if err != nil {
		return s, err
	}
	if id := v.get("$id"); id != nil && !strings.HasPrefix(id.text, "#") {
		s.resource = v
	}
	return s, nil
}

func (l *loader) referenceLatest(n *node, s scope, ref *value) error {
	n.kind = kindReference
	if ref.kind != jsonString {
		return l.fail(s, ref, `"$ref": a string is expected, not %s`, ref.describe())
	}
	n.ref = ref.text
	inside, fragment, err := l.findLatest(s, ref)
	if err != nil {
		return err
	}
	target, err := fragmentLatest(inside, fragment)
	if err != nil {
		return l.fail(s, ref, `"$ref": %q leads nowhere: %s`, ref.text, err)
	}
	return l.point(n, inside, target)
}

// resource is a schema with an id, or the root of a text.
type resource struct {
	value   *value
	base    string
	anchors map[string]*value
}

// findLatest returns the resource that a $ref leads into, and the fragment.
func (l *loader) findLatest(s scope, ref *value) (scope, string, error) {
	name, fragment, _ := strings.Cut(ref.text, "#")
	if name == "" {
		if s.resource == nil {
			s.resource = s.document.root
		}
		return s, fragment, nil
	}
	uri, _, _ := strings.Cut(resolve(s.base, ref.text), "#")
	if r := l.resources(s.document)[uri]; r != nil {
		s.resource, s.base = r.value, r.base
		return s, fragment, nil
	}
	document := l.documents[uri]
	if document == nil {
		return s, "", l.fail(s, ref, `"$ref": %q is in no import; give a reference to %q`, ref.text, uri)
	}
	s.document, s.base, s.resource = document, document.uri, document.root
	return s, fragment, nil
}

// resources indexes what has an id or an anchor in a text.
func (l *loader) resources(d *document) map[string]*resource {
	if d.resources == nil {
		d.resources = map[string]*resource{}
		d.byValue = map[*value]*resource{}
		root := &resource{value: d.root, base: d.uri, anchors: map[string]*value{}}
		d.byValue[d.root] = root
		if d.uri != "" {
			d.resources[d.uri] = root
		}
		d.collect(d.root, root)
	}
	return d.resources
}

func (d *document) collect(v *value, inside *resource) {
	if id := v.get("$id"); id != nil && id.kind == jsonString && !strings.HasPrefix(id.text, "#") {
		base, _, _ := strings.Cut(resolve(inside.base, id.text), "#")
		if v == d.root {
			inside.base = base
		} else {
			inside = &resource{value: v, base: base, anchors: map[string]*value{}}
			d.byValue[v] = inside
		}
		d.resources[base] = inside
	}
	for _, word := range []string{"$anchor", "$dynamicAnchor"} {
		if name := v.get(word); name != nil && name.kind == jsonString {
			inside.anchors[name.text] = v
		}
	}
	for _, item := range v.items {
		d.collect(item, inside)
	}
	for _, m := range v.members {
		d.collect(m.value, inside)
	}
}

func fragmentLatest(s scope, fragment string) (*value, error) {
	decoded, err := url.PathUnescape(fragment)
	if err != nil {
		return nil, fragmentError("it is not escaped as a URI")
	}
	if decoded == "" {
		return s.resource, nil
	}
	if !strings.HasPrefix(decoded, "/") {
		(&loader{}).resources(s.document)
		if r := s.document.byValue[s.resource]; r != nil && r.anchors[decoded] != nil {
			return r.anchors[decoded], nil
		}
		return nil, fragmentError("there is no anchor of that name")
	}
	return pointer(s.resource, fragment)
}

// arrayLatest reads prefixItems and items.
func (l *loader) arrayLatest(array *arrayNode, s scope, v *value) error {
	var err error
	if prefix := v.get("prefixItems"); prefix != nil {
		if array.items, err = l.list(s, prefix, "prefixItems"); err != nil {
			return err
		}
	}
	items, err := l.sub(s, v, "items")
	switch {
	case err != nil:
		return err
	case items == nil:
	case items.kind == kindFalse:
		array.closed = true
	case len(array.items) == 0:
		array.all = items
	case !items.empty():
		array.additional = items
	}
	if array.contains, err = l.sub(s, v, "contains"); err != nil {
		return err
	}
	if array.minContains, err = l.count(s, v, "minContains"); err != nil {
		return err
	}
	if array.maxContains, err = l.count(s, v, "maxContains"); err != nil {
		return err
	}
	array.unevaluated, array.unevaluatedClosed, err = l.openness(s, v, "unevaluatedItems")
	return err
}

// objectLatest reads what an object of an older draft does not know.
func (l *loader) objectLatest(object *objectNode, s scope, v *value) error {
	if object.additional.permissive() {
		object.additional = nil
	}
	var err error
	if object.unevaluated, object.unevaluatedClosed, err = l.openness(s, v, "unevaluatedProperties"); err != nil {
		return err
	}
	if object.unevaluated.permissive() {
		object.unevaluated = nil
	}
	if required := v.get("dependentRequired"); required != nil {
		if required.kind != jsonObject {
			return l.fail(s, required, `"dependentRequired": an object is expected, not %s`, required.describe())
		}
		object.dependencies = map[string][]string{}
		for _, m := range required.members {
			if object.dependencies[m.name], err = l.texts(s, m.value, "dependentRequired"); err != nil {
				return err
			}
			object.dependencyNames = append(object.dependencyNames, m.name)
		}
	}
	object.schemaDependencies, object.schemaDependantNames, err = l.members(s, v, "dependentSchemas")
	return err
}

// permissive says whether a schema is there and anything fits.
func (n *node) permissive() bool { return n != nil && n.kind != kindReference && n.empty() }
