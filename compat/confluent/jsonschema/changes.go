package jsonschema

import "slices"

// Change is what a difference is about: the registry's error type.
type Change uint8

// The changes, as the registry names them.
const (
	IDChanged Change = iota
	DescriptionChanged
	TitleChanged
	DefaultChanged
	SchemaRemoved
	SchemaAdded
	TypeExtended
	TypeNarrowed
	TypeChanged
	MaxLengthAdded
	MaxLengthRemoved
	MaxLengthIncreased
	MaxLengthDecreased
	MinLengthAdded
	MinLengthRemoved
	MinLengthIncreased
	MinLengthDecreased
	PatternAdded
	PatternRemoved
	PatternChanged
	MaximumAdded
	MaximumRemoved
	MaximumIncreased
	MaximumDecreased
	MinimumAdded
	MinimumRemoved
	MinimumIncreased
	MinimumDecreased
	ExclusiveMaximumAdded
	ExclusiveMaximumRemoved
	ExclusiveMaximumIncreased
	ExclusiveMaximumDecreased
	ExclusiveMinimumAdded
	ExclusiveMinimumRemoved
	ExclusiveMinimumIncreased
	ExclusiveMinimumDecreased
	MultipleOfAdded
	MultipleOfRemoved
	MultipleOfExpanded
	MultipleOfReduced
	MultipleOfChanged
	RequiredAttributeAdded
	RequiredAttributeWithDefaultAdded
	RequiredAttributeRemoved
	DependencyArrayAdded
	DependencyArrayRemoved
	DependencyArrayExtended
	DependencyArrayNarrowed
	DependencyArrayChanged
	DependencySchemaAdded
	DependencySchemaRemoved
	MaxPropertiesAdded
	MaxPropertiesRemoved
	MaxPropertiesIncreased
	MaxPropertiesDecreased
	MinPropertiesAdded
	MinPropertiesRemoved
	MinPropertiesIncreased
	MinPropertiesDecreased
	AdditionalPropertiesAdded
	AdditionalPropertiesRemoved
	AdditionalPropertiesExtended
	AdditionalPropertiesNarrowed
	UnevaluatedPropertiesAdded
	UnevaluatedPropertiesRemoved
	UnevaluatedPropertiesExtended
	UnevaluatedPropertiesNarrowed
	PropertyAddedToOpenContentModel
	PropertyWithEmptySchemaAddedToOpenContentModel
	RequiredPropertyAddedToOpenContentModel
	RequiredPropertyWithDefaultAddedToOpenContentModel
	OptionalPropertyAddedToOpenContentModel
	RequiredPropertyAddedToUnopenContentModel
	RequiredPropertyWithDefaultAddedToUnopenContentModel
	OptionalPropertyAddedToUnopenContentModel
	PropertyRemovedFromOpenContentModel
	PropertyWithFalseRemovedFromClosedContentModel
	PropertyRemovedFromClosedContentModel
	PropertyAddedIsCoveredByPartiallyOpenContentModel
	PropertyAddedNotCoveredByPartiallyOpenContentModel
	PropertyRemovedIsCoveredByPartiallyOpenContentModel
	PropertyRemovedNotCoveredByPartiallyOpenContentModel
	ReservedPropertyRemoved
	ReservedPropertyConflictsWithProperty
	MaxItemsAdded
	MaxItemsRemoved
	MaxItemsIncreased
	MaxItemsDecreased
	MinItemsAdded
	MinItemsRemoved
	MinItemsIncreased
	MinItemsDecreased
	MaxContainsAdded
	MaxContainsRemoved
	MaxContainsIncreased
	MaxContainsDecreased
	MinContainsAdded
	MinContainsRemoved
	MinContainsIncreased
	MinContainsDecreased
	UniqueItemsAdded
	UniqueItemsRemoved
	AdditionalItemsAdded
	AdditionalItemsRemoved
	AdditionalItemsExtended
	AdditionalItemsNarrowed
	UnevaluatedItemsAdded
	UnevaluatedItemsRemoved
	UnevaluatedItemsExtended
	UnevaluatedItemsNarrowed
	ItemAddedToOpenContentModel
	ItemWithEmptySchemaAddedToOpenContentModel
	ItemAddedToClosedContentModel
	ItemRemovedFromOpenContentModel
	ItemWithFalseRemovedFromClosedContentModel
	ItemRemovedFromClosedContentModel
	ItemAddedIsCoveredByPartiallyOpenContentModel
	ItemAddedNotCoveredByPartiallyOpenContentModel
	ItemRemovedIsCoveredByPartiallyOpenContentModel
	ItemRemovedNotCoveredByPartiallyOpenContentModel
	EnumArrayExtended
	EnumArrayNarrowed
	EnumArrayChanged
	CombinedTypeExtended
	CombinedTypeChanged
	ProductTypeExtended
	ProductTypeNarrowed
	SumTypeExtended
	SumTypeNarrowed
	CombinedTypeSubschemasChanged
	NotTypeExtended
	NotTypeNarrowed
)

// Changes returns the table of everything that the registry can say about two
// JSON Schemas, with the verdict of each. A few are never found by comparing:
// see their meaning.
func Changes() []ChangeRule { return slices.Clone(changes[:]) }

func (c Change) row() ChangeRule {
	if int(c) < len(changes) {
		return changes[c]
	}
	return ChangeRule{ID: "UNKNOWN"}
}
