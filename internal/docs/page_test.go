package docs_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
)

// A page of docs/ is followed like a reader would: its commands are run, its
// files are written and edited, and what it says that comes out is compared
// with what does. A page marks its blocks:
//
//	```console            commands behind "$ ", and what they print
//	<!-- write FILE -->   the block below is the whole file
//	<!-- edit FILE -->    the block below is a diff to apply to the file
//	<!-- from FILE -->    the block below stands in that file of this repository
//
// In what is printed, a line "..." stands for any lines, and times are not
// compared.
type page struct {
	name  string
	steps []step
}

// step is a marked block.
type step struct {
	line  int
	kind  string // "console", "write", "edit" or "from"
	file  string
	block string
}

var fence = regexp.MustCompile("(?s)(?:<!-- (write|edit|from) (\\S+) -->\n)?```(\\w*)\n(.*?)```\n")

func parsePage(t *testing.T, name, text string) page {
	t.Helper()
	p := page{name: name}
	for _, m := range fence.FindAllStringSubmatchIndex(text, -1) {
		part := func(i int) string {
			if m[2*i] < 0 {
				return ""
			}
			return text[m[2*i]:m[2*i+1]]
		}
		s := step{line: 1 + strings.Count(text[:m[0]], "\n"), kind: part(1), file: part(2), block: part(4)}
		if s.kind == "" {
			s.kind = part(3)
		}
		if s.kind == "mermaid" {
			continue // a drawing, which a test of what it draws compares
		}
		if s.kind != "console" && s.file == "" {
			t.Errorf("%s:%d: a block says neither where it is from nor where it goes", name, s.line)
		}
		p.steps = append(p.steps, s)
	}
	return p
}

// command is a line of a console block and what it prints.
type command struct {
	line   int
	text   string
	output []string
}

func (s step) commands() []command {
	var commands []command
	for i, line := range strings.Split(strings.TrimSuffix(s.block, "\n"), "\n") {
		if text, ok := strings.CutPrefix(line, "$ "); ok {
			commands = append(commands, command{line: s.line + 1 + i, text: text})
		} else if n := len(commands); n > 0 {
			commands[n-1].output = append(commands[n-1].output, line)
		}
	}
	return commands
}

// edit applies a diff to a text: lines with "-" and " " have to stand there
// together, and are replaced by those with "+" and " ".
func edit(text, diff string) (string, error) {
	var before, after strings.Builder
	for line := range strings.Lines(diff) {
		switch line[0] {
		case '-':
			before.WriteString(line[1:])
		case '+':
			after.WriteString(line[1:])
		default:
			before.WriteString(strings.TrimPrefix(line, " "))
			after.WriteString(strings.TrimPrefix(line, " "))
		}
	}
	if strings.Count(text, before.String()) != 1 {
		return "", fmt.Errorf("these lines do not stand there once:\n%s", before.String())
	}
	return strings.Replace(text, before.String(), after.String(), 1), nil
}

// times are what differs from run to run and from machine to machine.
var times = regexp.MustCompile(`\t(?:\d+\.\d+s|\(cached\))$`)

// matches reports whether what was printed is what the page says.
func matches(want []string, got string) bool {
	var pattern strings.Builder
	pattern.WriteString("(?s)^")
	for _, line := range want {
		if line == "..." {
			pattern.WriteString("(?:.*\n)??")
			continue
		}
		pattern.WriteString(regexp.QuoteMeta(times.ReplaceAllString(line, "")) + "\n")
	}
	pattern.WriteString("$")
	var lines []string
	for line := range strings.Lines(got) {
		lines = append(lines, times.ReplaceAllString(strings.TrimRight(line, " \n"), "")+"\n")
	}
	return regexp.MustCompile(pattern.String()).MatchString(strings.Join(lines, ""))
}

func TestMatches(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		want string
		got  string
		ok   bool
	}{
		{"", "", true},
		{"a\nb", "a\nb\n", true},
		{"a\n...\nc", "a\nb\nb\nc\n", true},
		{"...\nc", "c\n", true},
		{"a\n...", "b\n", false},
		{"a", "a\nb\n", false},
		{"ok  \tbank\t0.1s", "ok  \tbank\t(cached)\n", true},
		{"ok  \tbank\t0.1s", "FAIL\tbank\t0.1s\n", false},
	} {
		var want []string
		if c.want != "" {
			want = strings.Split(c.want, "\n")
		}
		if got := matches(want, c.got); got != c.ok {
			t.Errorf("matches(%q, %q) = %t", c.want, c.got, got)
		}
	}
}

func TestEdit(t *testing.T) {
	t.Parallel()
	got, err := edit("a\nb\nc\n", " a\n-b\n+x\n+y\n")
	if err != nil || got != "a\nx\ny\nc\n" {
		t.Errorf("got %q, %v", got, err)
	}
	if _, err := edit("a\na\n", "-a\n+b\n"); err == nil {
		t.Error("an ambiguous edit is applied")
	}
}
