package figures

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Quantity is something that was measured, with its unit.
type Quantity string

// The quantities.
const (
	Wall         Quantity = "wall_ns"
	CPU          Quantity = "cpu_ns" // user and system, of all processes
	PerEvent     Quantity = "per_event_ns"
	Memory       Quantity = "memory_bytes"
	Allocations  Quantity = "allocations"
	Files        Quantity = "files"
	Rate         Quantity = "events_per_second"
	Median       Quantity = "median_ns" // of single commands, where Wall is that of all
	P99          Quantity = "p99_ns"
	Batch        Quantity = "events_per_transaction"
	Restore      Quantity = "restore_ns"
	EventsRead   Quantity = "events_read"
	PerAggregate Quantity = "aggregate_bytes"
	Cold         Quantity = "cold_ns"
)

// Format writes a value for people, with three digits or so.
func (q Quantity) Format(value float64) string {
	switch {
	case strings.HasSuffix(string(q), "_ns"):
		return duration(value)
	case q == Memory:
		return fmt.Sprintf("%.0f MB", value/(1<<20))
	case q == PerAggregate:
		return Count(value) + " B"
	case q == Batch:
		return strconv.FormatFloat(value, 'f', 1, 64)
	default:
		return Count(value)
	}
}

// duration writes three digits and the unit.
func duration(ns float64) string {
	unit, name := float64(time.Nanosecond), "ns"
	for _, u := range []struct {
		size time.Duration
		name string
	}{{time.Microsecond, "µs"}, {time.Millisecond, "ms"}, {time.Second, "s"}} {
		if ns >= float64(u.size)*0.9995 {
			unit, name = float64(u.size), u.name
		}
	}
	return short(ns/unit) + " " + name
}

// Ratio writes how often one value is the other.
func Ratio(value float64) string {
	if value >= 10 {
		return Count(value)
	}
	return strconv.FormatFloat(value, 'f', 2, 64)
}

// short keeps three digits, and no zeros behind the point.
func short(value float64) string {
	decimals := 0
	if value < 99.95 {
		decimals = 1
	}
	if value < 9.995 {
		decimals = 2
	}
	text := strconv.FormatFloat(value, 'f', decimals, 64)
	if decimals > 0 {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return text
}

// Count writes a whole number with a comma between thousands.
func Count(value float64) string {
	digits := strconv.FormatFloat(value, 'f', 0, 64)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
