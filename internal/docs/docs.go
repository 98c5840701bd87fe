// Package docs writes the reference pages in docs/ from what the program
// itself says: its rules, its options file and the schema of its
// configuration. So the pages cannot disagree with it.
//
// The test of this package compares the pages on disk with what these
// functions return, and rewrites them when ESGEN_REFRESH is set.
package docs

import (
	"fmt"
	"strings"
)

// edited warns whoever opens a page to edit it.
const edited = "<!-- Written by internal/docs from the program itself: do not edit. -->\n\n"

// cell makes a text fit for the cell of a table.
func cell(text string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(text), " "), "|", `\|`)
}

// code puts a text between backquotes, or returns "" for none.
func code(text string) string {
	if text == "" {
		return ""
	}
	return "`" + text + "`"
}

// table writes a table with a header.
func table(out *strings.Builder, header []string, rows [][]string) {
	fmt.Fprintf(out, "| %s |\n", strings.Join(header, " | "))
	fmt.Fprintf(out, "|%s\n", strings.Repeat("---|", len(header)))
	for _, row := range rows {
		for i := range row {
			row[i] = cell(row[i])
		}
		fmt.Fprintf(out, "| %s |\n", strings.Join(row, " | "))
	}
	out.WriteString("\n")
}
