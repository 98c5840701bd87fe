package record

import (
	"fmt"
	"time"
)

// seconds is the part of a time that is always there.
const seconds = "2006-01-02T15:04:05"

// parseTime reads a time in the one form in which it is written: RFC 3339 in
// UTC, with as many digits of the microseconds as it takes. It is a good part of
// what it costs to read an event, hence not by package time.
func parseTime(b []byte) (time.Time, error) {
	if len(b) < len(seconds)+1 || b[len(b)-1] != 'Z' {
		return time.Time{}, fmt.Errorf("%q is not a time in RFC 3339, UTC and microseconds", b)
	}
	var n [6]int
	for i, at := range [6]struct{ from, to int }{{0, 4}, {5, 7}, {8, 10}, {11, 13}, {14, 16}, {17, 19}} {
		var ok bool
		if n[i], ok = digits(b[at.from:at.to]); !ok {
			return time.Time{}, fmt.Errorf("%q is not a time in RFC 3339, UTC and microseconds", b)
		}
	}
	micros, ok := fraction(b[len(seconds) : len(b)-1])
	if !ok || b[4] != '-' || b[7] != '-' || b[10] != 'T' || b[13] != ':' || b[16] != ':' {
		return time.Time{}, fmt.Errorf("%q is not a time in RFC 3339, UTC and microseconds", b)
	}
	t := time.Date(n[0], time.Month(n[1]), n[2], n[3], n[4], n[5], micros*1000, time.UTC)
	if n[1] != int(t.Month()) || n[2] != t.Day() || n[3] != t.Hour() || n[4] != t.Minute() || n[5] != t.Second() {
		return time.Time{}, fmt.Errorf("%q is no time", b)
	}
	return t, nil
}

// fraction reads what is behind the seconds: nothing, or a point and digits, of
// which the last is not zero.
func fraction(b []byte) (micros int, ok bool) {
	if len(b) == 0 {
		return 0, true
	}
	if b[0] != '.' || len(b) < 2 || len(b) > 7 || b[len(b)-1] == '0' {
		return 0, false
	}
	micros, ok = digits(b[1:])
	for range 7 - len(b) {
		micros *= 10
	}
	return micros, ok
}

func digits(b []byte) (n int, ok bool) {
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = 10*n + int(c-'0')
	}
	return n, true
}
