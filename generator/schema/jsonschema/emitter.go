package jsonschema

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
)

// nullValue is the enum whose only value is written as null.
const nullValue = "google.protobuf.NullValue"

// An emitter makes the schema of one message and of all that it reaches.
type emitter struct {
	open        bool
	root        protoreflect.FullName
	definitions map[string]*schema
	// queue holds the messages whose definitions are still empty. It stands
	// in place of recursion, so that nesting may be of any depth.
	queue []reached
}

// reached is a message whose definition is to be filled, and the field that
// it was first met at.
type reached struct {
	message protoreflect.MessageDescriptor
	from    protoreflect.FullName
	into    *schema
}

// document returns the schema of md with all definitions that it needs.
func (e *emitter) document(md protoreflect.MessageDescriptor) (*schema, error) {
	root := wellKnown(md)
	if root == nil {
		root = &schema{}
		e.root = md.FullName()
		e.queue = append(e.queue, reached{md, md.FullName(), root})
	}
	for len(e.queue) > 0 {
		next := e.queue[len(e.queue)-1]
		e.queue = e.queue[:len(e.queue)-1]
		if err := e.fill(next); err != nil {
			return nil, err
		}
	}
	root.Dialect = draft07
	root.Title = string(md.FullName())
	if len(e.definitions) > 0 {
		root.Definitions = &members{}
		for _, name := range slices.Sorted(maps.Keys(e.definitions)) {
			root.Definitions.add(name, e.definitions[name])
		}
	}
	return root, nil
}

// fill describes the fields of a message.
func (e *emitter) fill(r reached) error {
	md := r.message
	if err := expressible(r); err != nil {
		return err
	}
	s := r.into
	s.Title = string(md.FullName())
	s.Type = types{typeObject}
	s.Properties = &members{}
	if !e.open {
		s.Additional = &additional{}
	}
	owner := map[string]protoreflect.FullName{}
	for _, fd := range byNumber(md.Fields()) {
		name := fd.JSONName()
		if other, taken := owner[name]; taken {
			return &UnsupportedError{
				fd.FullName(),
				fmt.Sprintf("its JSON name %q is also that of %s; set json_name on one of them", name, other),
			}
		}
		owner[name] = fd.FullName()
		field, err := e.field(fd)
		if err != nil {
			return err
		}
		if fd.Cardinality() == protoreflect.Required {
			s.Required = append(s.Required, name)
		}
		if mayBeNull(fd) {
			field = field.nullable()
		}
		s.Properties.add(name, field)
	}
	return nil
}

// mayBeNull reports whether protojson reads null as "not set" for a field. It
// does not where null is a value, not even for a list of such values.
func mayBeNull(fd protoreflect.FieldDescriptor) bool {
	if fd.Cardinality() == protoreflect.Required {
		return false
	}
	return !fd.IsList() || !hasNull(fd)
}

// hasNull reports whether null is one of the values of fd's type.
func hasNull(fd protoreflect.FieldDescriptor) bool {
	if md := fd.Message(); md != nil {
		return md.FullName() == "google.protobuf.Value"
	}
	return fd.Kind() == protoreflect.EnumKind && fd.Enum().FullName() == nullValue
}

// expressible fails for messages that may hold what no schema can list.
func expressible(r reached) error {
	options, _ := r.message.Options().(*descriptorpb.MessageOptions)
	switch {
	case r.message.IsPlaceholder():
		return &UnsupportedError{r.from, fmt.Sprintf("the message %s is not linked; link the file that declares it", r.message.FullName())}
	case options.GetMessageSetWireFormat():
		return &UnsupportedError{r.from, fmt.Sprintf("%s is a message set, which has no JSON form; use google.protobuf.Any", r.message.FullName())}
	case r.message.ExtensionRanges().Len() > 0:
		return &UnsupportedError{
			r.from,
			fmt.Sprintf("%s has extensions, which nobody can list beforehand; declare their fields in the message", r.message.FullName()),
		}
	}
	return nil
}

// message returns a reference to the definition of the message of fd, which
// exists from then on.
func (e *emitter) message(fd protoreflect.FieldDescriptor) *schema {
	md := fd.Message()
	if s := wellKnown(md); s != nil {
		return s
	}
	if md.FullName() == e.root {
		return &schema{Ref: "#"}
	}
	name := string(md.FullName())
	if e.definitions[name] == nil {
		e.definitions[name] = &schema{}
		e.queue = append(e.queue, reached{md, fd.FullName(), e.definitions[name]})
	}
	return reference(name)
}

// reference points to a definition. Full names hold nothing that a pointer or
// a URI would have to escape.
func reference(name string) *schema { return &schema{Ref: "#/definitions/" + name} }

// byNumber returns fields in the order of their numbers, which stays when
// lines of the source move.
func byNumber(fds protoreflect.FieldDescriptors) []protoreflect.FieldDescriptor {
	list := make([]protoreflect.FieldDescriptor, fds.Len())
	for i := range list {
		list[i] = fds.Get(i)
	}
	slices.SortFunc(list, func(a, b protoreflect.FieldDescriptor) int { return cmp.Compare(a.Number(), b.Number()) })
	return list
}
