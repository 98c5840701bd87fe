// Package load brings .proto files into memory: linked, with the positions of
// everything that a finding may want to point at.
//
// There are two ways in, and both end in the same [Set]: [Sources] compiles
// files from disk, in process and without protoc; [Request] takes what protoc
// or buf hand to a plugin. Sources goes through the wire form of a request
// too, so that code generated from a Set is the same byte for byte.
//
// Sources understands proto2, proto3 and edition 2023. Later editions come in
// through a plugin request.
//
// The package does not interpret esgen's options beyond decoding them; that is
// the model's job. It never writes.
package load

import (
	"fmt"

	"google.golang.org/protobuf/compiler/protogen"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/gofeaturespb"
	"google.golang.org/protobuf/types/pluginpb"

	esgenv1 "github.com/esgen-dev/esgen/proto/esgen/v1"
)

// Set is a set of linked files. It is not changed after it was loaded, and
// safe for concurrent use.
type Set struct {
	// Plugin holds the files as protogen sees them, with Go names. Files to
	// generate have Generate set.
	Plugin *protogen.Plugin

	sources map[string]*source // by proto path; empty for a request
}

// newSet links the files of a request. The error is protogen's, or of its kind.
func newSet(req *pluginpb.CodeGeneratorRequest, param func(name, value string) error) (*Set, error) {
	module, parameter, err := cutModule(req.GetParameter())
	if err != nil {
		return nil, err
	}
	if module != "" {
		req.Parameter = &parameter
	}
	plugin, err := protogen.Options{ParamFunc: param}.New(req)
	if err != nil {
		return nil, err //nolint:wrapcheck // both callers say it in their own words
	}
	if err := checkImportPaths(plugin); err != nil {
		return nil, err
	}
	if module != "" {
		if err := trimModule(plugin, module); err != nil {
			return nil, err
		}
	}
	plugin.SupportedFeatures = uint64(pluginpb.CodeGeneratorResponse_FEATURE_PROTO3_OPTIONAL) |
		uint64(pluginpb.CodeGeneratorResponse_FEATURE_SUPPORTS_EDITIONS)
	plugin.SupportedEditionsMinimum = descriptorpb.Edition_EDITION_PROTO2
	plugin.SupportedEditionsMaximum = descriptorpb.Edition_EDITION_2024
	return &Set{Plugin: plugin}, nil
}

// Decoded are the options of a descriptor with those of esgen in them.
type Decoded struct{ options proto.Message }

// Decode reads esgen's options among those of a descriptor.
func Decode(d protoreflect.Descriptor) Decoded {
	set := d.Options().ProtoReflect()
	if !set.IsValid() || len(set.GetUnknown()) == 0 {
		return Decoded{}
	}
	known := set.Type().New().Interface()
	if err := (proto.UnmarshalOptions{Resolver: extensions{}}).Unmarshal(set.GetUnknown(), known); err != nil {
		return Decoded{} // the compiler wrote them, so they decode
	}
	return Decoded{known}
}

// Option returns one of esgen's options, if it is set.
func Option[T proto.Message](d Decoded, ext protoreflect.ExtensionType) (opt T, ok bool) {
	if d.options == nil || !proto.HasExtension(d.options, ext) {
		return opt, false
	}
	opt, ok = proto.GetExtension(d.options, ext).(T)
	return opt, ok
}

// asPlugin decodes a message the way protoc-gen-go does: it knows the Go
// features and nothing else, so custom options stay the bytes that the
// compiler wrote. They end up in the generated descriptors as they are.
func asPlugin(data []byte, m proto.Message) error {
	var types protoregistry.Types
	if err := types.RegisterExtension(gofeaturespb.E_Go); err != nil {
		return fmt.Errorf("register the Go features: %w", err)
	}
	return proto.UnmarshalOptions{Resolver: &types}.Unmarshal(data, m) //nolint:wrapcheck // callers wrap
}

// extensions resolves esgen's own options.
type extensions struct{}

// FindExtensionByNumber implements the resolver of package proto.
func (extensions) FindExtensionByNumber(message protoreflect.FullName, n protoreflect.FieldNumber) (protoreflect.ExtensionType, error) {
	for _, ext := range []protoreflect.ExtensionType{
		esgenv1.E_Aggregate, esgenv1.E_Command, esgenv1.E_Event,
		esgenv1.E_View, esgenv1.E_Process, esgenv1.E_Field, esgenv1.E_File,
	} {
		if d := ext.TypeDescriptor(); d.Number() == n && d.ContainingMessage().FullName() == message {
			return ext, nil
		}
	}
	return nil, protoregistry.NotFound
}

// FindExtensionByName implements the resolver of package proto.
func (extensions) FindExtensionByName(protoreflect.FullName) (protoreflect.ExtensionType, error) {
	return nil, protoregistry.NotFound
}
