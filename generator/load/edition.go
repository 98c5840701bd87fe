package load

import (
	"fmt"
	"maps"
	"regexp"
	"slices"

	"github.com/esgen-dev/esgen/diag"
)

// newestEdition is the newest edition that Sources understands.
const newestEdition = "2023"

// laterEditions replaces what the compiler found in files of an edition that
// it does not know. That often is a list of syntax errors, none of which names
// the reason.
func (r *resolver) laterEditions(findings []diag.Finding) []diag.Finding {
	statement := regexp.MustCompile(`(?m)^[ \t]*edition\s*=\s*["'](\w+)["']`)
	sources := r.allSources()
	for _, name := range slices.Sorted(maps.Keys(sources)) {
		src := sources[name]
		at := statement.FindSubmatchIndex(src.text)
		if at == nil || string(src.text[at[2]:at[3]]) <= newestEdition {
			continue
		}
		rest := slices.DeleteFunc(slices.Clone(findings), func(f diag.Finding) bool { return f.Position.Path == src.disk })
		if len(rest) < len(findings) {
			rest = append(rest, src.laterEdition(at[2]-1, at[3]+1))
			findings = rest
		}
	}
	return findings
}

// laterEdition is the finding about an edition that stands, quoted, between
// two offsets.
func (s *source) laterEdition(from, to int) diag.Finding {
	line, column := s.place(from)
	return diag.Finding{
		Rule: ruleCompile, Severity: diag.Error,
		Message: fmt.Sprintf("edition %s is not known: esgen compiles up to edition %s by itself", s.text[from:to], newestEdition),
		Position: diag.Position{
			Path: s.disk, Line: line, Column: column, EndLine: line, EndColumn: column + to - from,
		},
		Help: "run esgen as a plugin of a compiler that knows it: protoc --esgen_out, or buf generate with protoc-gen-esgen",
	}
}
