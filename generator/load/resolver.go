package load

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/bufbuild/protocompile"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"

	esgenv1 "github.com/esgen-dev/esgen/proto/esgen/v1"
)

// resolver finds files by the name under which they are imported: in the
// roots, then in the imports, and the options file in esgen itself. It keeps
// what it read, for positions.
type resolver struct {
	tree    tree
	roots   []string
	imports []string // directories
	info    protocompile.SourceInfoMode

	descs map[string]*descriptorpb.FileDescriptorProto // from descriptor sets

	mu      sync.Mutex
	sources map[string]*source
}

func newResolver(tree tree, roots, imports []string) (*resolver, error) {
	r := &resolver{
		tree:    tree,
		roots:   roots,
		info:    protocompile.SourceInfoStandard | protocompile.SourceInfoExtraOptionLocations,
		descs:   map[string]*descriptorpb.FileDescriptorProto{},
		sources: map[string]*source{},
	}
	for _, path := range imports {
		if !strings.HasSuffix(path, ".binpb") {
			r.imports = append(r.imports, path)
			continue
		}
		if err := r.addDescriptorSet(path); err != nil {
			return nil, err
		}
	}
	return r, nil
}

func (r *resolver) addDescriptorSet(path string) error {
	if err := r.tree.checkRegular(path); err != nil {
		return fmt.Errorf("read the descriptor set of proto.imports: %w", err)
	}
	data, err := r.tree.readFile(path)
	if err != nil {
		return fmt.Errorf("read the descriptor set of proto.imports: %w", err)
	}
	set := &descriptorpb.FileDescriptorSet{}
	if err := asPlugin(data, set); err != nil {
		return fmt.Errorf("%s does not hold a FileDescriptorSet: %w", r.tree.shown(path), err)
	}
	for _, file := range set.GetFile() {
		if _, ok := r.descs[file.GetName()]; !ok {
			r.descs[file.GetName()] = file
		}
	}
	return nil
}

// FindFileByPath implements protocompile.Resolver.
func (r *resolver) FindFileByPath(name string) (protocompile.SearchResult, error) {
	if !validName(name) {
		return protocompile.SearchResult{}, fmt.Errorf("import %q is not a path below a proto root", name)
	}
	for _, dir := range r.dirsFor(name) {
		path := r.tree.join(dir, name)
		text, err := readRegular(r.tree, path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return protocompile.SearchResult{}, err
		}
		text = bytes.TrimPrefix(text, []byte(byteOrderMark)) // the compiler does not count it either
		r.remember(name, r.tree.shown(path), text)
		return protocompile.SearchResult{Source: bytes.NewReader(text)}, nil
	}
	if name == esgenv1.Path {
		text := []byte(esgenv1.Source)
		r.remember(name, name, text)
		return protocompile.SearchResult{Source: bytes.NewReader(text)}, nil
	}
	if file, ok := r.descs[name]; ok {
		return protocompile.SearchResult{Proto: proto.CloneOf(file)}, nil
	}
	return protocompile.SearchResult{}, protoregistry.NotFound
}

// dirsFor returns where to look for a file. A copy of the options file among
// the imports is for editors and other compilers: it may be an older one.
func (r *resolver) dirsFor(name string) []string {
	if name == esgenv1.Path {
		return r.roots
	}
	return slices.Concat(r.roots, r.imports)
}

func (r *resolver) remember(name, disk string, text []byte) {
	src := newSource(disk, text)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sources[name] = src
}

// source returns a file that was read, or nil.
func (r *resolver) source(name string) *source {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.sources[name]
}

// allSources returns the files that were read so far.
func (r *resolver) allSources() map[string]*source {
	r.mu.Lock()
	defer r.mu.Unlock()
	return maps.Clone(r.sources)
}

// shown returns the path of a file as a user would type it.
func (r *resolver) shown(name string) string {
	if src := r.source(name); src != nil {
		return src.disk
	}
	return name
}
