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
	ceTime    = "2006-01-02T15:04:05.999999Z07:00" // RFC 3339, microseconds where there are any
	protobuf  = "application/protobuf"
)

// appendEnvelope appends the headers for the metadata of an event.
func appendEnvelope[H AnyHeader](headers []H, f Format, ev *Event) ([]H, error) {
	if ev.Type == "" {
		return nil, errors.New("the event has no type")
	}
	if !ev.Time.Equal(ev.Time.Truncate(time.Microsecond)) {
		return nil, fmt.Errorf("time %v of the event is not in microseconds", ev.Time)
	}
	// The values share their memory: there are many of them in every event.
	values := make([]byte, 0, 128+len(f.Source)+len(ev.Type)+2*len(ev.AggregateID)+len(ev.CorrelationID)+len(ev.Actor))
	add := func(key, value string) {
		start := len(values)
		values = append(values, value...)
		headers = append(headers, H(Header{key, values[start:len(values):len(values)]}))
	}
	addSet := func(key, value string) {
		if value != "" {
			add(key, value)
		}
	}
	if f.Envelope == Compact {
		add(keyType, ev.Type)
		add(keyTime, strconv.FormatInt(ev.Time.UnixMicro(), 10))
		addSet(keyCorrelation, ev.CorrelationID)
		addSet(keyActor, ev.Actor)
		return headers, nil
	}
	at := ev.Time.UTC()
	switch {
	case f.Source == "":
		return nil, errors.New("the source of the events is not set, which CloudEvents demands")
	case at.Year() < 0 || at.Year() > 9999:
		return nil, fmt.Errorf("time %v of the event has no text in RFC 3339", at)
	}
	add(keyCEVersion, ceVersion)
	add(keyCEID, ev.AggregateID+"/"+strconv.FormatUint(ev.Version, 10))
	add(keyCESource, f.Source)
	add(keyCEType, ev.Type)
	add(keyCESubject, ev.AggregateID)
	add(keyCETime, at.Format(ceTime))
	addSet(keyCECorrelation, ev.CorrelationID)
	addSet(keyCEActor, ev.Actor)
	if ev.Schema.Framing != Prefix { // a prefix makes it something that has no registered name
		add(keyContentType, protobuf)
	}
	return headers, nil
}

// metadata reads the command id and whichever envelope there is.
func (f *fields) metadata(ev *Event) error {
	ev.CommandID = string(f.value[slotCommand])
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
	if ev.Type = string(f.value[slotCEType]); ev.Type == "" {
		return errMissing(keyCEType)
	}
	if ev.Time, err = parseTime(f.value[slotCETime]); err != nil {
		return fmt.Errorf("header %q: %w", keyCETime, err)
	}
	ev.CorrelationID = string(f.value[slotCECorrelation])
	ev.Actor = string(f.value[slotCEActor])
	return nil
}

func (f *fields) compact(ev *Event) error {
	if ev.Type = string(f.value[slotType]); ev.Type == "" {
		return errMissing(keyType)
	}
	text := string(f.value[slotTime])
	micros, err := strconv.ParseInt(text, 10, 64)
	if err != nil || strconv.FormatInt(micros, 10) != text {
		return fmt.Errorf("header %q is %q, and has to be microseconds since 1970", keyTime, text)
	}
	ev.Time = time.UnixMicro(micros).UTC()
	ev.CorrelationID = string(f.value[slotCorrelation])
	ev.Actor = string(f.value[slotActor])
	return nil
}

func errMissing(key string) error { return fmt.Errorf("header %q is missing or empty", key) }

func errTwice(key string) error { return fmt.Errorf("header %q is there twice", key) }
