package load

import (
	"fmt"
	"maps"
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

// texts returns findings about files that hold what is not text.
func (r *resolver) texts(names []string) []diag.Finding {
	var findings []diag.Finding
	for _, name := range names {
		if src := r.source(name); src != nil {
			findings = append(findings, src.notText()...)
		}
	}
	return findings
}

// notTexts replaces what the compiler found in files that are not text.
func (r *resolver) notTexts(findings []diag.Finding) []diag.Finding {
	sources := r.allSources()
	for _, name := range slices.Sorted(maps.Keys(sources)) {
		about := func(f diag.Finding) bool { return f.Position.Path == sources[name].disk || f.Position.Path == "" }
		if wrong := sources[name].notText(); len(wrong) > 0 && slices.ContainsFunc(findings, about) {
			findings = append(slices.DeleteFunc(slices.Clone(findings), about), wrong...)
		}
	}
	return findings
}

// notText returns a finding when the file holds what is not text.
func (s *source) notText() []diag.Finding {
	at, size, what := notText(s.text)
	if what == "" {
		return nil
	}
	line, column := s.place(at)
	return []diag.Finding{{
		Rule: ruleCompile, Severity: diag.Error,
		Message:  "the file holds " + what,
		Position: diag.Position{Path: s.disk, Line: line, Column: column, EndLine: line, EndColumn: column + size},
		Help:     "save the file as UTF-8 text",
	}}
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
