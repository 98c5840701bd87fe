package cli

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/esgen-dev/esgen/compat"
	"github.com/esgen-dev/esgen/compat/replay"
	"github.com/esgen-dev/esgen/diag"
)

// comparison is what compat diff prints in JSON.
type comparison struct {
	ID          json.RawMessage `json:"id,omitempty"`
	Valid       bool            `json:"valid"`
	Error       string          `json:"error,omitempty"`
	Compatible  bool            `json:"compatible"`
	Differences []difference    `json:"differences"`
	Replay      *replayVerdict  `json:"replay"` // null where it is not decided
}

type difference struct {
	Type       string `json:"type"`
	Path       string `json:"path"`
	Compatible bool   `json:"compatible"`
}

type replayVerdict struct {
	Compatible bool           `json:"compatible"`
	Error      string         `json:"error,omitempty"`
	Findings   []replayChange `json:"findings"`
}

type replayChange struct {
	Rule    string `json:"rule"`
	Symbol  string `json:"symbol"`
	Message string `json:"message"`
	Old     string `json:"old,omitempty"`
	New     string `json:"new,omitempty"`
	// The import that a line is in; none for the schema itself.
	OldImport string `json:"old_import,omitempty"`
	NewImport string `json:"new_import,omitempty"`
	OldLine   int    `json:"old_line,omitempty"`
	NewLine   int    `json:"new_line,omitempty"`
	Help      string `json:"help,omitempty"`
	Registry  string `json:"registry,omitempty"` // why the registry takes it all the same
}

// printComparison prints one line of JSON.
func printComparison(w io.Writer, id json.RawMessage, c compat.Comparison) error {
	out := comparison{ID: id, Valid: c.Invalid == nil, Compatible: c.Registry.Compatible, Differences: []difference{}}
	if c.Invalid != nil {
		out.Error = side(c) + ": " + c.Invalid.Error()
	}
	for _, d := range c.Registry.Differences() {
		out.Differences = append(out.Differences, difference(d))
	}
	if c.ReplayDecided {
		out.Replay = &replayVerdict{Compatible: c.Readable(), Findings: []replayChange{}}
		if c.Unread != nil {
			out.Replay.Error = c.Unread.Error()
		}
		for _, change := range c.Replay {
			out.Replay.Findings = append(out.Replay.Findings, jsonChange(change))
		}
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(out); err != nil {
		return fmt.Errorf("print the comparison: %w", err)
	}
	return nil
}

func jsonChange(c replay.Change) replayChange {
	return replayChange{
		Rule: c.Rule, Symbol: string(c.Symbol), Message: c.Message, Old: c.Old, New: c.New,
		OldImport: imported(c.OldAt), NewImport: imported(c.NewAt),
		OldLine: c.OldAt.Line, NewLine: c.NewAt.Line, Help: c.Help, Registry: c.Registry,
	}
}

// imported returns the import that a position is in, or "".
func imported(at diag.Position) string {
	if at.Path == compat.Path {
		return ""
	}
	return at.Path
}

// side says which of the two schemas is invalid.
func side(c compat.Comparison) string {
	if c.InNew {
		return "new"
	}
	return "old"
}

// printDifferences says the same to people.
func printDifferences(w io.Writer, oldPath, newPath string, c compat.Comparison) error {
	var out strings.Builder
	if c.Invalid != nil {
		path := oldPath
		if c.InNew {
			path = newPath
		}
		at := diag.Position{Path: cmp.Or(c.Invalid.Import, path), Line: c.Invalid.Line, Column: c.Invalid.Column}
		fmt.Fprintf(&out, "invalid: %s: %s\n", at, c.Invalid.Message)
	} else {
		fmt.Fprintf(&out, "registry: %s\n", compatibleWord(c.Registry.Compatible))
		for _, d := range c.Registry.Differences() {
			fmt.Fprintf(&out, "  %-12s %s %s\n", compatibleWord(d.Compatible), d.Type, d.Path)
		}
		for _, check := range c.Registry.Checks {
			if check.TypeChanged {
				out.WriteString("  incompatible one is Protobuf, the other JSON Schema\n")
			}
		}
		writeReplay(&out, oldPath, newPath, c)
	}
	if _, err := io.WriteString(w, out.String()); err != nil {
		return fmt.Errorf("print the comparison: %w", err)
	}
	return nil
}

func writeReplay(out *strings.Builder, oldPath, newPath string, c compat.Comparison) {
	switch {
	case !c.ReplayDecided:
	case c.Unread != nil:
		fmt.Fprintf(out, "replay:   not decided: %v\n", c.Unread)
	default:
		fmt.Fprintf(out, "replay:   %s\n", compatibleWord(len(c.Replay) == 0))
		for _, change := range c.Replay {
			at, path := change.NewAt, newPath
			if at.Line == 0 {
				at, path = change.OldAt, oldPath
			}
			at.Path = cmp.Or(imported(at), path)
			fmt.Fprintf(out, "  %s: %s [%s]\n", at, change.Message, change.Rule)
			if change.Registry != "" {
				fmt.Fprintf(out, "    the registry takes it: %s\n", change.Registry)
			}
		}
	}
}

func compatibleWord(ok bool) string {
	if ok {
		return "compatible"
	}
	return "incompatible"
}

// comparisonCode returns the exit code of a comparison.
func comparisonCode(c compat.Comparison) int {
	switch {
	case c.Invalid != nil:
		return codeCompile
	case !c.Registry.Compatible:
		return codeFindings
	}
	return codeOK
}

// comparisonVerdict ends a command with the code of its worst comparison.
func (a *app) comparisonVerdict(code int) error {
	if code == codeOK || code == codeFindings && a.flags.exitZero {
		return nil
	}
	return &failure{code: code}
}
