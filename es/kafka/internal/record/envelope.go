package record

import (
	"errors"
	"fmt"
	"strconv"
	"time"
)

// The keys of the headers that this package writes and reads.
const (
	keySequence      = "es"
	keyCommand       = "cmd"
	keySchema        = "__value_schema_id"
	keyType          = "type"
	keyTime          = "at"
	keyCorrelation   = "cor"
	keyActor         = "actor"
	keyCEVersion     = "ce_specversion"
	keyCEType        = "ce_type"
	keyCETime        = "ce_time"
	keyCECorrelation = "ce_correlationid"
	keyCEActor       = "ce_actor"
)

// The attributes of CloudEvents that are written and not read: what they say
// is known from the key and the sequence.
const (
	keyCEID        = "ce_id"
	keyCESource    = "ce_source"
	keyCESubject   = "ce_subject"
	keyContentType = "content-type"
)

const (
	ceVersion = "1.0"
	protobuf  = "application/protobuf"
)

// envelope adds the headers for the metadata of an event.
func (e *Encoder[H]) envelope(ev *Event) error {
	if ev.Type == "" {
		return errors.New("the event has no type")
	}
	if !ev.Time.Equal(ev.Time.Truncate(time.Microsecond)) {
		return fmt.Errorf("time %v of the event is not in microseconds", ev.Time)
	}
	if e.Format.Envelope == Compact {
		e.text(keyType, ev.Type)
		e.add(keyTime, strconv.AppendInt(e.bytes, ev.Time.UnixMicro(), 10))
		e.optional(keyCorrelation, ev.CorrelationID)
		e.optional(keyActor, ev.Actor)
		return nil
	}
	at := ev.Time.UTC()
	switch {
	case e.Format.Source == "":
		return errors.New("the source of the events is not set, which CloudEvents demands")
	case at.Year() < 0 || at.Year() > 9999:
		return fmt.Errorf("time %v of the event has no text in RFC 3339", at)
	}
	e.text(keyCEVersion, ceVersion)
	e.add(keyCEID, strconv.AppendUint(append(append(e.bytes, ev.AggregateID...), '/'), ev.Version, 10))
	e.text(keyCESource, e.Format.Source)
	e.text(keyCEType, ev.Type)
	e.text(keyCESubject, ev.AggregateID)
	e.add(keyCETime, at.AppendFormat(e.bytes, time.RFC3339Nano)) // six digits at most, as checked above
	e.optional(keyCECorrelation, ev.CorrelationID)
	e.optional(keyCEActor, ev.Actor)
	if ev.Schema.Framing != Prefix { // a prefix makes it something that has no registered name
		e.text(keyContentType, protobuf)
	}
	return nil
}

// metadata reads the command id and whichever envelope there is.
func (f *fields) metadata(ev *Event) error {
	set(&ev.CommandID, f.value[slotCommand])
	if err := checkCommandID(ev.CommandID); err != nil {
		return err
	}
	cloud := f.has(slotCEVersion) || f.has(slotCEType) || f.has(slotCETime)
	compact := f.has(slotType) || f.has(slotTime)
	switch {
	case cloud && compact:
		return fmt.Errorf("headers of both envelopes, %q and %q: the engine writes one", keyCETime, keyTime)
	case cloud:
		return f.cloudEvents(ev)
	default:
		return f.compact(ev)
	}
}

func (f *fields) cloudEvents(ev *Event) (err error) {
	if string(f.value[slotCEVersion]) != ceVersion {
		return fmt.Errorf("header %q is %q, and has to be %q", keyCEVersion, f.value[slotCEVersion], ceVersion)
	}
	if set(&ev.Type, f.value[slotCEType]); ev.Type == "" {
		return errMissing(keyCEType)
	}
	if ev.Time, err = parseTime(f.value[slotCETime]); err != nil {
		return fmt.Errorf("header %q: %w", keyCETime, err)
	}
	set(&ev.CorrelationID, f.value[slotCECorrelation])
	set(&ev.Actor, f.value[slotCEActor])
	return nil
}

func (f *fields) compact(ev *Event) error {
	if set(&ev.Type, f.value[slotType]); ev.Type == "" {
		return errMissing(keyType)
	}
	text := string(f.value[slotTime])
	micros, err := strconv.ParseInt(text, 10, 64)
	if err != nil || strconv.FormatInt(micros, 10) != text {
		return fmt.Errorf("header %q is %q, and has to be microseconds since 1970", keyTime, text)
	}
	ev.Time = time.UnixMicro(micros).UTC()
	set(&ev.CorrelationID, f.value[slotCorrelation])
	set(&ev.Actor, f.value[slotActor])
	return nil
}

func errMissing(key string) error { return fmt.Errorf("header %q is missing or empty", key) }

func errTwice(key string) error { return fmt.Errorf("header %q is there twice", key) }
