package record

// The headers that are read, as indexes of fields.
const (
	slotSequence = iota
	slotCommand
	slotSchema
	slotType
	slotTime
	slotCorrelation
	slotActor
	slotCEVersion
	slotCEType
	slotCETime
	slotCECorrelation
	slotCEActor
	slots
)

// fields are the headers of a record that are read, each at its slot.
type fields struct {
	value [slots][]byte
	found uint16 // a bit for each slot: the value of a header may be nil
}

func (f *fields) has(slot int) bool { return f.found&(1<<slot) != 0 }

// collect puts the headers that are read in their slots. It fails when one of
// them is there twice, as readers could differ in which they take.
func collect[H AnyHeader](f *fields, headers []H) error {
	for i := range headers {
		h := Header(headers[i])
		slot := slotOf(h.Key)
		if slot < 0 {
			continue
		}
		if f.has(slot) {
			return errTwice(h.Key)
		}
		f.value[slot], f.found = h.Value, f.found|1<<slot
	}
	return nil
}

func slotOf(key string) int {
	switch key {
	case keySequence:
		return slotSequence
	case keyCommand:
		return slotCommand
	case keySchema:
		return slotSchema
	case keyType:
		return slotType
	case keyTime:
		return slotTime
	case keyCorrelation:
		return slotCorrelation
	case keyActor:
		return slotActor
	case keyCEVersion:
		return slotCEVersion
	case keyCEType:
		return slotCEType
	case keyCETime:
		return slotCETime
	case keyCECorrelation:
		return slotCECorrelation
	case keyCEActor:
		return slotCEActor
	}
	return -1
}
