package cli

import (
	"fmt"
	"os"
	"time"

	"github.com/esgen-dev/esgen/compat"
	"github.com/esgen-dev/esgen/diag"
)

// approvalDays is for how long a drafted approval holds: long enough to ship
// what it is for, short enough to be looked at again.
const approvalDays = 90

// writeAllow adds approvals of findings to esgen.yaml. Their reasons are left
// empty, so that no command accepts the file before somebody gave them.
func (a *app) writeAllow(g gate, findings []diag.Finding) error {
	if g.config.Path == "" {
		return usage("run esgen init, or create esgen.yaml with: version: v1", "there is no esgen.yaml to write approvals to")
	}
	drafts := compat.Draft(findings, a.env.Now().Add(approvalDays*24*time.Hour))
	if len(drafts) == 0 {
		a.note("there is nothing to approve")
		return a.verdict(findings)
	}
	text, err := os.ReadFile(g.config.Path)
	if err != nil {
		return fmt.Errorf("read the configuration: %w", err)
	}
	text, err = addApprovals(text, drafts)
	if err != nil {
		return fmt.Errorf("add approvals to %s: %w", g.config.Path, err)
	}
	if err := replace(g.config.Path, text); err != nil {
		return fmt.Errorf("write the configuration: %w", err)
	}
	if len(drafts) == 1 {
		a.note("drafted an approval in %s: give it a reason", g.config.Path)
	} else {
		a.note("drafted %d approvals in %s: give each a reason", len(drafts), g.config.Path)
	}
	return nil
}
