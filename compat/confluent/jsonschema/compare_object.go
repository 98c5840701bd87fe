package jsonschema

import "github.com/esgen-dev/esgen/compat/confluent/internal/javaorder"

func (c *comparison) objects(t *trace, original, update *objectNode) {
	c.required(t, original, update)
	c.properties(t, original, update)
	c.dependencies(t, original, update)
	c.openness(t, openness{
		path:  "additionalProperties",
		added: AdditionalPropertiesAdded, removed: AdditionalPropertiesRemoved,
		extended: AdditionalPropertiesExtended, narrowed: AdditionalPropertiesNarrowed,
	}, extra{original.closed, original.additional}, extra{update.closed, update.additional})
	c.openness(t, openness{
		path:  "unevaluatedProperties",
		added: UnevaluatedPropertiesAdded, removed: UnevaluatedPropertiesRemoved,
		extended: UnevaluatedPropertiesExtended, narrowed: UnevaluatedPropertiesNarrowed,
	}, extra{original.unevaluatedClosed, original.unevaluated}, extra{update.unevaluatedClosed, update.unevaluated})
	c.counts(t, bounds{"maxProperties", MaxPropertiesAdded, MaxPropertiesRemoved, MaxPropertiesIncreased, MaxPropertiesDecreased},
		original.max, update.max)
	c.counts(t, bounds{"minProperties", MinPropertiesAdded, MinPropertiesRemoved, MinPropertiesIncreased, MinPropertiesDecreased},
		original.min, update.min)
}

// required looks at properties that are on both sides; others are judged where
// they are added or removed.
func (c *comparison) required(t *trace, original, update *objectNode) {
	for _, name := range original.names {
		property, ok := update.properties[name]
		if !ok {
			continue
		}
		switch was, is := original.requires(name), update.requires(name); {
		case was && !is:
			t.add(c.policy, "required/"+name, RequiredAttributeRemoved)
		case !was && is && property.resolved().hasDefault:
			t.add(c.policy, "required/"+name, RequiredAttributeWithDefaultAdded)
		case !was && is:
			t.add(c.policy, "required/"+name, RequiredAttributeAdded)
		}
	}
}

func (o *objectNode) requires(name string) bool {
	_, ok := o.requiredSet[name]
	return ok
}

func (c *comparison) properties(t *trace, original, update *objectNode) {
	for _, name := range javaorder.Strings(original.names, update.names) {
		path := "properties/" + name
		was, is := original.properties[name], update.properties[name]
		switch {
		case was == nil:
			c.propertyAdded(t, path, original, update, name)
		case is == nil:
			c.propertyRemoved(t, path, original, update, name)
		default:
			t.join(path, c.pair(was, is))
		}
	}
}

// propertyAdded asks what was allowed under the name before.
func (c *comparison) propertyAdded(t *trace, path string, original, update *objectNode, name string) {
	property := update.properties[name].resolved()
	required := update.requires(name)
	if original.open() {
		switch {
		case property.empty():
			t.add(c.policy, path, PropertyWithEmptySchemaAddedToOpenContentModel)
		case required && property.hasDefault:
			t.add(c.policy, path, RequiredPropertyWithDefaultAddedToOpenContentModel)
		case required:
			t.add(c.policy, path, RequiredPropertyAddedToOpenContentModel)
		default:
			t.add(c.policy, path, OptionalPropertyAddedToOpenContentModel)
		}
		return
	}
	if partial := original.covering(name); partial != nil {
		found := c.pair(partial, property)
		t.join(path, found)
		if found.bad {
			t.add(c.policy, path, PropertyAddedNotCoveredByPartiallyOpenContentModel)
		} else {
			t.add(c.policy, path, PropertyAddedIsCoveredByPartiallyOpenContentModel)
		}
	}
	switch {
	case required && property.hasDefault:
		t.add(c.policy, path, RequiredPropertyWithDefaultAddedToUnopenContentModel)
	case required:
		t.add(c.policy, path, RequiredPropertyAddedToUnopenContentModel)
	default:
		t.add(c.policy, path, OptionalPropertyAddedToUnopenContentModel)
	}
}

// propertyRemoved asks what is allowed under the name now.
func (c *comparison) propertyRemoved(t *trace, path string, original, update *objectNode, name string) {
	property := original.properties[name].resolved()
	if update.open() {
		t.add(c.policy, path, PropertyRemovedFromOpenContentModel)
		return
	}
	partial := update.covering(name)
	switch {
	case partial != nil:
		found := c.pair(property, partial)
		t.join(path, found)
		if found.bad {
			t.add(c.policy, path, PropertyRemovedNotCoveredByPartiallyOpenContentModel)
		} else {
			t.add(c.policy, path, PropertyRemovedIsCoveredByPartiallyOpenContentModel)
		}
	case property.kind == kindFalse:
		t.add(c.policy, path, PropertyWithFalseRemovedFromClosedContentModel)
	default:
		t.add(c.policy, path, PropertyRemovedFromClosedContentModel)
	}
}

// open says whether anything is allowed under a name that is not declared.
func (o *objectNode) open() bool {
	return !o.closed && o.additional == nil && len(o.patterns) == 0 && !o.unevaluatedClosed && o.unevaluated == nil
}

// covering returns the schema that what is under the name has to follow
// although it is not declared, nil when there is none.
func (o *objectNode) covering(name string) *node {
	for _, p := range o.patterns {
		if p.matches(name) {
			return p.schema
		}
	}
	if o.additional != nil {
		return o.additional
	}
	return o.unevaluated
}

func (c *comparison) dependencies(t *trace, original, update *objectNode) {
	for _, name := range javaorder.Strings(original.dependencyNames, update.dependencyNames) {
		path := "dependencies/" + name
		was, is := original.dependencies[name], update.dependencies[name]
		switch more, fewer := covers(set(is), set(was)), covers(set(was), set(is)); {
		case was == nil:
			t.add(c.policy, path, DependencyArrayAdded)
		case is == nil:
			t.add(c.policy, path, DependencyArrayRemoved)
		case more && fewer:
		case more:
			t.add(c.policy, path, DependencyArrayExtended)
		case fewer:
			t.add(c.policy, path, DependencyArrayNarrowed)
		default:
			t.add(c.policy, path, DependencyArrayChanged)
		}
	}
	for _, name := range javaorder.Strings(original.schemaDependantNames, update.schemaDependantNames) {
		path := "dependencies/" + name
		was, is := original.schemaDependencies[name], update.schemaDependencies[name]
		switch {
		case was == nil:
			t.add(c.policy, path, DependencySchemaAdded)
		case is == nil:
			t.add(c.policy, path, DependencySchemaRemoved)
		default:
			t.join(path, c.pair(was, is))
		}
	}
}

// matches says whether the pattern is found in a name.
func (p *patternNode) matches(name string) bool {
	return p.regexp != nil && p.regexp.MatchString(name)
}
