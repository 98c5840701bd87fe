package load

import (
	"slices"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/descriptorpb"
)

// Numbers of fields of FileDescriptorProto.
const (
	syntaxField  = 12
	editionField = 14
)

// asProtoc undoes what protocompile writes differently from protoc in files of
// an edition, because it reaches the generated Go: the header comment hangs on
// the edition instead of the syntax, and an extension range without options
// has empty ones.
func asProtoc(file *descriptorpb.FileDescriptorProto) {
	for _, loc := range file.GetSourceCodeInfo().GetLocation() {
		if slices.Equal(loc.GetPath(), []int32{editionField}) {
			loc.Path[0] = syntaxField
		}
	}
	for _, m := range file.GetMessageType() {
		dropEmptyRangeOptions(m)
	}
}

func dropEmptyRangeOptions(m *descriptorpb.DescriptorProto) {
	for _, r := range m.GetExtensionRange() {
		if r.GetOptions() != nil && proto.Size(r.GetOptions()) == 0 {
			r.Options = nil
		}
	}
	for _, nested := range m.GetNestedType() {
		dropEmptyRangeOptions(nested)
	}
}
