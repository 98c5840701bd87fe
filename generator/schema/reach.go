package schema

import (
	"maps"
	"slices"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// builtins are the files that every registry has, so that text may import them
// without a reference.
var builtins = []string{
	"google/protobuf/any.proto",
	"google/protobuf/api.proto",
	"google/protobuf/descriptor.proto",
	"google/protobuf/duration.proto",
	"google/protobuf/empty.proto",
	"google/protobuf/field_mask.proto",
	"google/protobuf/source_context.proto",
	"google/protobuf/struct.proto",
	"google/protobuf/timestamp.proto",
	"google/protobuf/type.proto",
	"google/protobuf/wrappers.proto",
}

func isBuiltin(path string) bool { return slices.Contains(builtins, path) }

// files knows which files need which. It remembers what it found.
type files struct {
	byPath  map[string]protoreflect.FileDescriptor
	direct  map[string][]string
	closure map[string]map[string]bool
}

func newFiles() *files {
	return &files{
		byPath:  map[string]protoreflect.FileDescriptor{},
		direct:  map[string][]string{},
		closure: map[string]map[string]bool{},
	}
}

// imports returns the paths of the files that define what the fields of a file
// hold, sorted. They may be fewer than the file imports, and may be files that
// it imports through others.
func (fs *files) imports(file protoreflect.FileDescriptor) []string {
	if paths, ok := fs.direct[file.Path()]; ok {
		return paths
	}
	found := map[string]protoreflect.FileDescriptor{}
	for d := range typesOf(file) {
		m, ok := d.(protoreflect.MessageDescriptor)
		if !ok {
			continue
		}
		for need := range needs(m) {
			if other := need.ParentFile(); other.Path() != file.Path() {
				found[other.Path()] = other
			}
		}
	}
	paths := slices.Sorted(maps.Keys(found))
	fs.byPath[file.Path()] = file
	maps.Copy(fs.byPath, found)
	fs.direct[file.Path()] = paths
	return paths
}

// below returns a file and all that it needs, however far down, but none of
// the built-in ones.
func (fs *files) below(file protoreflect.FileDescriptor) map[string]bool {
	if set, ok := fs.closure[file.Path()]; ok {
		return set
	}
	set := map[string]bool{file.Path(): true}
	for _, path := range fs.imports(file) {
		if !isBuiltin(path) {
			maps.Copy(set, fs.below(fs.byPath[path]))
		}
	}
	fs.closure[file.Path()] = set
	return set
}

// reach is what an event needs.
type reach struct {
	full    map[protoreflect.FullName]bool // types of the event's text
	types   []protoreflect.Descriptor      // the same, as they were met
	imports map[string]bool                // files that they need, built-in ones too
}

// reachOf finds what an event needs, beginning with the event itself. Types of
// the event's package are part of its text, unless their file is one that has
// to be referenced anyway.
func (fs *files) reachOf(event protoreflect.MessageDescriptor, kept []protoreflect.Descriptor) *reach {
	referenced := map[string]bool{}
	for {
		r := &reach{full: map[protoreflect.FullName]bool{}, imports: map[string]bool{}}
		fs.visit(r, event, event, referenced)
		for _, d := range kept {
			if !fs.holdsEvent(d, event) {
				fs.visit(r, event, d, referenced)
			}
		}
		before := len(referenced)
		for path := range r.imports {
			if !isBuiltin(path) {
				maps.Copy(referenced, fs.below(fs.byPath[path]))
			}
		}
		if len(referenced) == before {
			return r
		}
	}
}

// visit follows the fields of a type, into types of the same package.
func (fs *files) visit(r *reach, event protoreflect.MessageDescriptor, d protoreflect.Descriptor, referenced map[string]bool) {
	file := d.ParentFile()
	if file.Package() != event.ParentFile().Package() || referenced[file.Path()] || isBuiltin(file.Path()) {
		r.imports[file.Path()] = true
		fs.byPath[file.Path()] = file
		return
	}
	if r.full[d.FullName()] {
		return
	}
	r.full[d.FullName()] = true
	r.types = append(r.types, d)
	if m, ok := d.(protoreflect.MessageDescriptor); ok {
		for need := range needs(m) {
			fs.visit(r, event, need, referenced)
		}
	}
}

// holdsEvent reports whether a kept type needs a file of another package that
// needs the event's own. The event would then be defined twice; and since the
// type is kept for no more than a milder verdict, it is let go.
func (fs *files) holdsEvent(kept protoreflect.Descriptor, event protoreflect.MessageDescriptor) bool {
	r := &reach{full: map[protoreflect.FullName]bool{}, imports: map[string]bool{}}
	fs.visit(r, event, kept, nil)
	for path := range r.imports {
		if !isBuiltin(path) && fs.below(fs.byPath[path])[event.ParentFile().Path()] {
			return true
		}
	}
	return false
}

// named returns the types that have to stand in the text: those that are
// reached and the messages around them.
func (r *reach) named() map[protoreflect.FullName]bool {
	named := maps.Clone(r.full)
	for _, d := range r.types {
		for p := d.Parent(); p != nil; p = p.Parent() {
			if _, ok := p.(protoreflect.MessageDescriptor); ok {
				named[p.FullName()] = true
			}
		}
	}
	return named
}

// top returns the outermost messages and enums of the text: the event, then
// the others by name.
func (r *reach) top(event protoreflect.MessageDescriptor) (messages []protoreflect.MessageDescriptor, enums []protoreflect.EnumDescriptor) {
	found := map[protoreflect.FullName]protoreflect.Descriptor{}
	for _, d := range r.types {
		for {
			p, nested := d.Parent().(protoreflect.MessageDescriptor)
			if !nested {
				break
			}
			d = p
		}
		found[d.FullName()] = d
	}
	delete(found, event.FullName())
	messages = append(messages, event)
	for _, name := range slices.Sorted(maps.Keys(found)) {
		switch d := found[name].(type) {
		case protoreflect.MessageDescriptor:
			messages = append(messages, d)
		case protoreflect.EnumDescriptor:
			enums = append(enums, d)
		}
	}
	return messages, enums
}
