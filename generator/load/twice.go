package load

import (
	"regexp"
	"strconv"

	"github.com/esgen-dev/esgen/diag"
)

// declaredTwice rewords what the compiler says of two declarations of one
// thing. Its text holds the place of the one that it happened to see first;
// here the later one is always at fault, and the other is a position too.
func (r *resolver) declaredTwice(f diag.Finding) diag.Finding {
	text := regexp.MustCompile(`^(.+) already defined at (.+):(\d+):(\d+)$`).FindStringSubmatch(f.Message)
	if text == nil {
		return f
	}
	line, _ := strconv.Atoi(text[3])
	column, _ := strconv.Atoi(text[4])
	other := diag.Position{
		Path:   r.shown(text[2]),
		Line:   line,
		Column: r.source(text[2]).byteColumn(line-1, column-1) + 1,
	}
	first, second := other, f.Position
	if second.Compare(first) < 0 {
		first, second = second, first
	}
	f.Message = text[1] + " is declared twice"
	f.Position = second
	f.Previous = []diag.Previous{{Position: first, Text: "first declared here"}}
	f.Help = "rename one of the two, or remove it"
	return f
}
