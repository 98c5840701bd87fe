package load

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"google.golang.org/protobuf/types/pluginpb"

	"github.com/esgen-dev/esgen/diag"
)

// Options say what Sources loads.
type Options struct {
	// Roots are the directories whose .proto files are generated, as a user
	// would type them. They are import paths too.
	Roots []string
	// Imports are further import paths: directories, or files that end in
	// ".binpb" and hold a FileDescriptorSet.
	Imports []string
	// Parameter is passed to protogen, e.g. "paths=source_relative".
	Parameter string
}

// Sources compiles all .proto files below the roots. What is wrong with them
// is returned as findings; the Set is nil then. The error is about the context
// or what could not be read at all.
func Sources(ctx context.Context, o Options) (*Set, []diag.Finding, error) {
	names, findings, err := discover(o.Roots)
	if err != nil || len(findings) > 0 {
		return nil, findings, err
	}
	resolver, err := newResolver(o.Roots, o.Imports)
	if err != nil {
		return nil, nil, err
	}
	files, findings, err := resolver.compile(ctx, names)
	if err != nil || diag.Worst(findings) >= diag.Error {
		return nil, findings, err
	}
	if wrong := resolver.texts(names); len(wrong) > 0 {
		return nil, append(findings, wrong...), nil
	}
	req := &pluginpb.CodeGeneratorRequest{FileToGenerate: names, ProtoFile: files}
	if o.Parameter != "" {
		req.Parameter = &o.Parameter
	}
	if wrong := resolver.goPackages(req); len(wrong) > 0 {
		return nil, append(findings, wrong...), nil
	}
	set, err := newSet(req, nil)
	if err != nil {
		return nil, append(findings, resolver.rejected(req, err)), nil
	}
	set.sources = resolver.allSources()
	return set, findings, nil
}

// discover returns the .proto files below the roots as they are imported, in
// order. A name that stands in two roots is a finding. Symbolic links to
// directories are not followed.
func discover(roots []string) ([]string, []diag.Finding, error) {
	var findings []diag.Finding
	found := map[string]string{}
	for _, root := range roots {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".proto") {
				return err
			}
			rel, err := filepath.Rel(root, path)
			if err != nil {
				return err //nolint:wrapcheck // wrapped below
			}
			name := filepath.ToSlash(rel)
			if other, ok := found[name]; ok && other != path {
				findings = append(findings, shadowed(name, path, other))
			}
			found[name] = path
			return nil
		})
		switch {
		case os.IsNotExist(err):
			findings = append(findings, rootMissing(root))
		case err != nil:
			return nil, nil, fmt.Errorf("read the .proto files of %s: %w", root, err)
		}
	}
	if len(found) == 0 && len(findings) == 0 {
		findings = append(findings, nothingFound(roots))
	}
	return slices.Sorted(maps.Keys(found)), findings, nil
}
