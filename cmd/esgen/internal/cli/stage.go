package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/esgen-dev/esgen/templates"
)

// stage runs commands in a directory and shows them as a terminal would.
type stage struct {
	w    io.Writer
	dir  string
	env  []string
	hide string // the directory above, which is left out of what is shown
}

// act is a command and what should come of it.
type act struct {
	command
	fails      bool   // whether it has to
	says       string // what has to be in its output
	head, tail int    // how many lines are shown
}

// part is a part of a story: a text, an edit if it has a path, and commands.
type part struct {
	text string
	edit templates.Edit
	acts []act
}

func (s *stage) play(ctx context.Context, p part) error {
	if err := s.say(p.text); err != nil {
		return err
	}
	if p.edit.Path != "" {
		if err := s.edit(p.edit); err != nil {
			return err
		}
	}
	for _, act := range p.acts {
		if err := s.run(ctx, act); err != nil {
			return err
		}
	}
	return nil
}

// say starts a part of the story.
func (s *stage) say(text string) error {
	_, err := fmt.Fprintf(s.w, "\n%s\n\n", text)
	return err //nolint:wrapcheck // it is an error of standard output
}

// typed shows a command.
func (s *stage) typed(c command) error {
	_, err := fmt.Fprintf(s.w, "  $ %s\n", c)
	return err //nolint:wrapcheck // it is an error of standard output
}

// show shows the first and the last lines of an output.
func (s *stage) show(text string, head, tail int) error {
	text = strings.ReplaceAll(text, s.hide+string(os.PathSeparator), "")
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	var out strings.Builder
	for i, line := range lines {
		switch {
		case line == "" && len(lines) == 1:
		case i < head || i >= len(lines)-tail || len(lines) <= head+tail+1:
			out.WriteString(strings.TrimRight("  "+line, " ") + "\n")
		case i == head:
			fmt.Fprintf(&out, "  ... %d more lines\n", len(lines)-head-tail)
		}
	}
	_, err := io.WriteString(s.w, out.String())
	return err //nolint:wrapcheck // it is an error of standard output
}

// run runs a command, and returns an error when it did something else than it
// should.
func (s *stage) run(ctx context.Context, a act) error {
	if err := s.typed(a.command); err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, a.command[0], a.command[1:]...)
	cmd.Dir, cmd.Env = s.dir, s.env
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("run %s: %w", a.command, ctx.Err())
	case err != nil && !errors.As(err, &exit):
		return usage("install Go, and put it on the PATH: https://go.dev/dl", "cannot run %s: %v", a.command[0], err)
	case (err != nil) != a.fails, !strings.Contains(string(out), a.says):
		return s.surprise(a, string(out), cmd.ProcessState.ExitCode())
	}
	return s.show(string(out), a.head, a.tail)
}

// edit changes a file, and shows what it changes.
func (s *stage) edit(e templates.Edit) error {
	name := filepath.Join(s.dir, filepath.FromSlash(e.Path))
	text, err := os.ReadFile(name)
	if err != nil {
		return fmt.Errorf("edit %s: %w", e.Path, err)
	}
	where, before, after := "in "+e.Path, string(text), ""
	if e.Old == "" {
		where = "at the end of " + e.Path
	} else if before, after, _ = strings.Cut(string(text), e.Old); before+e.Old+after != string(text) {
		return &defect{cause: fmt.Errorf("%s does not hold %q", e.Path, e.Old)} //nolint:err113 // a bug
	}
	if err := os.WriteFile(name, []byte(before+string(e.Content)+after), 0o644); err != nil { //nolint:gosec // as other sources
		return fmt.Errorf("edit %s: %w", e.Path, err)
	}
	changed := marked("- ", strings.TrimSuffix(e.Old, "\n")) + marked("+ ", strings.Trim(string(e.Content), "\n"))
	return s.show(where+":\n"+changed, len(changed), 0)
}

// marked puts a mark before every line of a text.
func marked(mark, text string) string {
	if text == "" {
		return ""
	}
	return mark + strings.ReplaceAll(text, "\n", "\n"+mark) + "\n"
}

// surprise shows all of an output that should be another one.
func (s *stage) surprise(a act, out string, code int) error {
	if err := s.show(out, len(out), 0); err != nil {
		return err
	}
	wanted := "should have worked"
	if a.fails {
		wanted = "should have failed"
	}
	if a.says != "" {
		wanted += fmt.Sprintf(" and said %q", a.says)
	}
	return &failure{
		code: codeFindings, message: fmt.Sprintf("%s ended with exit code %d, but %s", a.command, code, wanted),
		help: "run esgen doctor, and report what it says together with the output above",
	}
}
