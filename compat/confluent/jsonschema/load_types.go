package jsonschema

import "github.com/esgen-dev/esgen/compat/confluent/internal/javaorder"

func (l *loader) loadString(s scope, v *value, typed bool) (*node, error) {
	str := &stringNode{required: typed}
	var err error
	if str.minLength, err = l.count(s, v, "minLength"); err != nil {
		return nil, err
	}
	if str.maxLength, err = l.count(s, v, "maxLength"); err != nil {
		return nil, err
	}
	if str.pattern, err = l.text(s, v, "pattern"); err != nil {
		return nil, err
	}
	if str.pattern != nil {
		if err := checkPattern(*str.pattern); err != nil {
			return nil, l.fail(s, v.get("pattern"), `"pattern": %s`, err)
		}
	}
	format, err := l.text(s, v, "format")
	if format != nil && checked(s.draft, *format) {
		str.format = *format
	}
	return &node{kind: kindString, str: str}, err
}

func (l *loader) loadNumber(s scope, v *value, typed bool) (*node, error) {
	num := &numberNode{required: typed}
	bounds := []struct {
		word  string
		bound **number
	}{{"minimum", &num.minimum}, {"maximum", &num.maximum}, {"multipleOf", &num.multipleOf}}
	if s.draft > draft4 {
		bounds = append(bounds, bounds[:2]...)
		bounds[3].word, bounds[3].bound = "exclusiveMinimum", &num.exclusiveMinimum
		bounds[4].word, bounds[4].bound = "exclusiveMaximum", &num.exclusiveMaximum
	}
	for _, b := range bounds {
		var err error
		if *b.bound, err = l.bound(s, v, b.word); err != nil {
			return nil, err
		}
	}
	if s.draft == draft4 {
		for i, word := range []string{"exclusiveMinimum", "exclusiveMaximum"} {
			set, err := l.flag(s, v, word)
			if err != nil {
				return nil, err
			}
			num.exclusiveFlags[i] = set
		}
	}
	if num.multipleOf != nil && num.multipleOf.zero() {
		return nil, l.fail(s, v.get("multipleOf"), `"multipleOf": a number other than 0 is expected`)
	}
	return &node{kind: kindNumber, number: num}, nil
}

func (l *loader) loadArray(s scope, v *value, typed bool) (*node, error) {
	array := &arrayNode{typed: typed}
	n := &node{kind: kindArray, array: array}
	var err error
	if array.min, err = l.count(s, v, "minItems"); err != nil {
		return nil, err
	}
	if array.max, err = l.count(s, v, "maxItems"); err != nil {
		return nil, err
	}
	if array.unique, err = l.flag(s, v, "uniqueItems"); err != nil {
		return nil, err
	}
	if s.draft == latest {
		return n, l.arrayLatest(array, s, v)
	}
	if items := v.get("items"); items != nil {
		switch {
		case items.kind == jsonArray:
			array.items, err = l.list(s, items, "items")
		case items.boolean() && s.draft == draft4:
			err = l.fail(s, items, `"items": an object or an array is expected, not a boolean`)
		default:
			array.all, err = l.load(s, items)
		}
		if err != nil {
			return nil, err
		}
	}
	if array.additional, array.closed, err = l.openness(s, v, "additionalItems"); err != nil {
		return nil, err
	}
	array.closed = array.closed && array.all == nil // items say enough
	if s.draft > draft4 {
		array.contains, err = l.sub(s, v, "contains")
	}
	return n, err
}

// openness loads additionalProperties or additionalItems.
func (l *loader) openness(s scope, v *value, word string) (schema *node, closed bool, err error) {
	under := v.get(word)
	if under == nil || under.kind == jsonTrue {
		return nil, false, nil
	}
	if under.kind == jsonFalse {
		return nil, true, nil
	}
	schema, err = l.load(s, under)
	return schema, false, err
}

func (l *loader) loadObject(s scope, v *value, typed bool) (*node, error) {
	object := &objectNode{typed: typed}
	var err error
	if object.properties, object.names, err = l.members(s, v, "properties"); err != nil {
		return nil, err
	}
	if object.min, err = l.count(s, v, "minProperties"); err != nil {
		return nil, err
	}
	if object.max, err = l.count(s, v, "maxProperties"); err != nil {
		return nil, err
	}
	if required := v.get("required"); required != nil {
		if object.required, err = l.texts(s, required, "required"); err != nil {
			return nil, err
		}
		object.requiredSet = set(object.required)
	}
	if object.additional, object.closed, err = l.openness(s, v, "additionalProperties"); err != nil {
		return nil, err
	}
	if err := l.patterns(object, s, v); err != nil {
		return nil, err
	}
	if s.draft == latest {
		err = l.objectLatest(object, s, v)
	} else {
		err = l.dependencies(object, s, v)
	}
	if err != nil {
		return nil, err
	}
	if s.draft > draft4 {
		object.propertyNames, err = l.sub(s, v, "propertyNames")
	}
	return &node{kind: kindObject, object: object}, err
}

func (l *loader) patterns(object *objectNode, s scope, v *value) error {
	schemas, names, err := l.members(s, v, "patternProperties")
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := checkPattern(name); err != nil {
			return l.fail(s, v.get("patternProperties").get(name), `"patternProperties": %s`, err)
		}
		object.patterns = append(object.patterns, patternNode{text: name, regexp: compile(name), schema: schemas[name]})
	}
	return nil
}

func (l *loader) dependencies(object *objectNode, s scope, v *value) error {
	dependencies := v.get("dependencies")
	if dependencies == nil {
		return nil
	}
	if dependencies.kind != jsonObject {
		return l.fail(s, dependencies, `"dependencies": an object is expected, not %s`, dependencies.describe())
	}
	object.dependencies, object.schemaDependencies = map[string][]string{}, map[string]*node{}
	for _, m := range dependencies.members {
		if m.value.kind == jsonArray {
			names, err := l.texts(s, m.value, "dependencies")
			if err != nil {
				return err
			}
			if len(names) > 0 {
				object.dependencies[m.name] = names
				object.dependencyNames = append(object.dependencyNames, m.name)
			}
			continue
		}
		if m.value.boolean() && s.draft == draft4 {
			return l.fail(s, m.value, `"dependencies": an object or an array is expected, not a boolean`)
		}
		n, err := l.load(s, m.value)
		if err != nil {
			return err
		}
		object.schemaDependencies[m.name] = n
		object.schemaDependantNames = append(object.schemaDependantNames, m.name)
	}
	object.dependencyNames = javaorder.Strings(nil, object.dependencyNames)
	object.schemaDependantNames = javaorder.Strings(nil, object.schemaDependantNames)
	return nil
}

func set(names []string) map[string]struct{} {
	in := make(map[string]struct{}, len(names))
	for _, name := range names {
		in[name] = struct{}{}
	}
	return in
}
