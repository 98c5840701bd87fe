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
	year, month, day := n[0], n[1], n[2]
	if month < 1 || month > 12 || day < 1 || day > daysIn(year, month) || n[3] > 23 || n[4] > 59 || n[5] > 59 {
		return time.Time{}, fmt.Errorf("%q is no time", b)
	}
	sec := int64(daysSince1970(year, month, day))*86_400 + int64(n[3]*3600+n[4]*60+n[5])
	return time.Unix(sec, int64(micros)*1000).UTC(), nil
}

// daysIn returns the number of days of a month in the Gregorian calendar.
func daysIn(year, month int) int {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// daysSince1970 counts the days up to a day of the years 0 to 9999. It lets years
// begin in March, so that the day that not all of them have is their last.
func daysSince1970(year, month, day int) int {
	if month < 3 {
		year, month = year-1, month+12
	}
	year += 400 // not below 0; 400 years have 146 097 days
	before := 365*year + year/4 - year/100 + year/400
	return before + (153*(month-3)+2)/5 + day - 1 - (719_468 + 146_097)
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
