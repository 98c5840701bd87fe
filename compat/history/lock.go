package history

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/esgen-dev/esgen/diag"
)

// problem is a finding, and whether Update makes it go away.
type problem struct {
	diag.Finding

	mendable bool
}

// maxProblems is how many lines are complained about, after which the file is
// taken for something else.
const maxProblems = 20

// lock is what the lines of esgen.lock say, before anything is compared.
type lock struct {
	shown      string
	aggregates map[string]Aggregate
	events     map[string]Event
	entries    map[track]map[int][]*entry // by number; one for each different line
	problems   []problem
	seen       map[string]bool // lines
}

// entry is a line about a version.
type entry struct {
	schemaLine

	recorded string // the hash of the line
	raw      string
	position diag.Position

	text *text // nil when there is none
}

// parseLock reads the text of esgen.lock.
func parseLock(shown string, content []byte) *lock {
	l := &lock{
		shown:      shown,
		aggregates: map[string]Aggregate{}, events: map[string]Event{},
		entries: map[track]map[int][]*entry{}, seen: map[string]bool{},
	}
	if !l.begins(content) {
		return l
	}
	for number := 1; len(content) > 0 && len(l.problems) < maxProblems; number++ {
		line, rest, ended := bytes.Cut(content, []byte("\n"))
		content = rest
		if !ended {
			l.report(number, &lineError{len(line) + 1, "the last line has no end"})
		}
		l.line(number, string(line))
	}
	return l
}

// begins looks at the first lines, which say whether this is the file at all.
func (l *lock) begins(content []byte) bool {
	first, rest, _ := strings.Cut(string(content[:min(len(content), 1000)]), "\n")
	second, _, _ := strings.Cut(rest, "\n")
	switch {
	case isMarker(first):
		return true
	case strings.HasSuffix(first, "\r"):
		l.report(1, &lineError{len(first), "the lines end in CR LF: something converts the file"})
		l.problems[0].Help = "esgen.lock holds LF alone. Let .gitattributes hold a line with esgen.lock -text, then type:\ngit checkout -- " + l.shown
		return false
	case first != header:
		l.report(1, &lineError{1, "the file does not begin like an esgen.lock"})
		return false
	case second == version || isMarker(second):
		return true
	}
	l.problems = append(l.problems, problem{Finding: diag.Finding{
		Rule: ruleFormat, Severity: diag.Error,
		Message:  fmt.Sprintf("expected %s, found %s", version, short(second)),
		Position: diag.Position{Path: l.shown, Line: 2, Column: 1},
		Help:     "use the esgen that wrote the file:\ngo get -tool github.com/esgen-dev/esgen/cmd/esgen@latest",
	}})
	return false
}

// line reads a line. Lines that stand there twice, which a merge may leave, are
// read once.
func (l *lock) line(number int, line string) {
	if isMarker(line) {
		l.conflict(number, line)
		return
	}
	if l.seen[line] || line == header || line == version {
		return
	}
	l.seen[line] = true
	kind, _, _ := strings.Cut(line, " ")
	at := diag.Position{Path: l.shown, Line: number, Column: 1, EndLine: number, EndColumn: 1 + len(line)}
	var err *lineError
	switch kind {
	case "aggregate":
		err = l.aggregate(line, at)
	case "event":
		err = l.event(line, at)
	case "schema":
		err = l.schema(line, at)
	default:
		err = &lineError{1, short(kind) + " is not known: a line begins with aggregate, event or schema"}
	}
	if err != nil {
		l.report(number, err)
	}
}

func (l *lock) aggregate(line string, at diag.Position) *lineError {
	a, err := parseAggregate(line)
	if err == nil {
		err = canonical(line, aggregateLine(a))
	}
	if err != nil {
		return err
	}
	a.Position = at
	if other, ok := l.aggregates[a.Name]; ok {
		l.twice("aggregate "+a.Name, at, other.Position)
		return nil
	}
	l.aggregates[a.Name] = a
	return nil
}

