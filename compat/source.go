package compat

import (
	"fmt"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/esgen-dev/esgen/compat/confluent"
	"github.com/esgen-dev/esgen/compat/history"
	"github.com/esgen-dev/esgen/compat/replay"
	"github.com/esgen-dev/esgen/generator/schema"
)

// source returns a schema of today with all that it refers to.
func (c *checker) source(s schema.Schema) confluent.Source {
	return resolve(s, func(ref schema.Reference) (schema.Schema, int, bool) {
		target, ok := c.declared[ref.Name]
		return target, c.numbers[ref.Name], ok
	})
}

// stored returns an accepted version with all that it refers to.
func (c *checker) stored(v history.Version) confluent.Source {
	return resolve(v.Schema, func(ref schema.Reference) (schema.Schema, int, bool) {
		target, ok := c.Accepted.Version(ref.Name, schema.Protobuf, ref.Version)
		return target.Schema, ref.Version, ok
	})
}

// resolve collects what a schema refers to: what it names itself comes first,
// as a reference, and then what these name in turn.
func resolve(s schema.Schema, find func(schema.Reference) (target schema.Schema, version int, ok bool)) confluent.Source {
	src := confluent.Source{Type: s.Type, Text: s.Text}
	seen := map[string]bool{}
	next := s.References
	for direct := true; len(next) > 0; direct = false {
		var further []schema.Reference
		for _, ref := range next {
			target, version, ok := find(ref)
			if !ok || seen[ref.Name] {
				continue
			}
			seen[ref.Name] = true
			imp := confluent.Import{Name: ref.Name, Text: target.Text}
			if direct {
				imp.Subject, imp.Version = ref.Subject, version
			}
			src.Imports = append(src.Imports, imp)
			further = append(further, target.References...)
		}
		next = further
	}
	return src
}

// link compiles a schema and returns one of its messages.
func link(src confluent.Source, name protoreflect.FullName) (protoreflect.MessageDescriptor, error) {
	file, err := replay.Link(linkSource(src))
	if err != nil {
		return nil, fmt.Errorf("compile the schema of %s: %w", name, err)
	}
	message := file.Messages().ByName(name.Name())
	if message == nil || message.FullName() != name {
		return nil, fmt.Errorf("the schema of %s does not declare it", name) //nolint:err113 // it ends in a finding
	}
	return message, nil
}
