// Package diag holds what esgen has to say: findings, the rules behind them,
// and the printers that show them, one for each kind of reader.
//
//	Text      people, editors and grep
//	JSON      programs
//	GitHub    annotations in the log of a GitHub workflow
//	SARIF     code scanning
//	JUnit     the test report of any CI
//	GitLab    the code quality report of GitLab
//	Markdown  a comment on a change
//
// A printer is a value. It may be used by several goroutines at once, as long
// as the writers differ. None leaves a finding out, except that GitHub shows so
// many annotations only. Findings may hold any bytes: a printer writes what its
// format allows, and the replacement character for the rest.
//
// A Finding is a value. The packages that check something return findings and
// never print; the command line decides which of them count, in which format
// they appear and which exit code they lead to.
//
// # How a finding is worded
//
// The message is lower-case without a full stop, one sentence about one cause,
// in plain words for a reader in a hurry. It quotes names as the user wrote
// them. The position is the smallest span that has to change. Help says what
// to do next, best as something to type. "Invalid" and "not allowed" are the
// words for what cannot be; nothing is ever "illegal".
//
// The package does not decide what is wrong, and knows no rule by name.
package diag

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"path/filepath"
	"slices"
	"strings"
)

// Severity says how much a finding matters.
type Severity int8

// The severities, in ascending order.
const (
	Info Severity = iota + 1
	Warning
	Error
)

// String returns "info", "warning" or "error".
func (s Severity) String() string {
	switch s {
	case Info:
		return "info"
	case Warning:
		return "warning"
	case Error:
		return "error"
	}
	return "none"
}

// MarshalText returns the name of the severity. It never fails.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// ParseSeverity returns the severity that [Severity.String] calls by this
// name, or false.
func ParseSeverity(name string) (Severity, bool) {
	for s := Info; s <= Error; s++ {
		if s.String() == name {
			return s, true
		}
	}
	return 0, false
}

// Position is a span in a file. Lines and columns count from 1, columns in
// bytes; 0 means unknown. EndColumn is behind the last byte.
type Position struct {
	Path               string // as a user would type it; "" when there is no file
	Line, Column       int
	EndLine, EndColumn int
}

// IsZero reports whether the position says nothing.
func (p Position) IsZero() bool { return p.Path == "" }

// Compare orders positions by path, line and column.
func (p Position) Compare(q Position) int {
	return cmp.Or(
		strings.Compare(p.Path, q.Path),
		cmp.Compare(p.Line, q.Line),
		cmp.Compare(p.Column, q.Column),
	)
}

// Previous is where something was declared before: the other of two
// declarations, or an older version.
type Previous struct {
	Position
	Text    string // what stands there, e.g. "string currency = 4;"
	Old     bool   // it is how the thing was, not another thing beside it
	Subject string // of the schema registry, if it is a registered schema
	Version int    // of the schema, from 1; 0 is unknown
}

// Finding is one thing that is wrong, or worth a look.
type Finding struct {
	Rule     string // the id of the rule, e.g. "EVENT_UNKNOWN"
	Severity Severity
	Message  string
	Symbol   string // full Protobuf name of what it is about; may be empty
	Position Position
	Previous []Previous // further places that belong to it
	Help     string     // what to do; may hold several lines
	// Details tell the finding from others of its rule about the same symbol,
	// e.g. the old and the new type. Without any, the message does.
	Details []string
}

// Fingerprint identifies the finding over edits that move it: the first twelve
// hex digits of a hash of rule, symbol and details. Line numbers do not count.
// The path of the file stands in for a symbol.
func (f Finding) Fingerprint() string {
	parts := []string{f.Rule, cmp.Or(f.Symbol, filepath.ToSlash(f.Position.Path))}
	if len(f.Details) > 0 {
		parts = append(parts, f.Details...)
	} else {
		parts = append(parts, f.Message)
	}
	sum := sha256.Sum256([]byte(strings.Join(parts, "|")))
	return hex.EncodeToString(sum[:])[:12]
}

// Check is something that was looked at and is as it should be.
type Check struct {
	Suite string // the file or subject it belongs to
	Name  string
}

// Sort orders findings by position, rule and message, and removes equal ones.
func Sort(findings []Finding) []Finding {
	order := func(a, b Finding) int {
		return cmp.Or(
			a.Position.Compare(b.Position),
			strings.Compare(a.Rule, b.Rule),
			strings.Compare(a.Message, b.Message),
		)
	}
	slices.SortStableFunc(findings, order)
	return slices.CompactFunc(findings, func(a, b Finding) bool { return order(a, b) == 0 })
}

// Worst returns the highest severity among the findings, or 0.
func Worst(findings []Finding) Severity {
	var worst Severity
	for _, f := range findings {
		worst = max(worst, f.Severity)
	}
	return worst
}
