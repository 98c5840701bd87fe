package plot

import (
	"math"
	"slices"
)

// scale maps values to places, by their logarithms.
type scale struct {
	low, high float64 // values
	from, to  float64 // places
}

func (s scale) at(value float64) float64 {
	if s.low == s.high {
		return (s.from + s.to) / 2
	}
	part := (math.Log(value) - math.Log(s.low)) / (math.Log(s.high) - math.Log(s.low))
	return s.from + part*(s.to-s.from)
}

// sparse is from how many decades on an axis has ticks at powers of ten alone.
const sparse = 2.5

// ticks returns round values so that all of a range lies between the first and
// the last one: 1, 2, 5, 10, or powers of ten for a wide range.
func ticks(low, high float64) []float64 {
	steps := []float64{1, 2, 5}
	if math.Log10(high/low) > sparse {
		steps = steps[:1]
	}
	var all []float64
	for decade := math.Floor(math.Log10(low)); ; decade++ {
		for _, step := range steps {
			// A division is exact where the power of a negative number is not.
			value := step * math.Pow(10, decade)
			if decade < 0 {
				value = step / math.Pow(10, -decade)
			}
			if value <= low {
				all = all[:0] // only the last one below
			}
			all = append(all, value)
			if value >= high && len(all) > 1 {
				return all
			}
		}
	}
}

// vertical returns the ticks of the axis that all panels share.
func (f Figure) vertical() []float64 {
	low, high := math.Inf(1), math.Inf(-1)
	for _, p := range f.Panels {
		for _, s := range p.Series {
			for _, at := range s.Points {
				low, high = min(low, at.Y), max(high, at.Y)
			}
		}
	}
	return ticks(low, high)
}

// horizontal returns the values that were measured.
func (p Panel) horizontal() []float64 {
	var all []float64
	for _, s := range p.Series {
		for _, at := range s.Points {
			all = append(all, at.X)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
