// Package figures is what a comparison measured, in files that people read,
// too. The page and its plots are made from them, and from nothing else.
//
// The files are written by cmd/compare and stand beside this one.
package figures

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
)

// Part is a part of the comparison, which was measured in one go.
type Part struct {
	Name         string            `json:"name"`
	Command      string            `json:"command"` // measures it again
	Day          string            `json:"day"`
	Seconds      int               `json:"seconds"` // that measuring took
	Machine      Machine           `json:"machine"`
	Versions     map[string]string `json:"versions"` // of what is compared
	Measurements []Measurement     `json:"measurements"`
}

// Measurement is what one contender needed for one thing of one size.
type Measurement struct {
	What      string         `json:"what"`
	Contender string         `json:"contender"`
	Size      map[string]int `json:"size"`
	Medians   Medians        `json:"medians"`
}

// Medians are the medians of what several runs needed.
type Medians map[Quantity]Decimal

// Decimal is a number that is written with four digits. More would differ from
// run to run.
type Decimal float64

// MarshalJSON implements [json.Marshaler].
func (d Decimal) MarshalJSON() ([]byte, error) {
	short, err := strconv.ParseFloat(strconv.FormatFloat(float64(d), 'e', 3, 64), 64)
	if err != nil || math.IsInf(short, 0) || math.IsNaN(short) {
		return nil, fmt.Errorf("%v is not a measurement", float64(d))
	}
	return strconv.AppendFloat(nil, short, 'f', -1, 64), nil
}

// Select returns the measurements of one thing, in their order.
func (p Part) Select(what string) []Measurement {
	var found []Measurement
	for _, m := range p.Measurements {
		if m.What == what {
			found = append(found, m)
		}
	}
	return found
}

// Load reads the part of a name from a directory.
func Load(dir, name string) (Part, error) {
	file := filepath.Join(dir, name+".json")
	content, err := os.ReadFile(file)
	if err != nil {
		return Part{}, err
	}
	var p Part
	if err := json.Unmarshal(content, &p); err != nil {
		return Part{}, fmt.Errorf("%s: %w", file, err)
	}
	if p.Name != name {
		return Part{}, fmt.Errorf("%s holds the part %q", file, p.Name)
	}
	return p, nil
}

// Save writes a part to a directory, each measurement in a line of its own.
func (p Part) Save(dir string) error {
	if p.Name == "" || len(p.Measurements) == 0 {
		return errors.New("there is nothing to save")
	}
	lines := make([][]byte, len(p.Measurements))
	for i, m := range p.Measurements {
		line, err := json.Marshal(m)
		if err != nil {
			return fmt.Errorf("%s of %s: %w", m.What, m.Contender, err)
		}
		lines[i] = line
	}
	p.Measurements = nil
	head, err := json.MarshalIndent(p, "", "  ")
	if err != nil {
		return err
	}
	text, ok := bytes.CutSuffix(head, []byte("null\n}"))
	if !ok {
		return errors.New("the measurements are not the last field")
	}
	text = append(text, "[\n    "...)
	text = append(text, bytes.Join(lines, []byte(",\n    "))...)
	text = append(text, "\n  ]\n}\n"...)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, p.Name+".json"), text, 0o644)
}
