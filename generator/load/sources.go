package load

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/bufbuild/protocompile"
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
	// FS holds the files, in place of the disk: Roots and Imports are then
	// slash-separated paths in it. Where an error of it has a method Help that
	// returns a text, a finding about it has that help.
	FS fs.FS
	// Display returns a path in FS as a user would type it, for positions.
	// Default: the path.
	Display func(path string) string
	// WithoutPositions leaves out where things stand and what comments say,
	// which takes a fifth of the time and of the memory. It is for whoever
	// expects that there is nothing to find, and loads once more if there is.
	WithoutPositions bool
}

// Sources compiles all .proto files below the roots. What is wrong with them
// is returned as findings; the Set is nil then. The error is about the context
// or what could not be read at all.
//
// Options.FS is for files that are not on disk, such as those of another
// revision. It is read from several goroutines.
func Sources(ctx context.Context, o Options) (*Set, []diag.Finding, error) {
	tree := o.tree()
	names, findings, err := discover(tree, o.Roots)
	if err != nil || diag.Worst(findings) >= diag.Error {
		return nil, findings, err
	}
	resolver, err := newResolver(tree, o.Roots, o.Imports)
	if err != nil {
		return nil, nil, err
	}
	if o.WithoutPositions {
		resolver.info = protocompile.SourceInfoNone
	}
	files, found, err := resolver.compile(ctx, names)
	findings = append(findings, found...)
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
// order. Symbolic links to directories are not followed, but for the roots.
func discover(tree tree, roots []string) ([]string, []diag.Finding, error) {
	d := discovery{tree: tree, paths: map[string]string{}, names: map[string]string{}}
	for _, root := range roots {
		err := tree.walk(root, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".proto") {
				return err
			}
			name, err := tree.below(root, path)
			if err != nil {
				return err
			}
			d.add(name, tree.clean(path))
			return nil
		})
		switch {
		case errors.Is(err, fs.ErrNotExist):
			d.findings = append(d.findings, rootMissing(tree.shown(root)))
		case err != nil:
			return nil, nil, fmt.Errorf("read the .proto files of %s: %w", tree.shown(root), err)
		}
	}
	if len(d.paths) == 0 && len(d.findings) == 0 {
		shown := make([]string, len(roots))
		for i, root := range roots {
			shown[i] = tree.shown(root)
		}
		d.findings = append(d.findings, nothingFound(shown))
	}
	return slices.Sorted(maps.Keys(d.paths)), d.findings, nil
}

// discovery is what was found so far.
type discovery struct {
	tree     tree
	paths    map[string]string // by the name under which a file is imported
	names    map[string]string // by path
	findings []diag.Finding
}

func (d *discovery) add(name, path string) {
	other, known := d.names[path]
	shown := d.tree.shown(path)
	switch err := d.tree.checkRegular(path); {
	case !validName(name):
		d.findings = append(d.findings, misnamed(shown, name))
		return
	case err != nil:
		d.findings = append(d.findings, notAFile(err))
		return
	case known && other != name:
		d.findings = append(d.findings, overlapping(shown, other, name))
		return
	case !builtByGo(name):
		d.findings = append(d.findings, ignoredByGo(shown))
	}
	if other, taken := d.paths[name]; taken && other != path {
		d.findings = append(d.findings, shadowed(name, shown, d.tree.shown(other)))
	}
	d.paths[name], d.names[path] = path, name
}
