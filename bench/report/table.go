// Package report makes what people look at from figures: tables, plots, and
// the page in docs that holds them.
//
// All of it is made from the figures alone, so the same figures give the same
// bytes, and a test finds whoever edits the page by hand.
package report

import (
	"fmt"
	"strings"
	"text/tabwriter"
)

// Table is a table of texts.
type Table struct {
	Name   string // of what was measured
	Title  string
	Header []string
	Rows   [][]string
}

// Markdown returns the table as Markdown. All columns but the first are
// numbers.
func (t Table) Markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "| %s |\n", strings.Join(t.Header, " | "))
	fmt.Fprintf(&b, "|---%s|\n", strings.Repeat("|--:", len(t.Header)-1))
	for _, row := range t.Rows {
		fmt.Fprintf(&b, "| %s |\n", strings.Join(row, " | "))
	}
	return b.String()
}

// Text returns the table for a terminal, with its title.
func (t Table) Text() string {
	var b strings.Builder
	b.WriteString(t.Title + "\n")
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, row := range append([][]string{t.Header}, t.Rows...) {
		fmt.Fprintf(w, "%s\t\n", strings.Join(row, "\t"))
	}
	_ = w.Flush() // a builder takes everything
	return strings.TrimSuffix(b.String(), "\n")
}
