package jsonschema

import (
	"net/url"
	"strconv"
	"strings"
)

// reference loads what a $ref leads to.
func (l *loader) reference(n *node, s scope, ref *value) error {
	n.kind = kindReference
	if ref.kind != jsonString {
		return l.fail(s, ref, `"$ref": a string is expected, not %s`, ref.describe())
	}
	n.ref = ref.text
	inside, fragment, err := l.find(s, ref)
	if err != nil {
		return err
	}
	target, err := l.fragment(inside, fragment)
	if err != nil {
		return l.fail(s, ref, `"$ref": %q leads nowhere: %s`, ref.text, err)
	}
	return l.point(n, inside, target)
}

// point makes a reference refer to a value.
func (l *loader) point(n *node, s scope, target *value) error {
	if loaded, ok := l.targets[target]; ok {
		n.target = loaded
		return nil
	}
	if loaded, ok := l.inline[target]; ok && l.budget < 0 {
		n.target = loaded
		return nil
	}
	n.target = &node{}
	l.targets[target] = n.target
	return l.into(n.target, s, target)
}

// find returns the document that a $ref leads into, and the fragment.
func (l *loader) find(s scope, ref *value) (scope, string, error) {
	if !isURI(ref.text) {
		return s, "", l.fail(s, ref, `"$ref": %q is not a URI`, ref.text)
	}
	if fragment, ok := strings.CutPrefix(ref.text, "#"); ok {
		s.base = s.document.uri
		return s, fragment, nil
	}
	uri := resolve(s.base, ref.text)
	name, fragment, found := strings.Cut(uri, "#")
	if !found && name == s.document.uri && name != "" {
		return s, "", nil
	}
	if document := l.documents[name]; document != nil {
		s.draft = draftOf(document.root, s.draft)
		s.document, s.base = document, document.uri
		return s, fragment, nil
	}
	return s, "", l.fail(s, ref, `"$ref": %q is in no import; give a reference to %q`, ref.text, name)
}

type fragmentError string

func (e fragmentError) Error() string { return string(e) }

// fragment finds what a fragment names: a schema whose id is the fragment, or
// what a JSON pointer leads to. Of a pointer everything before the first slash
// is ignored, so an unknown name is the whole document, as in the registry.
func (l *loader) fragment(s scope, fragment string) (*value, error) {
	document := s.document
	if document.anchor == nil {
		document.anchor = map[string]*value{}
		anchors(document.root, s.draft.idKeyword(), document.anchor)
	}
	if v := document.anchor[fragment]; v != nil && fragment != "" {
		return v, nil
	}
	return pointer(document.root, fragment)
}

func pointer(v *value, text string) (*value, error) {
	_, text, _ = strings.Cut(strings.TrimRight(text, "/"), "/")
	if text == "" {
		return v, nil
	}
	unescape := strings.NewReplacer("~1", "/", "~0", "~", `\"`, `"`, `\\`, `\`)
	for step := range strings.SplitSeq(text, "/") {
		step, err := url.QueryUnescape(step) // a plus is a space, as in the registry
		if err != nil {
			return nil, fragmentError("it is not escaped as a URI")
		}
		step = unescape.Replace(step)
		var next *value
		switch v.kind {
		case jsonObject:
			next = v.get(step)
		case jsonArray:
			if at, err := strconv.Atoi(step); err == nil && at >= 0 && at < len(v.items) {
				next = v.items[at]
			}
		default:
		}
		if next == nil {
			return nil, fragmentError("there is no " + strconv.Quote(step))
		}
		v = next
	}
	return v, nil
}

// anchors collects the ids that are fragments, wherever they stand.
func anchors(v *value, word string, found map[string]*value) {
	for _, item := range v.items {
		anchors(item, word, found)
	}
	if id := v.get(word); id != nil && id.kind == jsonString {
		if name, ok := strings.CutPrefix(id.text, "#"); ok {
			found[name] = v
		}
	}
	for _, m := range v.members {
		anchors(m.value, word, found)
	}
}

// resolve resolves a reference against a base. A base without a scheme is a
// path; one that is opaque, such as a URN, resolves nothing.
func resolve(base, ref string) string {
	parsed, err := url.Parse(ref)
	if err != nil || base == "" || parsed.Scheme != "" {
		return ref
	}
	against, err := url.Parse(base)
	switch {
	case err != nil || against.Opaque != "":
		return ref
	case against.Scheme != "":
		return against.ResolveReference(parsed).String()
	case strings.HasPrefix(ref, "/"):
		return ref
	}
	path, _, _ := strings.Cut(base, "#")
	if strings.HasPrefix(ref, "#") {
		return path + ref
	}
	return path[:strings.LastIndex(path, "/")+1] + ref
}

// isURI says whether Java takes a text for a URI, as far as it matters here.
func isURI(text string) bool {
	_, err := url.Parse(text)
	return err == nil && !strings.ContainsAny(text, " \"<>\\^`{|}")
}
