package load

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/bufbuild/protocompile"

	"github.com/esgen-dev/esgen/diag"
)

// compilerBroken is for a file at which the compiler panicked. It is known to
// do so at a field of an option that is written with capitals, such as Emits.
func (r *resolver) compilerBroken(broken protocompile.PanicError) diag.Finding {
	f := diag.Finding{
		Rule: ruleCompile, Severity: diag.Error,
		Message:  fmt.Sprintf("the compiler of Protobuf fails: %v", broken.Value),
		Position: diag.Position{Path: r.shown(broken.File), Line: 1, Column: 1},
		Help:     "this is a bug of the compiler that is built into esgen: please report it with the file",
	}
	src := r.source(broken.File)
	if src == nil {
		return f
	}
	fields := optionFields()
	for _, at := range regexp.MustCompile(`(\w+)\s*[:{]`).FindAllSubmatchIndex(src.text, -1) {
		name := string(src.text[at[2]:at[3]])
		if lower := strings.ToLower(name); lower != name && slices.Contains(fields, lower) {
			f.Message = fmt.Sprintf("field %s of an option is not known", name)
			f.Position.Line, f.Position.Column = src.place(at[2])
			f.Position.EndLine, f.Position.EndColumn = src.place(at[3])
			f.Help = fmt.Sprintf("did you mean %s?", lower)
			return f
		}
	}
	return f
}
