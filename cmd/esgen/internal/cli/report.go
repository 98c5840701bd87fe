package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/internal/config"
)

// report is what a command found.
type report struct {
	findings []diag.Finding
	passed   []diag.Check             // what is as it should be, for formats that list it
	verdicts []diag.Verdict           // on schemas, for the formats that list them; nil if there are none
	source   func(path string) []byte // returns the text of a file, or nil
	text     func(w io.Writer) error  // what people read instead of the findings, if not nil
}

// report prints findings in every format that was asked for. Text without a
// path goes to the given stream, the other formats to standard output.
func (a *app) report(log io.Writer, findings []diag.Finding, source func(path string) []byte) error {
	return a.publish(log, report{findings: findings, source: source})
}

// publish prints a report in every format that was asked for. Formats that are
// lines of a log go to the given stream, documents to standard output.
func (a *app) publish(log io.Writer, r report) error {
	if len(r.findings)+len(r.passed) == 0 {
		r.passed = []diag.Check{{Suite: "esgen", Name: "no findings"}} // a test report without tests is an error to many
	}
	asked := a.flags.formats.forFindings(a.env.Getenv("GITHUB_ACTIONS") == "true")
	err := a.emit(log, asked, func(w io.Writer, name string) error {
		if name == formatText && r.text != nil {
			return r.text(w)
		}
		return formatNamed(name).printer(a, w, r).Print(w, r.findings)
	})
	if err != nil {
		return err
	}
	if slices.Contains(asked, output{format: formatGitHub}) {
		a.summarize(r)
	}
	return nil
}

// each calls show for every output that was asked for of a command that prints
// something else than findings. That is text or JSON.
func (a *app) each(log io.Writer, show func(w io.Writer, format string) error) error {
	if err := a.plain(); err != nil {
		return err
	}
	return a.emit(log, a.flags.formats.orText(), show)
}

// plain returns an error if another format than text or JSON was asked for.
func (a *app) plain() error {
	for _, out := range a.flags.formats.outputs {
		if out.format != formatText && out.format != formatJSON {
			return usage("the formats of this command are text and json",
				"--format %s is for findings, and this command prints something else", out.format)
		}
	}
	return nil
}

// emit calls show for every output. A document has standard output for itself:
// what else would be printed there goes to standard error.
func (a *app) emit(log io.Writer, asked outputs, show func(w io.Writer, format string) error) error {
	if asked.occupied() && log == a.env.Stdout {
		log = a.env.Stderr
	}
	for _, out := range asked {
		var err error
		switch {
		case !out.streamed():
			err = a.toFile(out, show)
		case formatNamed(out.format).document:
			err = show(a.env.Stdout, out.format)
		default:
			err = show(log, out.format)
		}
		if err != nil {
			return fmt.Errorf("write the report: %w", err)
		}
	}
	return nil
}

func (a *app) toFile(out output, show func(w io.Writer, format string) error) error {
	var text bytes.Buffer
	if err := show(&text, out.format); err != nil {
		return err
	}
	return replace(a.flags.join(out.path), text.Bytes())
}

const reportMode = 0o644 // unless the umask says less

// replace writes a file as a whole or not at all, if it is a regular one. What
// else the name may stand for, such as a pipe or a link, is written to.
func replace(name string, data []byte) error {
	info, err := os.Lstat(name)
	if err == nil && !info.Mode().IsRegular() {
		return os.WriteFile(name, data, reportMode) //nolint:gosec,wrapcheck // the user named the file, and emit wraps the error
	}
	mode := fs.FileMode(reportMode)
	if err == nil {
		mode = info.Mode().Perm()
	}
	temp := fmt.Sprintf("%s.%d.esgen-tmp", name, os.Getpid())
	file, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		// The directory may be closed to new files. If not, this says what is wrong.
		return os.WriteFile(name, data, reportMode) //nolint:gosec,wrapcheck // the user named the file, and emit wraps the error
	}
	_, err = file.Write(data)
	if err = errors.Join(err, file.Close()); err == nil {
		err = os.Rename(temp, name)
	}
	if err != nil {
		_ = os.Remove(temp)
	}
	return err //nolint:wrapcheck // emit wraps it
}

// maxSummary is how much GitHub shows in the summary of a step, in bytes.
const maxSummary = 1 << 20

// summarize appends the findings to the summary of the job. It is a courtesy:
// the findings have been printed, so a failure is a note.
func (a *app) summarize(r report) {
	name := a.env.Getenv("GITHUB_STEP_SUMMARY")
	if name == "" || len(r.findings) == 0 {
		return
	}
	if err := a.appendSummary(name, r); err != nil {
		a.note("the findings are not in the summary of the job: %v", err)
	}
}

func (a *app) appendSummary(name string, r report) error {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_APPEND, reportMode)
	if err != nil {
		return err //nolint:wrapcheck // it names the file
	}
	info, err := file.Stat()
	if err != nil {
		return errors.Join(err, file.Close())
	}
	text := bytes.NewBufferString("\n") // apart from what was there before
	limit := maxSummary - int(info.Size()) - text.Len()
	if limit > 0 {
		err = diag.Markdown{Rules: a.rules, Tree: a.tree(r), Limit: limit}.Print(text, r.findings)
	}
	if err == nil && text.Len() > 1 {
		_, err = file.Write(text.Bytes())
	}
	return errors.Join(err, file.Close())
}

// tree tells printers how services see the files: from the root of the
// repository.
func (a *app) tree(r report) diag.Tree {
	anchor := a.anchor
	if anchor == "" {
		anchor = a.explicit()
	}
	if anchor == "" {
		anchor = filepath.Join(a.flags.dir, config.Name)
	}
	tree := diag.Tree{Anchor: anchor, Source: r.source}
	here, err := filepath.Abs(".")
	if err != nil {
		return tree // of a directory that is gone
	}
	root := repository(here)
	tree.Path = func(path string) string {
		if !filepath.IsAbs(path) {
			path = filepath.Join(here, path)
		}
		if below, err := filepath.Rel(root, path); err == nil && below != ".." && !strings.HasPrefix(below, ".."+string(filepath.Separator)) {
			return below
		}
		return path
	}
	return tree
}

// repository returns the nearest directory from dir upwards that Git keeps, or
// dir.
func repository(dir string) string {
	for at := dir; ; at = filepath.Dir(at) {
		if _, err := os.Lstat(filepath.Join(at, ".git")); err == nil {
			return at
		}
		if filepath.Dir(at) == at {
			return dir
		}
	}
}

// passed returns a check for each file without findings.
func passed(name string, files []string, findings []diag.Finding) []diag.Check {
	found := map[string]bool{}
	for _, f := range findings {
		found[filepath.ToSlash(f.Position.Path)] = true
	}
	var checks []diag.Check
	for _, file := range files {
		if !found[filepath.ToSlash(file)] {
			checks = append(checks, diag.Check{Suite: file, Name: name})
		}
	}
	return checks
}
