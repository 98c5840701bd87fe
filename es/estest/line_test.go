package estest_test

import (
	"os"
	"os/exec"
	"regexp"
	"testing"

	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
	"github.com/esgen-dev/esgen/es/internal/ledger/v1/ledgerv1test"
)

// A failure has to carry the line of the test, not one of the kit. Only a
// process of its own shows what go test prints.
func TestFailureLine(t *testing.T) {
	t.Parallel()
	if os.Getenv("ESTEST_FAIL") != "" {
		ledgerv1test.Ledger(t, ledgerv1.Behavior{}).
			When(&ledgerv1.OpenLedger{LedgerId: "l"}).
			Then() // the line
		return
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestFailureLine$")
	cmd.Env = append(os.Environ(), "ESTEST_FAIL=1")
	out, err := cmd.CombinedOutput()
	if err == nil {
		t.Fatalf("the test does not fail:\n%s", out)
	}
	if want := regexp.MustCompile(`line_test\.go:20: OpenLedger led to other events`); !want.Match(out) {
		t.Errorf("output:\n%s\nwant a match of %s", out, want)
	}
}
