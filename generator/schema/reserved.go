package schema

import (
	"fmt"
	"math"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// maxTag is the highest number of a field.
const maxTag = 1<<29 - 1

// span writes a range of numbers, both ends in it, of which limit is the last.
func span(first, last, limit int64) string {
	switch {
	case first == last:
		return fmt.Sprint(first)
	case last == limit:
		return fmt.Sprintf("%d to max", first)
	}
	return fmt.Sprintf("%d to %d", first, last)
}

// reservedOf returns the operands of the reserved statements of a message.
func (w *writer) reservedOf(m protoreflect.MessageDescriptor) []string {
	var ranges []string
	for i := range m.ReservedRanges().Len() {
		r := m.ReservedRanges().Get(i)
		ranges = append(ranges, span(int64(r[0]), int64(r[1])-1, maxTag))
	}
	return w.reserved(ranges, m.ReservedNames())
}

func (w *writer) reservedOfEnum(e protoreflect.EnumDescriptor) []string {
	var ranges []string
	for i := range e.ReservedRanges().Len() {
		r := e.ReservedRanges().Get(i)
		ranges = append(ranges, span(int64(r[0]), int64(r[1]), math.MaxInt32))
	}
	return w.reserved(ranges, e.ReservedNames())
}

// reserved puts ranges into one statement and names into another. Editions
// write names without quotes.
func (w *writer) reserved(ranges []string, names protoreflect.Names) []string {
	var listed, operands []string
	for name := range all(names) {
		if w.doc.edition == "" {
			listed = append(listed, quote(string(name)))
		} else {
			listed = append(listed, string(name))
		}
	}
	for _, list := range [][]string{ranges, listed} {
		if len(list) > 0 {
			operands = append(operands, strings.Join(list, ", "))
		}
	}
	return operands
}
