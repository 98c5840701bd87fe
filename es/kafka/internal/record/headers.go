package record

// headerWriter collects headers. Their values share their memory: there are many of
// them in every event.
type headerWriter[H AnyHeader] struct {
	list   []H
	values []byte
}

func newHeaderWriter[H AnyHeader](f Format, ev *Event) headerWriter[H] {
	size := sequenceSize + len(ev.CommandID) + len(f.Source) + len(ev.Type) + 2*len(ev.AggregateID) +
		len(ev.CorrelationID) + len(ev.Actor) + 96 // for numbers, the time, and what is constant
	return headerWriter[H]{list: make([]H, 0, 12), values: make([]byte, 0, size)}
}

// add adds a header. The value was appended to those that are there.
func (h *headerWriter[H]) add(key string, values []byte) {
	from, to := len(h.values), len(values)
	h.list = append(h.list, H(Header{key, values[from:to:to]}))
	h.values = values
}

func (h *headerWriter[H]) text(key, value string) { h.add(key, append(h.values, value...)) }

// optional adds a header unless it has no value.
func (h *headerWriter[H]) optional(key, value string) {
	if value != "" {
		h.text(key, value)
	}
}
