// Package record holds the formats of what the Kafka engine writes: events
// with their headers, and the keys and values of the state topic. It is pure:
// bytes in, values out, nothing of a client or of a cluster.
//
// # Events
//
// The key of an event is the id of its aggregate, the value its payload in one
// of the framings of [Schema]. The headers:
//
//	es     30 bytes, see Sequence: the place of the event among the others
//	cmd    the id of the command, 1 to 64 bytes
//
// and then, as CloudEvents 1.0 in the binary content mode of its Kafka binding
// ([CloudEvents]):
//
//	ce_specversion    1.0
//	ce_id             <aggregate id>/<version>
//	ce_source         a setting, e.g. the name of the topic
//	ce_type           the stored name of the event
//	ce_subject        the aggregate id
//	ce_time           RFC 3339 in UTC, microseconds
//	ce_correlationid  when there is one
//	ce_actor          when there is one
//	content-type      application/protobuf, unless the value has a prefix
//
// or, for fewer bytes ([Compact]):
//
//	type   the stored name of the event
//	at     microseconds since 1970, decimal
//	cor    the correlation id, when there is one
//	actor  who asked for it, when there is one
//
// A topic may hold both, as the setting may change. Header values are written
// as they were given: a control character in an id is kept, although
// CloudEvents has no room for it. Other headers, such as those of tracing, are
// left alone; a header of the above that comes twice is an error.
//
// # State
//
// A key of the state topic is a [Key]. A value is a byte with the version, then
// fields in Protobuf's wire format as listed at the types, then CRC-32C in big
// endian over the key and all of that. Fields that are not known are skipped,
// so that a newer version may add some; the version is raised when old code
// must not go on. A deleted aggregate's record may become a tombstone, which
// has no value and is not for this package.
//
// # Errors
//
// Decoding is strict: what was not written by this package does not pass.
// [ErrNewer] tells what newer code may have written from what is damaged, and
// [ErrForeign] an event that another writer put there. The position of the
// record is for the caller to add.
//
// All functions are safe for concurrent use. What is decoded refers to the
// bytes it was decoded from, where its type is []byte.
package record

import "errors"

// Errors to be compared with [errors.Is].
var (
	// ErrNewer: the format is not known to this code, and may be that of a
	// newer version.
	ErrNewer = errors.New("written in a format that this code does not know: deploy the version that wrote it")
	// ErrForeign: the record has no "es" header.
	ErrForeign = errors.New(`no "es" header: not written by this engine`)
)

// Header is a header of a record. It has the shape of the client's, so that
// the functions of this package take those as they are.
type Header struct {
	Key   string
	Value []byte
}

// AnyHeader is [Header] and every type of its shape.
type AnyHeader interface {
	~struct {
		Key   string
		Value []byte
	}
}
