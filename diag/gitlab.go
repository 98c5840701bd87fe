package diag

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"strconv"
)

// GitLab prints findings as a code quality report, the JSON array that GitLab
// shows in a merge request. Findings without a position are shown at the first
// line of [Tree.Anchor].
type GitLab struct {
	Tree Tree
}

type gitlabFinding struct {
	Description string         `json:"description"`
	CheckName   string         `json:"check_name"`
	Fingerprint string         `json:"fingerprint"`
	Severity    string         `json:"severity"`
	Location    gitlabLocation `json:"location"`
}

type gitlabLocation struct {
	Path  string      `json:"path"`
	Lines gitlabLines `json:"lines"`
}

type gitlabLines struct {
	Begin int `json:"begin"`
}

// Print writes the findings in the order given. The error is the writer's.
//
// GitLab takes findings with one fingerprint for one finding. Those that share
// it, because they differ in nothing but the line, are numbered: all but the
// first get a fingerprint of their own.
func (g GitLab) Print(w io.Writer, findings []Finding) error {
	report := make([]gitlabFinding, 0, len(findings))
	seen := map[string]int{}
	for _, f := range findings {
		fingerprint := f.Fingerprint()
		seen[fingerprint]++
		if n := seen[fingerprint]; n > 1 {
			sum := sha256.Sum256([]byte(fingerprint + "|" + strconv.Itoa(n)))
			fingerprint = hex.EncodeToString(sum[:])[:12]
		}
		p := g.Tree.anchored(f.Position)
		report = append(report, gitlabFinding{
			Description: f.title(),
			CheckName:   f.Rule,
			Fingerprint: fingerprint,
			Severity:    gitlabSeverity(f.Severity),
			Location:    gitlabLocation{Path: p.Path, Lines: gitlabLines{Begin: p.Line}},
		})
	}
	return encode(w, report)
}

func gitlabSeverity(s Severity) string {
	switch s {
	case Error:
		return "major"
	case Warning:
		return "minor"
	case Info:
	}
	return "info"
}
