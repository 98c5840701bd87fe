package load

import (
	"fmt"
	"slices"
	"unicode/utf8"

	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/pluginpb"

	"github.com/esgen-dev/esgen/diag"
)

// Compilers of Protobuf do not look into comments. Comments become those of the
// Go code, which is UTF-8 or does not compile.

// byteOrderMark is what some editors put before a text. Within one it is
// neither Protobuf nor Go.
const byteOrderMark = "\ufeff"

// notText finds what cannot stand in a comment of Go code: where, how many
// bytes, and what it is, or "".
func notText(text []byte) (at, size int, what string) {
	for at < len(text) {
		r, size := utf8.DecodeRune(text[at:])
		switch {
		case r == utf8.RuneError && size == 1:
			return at, size, fmt.Sprintf("the byte 0x%02x, which is not UTF-8", text[at])
		case r == 0:
			return at, size, "a NUL byte"
		case r == '\ufeff':
			return at, size, "a byte order mark"
		}
		at += size
	}
	return 0, 0, ""
}

// texts finds files that hold what is not text.
func (r *resolver) texts(names []string) []diag.Finding {
	var findings []diag.Finding
	for _, name := range names {
		src := r.source(name)
		if src == nil {
			continue
		}
		at, size, what := notText(src.text)
		if what == "" {
			continue
		}
		line, column := src.place(at)
		findings = append(findings, diag.Finding{
			Rule: ruleCompile, Severity: diag.Error,
			Message: "the file holds " + what,
			Position: diag.Position{
				Path: src.disk, Line: line, Column: column, EndLine: line, EndColumn: column + size,
			},
			Help: "save the file as UTF-8 text",
		})
	}
	return findings
}

// checkComments is texts for a request, which has comments and no text.
func checkComments(req *pluginpb.CodeGeneratorRequest) error {
	for _, file := range req.GetProtoFile() {
		if !slices.Contains(req.GetFileToGenerate(), file.GetName()) {
			continue
		}
		for _, loc := range file.GetSourceCodeInfo().GetLocation() {
			for _, comment := range comments(loc) {
				if _, _, what := notText([]byte(comment)); what != "" {
					return fmt.Errorf("a comment of %q holds %s: save the file as UTF-8 text", file.GetName(), what)
				}
			}
		}
	}
	return nil
}

func comments(loc *descriptorpb.SourceCodeInfo_Location) []string {
	return append(loc.GetLeadingDetachedComments(), loc.GetLeadingComments(), loc.GetTrailingComments())
}
