package replay

import (
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
)

func isMessageSet(m protoreflect.MessageDescriptor) bool {
	options, ok := m.Options().(*descriptorpb.MessageOptions)
	return ok && options.GetMessageSetWireFormat()
}

// checksText reports whether generated code refuses to decode text of this
// field that is not UTF-8.
func checksText(f protoreflect.FieldDescriptor) bool {
	switch f.ParentFile().Syntax() {
	case protoreflect.Proto2:
		return false
	case protoreflect.Proto3:
		return true
	default:
	}
	for d := protoreflect.Descriptor(f); d != nil; d = d.Parent() {
		if v := featuresOf(d).GetUtf8Validation(); v != descriptorpb.FeatureSet_UTF8_VALIDATION_UNKNOWN {
			return v == descriptorpb.FeatureSet_VERIFY
		}
	}
	return true // the default of every edition so far
}

func featuresOf(d protoreflect.Descriptor) *descriptorpb.FeatureSet {
	if options, ok := d.Options().(interface {
		proto.Message
		GetFeatures() *descriptorpb.FeatureSet
	}); ok {
		return options.GetFeatures()
	}
	return nil
}
