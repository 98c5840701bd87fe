package plot

import (
	"encoding/xml"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Lengths, in pixels of a figure that is shown in its own size.
const (
	width        = 880
	panelHeight  = 250
	marginLeft   = 78 // for the ticks and the label of the vertical axis
	marginRight  = 24
	marginBottom = 48
	gap          = 34 // between panels
	legendLine   = 20
	titleHeight  = 26
	letter       = 6.3 // the width of one, about
)

// drawing is a figure on its way to SVG.
type drawing struct {
	strings.Builder

	figure Figure
	names  []string // of the series
	top    float64  // of the panels
	y      scale
}

func newDrawing(f Figure) *drawing {
	d := &drawing{figure: f, names: f.names()}
	d.top = float64(16+legendLine*len(d.legendRows())) + titleHeight
	ys := f.vertical()
	d.y = scale{low: ys[0], high: ys[len(ys)-1], from: d.top + panelHeight, to: d.top}
	return d
}

func (d *drawing) open() {
	height := d.top + panelHeight + marginBottom
	fmt.Fprintf(d, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %[1]d %.0[2]f" width="%[1]d" height="%.0[2]f" role="img">`,
		width, height)
	d.WriteString("\n")
	fmt.Fprintf(d, "<title>%s</title>\n%s", escape(d.figure.Title), style)
	fmt.Fprintf(d, `<rect class="paper" width="%d" height="%.0f"/>`+"\n", width, height)
}

func (d *drawing) close() []byte {
	d.WriteString("</svg>\n")
	return []byte(d.String())
}

// panel draws one panel, with its axes.
func (d *drawing) panel(i int, p Panel) {
	n := float64(len(d.figure.Panels))
	each := (width - marginLeft - marginRight - gap*(n-1)) / n
	left := marginLeft + float64(i)*(each+gap)
	xs := p.horizontal()
	const inset = 14 // so that markers do not lie on the frame
	x := scale{low: xs[0], high: xs[len(xs)-1], from: left + inset, to: left + each - inset}
	bottom := d.top + panelHeight

	d.text("title", "middle", left+each/2, d.top-9, p.Title)
	for _, tick := range d.figure.vertical() {
		d.line("grid", left, d.y.at(tick), left+each, d.y.at(tick))
		if i == 0 {
			d.text("tick", "end", left-7, d.y.at(tick)+4, d.figure.Y.Format(tick))
		}
	}
	if i == 0 {
		fmt.Fprintf(d, `<text class="label" text-anchor="middle" transform="translate(14 %.1f) rotate(-90)">%s</text>`+"\n",
			d.top+panelHeight/2, escape(d.figure.Y.Label))
	}
	for _, tick := range xs {
		d.line("grid", x.at(tick), d.top, x.at(tick), bottom)
		d.text("tick", "middle", x.at(tick), bottom+17, p.X.Format(tick))
	}
	d.text("label", "middle", left+each/2, bottom+38, p.X.Label)
	for _, s := range slices.Backward(p.Series) { // the first one on top
		d.series(s, x)
	}
}

func (d *drawing) series(s Series, x scale) {
	look := d.look(s.Name)
	places := make([]string, len(s.Points))
	for i, at := range s.Points {
		places[i] = fmt.Sprintf("%.1f,%.1f", x.at(at.X), d.y.at(at.Y))
	}
	fmt.Fprintf(d, `<polyline class="c%d" points="%s"/>`+"\n", look, strings.Join(places, " "))
	for _, at := range s.Points {
		d.marker(look, x.at(at.X), d.y.at(at.Y))
	}
}

func (d *drawing) legend() {
	for row, names := range d.legendRows() {
		x, y := float64(marginLeft), float64(20+legendLine*row)
		for _, name := range names {
			look := d.look(name)
			fmt.Fprintf(d, `<polyline class="c%d" points="%.1f,%.1f %.1f,%.1f"/>`+"\n", look, x, y, x+30, y)
			d.marker(look, x+15, y)
			d.text("name", "start", x+37, y+4, name)
			x += entryWidth(name)
		}
	}
}

// legendRows breaks the legend into lines.
func (d *drawing) legendRows() [][]string {
	var rows [][]string
	room := 0.0
	for _, name := range d.names {
		need := entryWidth(name)
		if room < need {
			rows = append(rows, nil)
			room = width - marginLeft - marginRight
		}
		rows[len(rows)-1] = append(rows[len(rows)-1], name)
		room -= need
	}
	return rows
}

func entryWidth(name string) float64 { return 58 + letter*float64(utf8.RuneCountInString(name)) }

func (d *drawing) line(class string, x1, y1, x2, y2 float64) {
	fmt.Fprintf(d, `<line class="%s" x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f"/>`+"\n", class, x1, y1, x2, y2)
}

func (d *drawing) text(class, anchor string, x, y float64, text string) {
	fmt.Fprintf(d, `<text class="%s" text-anchor="%s" x="%.1f" y="%.1f">%s</text>`+"\n", class, anchor, x, y, escape(text))
}

func escape(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a builder takes everything
	return b.String()
}
