package kafka

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"github.com/twmb/franz-go/pkg/sr"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/kafka/internal/record"
)

// Subject names the subject of a schema in the registry, given the topic and
// the full name of the event message.
type Subject func(topic, message string) string

// TopicRecordName is the strategy of esgen's registrations: the topic and the
// full name of the message, with a dash between.
func TopicRecordName(topic, message string) string { return topic + "-" + message }

// framing says how values name their schema.
type framing struct {
	registry *sr.Client // nil: they do not
	header   bool
	subject  Subject
}

// Registry writes values in the wire format of the Confluent serializers, which
// every consumer of that ecosystem reads: a schema id, then the payload. The
// ids are those of the latest versions, looked up when the engine begins with
// an aggregate type; the engine never registers a schema, esgen register does.
// The default subject is [TopicRecordName]. Without a registry values are the
// bare payload, and the type in the headers says what they are.
func Registry(client *sr.Client, subject Subject) Option {
	return func(c *config) {
		c.framing.registry = client
		if c.framing.subject = subject; subject == nil {
			c.framing.subject = TopicRecordName
		}
	}
}

// SchemaInHeader writes the GUID of the schema in a header instead of the id in
// front of the payload. It takes a registry that has GUIDs.
func SchemaInHeader() Option {
	return func(c *config) { c.framing.header = true }
}

// schemas are how the values of an aggregate type name their schema, by the
// stored name of the event; nil when they do not.
type schemas map[string]record.Schema

func (s schemas) of(typ string) (record.Schema, error) {
	if s == nil {
		return record.Schema{Framing: record.Bare}, nil
	}
	schema, known := s[typ]
	if !known {
		return record.Schema{}, fmt.Errorf("the schema of event %q was not looked up when the engine began: it is of another binding", typ)
	}
	return schema, nil
}

// lookUp asks the registry for the schemas of the events that are emitted.
func (f framing) lookUp(ctx context.Context, spec *es.Spec) (schemas, error) {
	if f.registry == nil {
		return nil, nil
	}
	found := make(schemas)
	for _, e := range spec.Events {
		if !e.Current {
			continue
		}
		subject := f.subject(spec.Topic, e.Message)
		latest, err := f.registry.SchemaByVersion(ctx, subject, -1)
		if err != nil {
			return nil, fmt.Errorf("schema of subject %q: %w\n  run: esgen register", subject, err)
		}
		schema, err := f.schema(latest)
		if err != nil {
			return nil, fmt.Errorf("schema of subject %q: %w", subject, err)
		}
		found[e.Type] = schema
	}
	return found, nil
}

// schema returns how a value names a schema that esgen registered: its message
// is the first one in the text.
func (f framing) schema(s sr.SubjectSchema) (record.Schema, error) {
	if !f.header {
		return record.Schema{Framing: record.Prefix, ID: int32(s.ID)}, nil //nolint:gosec // ids of the registry are 32 bits
	}
	guid, err := hex.DecodeString(strings.ReplaceAll(s.GUID, "-", ""))
	if err != nil || len(guid) != 16 {
		return record.Schema{}, errors.New("the registry gives no GUID, which a schema in the header takes: leave SchemaInHeader out")
	}
	return record.Schema{Framing: record.InHeader, GUID: [16]byte(guid)}, nil
}
