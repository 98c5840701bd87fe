package plot

import (
	"fmt"
	"slices"
)

// style has the colours of both modes. They differ in lightness, too, and
// every series has a marker of its own shape. The paper is drawn, so that a
// page of the other mode changes nothing.
const style = `<style>
text { font-family: system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; font-size: 12px; fill: #1f2328; }
.tick, .label { fill: #59636e; }
.title { font-weight: 600; }
.paper { fill: #ffffff; }
.grid { stroke: #d1d9e0; stroke-width: 1; }
polyline { fill: none; stroke-width: 1.8; stroke-linejoin: round; }
.c0 { stroke: #0969da; stroke-width: 2.6; }
.c1 { stroke: #bc4c00; }
.c2 { stroke: #1a7f37; }
.c3 { stroke: #8250df; }
.c4 { stroke: #59636e; }
.m0 { fill: #0969da; }
.m1 { fill: #bc4c00; }
.m2 { fill: #1a7f37; }
.m3 { fill: #8250df; }
.m4 { fill: #59636e; }
@media (prefers-color-scheme: dark) {
text { fill: #f0f6fc; }
.tick, .label { fill: #9198a1; }
.paper { fill: #0d1117; }
.grid { stroke: #3d444d; }
.c0 { stroke: #58a6ff; }
.c1 { stroke: #f0883e; }
.c2 { stroke: #3fb950; }
.c3 { stroke: #bc8cff; }
.c4 { stroke: #9198a1; }
.m0 { fill: #58a6ff; }
.m1 { fill: #f0883e; }
.m2 { fill: #3fb950; }
.m3 { fill: #bc8cff; }
.m4 { fill: #9198a1; }
}
</style>
`

// looks is how many series can be told apart.
const looks = 5

// look is how a series is drawn: which colour and which marker.
type look int

// look returns that of a name. The first series has the strongest.
func (d *drawing) look(name string) look { return look(slices.Index(d.names, name)) }

// marker draws the point at a place.
func (d *drawing) marker(l look, x, y float64) {
	var shape string
	switch l {
	case 0:
		shape = fmt.Sprintf(`<circle class="m0" cx="%.1f" cy="%.1f" r="4"/>`, x, y)
	case 1:
		shape = fmt.Sprintf(`<rect class="m1" x="%.1f" y="%.1f" width="7" height="7"/>`, x-3.5, y-3.5)
	case 2:
		shape = fmt.Sprintf(`<path class="m2" d="M%.1f %.1f l4.5 8 h-9 z"/>`, x, y-4.8)
	case 3:
		shape = fmt.Sprintf(`<path class="m3" d="M%.1f %.1f l4.8 4.8 l-4.8 4.8 l-4.8 -4.8 z"/>`, x, y-4.8)
	default:
		shape = fmt.Sprintf(`<path class="m4" d="M%.1f %.1f l4.5 -8 h-9 z"/>`, x, y+4.8)
	}
	d.WriteString(shape + "\n")
}
