package record

import (
	"math/rand/v2"
	"testing"
	"time"
)

// TestParseTime compares with package time: what is written comes back, and
// what was not written by this package does not pass.
func TestParseTime(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	const layout = "2006-01-02T15:04:05.999999Z07:00" // microseconds where there are any
	const alphabet = "0123456789:-T.Z+ "
	for range 200_000 {
		at := time.UnixMicro(r.Int64N(253_402_300_800_000_000)).UTC() // up to the year 9999
		if r.IntN(3) == 0 {
			at = at.Truncate([]time.Duration{time.Second, time.Millisecond}[r.IntN(2)])
		}
		text := at.AppendFormat(nil, layout)
		if got, err := parseTime(text); err != nil || !got.Equal(at) || got.Location() != time.UTC {
			t.Fatalf("%s: %v, %v", text, got, err)
		}
		switch i := r.IntN(len(text)); r.IntN(3) {
		case 0:
			text[i] = alphabet[r.IntN(len(alphabet))]
		case 1:
			text = append(text[:i], text[i+1:]...)
		case 2:
			text = append(text[:i], append([]byte{alphabet[r.IntN(len(alphabet))]}, text[i:]...)...)
		}
		got, err := parseTime(text)
		want, reference := time.Parse(time.RFC3339, string(text))
		if good := reference == nil && string(want.UTC().AppendFormat(nil, layout)) == string(text); good != (err == nil) {
			t.Fatalf("%s: %v, %v, want %v, %v", text, got, err, want, reference)
		}
	}
}
