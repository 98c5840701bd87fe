package es

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"time"

	"google.golang.org/protobuf/proto"
)

// Receipt says what became of a command.
type Receipt struct {
	AggregateID string
	CommandID   string
	// First and Version are the versions of the command's first and last
	// event. A command without events has First = Version + 1, where Version
	// is that of the aggregate.
	First, Version uint64
	// Position is that of the command's last event; zero when there is none.
	Position Position
	// Time is the time of the command's events.
	Time time.Time
	// Duplicate is set when the command id had been seen before: the receipt
	// is then the first one, and nothing was appended.
	Duplicate bool
}

// Result is a receipt with the events of the command, typed by what the
// command may emit.
type Result[O proto.Message] struct {
	Receipt
	// Events are what the handler returned. It is empty for a duplicate: the
	// events of First to Version are in the aggregate's history.
	Events []O
}

// Revision is the state of an aggregate at a version.
type Revision[S proto.Message] struct {
	AggregateID string
	Version     uint64
	Time        time.Time // of the event that made the version
	State       S
}

// Event is a stored event as today's code sees it. One stored event that was
// upcast to several yields several of these, with the same Meta.
type Event[E proto.Message] struct {
	Meta
	Type     string   // the stored name; that of the old event if it was upcast
	Position Position // where it lies, for Cursor.Advance
	Event    E
}

// FollowUpID returns a command id for what follows from the event, such as the
// command that a process sends in answer. It is the same whenever the event is
// read again, so an answer that is sent twice is a duplicate. The purpose tells
// several answers to one event apart.
func (e Event[E]) FollowUpID(purpose string) string {
	h := sha256.New()
	for _, part := range []string{
		e.Type, e.AggregateID, strconv.FormatUint(e.Version, 10), strconv.Itoa(int(e.Position.Part)), purpose,
	} {
		_, _ = fmt.Fprintf(h, "%d:%s", len(part), part) // lengths keep the parts apart
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}
