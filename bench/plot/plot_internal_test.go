package plot

import (
	"encoding/xml"
	"errors"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestTicks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		low, high float64
		want      []float64
	}{
		{3, 80, []float64{2, 5, 10, 20, 50, 100}},
		{2, 50, []float64{2, 5, 10, 20, 50}},
		{0.03, 0.4, []float64{0.02, 0.05, 0.1, 0.2, 0.5}},
		{7, 4100, []float64{1, 10, 100, 1000, 10_000}},
		{5, 5, []float64{5, 10}}, // a range that is none has a height
	} {
		if got := ticks(c.low, c.high); !slices.Equal(got, c.want) {
			t.Errorf("from %v to %v: %v, want %v", c.low, c.high, got, c.want)
		}
	}
}

// Equal factors are equal distances.
func TestScale(t *testing.T) {
	t.Parallel()
	s := scale{low: 1, high: 100, from: 300, to: 100}
	for value, want := range map[float64]float64{1: 300, 10: 200, 100: 100} {
		if got := s.at(value); math.Abs(got-want) > 1e-9 {
			t.Errorf("%v is at %v, want %v", value, got, want)
		}
	}
	if got := (scale{low: 8, high: 8, from: 0, to: 10}).at(8); got != 5 {
		t.Errorf("the only value is at %v", got)
	}
}

func example(x, y float64) Figure {
	return Figure{
		Title: "Time & <size>", Y: Axis{"time", num},
		Panels: []Panel{{"one", Axis{"files", num}, []Series{
			{"a<b", []Point{{1, 5}, {10, 70}}},
			{"other", []Point{{1, 9}, {x, y}}},
		}}},
	}
}

func num(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// The picture is XML, and says what it was given. No point lies outside.
func TestSVG(t *testing.T) {
	t.Parallel()
	svg, err := example(10, 80).SVG()
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	circles := 0
	for d := xml.NewDecoder(strings.NewReader(string(svg))); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("%v in\n%s", err, svg)
		}
		switch token := token.(type) {
		case xml.CharData:
			texts = append(texts, string(token))
		case xml.StartElement:
			if token.Name.Local == "circle" {
				circles++
			}
			inside(t, token)
		}
	}
	if circles != 3 { // two points, and one in the legend
		t.Errorf("%d markers of the first series", circles)
	}
	for _, want := range []string{"Time & <size>", "a<b", "other", "one", "files", "time", "1", "10", "100"} {
		if !slices.Contains(texts, want) {
			t.Errorf("%q is not in the picture", want)
		}
	}
}

// inside finds coordinates that are not in the picture.
func inside(t *testing.T, e xml.StartElement) {
	t.Helper()
	for _, a := range e.Attr {
		limit := map[string]float64{"cx": width, "x1": width, "x2": width, "cy": 420, "y1": 420, "y2": 420}[a.Name.Local]
		if limit == 0 {
			continue
		}
		if v, err := strconv.ParseFloat(a.Value, 64); err != nil || v < 0 || v > limit {
			t.Errorf("%s of %s is %s", a.Name.Local, e.Name.Local, a.Value)
		}
	}
}

// What cannot be drawn is refused, rather than drawn somewhere.
func TestSVG_refuses(t *testing.T) {
	t.Parallel()
	empty, many := example(10, 80), example(10, 80)
	empty.Panels[0].Series[1].Points = nil
	for i := range looks {
		many.Panels[0].Series = append(many.Panels[0].Series, Series{num(float64(i)), []Point{{1, 1}}})
	}
	for name, f := range map[string]Figure{
		"nothing": {}, "zero": example(10, 0), "negative": example(-1, 1), "not a number": example(10, math.NaN()),
		"infinite": example(10, math.Inf(1)), "empty": empty, "many": many,
	} {
		if svg, err := f.SVG(); err == nil {
			t.Errorf("%s is drawn:\n%s", name, svg)
		}
	}
}