func (l *lock) event(line string, at diag.Position) *lineError {
	e, err := parseEvent(line)
	if err == nil {
		err = canonical(line, eventLine(e))
	}
	if err != nil {
		return err
	}
	e.Position = at
	if other, ok := l.events[e.Name]; ok {
		l.twice("event "+e.Name, at, other.Position)
		return nil
	}
	l.events[e.Name] = e
	return nil
}

func (l *lock) schema(line string, at diag.Position) *lineError {
	s, hash, err := parseSchema(line)
	if err == nil {
		err = canonical(line, s.format(hash))
	}
	if err != nil {
		return err
	}
	if !validKey(s.key) {
		return &lineError{len("schema ") + 1, short(s.key) + " can be neither an event nor a path"}
	}
	if l.entries[s.track] == nil {
		l.entries[s.track] = map[int][]*entry{}
	}
	e := &entry{schemaLine: s, recorded: hash, raw: line, position: at}
	l.entries[s.track][s.number] = append(l.entries[s.track][s.number], e)
	return nil
}

// canonical fails where a line is not as it would be written.
func canonical(line, written string) *lineError {
	if line == written {
		return nil
	}
	same := 0
	for same < min(len(line), len(written)) && line[same] == written[same] {
		same++
	}
	return &lineError{same + 1, "the line is not as esgen writes it, which is " + short(written[same:]) + " from here on"}
}

func (l *lock) report(number int, err *lineError) {
	l.problems = append(l.problems, problem{Finding: diag.Finding{
		Rule: ruleSyntax, Severity: diag.Error, Message: err.text,
		Position: diag.Position{Path: l.shown, Line: number, Column: err.column},
		Help:     "take back what was changed by hand, see:\ngit log -p -- " + l.shown,
	}})
}

// twice is for two lines about one thing. Update writes what is declared now.
func (l *lock) twice(what string, at, other diag.Position) {
	l.problems = append(l.problems, problem{mendable: true, Finding: diag.Finding{
		Rule: ruleTwice, Severity: diag.Error,
		Message:  "a second line about " + what + " says something else",
		Position: at, Previous: []diag.Previous{{Position: other}},
		Help: "after a merge, type: go tool esgen lock update",
	}})
}

// conflict is for the markers of git, in all of which Update sees the wish to
// keep the lines of both sides.
func (l *lock) conflict(number int, line string) {
	for _, p := range l.problems {
		if p.Rule == ruleConflict {
			return // one for each file
		}
	}
	l.problems = append(l.problems, problem{mendable: true, Finding: conflictIn(l.shown, number, line,
		"type: go tool esgen lock update\n"+
			"It keeps the lines of both sides. With the line esgen.lock merge=union in .gitattributes, git does so by itself")})
}

func conflictIn(shown string, number int, line, help string) diag.Finding {
	return diag.Finding{
		Rule: ruleConflict, Severity: diag.Error,
		Message:  "the file holds a conflict of a merge",
		Position: diag.Position{Path: shown, Line: number, Column: 1, EndLine: number, EndColumn: 1 + len(line)},
		Help:     help,
	}
}

// isMarker reports whether git wrote a line at a conflict.
func isMarker(line string) bool {
	line = strings.TrimSuffix(line, "\r")
	if line == "=======" {
		return true
	}
	for _, marker := range []string{"<<<<<<<", "|||||||", ">>>>>>>"} {
		if rest, ok := strings.CutPrefix(line, marker); ok && (rest == "" || rest[0] == ' ') {
			return true
		}
	}
	return false
}

// markerLine returns the first line at which git left a conflict in a text, from
// 1, or 0. A text that merely holds a line of equal signs has none.
func markerLine(content string) (number int, line string) {
	if !strings.Contains(content, "<<<<<<<") {
		return 0, ""
	}
	for text := range strings.Lines(content) {
		number++
		text = strings.TrimSuffix(text, "\n")
		if strings.HasPrefix(text, "<") && isMarker(text) {
			return number, text
		}
	}
	return 0, ""
}
