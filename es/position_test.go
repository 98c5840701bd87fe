package es_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/esgen-dev/esgen/es"
)

func TestPosition_String(t *testing.T) {
	t.Parallel()
	for want, p := range map[string]es.Position{
		"0:0":       {},
		"3:17":      {Partition: 3, Offset: 17},
		"3:17.2":    {Partition: 3, Offset: 17, Part: 2},
		"0:5000000": {Offset: 5_000_000},
	} {
		if got := p.String(); got != want {
			t.Errorf("%#v: %q, want %q", p, got, want)
		}
	}
}

func TestCursor_Advance(t *testing.T) {
	t.Parallel()
	c := es.Start()
	if c.String() != "" || c.Next(4) != (es.Position{Partition: 4}) || c.Includes(es.Position{}) {
		t.Errorf("the start is %q, next %s", c, c.Next(4))
	}
	for _, step := range []struct {
		p    es.Position
		want string
	}{
		{es.Position{Partition: 3, Offset: 7}, "3:7.1"},
		{es.Position{Partition: 0, Offset: 9}, "0:9.1,3:7.1"},
		{es.Position{Partition: 3, Offset: 7, Part: 1}, "0:9.1,3:7.2"},
		{es.Position{Partition: 3, Offset: 7}, "0:9.1,3:7.2"}, // is past it
		{es.Position{Partition: 3, Offset: 2}, "0:9.1,3:7.2"}, // is past it
		{es.Position{Partition: 1, Offset: 0}, "0:9.1,1:0.1,3:7.2"},
		{es.Position{Partition: 3, Offset: 8}, "0:9.1,1:0.1,3:8.1"},
	} {
		c.Advance(step.p)
		if got := c.String(); got != step.want {
			t.Errorf("after %s: %q, want %q", step.p, got, step.want)
		}
		if !c.Includes(step.p) {
			t.Errorf("after %s: not included", step.p)
		}
	}
	if next := c.Next(3); next != (es.Position{Partition: 3, Offset: 8, Part: 1}) || c.Includes(next) {
		t.Errorf("next of partition 3: %s", next)
	}
}

// A copy of a cursor is a place that a reader may come back to.
func TestCursor_copies(t *testing.T) {
	t.Parallel()
	var many es.Cursor
	for n := int32(9); n > 0; n-- {
		before, text := many, many.String()
		many.Advance(es.Position{Partition: n})
		twin := before
		twin.Advance(es.Position{Partition: 0})
		if before.String() != text || many.Includes(es.Position{}) {
			t.Errorf("copies at %q and %q share memory", before, many)
		}
	}
	var c es.Cursor
	c.Advance(es.Position{Partition: 1, Offset: 5})
	saved := c
	c.Advance(es.Position{Partition: 1, Offset: 6})
	c.Advance(es.Position{Partition: 0, Offset: 1})
	if saved.String() != "1:5.1" {
		t.Errorf("the copy moved to %q", saved)
	}
	other := saved
	other.Advance(es.Position{Partition: 2})
	if saved.String() != "1:5.1" || c.String() != "0:1.1,1:6.1" {
		t.Errorf("copies at %q and %q share memory", saved, c)
	}
}

// Whatever was read, the cursor includes exactly what lies before the next
// position of each partition, and its text brings it back.
func TestCursor_roundTrip(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		var c es.Cursor
		highest := map[int32]es.Position{}
		for range r.IntN(12) {
			p := es.Position{Partition: r.Int32N(5), Offset: r.Int64N(1 << r.IntN(62)), Part: r.Int32N(3)}
			c.Advance(p)
			if h, ok := highest[p.Partition]; !ok || h.Offset < p.Offset || h.Offset == p.Offset && h.Part < p.Part {
				highest[p.Partition] = p
			}
		}
		var back es.Cursor
		if err := back.UnmarshalText([]byte(c.String())); err != nil {
			t.Fatal(err)
		}
		if back.String() != c.String() {
			t.Fatalf("%q came back as %q", c, back)
		}
		for n := range int32(5) {
			want := es.Position{Partition: n}
			if h, ok := highest[n]; ok {
				want = h
				want.Part++
			}
			if got := back.Next(n); got != want {
				t.Fatalf("%q: next of partition %d is %s, want %s", c, n, got, want)
			}
		}
	}
}

func TestCursor_UnmarshalText_errors(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		",":                     `"" has no colon`,
		"0:1,":                  `"" has no colon`,
		"7":                     `"7" has no colon`,
		"0:x":                   "offset",
		"x:0":                   "partition",
		"0:1.x":                 "part",
		"-1:0":                  "partition",
		"0:-1":                  "offset",
		"0:1.0":                 "not in canonical form",
		"00:1":                  "not in canonical form",
		"0:+1":                  "offset",
		"0 :1":                  "partition",
		"0:1\n":                 "offset",
		"1:1,0:1":               "ascending order",
		"1:1,1:2":               "ascending order",
		"2147483648:0":          "partition",
		"0:9223372036854775808": "offset",
		"0:0.2147483648":        "part",
	} {
		c := es.Start()
		c.Advance(es.Position{Offset: 1})
		err := c.UnmarshalText([]byte(text))
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "es: cursor ") {
			t.Errorf("%q: error %v, want one with %q", text, err, want)
		}
		if c.String() != "0:1.1" {
			t.Errorf("%q: the cursor moved to %q", text, c)
		}
	}
	var c es.Cursor
	if err := c.UnmarshalText([]byte("2147483647:9223372036854775807.2147483647")); err != nil {
		t.Error(err)
	}
	if next := c.Next(math.MaxInt32); next.Offset != math.MaxInt64 {
		t.Errorf("next %s", next)
	}
}

func FuzzCursor(f *testing.F) {
	for _, seed := range []string{"", "0:0", "0:17.1,3:201.1", "0:1,", "1:1,0:1", "0:01", "2:3.4.5"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var c es.Cursor
		if err := c.UnmarshalText([]byte(text)); err != nil {
			return
		}
		got, err := c.MarshalText()
		if err != nil || string(got) != text {
			t.Errorf("%q came back as %q, %v", text, got, err)
		}
	})
}
