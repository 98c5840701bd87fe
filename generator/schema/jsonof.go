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
		f := finding(ruleJSON)
		f.Message = fmt.Sprintf("%s has no JSON Schema: %v", e.FullName.Name(), err)
		f.Help = "leave json out of the registry options of the event, or change the type"
		b.report(b.culprit(e, err), f)
		return Schema{}, false
	}
	return Schema{
		Key: s.Key, Subject: s.Subject + "-json", Type: JSON, Text: text,
		Level: s.Level, Event: e, Position: s.Position,
	}, true
}

// culprit returns what keeps an event from having a JSON Schema, where it is
// one of the event's own fields, else the event.
func (*builder) culprit(e *model.Event, err error) protoreflect.Descriptor {
	var unsupported *jsonschema.UnsupportedError
	if errors.As(err, &unsupported) {
		for f := range all(e.Desc.Fields()) {
			if f.FullName() == unsupported.Name {
				return f
			}
		}
	}
	return e.Desc
}
