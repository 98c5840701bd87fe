package load

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"

	"github.com/bufbuild/protocompile"
	"github.com/bufbuild/protocompile/linker"
	"github.com/bufbuild/protocompile/options"
	"github.com/bufbuild/protocompile/reporter"
	"golang.org/x/sync/errgroup"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"

	"github.com/esgen-dev/esgen/diag"
)

// compile links the named files and returns them with all that they import,
// each behind what it imports itself.
//
// The compiler works on many files at once, and where two files are wrong
// together (a cycle of imports, a name declared twice) it depends on chance
// which one it blames. So errors are looked for once more, file by file.
func (r *resolver) compile(ctx context.Context, names []string) ([]*descriptorpb.FileDescriptorProto, []diag.Finding, error) {
	linked, findings, err := r.link(ctx, names)
	if err != nil {
		return nil, nil, err
	}
	if diag.Worst(findings) < diag.Error {
		files, err := requested(linked)
		return files, diag.Sort(findings), err
	}
	var single []diag.Finding
	for _, name := range names {
		_, found, err := r.link(ctx, []string{name})
		if err != nil {
			return nil, nil, err
		}
		single = append(single, found...)
	}
	if diag.Worst(single) >= diag.Error {
		findings = single
	}
	return nil, diag.Sort(r.notTexts(r.laterEditions(findings))), nil
}

// link runs the compiler. The error is the context's; everything else is a
// finding.
func (r *resolver) link(ctx context.Context, names []string) (linker.Files, []diag.Finding, error) {
	var found collector
	compiler := protocompile.Compiler{
		Resolver:       protocompile.WithStandardImports(r),
		SourceInfoMode: r.info,
		Reporter: reporter.NewReporter(
			func(err reporter.ErrorWithPos) error {
				if err.Unwrap().Error() == "syntax error: unexpected error" {
					return nil // what it stumbled over has been reported
				}
				found.add(r.compileError(err))
				return nil
			},
			func(err reporter.ErrorWithPos) {
				found.add(r.compileWarning(err))
			},
		),
	}
	linked, err := compiler.Compile(ctx, names...)
	findings := found.all()
	switch {
	case ctx.Err() != nil:
		return nil, nil, fmt.Errorf("compile: %w", ctx.Err())
	case err != nil && diag.Worst(findings) < diag.Error:
		findings = append(findings, r.compileFailure(err))
	}
	return linked, findings, nil
}

// collector gathers findings from the compiler's goroutines, some of which may
// outlive a compilation that failed.
type collector struct {
	mu       sync.Mutex
	findings []diag.Finding
}

func (c *collector) add(f diag.Finding) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.findings = append(c.findings, f)
}

func (c *collector) all() []diag.Finding {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.findings)
}

// requested returns the files and their imports in the form and order in which
// a plugin would get them.
func requested(linked linker.Files) ([]*descriptorpb.FileDescriptorProto, error) {
	ordered := inOrder(linked)
	files := make([]*descriptorpb.FileDescriptorProto, len(ordered))
	var workers errgroup.Group
	workers.SetLimit(runtime.GOMAXPROCS(0))
	for i, fd := range ordered {
		workers.Go(func() error {
			var err error
			if files[i], err = overTheWire(fd); err != nil {
				return fmt.Errorf("%s: %w", fd.Path(), err)
			}
			return nil
		})
	}
	return files, workers.Wait() //nolint:wrapcheck // wrapped above
}

// inOrder returns the files and their imports, each behind what it imports.
func inOrder(linked linker.Files) []protoreflect.FileDescriptor {
	var ordered []protoreflect.FileDescriptor
	seen := map[string]bool{}
	var visit func(fd protoreflect.FileDescriptor)
	visit = func(fd protoreflect.FileDescriptor) {
		if seen[fd.Path()] {
			return
		}
		seen[fd.Path()] = true
		imports := fd.Imports()
		for i := range imports.Len() {
			visit(imports.Get(i).FileDescriptor)
		}
		ordered = append(ordered, fd)
	}
	for _, fd := range linked {
		visit(fd)
	}
	return ordered
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
