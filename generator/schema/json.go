package schema

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/esgen-dev/esgen/generator/model"
	"github.com/esgen-dev/esgen/generator/schema/jsonschema"
)

// json makes the JSON Schema of an event. Its subject is that of the Protobuf
// schema with "-json" behind it, because a subject holds schemas of one type.
//
// The content model follows the level: new properties may be added to a closed
// one where new code reads what old code wrote, and to an open one where it is
// the other way round. Under FULL nothing can be added to either; it is closed.
func (b *builder) json(e *model.Event, s Schema) (Schema, bool) {
	level := strings.ToUpper(cmp.Or(s.Level, b.options.Level))
	text, err := jsonschema.Emit(e.Desc, jsonschema.Options{Open: strings.HasPrefix(level, "FORWARD")})
	if err != nil {
		b.reportJSON(e, err)
		return Schema{}, false
	}
	return Schema{
		Key: s.Key, Subject: s.Subject + "-json", Type: JSON, Text: text,
		Level: s.Level, Event: e, Position: s.Position,
	}, true
}

// reportJSON says why an event has no JSON Schema, where the reason stands.
func (b *builder) reportJSON(e *model.Event, err error) {
	f := finding(ruleJSON)
	f.Message = fmt.Sprintf("%s has no JSON Schema: %v", e.FullName.Name(), err)
	f.Help = "leave json out of the registry options that cover the event"
	at := protoreflect.Descriptor(e.Desc)
	if unsupported := (*jsonschema.UnsupportedError)(nil); errors.As(err, &unsupported) {
		f.Message = fmt.Sprintf("%s has no JSON Schema because of %s: %s", e.FullName.Name(), unsupported.Name, unsupported.Reason)
		if m, ok := b.declared()[unsupported.Name.Parent()].(protoreflect.MessageDescriptor); ok {
			if field := m.Fields().ByName(unsupported.Name.Name()); field != nil {
				at = field
			}
		}
	}
	b.report(at, f)
}
