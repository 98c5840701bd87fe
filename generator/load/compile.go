package load

import (
	"context"
	"fmt"

	"github.com/bufbuild/protocompile"
	"github.com/bufbuild/protocompile/linker"
	"github.com/bufbuild/protocompile/options"
	"github.com/bufbuild/protocompile/reporter"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"

	"github.com/esgen-dev/esgen/diag"
)

// compile links the named files and returns them with all that they import,
// each behind what it imports itself.
func (r *resolver) compile(ctx context.Context, names []string) ([]*descriptorpb.FileDescriptorProto, []diag.Finding, error) {
	var findings []diag.Finding
	compiler := protocompile.Compiler{
		Resolver:       protocompile.WithStandardImports(r),
		SourceInfoMode: protocompile.SourceInfoStandard | protocompile.SourceInfoExtraOptionLocations,
		Reporter: reporter.NewReporter(
			func(err reporter.ErrorWithPos) error {
				findings = append(findings, r.compileError(err))
				return nil
			},
			func(err reporter.ErrorWithPos) {
				findings = append(findings, r.compileWarning(err))
			},
		),
	}
	linked, err := compiler.Compile(ctx, names...)
	switch {
	case ctx.Err() != nil:
		return nil, nil, fmt.Errorf("compile: %w", ctx.Err())
	case err != nil && diag.Worst(findings) < diag.Error:
		return nil, append(findings, r.compileFailure(err)), nil
	case err != nil:
		return nil, diag.Sort(r.laterEditions(findings)), nil
	}
	files, err := ordered(linked)
	return files, diag.Sort(findings), err
}

// ordered brings the files and their imports into an order in which each
// stands behind what it imports, in the form in which a plugin would get them.
func ordered(linked linker.Files) ([]*descriptorpb.FileDescriptorProto, error) {
	var files []*descriptorpb.FileDescriptorProto
	seen := map[string]bool{}
	var visit func(fd protoreflect.FileDescriptor) error
	visit = func(fd protoreflect.FileDescriptor) error {
		if seen[fd.Path()] {
			return nil
		}
		seen[fd.Path()] = true
		imports := fd.Imports()
		for i := range imports.Len() {
			if err := visit(imports.Get(i).FileDescriptor); err != nil {
				return err
			}
		}
		file, err := overTheWire(fd)
		if err != nil {
			return fmt.Errorf("%s: %w", fd.Path(), err)
		}
		files = append(files, file)
		return nil
	}
	for _, fd := range linked {
		if err := visit(fd); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// overTheWire returns a file as it would arrive at a plugin.
func overTheWire(fd protoreflect.FileDescriptor) (*descriptorpb.FileDescriptorProto, error) {
	var file *descriptorpb.FileDescriptorProto
	if result, ok := fd.(linker.Result); ok {
		var err error
		file, err = options.StripSourceRetentionOptionsFromFile(result.FileDescriptorProto())
		if err != nil {
			return nil, fmt.Errorf("remove the options that only sources keep: %w", err)
		}
	} else {
		file = protodesc.ToFileDescriptorProto(fd)
	}
	data, err := proto.MarshalOptions{Deterministic: true, AllowPartial: true}.Marshal(file)
	if err != nil {
		return nil, fmt.Errorf("encode the descriptor: %w", err)
	}
	out := &descriptorpb.FileDescriptorProto{}
	if err := asPlugin(data, out); err != nil {
		return nil, fmt.Errorf("decode the descriptor: %w", err)
	}
	asProtoc(out)
	return out, nil
}
