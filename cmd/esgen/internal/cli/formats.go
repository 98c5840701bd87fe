package cli

import (
	"cmp"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/esgen-dev/esgen/diag"
)

// The formats that code asks for.
const (
	formatText   = "text"
	formatJSON   = "json"
	formatGitHub = "github"
)

// format is a way to print findings.
type format struct {
	name string
	// document says that it fills a file or a stream of its own: who reads it
	// expects nothing else there. Other formats are lines of a log.
	document bool
	printer  func(a *app, w io.Writer, r report) printer
}

// printer prints findings in one format.
type printer interface {
	Print(w io.Writer, findings []diag.Finding) error
}

// formatTable returns all formats, in the order in which they are listed.
func formatTable() []format {
	return []format{
		{formatText, false, func(a *app, w io.Writer, r report) printer { return a.textPrinter(w, r.source) }},
		{formatJSON, true, func(a *app, _ io.Writer, r report) printer {
			return diag.JSON{Version: version(), Rules: a.rules, Verdicts: r.verdicts}
		}},
		{formatGitHub, false, func(a *app, _ io.Writer, r report) printer { return diag.GitHub{Tree: a.tree(r)} }},
		{"sarif", true, func(a *app, _ io.Writer, r report) printer {
			return diag.SARIF{Version: version(), Rules: a.rules, Tree: a.tree(r)}
		}},
		{"junit", true, func(a *app, _ io.Writer, r report) printer {
			return diag.JUnit{Passed: r.passed, Limit: a.flags.limit()}
		}},
		{"gitlab", true, func(a *app, _ io.Writer, r report) printer { return diag.GitLab{Tree: a.tree(r)} }},
		{"markdown", true, func(a *app, _ io.Writer, r report) printer {
			return diag.Markdown{Rules: a.rules, Tree: a.tree(r)}
		}},
	}
}

// formatNamed returns the format of a name that [formats.Set] let pass.
func formatNamed(name string) format {
	table := formatTable()
	i := slices.IndexFunc(table, func(f format) bool { return f.name == name })
	return table[max(i, 0)]
}

// output is a format and where to write it; "" is a standard stream.
type output struct{ format, path string }

// streamed reports whether the output goes to a standard stream.
func (o output) streamed() bool { return o.path == "" }

// formats is the value of --format.
type formats struct{ outputs }

// String returns the value as it was given.
func (f *formats) String() string {
	parts := make([]string, 0, len(f.outputs))
	for _, out := range f.outputs {
		parts = append(parts, strings.TrimSuffix(out.format+"="+out.path, "="))
	}
	return strings.Join(parts, " ")
}

// Type returns what help shows.
func (*formats) Type() string { return "name[=path]" }

// Set adds an output.
func (f *formats) Set(value string) error {
	name, path, hasPath := strings.Cut(value, "=")
	if !slices.Contains(f.values(), name) || hasPath && path == "" {
		return errNotAllowed
	}
	f.outputs = append(f.outputs, output{format: name, path: path})
	return nil
}

func (*formats) values() []string {
	var names []string
	for _, f := range formatTable() {
		names = append(names, f.name)
	}
	return names
}

// usageText lists the formats for help.
func (f *formats) usageText() string {
	names := f.values()
	last := len(names) - 1
	return "how to print: " + strings.Join(names[:last], ", ") + " or " + names[last] +
		"; name=path writes to a file; may be repeated"
}

// outputs are what --format asks for, in that order.
type outputs []output

// check refuses outputs that would spoil each other.
func (o outputs) check() error {
	paths, document := map[string]string{}, ""
	for _, out := range o {
		switch path := filepath.Clean(out.path); {
		case !out.streamed() && paths[path] != "":
			return usage("name a file for each", "--format %s and %s are written to the same file %s", paths[path], out.format, path)
		case !out.streamed():
			paths[path] = out.format
		case formatNamed(out.format).document && document != "":
			return usage("write one of them to a file: --format "+out.format+"=<path>",
				"--format %s and %s cannot both be printed to standard output", document, out.format)
		case formatNamed(out.format).document:
			document = out.format
		}
	}
	return nil
}

// orText returns the outputs that were asked for, or text.
func (o outputs) orText() outputs {
	if len(o) == 0 {
		return outputs{{format: formatText}}
	}
	return o
}

// forFindings returns the outputs that were asked for; without any, text, and
// in a workflow of GitHub the annotations. They are not everything there is to
// say, so the text stands in the log as well.
func (o outputs) forFindings(actions bool) outputs {
	text, github := output{format: formatText}, output{format: formatGitHub}
	all := o.orText()
	if actions && len(o) == 0 {
		all = append(all, github)
	}
	if slices.Contains(all, github) && !slices.Contains(all, text) {
		all = append(outputs{text}, all...)
	}
	return all
}

// occupied reports whether a document is printed to standard output.
func (o outputs) occupied() bool {
	return slices.ContainsFunc(o, func(out output) bool { return out.streamed() && formatNamed(out.format).document })
}

// limit returns the severity from which on a finding is a failure in a report.
func (f *flags) limit() diag.Severity {
	limit, _ := diag.ParseSeverity(f.failOn.value)
	return cmp.Or(limit, diag.Error) // errors stay errors, even where they do not fail the command
}
