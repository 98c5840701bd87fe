package protobuf

// Diff returns what a reader of update finds different from what a writer of
// original wrote: in the registry's order, with the registry's paths.
func Diff(profile Profile, original, update *Schema) []Difference { return nil }
