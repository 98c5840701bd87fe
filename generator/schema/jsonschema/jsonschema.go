package jsonschema

import (
	"fmt"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// Options say how strict the emitted schema is. The zero value closes every
// object.
type Options struct {
	// Open leaves additionalProperties out, so that an object may hold
	// properties that the schema does not name. Under FORWARD the registry
	// lets only open objects grow, under BACKWARD only closed ones.
	// Default: additionalProperties is false in every message.
	Open bool
}

// UnsupportedError says that a message has no JSON Schema, and why.
type UnsupportedError struct {
	// Name is the full name of the field that is in the way, e.g.
	// "shop.v1.OrderPlaced.note", or of the message itself if no field is.
	Name protoreflect.FullName
	// Reason says what cannot be expressed and what to do about it.
	Reason string
}

func (e *UnsupportedError) Error() string {
	return fmt.Sprintf("%s has no JSON Schema: %s", e.Name, e.Reason)
}

// Emit returns the draft-07 JSON Schema of what protojson makes of md and
// accepts for it. The text is indented by two spaces, ends in a line feed and
// depends on nothing but the declarations that md reaches: neither on their
// comments nor on their order.
//
// The error is an [*UnsupportedError]. Emit is safe for concurrent use.
func Emit(md protoreflect.MessageDescriptor, o Options) (string, error) {
	e := emitter{open: o.Open, definitions: map[string]*schema{}}
	if md == nil {
		return "", &UnsupportedError{Name: "(none)", Reason: "there is no message"}
	}
	root, err := e.document(md)
	if err != nil {
		return "", err
	}
	return render(root)
}
