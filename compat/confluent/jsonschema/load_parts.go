package jsonschema

// The keywords that say what a schema without "type" is about.
var (
	stringWords = []string{"minLength", "maxLength", "pattern", "format"}
	numberWords = []string{"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"}
	arrayWords  = []string{"items", "additionalItems", "minItems", "maxItems", "uniqueItems", "contains"}
	objectWords = []string{
		"properties", "required", "minProperties", "maxProperties", "dependencies",
		"additionalProperties", "patternProperties", "propertyNames",
	}
	arrayWordsLatest = []string{
		"items", "minItems", "maxItems", "uniqueItems", "contains", "prefixItems", "minContains", "maxContains", "unevaluatedItems",
	}
	objectWordsLatest = []string{
		"properties", "required", "minProperties", "maxProperties", "dependentRequired", "dependentSchemas",
		"additionalProperties", "patternProperties", "propertyNames", "unevaluatedProperties",
	}
)

// parts are the schemas that all have to hold, in order: the values, the
// combined ones, not, const, if, the type, and what other keywords imply.
func (l *loader) parts(s scope, v *value) ([]*node, error) {
	var parts []*node
	for _, part := range []func(scope, *value) ([]*node, error){l.enum, l.combinations, l.not, l.constant, l.conditional, l.typed} {
		nodes, err := part(s, v)
		if err != nil {
			return nil, err
		}
		parts = append(parts, nodes...)
	}
	return parts, nil
}

func (l *loader) enum(s scope, v *value) ([]*node, error) {
	list := v.get("enum")
	if list == nil {
		return nil, nil
	}
	if list.kind != jsonArray {
		return nil, l.fail(s, list, `"enum": an array is expected, not %s`, list.describe())
	}
	n := &node{kind: kindEnum, enum: make(map[string]struct{}, len(list.items))}
	for _, item := range list.items {
		key := item.key()
		if _, ok := n.enum[key]; !ok {
			n.enum[key] = struct{}{}
			n.enumOrder = append(n.enumOrder, key)
		}
	}
	return []*node{n}, nil
}

func (l *loader) combinations(s scope, v *value) ([]*node, error) {
	var nodes []*node
	for _, c := range []criterion{allOf, anyOf, oneOf} {
		list := v.get(c.String())
		if list == nil {
			continue
		}
		branches, err := l.list(s, list, c.String())
		if err != nil {
			return nil, err
		}
		n := &node{}
		n.combine(c, branches)
		nodes = append(nodes, n)
	}
	return nodes, nil
}

func (l *loader) not(s scope, v *value) ([]*node, error) {
	not, err := l.sub(s, v, "not")
	if not == nil || err != nil {
		return nil, err
	}
	return []*node{{kind: kindNot, not: not}}, nil
}

func (l *loader) constant(s scope, v *value) ([]*node, error) {
	constant := v.get("const")
	if constant == nil || s.draft == draft4 {
		return nil, nil
	}
	return []*node{{kind: kindConst, constKey: constant.key()}}, nil
}

func (l *loader) conditional(s scope, v *value) ([]*node, error) {
	if s.draft < draft7 {
		return nil, nil
	}
	found := false
	for _, word := range []string{"if", "then", "else"} {
		n, err := l.sub(s, v, word)
		if err != nil {
			return nil, err
		}
		found = found || n != nil
	}
	if !found || s.draft == latest && v.get("if") == nil {
		return nil, nil
	}
	return []*node{{kind: kindConditional}}, nil
}

// typed loads "type", and a schema for each group of keywords that belong to
// another type.
func (l *loader) typed(s scope, v *value) ([]*node, error) {
	declared := map[kind]bool{}
	nodes, err := l.declared(s, v, declared)
	if err != nil {
		return nil, err
	}
	arrays, objects := arrayWords, objectWords
	if s.draft == latest {
		arrays, objects = arrayWordsLatest, objectWordsLatest
	}
	for _, group := range []struct {
		kind  kind
		words []string
		load  func(scope, *value, bool) (*node, error)
	}{
		{kindString, stringWords, l.loadString},
		{kindNumber, numberWords, l.loadNumber},
		{kindArray, arrays, l.loadArray},
		{kindObject, objects, l.loadObject},
	} {
		if declared[group.kind] || !hasAny(s, v, group.words) {
			continue
		}
		n, err := group.load(s, v, false)
		if err != nil {
			return nil, err
		}
		nodes = append(nodes, n)
	}
	return nodes, nil
}

func hasAny(s scope, v *value, words []string) bool {
	for _, word := range words {
		if s.draft == draft4 && (word == "contains" || word == "propertyNames") {
			continue
		}
		under := v.get(word)
		named := word == "properties" || word == "patternProperties"
		if named && s.draft == latest && under != nil && under.kind == jsonObject && len(under.members) == 0 {
			continue // an empty map says nothing there
		}
		if under != nil {
			return true
		}
	}
	return false
}

// declared loads what "type" says: one schema, or anyOf one for each name.
func (l *loader) declared(s scope, v *value, declared map[kind]bool) ([]*node, error) {
	typ := v.get("type")
	if typ == nil {
		return nil, nil
	}
	if typ.kind == jsonString {
		n, err := l.named(s, v, typ)
		if err != nil {
			return nil, err
		}
		declared[n.kind] = true
		return []*node{n}, nil
	}
	if typ.kind != jsonArray {
		return nil, l.fail(s, typ, `"type": a string or an array is expected, not %s`, typ.describe())
	}
	branches := make([]*node, 0, len(typ.items))
	for _, item := range typ.items {
		if item.kind != jsonString {
			return nil, l.fail(s, item, `"type": a string is expected, not %s`, item.describe())
		}
		n, err := l.named(s, v, item)
		if err != nil {
			return nil, err
		}
		declared[n.kind] = true
		branches = append(branches, n)
	}
	n := &node{}
	n.combine(anyOf, branches)
	return []*node{n}, nil
}

func (l *loader) named(s scope, v, name *value) (*node, error) {
	switch name.text {
	case "string":
		return l.loadString(s, v, true)
	case "number":
		return l.loadNumber(s, v, true)
	case "integer":
		n, err := l.loadNumber(s, v, true)
		if err == nil {
			n.number.integer = true
		}
		return n, err
	case "array":
		return l.loadArray(s, v, true)
	case "object":
		return l.loadObject(s, v, true)
	case "boolean":
		return &node{kind: kindBoolean}, nil
	case "null":
		return &node{kind: kindNull}, nil
	}
	return nil, l.fail(s, name, `"type": unknown type %q`, name.text)
}
