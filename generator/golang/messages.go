package golang

import (
	"fmt"
	"iter"

	gengo "google.golang.org/protobuf/cmd/protoc-gen-go/internal_gengo"
	"google.golang.org/protobuf/compiler/protogen"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"
	"google.golang.org/protobuf/types/gofeaturespb"

	"github.com/esgen-dev/esgen/generator/write"
)

// This file is all that knows protoc-gen-go. Its generator is importable, but
// no promised API.

// messageJobs yields a job for every file of p that is to be generated.
//
// The text is written while the sequence is iterated over, in the order of the
// files: for the hybrid API protoc-gen-go changes the file and whatever it
// imports publicly on the way, and what it writes depends on that. The jobs
// then parse and format the text, which is most of the work and touches the
// text alone.
func messageJobs(p *protogen.Plugin) iter.Seq[job] {
	return func(yield func(job) bool) {
		defer restore(p)()
		types, err := optionTypes(p)
		if err != nil {
			yield(func() ([]write.File, error) { return nil, err })
			return
		}
		for _, f := range p.Files {
			if !f.Generate {
				continue
			}
			own, err := writeMessages(p, f, types)
			if !yield(func() ([]write.File, error) { return contents(own, f, err) }) {
				return
			}
		}
	}
}

// writeMessages writes the unformatted text for one .proto file, and returns
// the plugin that holds it.
func writeMessages(p *protogen.Plugin, f *protogen.File, types *protoregistry.Types) (*protogen.Plugin, error) {
	// A Plugin keeps a list of the files it made. With a copy for every .proto
	// file, each has a list of its own.
	own := *p
	known, err := decodeOptions(f.Proto, types)
	if err != nil {
		return nil, err
	}
	f.Proto = known
	gengo.GenerateFile(&own, f)
	return &own, nil
}

// optionTypes returns the custom options that the files declare, the way
// protoc-gen-go sees them: it links the Go features and takes all else from
// the files. What this process happens to link, such as esgen's own options,
// would be encoded in another place.
func optionTypes(p *protogen.Plugin) (*protoregistry.Types, error) {
	types := &protoregistry.Types{}
	if err := types.RegisterExtension(gofeaturespb.E_Go); err != nil {
		return nil, fmt.Errorf("register the Go features: %w", err)
	}
	for _, f := range p.Files {
		for _, ext := range f.Extensions {
			if _, err := types.FindExtensionByName(ext.Desc.FullName()); err == nil {
				continue
			}
			if err := types.RegisterExtension(dynamicpb.NewExtensionType(ext.Desc)); err != nil {
				return nil, fmt.Errorf("register the extensions of %s: %w", f.Desc.Path(), err)
			}
		}
	}
	return types, nil
}

// decodeOptions returns a copy of a file with custom options of these types.
func decodeOptions(file *descriptorpb.FileDescriptorProto, types *protoregistry.Types) (*descriptorpb.FileDescriptorProto, error) {
	data, err := proto.Marshal(file)
	if err != nil {
		return nil, fmt.Errorf("encode the descriptor: %w", err)
	}
	known := &descriptorpb.FileDescriptorProto{}
	if err := (proto.UnmarshalOptions{Resolver: types}).Unmarshal(data, known); err != nil {
		return nil, fmt.Errorf("decode the descriptor: %w", err)
	}
	return known, nil
}

// contents formats what was written for one .proto file: one Go file, or two
// for the hybrid API.
func contents(p *protogen.Plugin, f *protogen.File, err error) ([]write.File, error) {
	if err != nil {
		return nil, fmt.Errorf("generate the Go messages of %s: %w", f.Desc.Path(), err)
	}
	response := p.Response()
	if response.Error != nil {
		return nil, fmt.Errorf("generate the Go messages of %s: %s", f.Desc.Path(), response.GetError())
	}
	files := make([]write.File, len(response.GetFile()))
	for i, file := range response.GetFile() {
		files[i] = write.File{Path: file.GetName(), Content: []byte(file.GetContent())}
	}
	return files, nil
}

// restore returns a function that undoes what was changed in p.
func restore(p *protogen.Plugin) func() {
	files := make([]protogen.File, len(p.Files))
	levels := map[*protogen.Message]gofeaturespb.GoFeatures_APILevel{}
	var note func([]*protogen.Message)
	note = func(messages []*protogen.Message) {
		for _, m := range messages {
			levels[m] = m.APILevel
			note(m.Messages)
		}
	}
	for i, f := range p.Files {
		files[i] = *f
		if f.APILevel == gofeaturespb.GoFeatures_API_HYBRID {
			note(f.Messages)
		}
	}
	return func() {
		for i, f := range p.Files {
			f.Proto, f.APILevel = files[i].Proto, files[i].APILevel
		}
		for m, level := range levels {
			m.APILevel = level
		}
	}
}
