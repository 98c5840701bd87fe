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

var changes = [...]ChangeRule{
	IDChanged:                                      {IDChanged, "ID_CHANGED", Always, "the $id is another one"},
	DescriptionChanged:                             {DescriptionChanged, "DESCRIPTION_CHANGED", Always, "the description is another one"},
	TitleChanged:                                   {TitleChanged, "TITLE_CHANGED", Always, "the title is another one"},
	DefaultChanged:                                 {DefaultChanged, "DEFAULT_CHANGED", Always, "the default is another one"},
	SchemaRemoved:                                  {SchemaRemoved, "SCHEMA_REMOVED", Always, "a schema that restricted a place is gone"},
	SchemaAdded:                                    {SchemaAdded, "SCHEMA_ADDED", Never, "a schema restricts a place that had none"},
	TypeExtended:                                   {TypeExtended, "TYPE_EXTENDED", Always, "integer became number"},
	TypeNarrowed:                                   {TypeNarrowed, "TYPE_NARROWED", Never, "number became integer"},
	TypeChanged:                                    {TypeChanged, "TYPE_CHANGED", Never, "the type is another one"},
	MaxLengthAdded:                                 {MaxLengthAdded, "MAX_LENGTH_ADDED", Never, "maxLength was added"},
	MaxLengthRemoved:                               {MaxLengthRemoved, "MAX_LENGTH_REMOVED", Always, "maxLength is gone"},
	MaxLengthIncreased:                             {MaxLengthIncreased, "MAX_LENGTH_INCREASED", Always, "maxLength is larger"},
	MaxLengthDecreased:                             {MaxLengthDecreased, "MAX_LENGTH_DECREASED", Never, "maxLength is smaller"},
	MinLengthAdded:                                 {MinLengthAdded, "MIN_LENGTH_ADDED", Never, "minLength was added"},
	MinLengthRemoved:                               {MinLengthRemoved, "MIN_LENGTH_REMOVED", Always, "minLength is gone"},
	MinLengthIncreased:                             {MinLengthIncreased, "MIN_LENGTH_INCREASED", Never, "minLength is larger"},
	MinLengthDecreased:                             {MinLengthDecreased, "MIN_LENGTH_DECREASED", Always, "minLength is smaller"},
	PatternAdded:                                   {PatternAdded, "PATTERN_ADDED", Never, "a pattern was added"},
	PatternRemoved:                                 {PatternRemoved, "PATTERN_REMOVED", Always, "the pattern is gone"},
	PatternChanged:                                 {PatternChanged, "PATTERN_CHANGED", Never, "the pattern is another text"},
	MaximumAdded:                                   {MaximumAdded, "MAXIMUM_ADDED", Never, "maximum was added"},
	MaximumRemoved:                                 {MaximumRemoved, "MAXIMUM_REMOVED", Always, "maximum is gone"},
	MaximumIncreased:                               {MaximumIncreased, "MAXIMUM_INCREASED", Always, "maximum is larger"},
	MaximumDecreased:                               {MaximumDecreased, "MAXIMUM_DECREASED", Never, "maximum is smaller"},
	MinimumAdded:                                   {MinimumAdded, "MINIMUM_ADDED", Never, "minimum was added"},
	MinimumRemoved:                                 {MinimumRemoved, "MINIMUM_REMOVED", Always, "minimum is gone"},
	MinimumIncreased:                               {MinimumIncreased, "MINIMUM_INCREASED", Never, "minimum is larger"},
	MinimumDecreased:                               {MinimumDecreased, "MINIMUM_DECREASED", Always, "minimum is smaller"},
	ExclusiveMaximumAdded:                          {ExclusiveMaximumAdded, "EXCLUSIVE_MAXIMUM_ADDED", Never, "exclusiveMaximum was added"},
	ExclusiveMaximumRemoved:                        {ExclusiveMaximumRemoved, "EXCLUSIVE_MAXIMUM_REMOVED", Always, "exclusiveMaximum is gone"},
	ExclusiveMaximumIncreased:                      {ExclusiveMaximumIncreased, "EXCLUSIVE_MAXIMUM_INCREASED", Always, "exclusiveMaximum is larger"},
	ExclusiveMaximumDecreased:                      {ExclusiveMaximumDecreased, "EXCLUSIVE_MAXIMUM_DECREASED", Never, "exclusiveMaximum is smaller"},
	ExclusiveMinimumAdded:                          {ExclusiveMinimumAdded, "EXCLUSIVE_MINIMUM_ADDED", Never, "exclusiveMinimum was added"},
	ExclusiveMinimumRemoved:                        {ExclusiveMinimumRemoved, "EXCLUSIVE_MINIMUM_REMOVED", Always, "exclusiveMinimum is gone"},
	ExclusiveMinimumIncreased:                      {ExclusiveMinimumIncreased, "EXCLUSIVE_MINIMUM_INCREASED", Never, "exclusiveMinimum is larger"},
	ExclusiveMinimumDecreased:                      {ExclusiveMinimumDecreased, "EXCLUSIVE_MINIMUM_DECREASED", Always, "exclusiveMinimum is smaller"},
	MultipleOfAdded:                                {MultipleOfAdded, "MULTIPLE_OF_ADDED", Never, "multipleOf was added"},
	MultipleOfRemoved:                              {MultipleOfRemoved, "MULTIPLE_OF_REMOVED", Always, "multipleOf is gone"},
	MultipleOfExpanded:                             {MultipleOfExpanded, "MULTIPLE_OF_EXPANDED", Never, "multipleOf is a multiple of the old one"},
	MultipleOfReduced:                              {MultipleOfReduced, "MULTIPLE_OF_REDUCED", Always, "the old multipleOf is a multiple of the new one"},
	MultipleOfChanged:                              {MultipleOfChanged, "MULTIPLE_OF_CHANGED", Never, "multipleOf has nothing to do with the old one"},
	RequiredAttributeAdded:                         {RequiredAttributeAdded, "REQUIRED_ATTRIBUTE_ADDED", Never, "a property that was there became required"},
	RequiredAttributeWithDefaultAdded:              {RequiredAttributeWithDefaultAdded, "REQUIRED_ATTRIBUTE_WITH_DEFAULT_ADDED", Always, "a property that was there became required and has a default"},
	RequiredAttributeRemoved:                       {RequiredAttributeRemoved, "REQUIRED_ATTRIBUTE_REMOVED", Always, "a property is no longer required"},
	DependencyArrayAdded:                           {DependencyArrayAdded, "DEPENDENCY_ARRAY_ADDED", Never, "a property demands other properties"},
	DependencyArrayRemoved:                         {DependencyArrayRemoved, "DEPENDENCY_ARRAY_REMOVED", Always, "a property no longer demands other properties"},
	DependencyArrayExtended:                        {DependencyArrayExtended, "DEPENDENCY_ARRAY_EXTENDED", Never, "a property demands more properties"},
	DependencyArrayNarrowed:                        {DependencyArrayNarrowed, "DEPENDENCY_ARRAY_NARROWED", Always, "a property demands fewer properties"},
	DependencyArrayChanged:                         {DependencyArrayChanged, "DEPENDENCY_ARRAY_CHANGED", Never, "a property demands other properties than before"},
	DependencySchemaAdded:                          {DependencySchemaAdded, "DEPENDENCY_SCHEMA_ADDED", Never, "a property demands a schema"},
	DependencySchemaRemoved:                        {DependencySchemaRemoved, "DEPENDENCY_SCHEMA_REMOVED", Always, "a property no longer demands a schema"},
	MaxPropertiesAdded:                             {MaxPropertiesAdded, "MAX_PROPERTIES_ADDED", Never, "maxProperties was added"},
	MaxPropertiesRemoved:                           {MaxPropertiesRemoved, "MAX_PROPERTIES_REMOVED", Always, "maxProperties is gone"},
	MaxPropertiesIncreased:                         {MaxPropertiesIncreased, "MAX_PROPERTIES_INCREASED", Always, "maxProperties is larger"},
	MaxPropertiesDecreased:                         {MaxPropertiesDecreased, "MAX_PROPERTIES_DECREASED", Never, "maxProperties is smaller"},
	MinPropertiesAdded:                             {MinPropertiesAdded, "MIN_PROPERTIES_ADDED", Never, "minProperties was added"},
	MinPropertiesRemoved:                           {MinPropertiesRemoved, "MIN_PROPERTIES_REMOVED", Always, "minProperties is gone"},
	MinPropertiesIncreased:                         {MinPropertiesIncreased, "MIN_PROPERTIES_INCREASED", Never, "minProperties is larger"},
	MinPropertiesDecreased:                         {MinPropertiesDecreased, "MIN_PROPERTIES_DECREASED", Always, "minProperties is smaller"},
	AdditionalPropertiesAdded:                      {AdditionalPropertiesAdded, "ADDITIONAL_PROPERTIES_ADDED", Always, "properties without a declaration are allowed now"},
	AdditionalPropertiesRemoved:                    {AdditionalPropertiesRemoved, "ADDITIONAL_PROPERTIES_REMOVED", OnlyLenient, "properties without a declaration are no longer allowed"},
	AdditionalPropertiesExtended:                   {AdditionalPropertiesExtended, "ADDITIONAL_PROPERTIES_EXTENDED", Always, "properties without a declaration may be anything now"},
	AdditionalPropertiesNarrowed:                   {AdditionalPropertiesNarrowed, "ADDITIONAL_PROPERTIES_NARROWED", OnlyLenient, "properties without a declaration have to follow a schema now"},
	UnevaluatedPropertiesAdded:                     {UnevaluatedPropertiesAdded, "UNEVALUATED_PROPERTIES_ADDED", Always, "properties that nothing evaluates are allowed now"},
	UnevaluatedPropertiesRemoved:                   {UnevaluatedPropertiesRemoved, "UNEVALUATED_PROPERTIES_REMOVED", OnlyLenient, "properties that nothing evaluates are no longer allowed"},
	UnevaluatedPropertiesExtended:                  {UnevaluatedPropertiesExtended, "UNEVALUATED_PROPERTIES_EXTENDED", Always, "properties that nothing evaluates may be anything now"},
	UnevaluatedPropertiesNarrowed:                  {UnevaluatedPropertiesNarrowed, "UNEVALUATED_PROPERTIES_NARROWED", OnlyLenient, "properties that nothing evaluates have to follow a schema now"},
	PropertyAddedToOpenContentModel:                {PropertyAddedToOpenContentModel, "PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL", Never, "older servers: a property was added where anything was allowed"},
	PropertyWithEmptySchemaAddedToOpenContentModel: {PropertyWithEmptySchemaAddedToOpenContentModel, "PROPERTY_WITH_EMPTY_SCHEMA_ADDED_TO_OPEN_CONTENT_MODEL", Always, "a property that may be anything was added where anything was allowed"},
	RequiredPropertyAddedToOpenContentModel:        {RequiredPropertyAddedToOpenContentModel, "REQUIRED_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL", Never, "a required property was added where anything was allowed"},
	RequiredPropertyWithDefaultAddedToOpenContentModel:   {RequiredPropertyWithDefaultAddedToOpenContentModel, "REQUIRED_PROPERTY_WITH_DEFAULT_ADDED_TO_OPEN_CONTENT_MODEL", OnlyLenient, "a required property with a default was added where anything was allowed"},
	OptionalPropertyAddedToOpenContentModel:              {OptionalPropertyAddedToOpenContentModel, "OPTIONAL_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL", OnlyLenient, "an optional property was added where anything was allowed"},
	RequiredPropertyAddedToUnopenContentModel:            {RequiredPropertyAddedToUnopenContentModel, "REQUIRED_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL", Never, "a required property was added where not everything was allowed"},
	RequiredPropertyWithDefaultAddedToUnopenContentModel: {RequiredPropertyWithDefaultAddedToUnopenContentModel, "REQUIRED_PROPERTY_WITH_DEFAULT_ADDED_TO_UNOPEN_CONTENT_MODEL", Always, "a required property with a default was added where not everything was allowed"},
	OptionalPropertyAddedToUnopenContentModel:            {OptionalPropertyAddedToUnopenContentModel, "OPTIONAL_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL", Always, "an optional property was added where not everything was allowed"},
	PropertyRemovedFromOpenContentModel:                  {PropertyRemovedFromOpenContentModel, "PROPERTY_REMOVED_FROM_OPEN_CONTENT_MODEL", Always, "a property was removed where anything is allowed"},
	PropertyWithFalseRemovedFromClosedContentModel:       {PropertyWithFalseRemovedFromClosedContentModel, "PROPERTY_WITH_FALSE_REMOVED_FROM_CLOSED_CONTENT_MODEL", Always, "a property that could never be there was removed where nothing else is allowed"},
	PropertyRemovedFromClosedContentModel:                {PropertyRemovedFromClosedContentModel, "PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL", OnlyLenient, "a property was removed where nothing else is allowed"},
	PropertyAddedIsCoveredByPartiallyOpenContentModel:    {PropertyAddedIsCoveredByPartiallyOpenContentModel, "PROPERTY_ADDED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL", Always, "an added property accepts what was allowed under its name"},
	PropertyAddedNotCoveredByPartiallyOpenContentModel:   {PropertyAddedNotCoveredByPartiallyOpenContentModel, "PROPERTY_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL", OnlyLenient, "an added property does not accept what was allowed under its name"},
	PropertyRemovedIsCoveredByPartiallyOpenContentModel:  {PropertyRemovedIsCoveredByPartiallyOpenContentModel, "PROPERTY_REMOVED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL", Always, "what a removed property held is still allowed under its name"},
	PropertyRemovedNotCoveredByPartiallyOpenContentModel: {PropertyRemovedNotCoveredByPartiallyOpenContentModel, "PROPERTY_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL", OnlyLenient, "what a removed property held is not allowed under its name"},
	ReservedPropertyRemoved:                              {ReservedPropertyRemoved, "RESERVED_PROPERTY_REMOVED", Never, "a name is no longer reserved; decided from metadata, never by comparing schemas"},
	ReservedPropertyConflictsWithProperty:                {ReservedPropertyConflictsWithProperty, "RESERVED_PROPERTY_CONFLICTS_WITH_PROPERTY", Never, "a property has a reserved name; decided from metadata, never by comparing schemas"},
	MaxItemsAdded:                                        {MaxItemsAdded, "MAX_ITEMS_ADDED", Never, "maxItems was added"},
	MaxItemsRemoved:                                      {MaxItemsRemoved, "MAX_ITEMS_REMOVED", Always, "maxItems is gone"},
	MaxItemsIncreased:                                    {MaxItemsIncreased, "MAX_ITEMS_INCREASED", Always, "maxItems is larger"},
	MaxItemsDecreased:                                    {MaxItemsDecreased, "MAX_ITEMS_DECREASED", Never, "maxItems is smaller"},
	MinItemsAdded:                                        {MinItemsAdded, "MIN_ITEMS_ADDED", Never, "minItems was added"},
	MinItemsRemoved:                                      {MinItemsRemoved, "MIN_ITEMS_REMOVED", Always, "minItems is gone"},
	MinItemsIncreased:                                    {MinItemsIncreased, "MIN_ITEMS_INCREASED", Never, "minItems is larger"},
	MinItemsDecreased:                                    {MinItemsDecreased, "MIN_ITEMS_DECREASED", Always, "minItems is smaller"},
	MaxContainsAdded:                                     {MaxContainsAdded, "MAX_CONTAINS_ADDED", Never, "maxContains was added"},
	MaxContainsRemoved:                                   {MaxContainsRemoved, "MAX_CONTAINS_REMOVED", Always, "maxContains is gone"},
	MaxContainsIncreased:                                 {MaxContainsIncreased, "MAX_CONTAINS_INCREASED", Always, "maxContains is larger"},
	MaxContainsDecreased:                                 {MaxContainsDecreased, "MAX_CONTAINS_DECREASED", Never, "maxContains is smaller"},
	MinContainsAdded:                                     {MinContainsAdded, "MIN_CONTAINS_ADDED", Never, "minContains was added"},
	MinContainsRemoved:                                   {MinContainsRemoved, "MIN_CONTAINS_REMOVED", Always, "minContains is gone"},
	MinContainsIncreased:                                 {MinContainsIncreased, "MIN_CONTAINS_INCREASED", Never, "minContains is larger"},
	MinContainsDecreased:                                 {MinContainsDecreased, "MIN_CONTAINS_DECREASED", Always, "minContains is smaller"},
	UniqueItemsAdded:                                     {UniqueItemsAdded, "UNIQUE_ITEMS_ADDED", Never, "items have to differ"},
	UniqueItemsRemoved:                                   {UniqueItemsRemoved, "UNIQUE_ITEMS_REMOVED", Always, "items no longer have to differ"},
	AdditionalItemsAdded:                                 {AdditionalItemsAdded, "ADDITIONAL_ITEMS_ADDED", Always, "items after the tuple are allowed now"},
	AdditionalItemsRemoved:                               {AdditionalItemsRemoved, "ADDITIONAL_ITEMS_REMOVED", Never, "items after the tuple are no longer allowed"},
	AdditionalItemsExtended:                              {AdditionalItemsExtended, "ADDITIONAL_ITEMS_EXTENDED", Always, "items after the tuple may be anything now"},
	AdditionalItemsNarrowed:                              {AdditionalItemsNarrowed, "ADDITIONAL_ITEMS_NARROWED", Never, "items after the tuple have to follow a schema now"},
	UnevaluatedItemsAdded:                                {UnevaluatedItemsAdded, "UNEVALUATED_ITEMS_ADDED", Always, "items that nothing evaluates are allowed now"},
	UnevaluatedItemsRemoved:                              {UnevaluatedItemsRemoved, "UNEVALUATED_ITEMS_REMOVED", Never, "items that nothing evaluates are no longer allowed"},
	UnevaluatedItemsExtended:                             {UnevaluatedItemsExtended, "UNEVALUATED_ITEMS_EXTENDED", Always, "items that nothing evaluates may be anything now"},
	UnevaluatedItemsNarrowed:                             {UnevaluatedItemsNarrowed, "UNEVALUATED_ITEMS_NARROWED", Never, "items that nothing evaluates have to follow a schema now"},
	ItemAddedToOpenContentModel:                          {ItemAddedToOpenContentModel, "ITEM_ADDED_TO_OPEN_CONTENT_MODEL", Never, "a tuple is longer where any item was allowed"},
	ItemWithEmptySchemaAddedToOpenContentModel:           {ItemWithEmptySchemaAddedToOpenContentModel, "ITEM_WITH_EMPTY_SCHEMA_ADDED_TO_OPEN_CONTENT_MODEL", Always, "a tuple is longer by an item that may be anything, where any was allowed"},
	ItemAddedToClosedContentModel:                        {ItemAddedToClosedContentModel, "ITEM_ADDED_TO_CLOSED_CONTENT_MODEL", Always, "a tuple is longer where no further item was allowed"},
	ItemRemovedFromOpenContentModel:                      {ItemRemovedFromOpenContentModel, "ITEM_REMOVED_FROM_OPEN_CONTENT_MODEL", Always, "a tuple is shorter where any item is allowed"},
	ItemWithFalseRemovedFromClosedContentModel:           {ItemWithFalseRemovedFromClosedContentModel, "ITEM_WITH_FALSE_REMOVED_FROM_CLOSED_CONTENT_MODEL", Always, "a tuple is shorter by an item that could never be there"},
	ItemRemovedFromClosedContentModel:                    {ItemRemovedFromClosedContentModel, "ITEM_REMOVED_FROM_CLOSED_CONTENT_MODEL", Never, "a tuple is shorter where no further item is allowed"},
	ItemAddedIsCoveredByPartiallyOpenContentModel:        {ItemAddedIsCoveredByPartiallyOpenContentModel, "ITEM_ADDED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL", Always, "an added item accepts what was allowed at its place"},
	ItemAddedNotCoveredByPartiallyOpenContentModel:       {ItemAddedNotCoveredByPartiallyOpenContentModel, "ITEM_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL", Never, "an added item does not accept what was allowed at its place"},
	ItemRemovedIsCoveredByPartiallyOpenContentModel:      {ItemRemovedIsCoveredByPartiallyOpenContentModel, "ITEM_REMOVED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL", Always, "what a removed item held is still allowed at its place"},
	ItemRemovedNotCoveredByPartiallyOpenContentModel:     {ItemRemovedNotCoveredByPartiallyOpenContentModel, "ITEM_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL", Never, "what a removed item held is not allowed at its place"},
	EnumArrayExtended:                                    {EnumArrayExtended, "ENUM_ARRAY_EXTENDED", Always, "an enum has more values"},
	EnumArrayNarrowed:                                    {EnumArrayNarrowed, "ENUM_ARRAY_NARROWED", Never, "an enum has fewer values"},
	EnumArrayChanged:                                     {EnumArrayChanged, "ENUM_ARRAY_CHANGED", Never, "an enum has other values, or a const another one"},
	CombinedTypeExtended:                                 {CombinedTypeExtended, "COMBINED_TYPE_EXTENDED", Always, "allOf, anyOf or oneOf became one that accepts at least as much"},
	CombinedTypeChanged:                                  {CombinedTypeChanged, "COMBINED_TYPE_CHANGED", Never, "allOf, anyOf or oneOf became another one"},
	ProductTypeExtended:                                  {ProductTypeExtended, "PRODUCT_TYPE_EXTENDED", Never, "allOf has more schemas"},
	ProductTypeNarrowed:                                  {ProductTypeNarrowed, "PRODUCT_TYPE_NARROWED", Always, "allOf has fewer schemas"},
	SumTypeExtended:                                      {SumTypeExtended, "SUM_TYPE_EXTENDED", Always, "anyOf or oneOf has more schemas"},
	SumTypeNarrowed:                                      {SumTypeNarrowed, "SUM_TYPE_NARROWED", Never, "anyOf or oneOf has fewer schemas"},
	CombinedTypeSubschemasChanged:                        {CombinedTypeSubschemasChanged, "COMBINED_TYPE_SUBSCHEMAS_CHANGED", Never, "a schema of allOf, anyOf or oneOf has no compatible successor"},
	NotTypeExtended:                                      {NotTypeExtended, "NOT_TYPE_EXTENDED", Never, "not forbids something else, or more"},
	NotTypeNarrowed:                                      {NotTypeNarrowed, "NOT_TYPE_NARROWED", Always, "not forbids the same, or less"},
}
