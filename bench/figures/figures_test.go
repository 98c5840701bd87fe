package figures_test

import (
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/esgen-dev/esgen/bench/figures"
)

// A part comes back as it was saved but for digits that mean nothing, and
// saving it again gives the same bytes.
func TestSave(t *testing.T) {
	t.Parallel()
	p := figures.Part{
		Name: "sleep", Command: "sleep 1", Day: "2026-01-02", Seconds: 3,
		Machine: figures.Machine{Go: "go1.26", System: "plan9/arm", Processors: 1}, Versions: map[string]string{"bed": "v2"},
		Measurements: []figures.Measurement{
			{"nap", "cat", map[string]int{"mice": 7}, figures.Medians{figures.Wall: 123_456_789, figures.Rate: 0.5}},
			{"nap", "dog", map[string]int{"mice": 7}, figures.Medians{figures.Wall: 1}},
		},
	}
	dir := t.TempDir()
	if err := p.Save(dir); err != nil {
		t.Fatal(err)
	}
	first, err := os.ReadFile(filepath.Join(dir, "sleep.json"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := figures.Load(dir, "sleep")
	if err != nil {
		t.Fatal(err)
	}
	p.Measurements[0].Medians[figures.Wall] = 123_500_000
	if diff := cmp.Diff(p, got); diff != "" {
		t.Errorf("loaded (-want +got):\n%s", diff)
	}
	if err := got.Save(dir); err != nil {
		t.Fatal(err)
	}
	second, err := os.ReadFile(filepath.Join(dir, "sleep.json"))
	if err != nil || string(first) != string(second) {
		t.Errorf("saved again: %v\n%s\n%s", err, first, second)
	}
}

// What could not be measured is not saved as if it was.
func TestSave_nothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	bad := figures.Measurement{Medians: figures.Medians{figures.Wall: figures.Decimal(math.Inf(1))}}
	for _, p := range []figures.Part{{Name: "empty"}, {Name: "infinite", Measurements: []figures.Measurement{bad}}} {
		if err := p.Save(dir); err == nil {
			t.Errorf("%s is saved", p.Name)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("%v, %v are left", left, err)
	}
}

func TestFormat(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		quantity figures.Quantity
		value    float64
		want     string
	}{
		{figures.Wall, 7.04, "7.04 ns"},
		{figures.Wall, 999.4, "999 ns"},
		{figures.Wall, 999.6, "1 µs"}, // not 1000 ns
		{figures.Wall, 12_340_000, "12.3 ms"},
		{figures.Wall, 10e9, "10 s"},
		{figures.Wall, 100e9, "100 s"},
		{figures.Memory, 200 << 20, "200 MB"},
		{figures.Rate, 1_234_567, "1,234,567"},
		{figures.Batch, 1.46, "1.5"},
		{figures.EventsRead, 0, "0"},
	} {
		if got := c.quantity.Format(c.value); got != c.want {
			t.Errorf("%v as %s: %q, want %q", c.value, c.quantity, got, c.want)
		}
	}
	if got := figures.Ratio(0.5) + " " + figures.Ratio(1234.5); got != "0.50 1,234" {
		t.Errorf("ratios are %s", got)
	}
}
