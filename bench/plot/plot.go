// Package plot draws how something grows: panels side by side, with points
// and lines between them, as an SVG that follows the reader's light or dark
// mode.
//
// Both axes are logarithmic, since sizes here go up by factors. A line that
// rises with the grid grows like the size; one that is flat does not grow.
// The panels share the vertical axis. The ticks of the horizontal one are the
// values that were measured.
//
// The same figure gives the same bytes. Widths of texts are estimated, as
// nothing here knows fonts.
package plot

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// Figure is a plot.
type Figure struct {
	Title  string // for those who do not see it
	Y      Axis
	Panels []Panel
}

// Panel is one of the drawings of a figure.
type Panel struct {
	Title  string
	X      Axis
	Series []Series
}

// Axis says what is along an axis.
type Axis struct {
	Label  string
	Format func(float64) string // of a tick
}

// Series is a line. Series of the same name look alike in all panels.
type Series struct {
	Name   string
	Points []Point // from left to right
}

// Point is a measured value.
type Point struct{ X, Y float64 }

// SVG draws the figure.
func (f Figure) SVG() ([]byte, error) {
	if err := f.check(); err != nil {
		return nil, fmt.Errorf("plot %q: %w", f.Title, err)
	}
	d := newDrawing(f)
	d.open()
	d.legend()
	for i, p := range f.Panels {
		d.panel(i, p)
	}
	return d.close(), nil
}

func (f Figure) check() error {
	if len(f.Panels) == 0 {
		return errors.New("there are no panels")
	}
	if n := len(f.names()); n > looks {
		return fmt.Errorf("%d series cannot be told apart", n)
	}
	for _, p := range f.Panels {
		if len(p.Series) == 0 {
			return fmt.Errorf("panel %q is empty", p.Title)
		}
		for _, s := range p.Series {
			if len(s.Points) == 0 {
				return fmt.Errorf("series %q is empty", s.Name)
			}
			for _, at := range s.Points {
				if !drawable(at.X) || !drawable(at.Y) {
					return fmt.Errorf("series %q: %v has no place", s.Name, at)
				}
			}
		}
	}
	return nil
}

// names returns the names of all series, in the order in which they appear.
func (f Figure) names() []string {
	var all []string
	for _, p := range f.Panels {
		for _, s := range p.Series {
			if !slices.Contains(all, s.Name) {
				all = append(all, s.Name)
			}
		}
	}
	return all
}

// drawable reports whether a value has a finite logarithm.
func drawable(v float64) bool { return v > 0 && !math.IsInf(v, 1) }
