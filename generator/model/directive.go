package model

import (
	"fmt"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/esgen-dev/esgen/diag"
)

// lintComments finds comments that Go tools would obey. protoc-gen-go copies
// comments into the .pb.go files as they are, so "//go:generate" in a .proto
// file is a command that runs, and "//go:build" takes the whole file out of
// the build.
func (b *builder) lintComments() {
	for _, file := range b.files {
		if !file.Generate {
			continue
		}
		locations := file.Desc.SourceLocations()
		for i := range locations.Len() {
			loc := locations.Get(i)
			if directive := directiveIn(loc); directive != "" {
				b.findings = append(b.findings, diag.Finding{
					Rule:     ruleDirective,
					Severity: ruleByID(ruleDirective).Severity,
					Message:  fmt.Sprintf("a comment holds %q, which Go tools obey", directive),
					Position: b.set.Span(file.Desc, loc),
					Help:     "put a blank behind the slashes",
				})
			}
		}
	}
}

// directiveIn returns the first line of a location's comments that is a
// directive, or "".
func directiveIn(loc protoreflect.SourceLocation) string {
	for _, comment := range append([]string{loc.LeadingComments, loc.TrailingComments}, loc.LeadingDetachedComments...) {
		for line := range strings.Lines(comment) {
			line = strings.TrimRight(line, "\r\n")
			if strings.HasPrefix(line, "go:") || strings.HasPrefix(strings.TrimSpace(line), "+build ") {
				return "//" + line
			}
		}
	}
	return ""
}
