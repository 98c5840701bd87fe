package estest_test

import (
	"os"
	"os/exec"
	"regexp"
	"testing"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/estest"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
)

// typedKit is a kit as generated code makes it.
type typedKit struct{ kit *estest.Kit }

func (k *typedKit) When(c ledgerv1.LedgerCommand, opts ...es.CommandOption) *typedKit {
	k.kit.Helper()
	k.kit.When(c, opts...)
	return k
}

func (k *typedKit) Then(events ...ledgerv1.LedgerEvent) *typedKit {
	k.kit.Helper()
	k.kit.Then(es.Messages(events)...)
	return k
}

// A failure has to carry the line of the test, not one of the kit. Only a
// process of its own shows what go test prints.
func TestFailureLine(t *testing.T) {
	t.Parallel()
	if os.Getenv("ESTEST_FAIL") != "" {
		k := &typedKit{kit: kit(t)}
		k.When(&ledgerv1.OpenLedger{LedgerId: "l"})
		k.Then() // the line
		return
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestFailureLine$")
	cmd.Env = append(os.Environ(), "ESTEST_FAIL=1")
	out, err := cmd.CombinedOutput()
	if err == nil {
		t.Fatalf("the test does not fail:\n%s", out)
	}
	if want := regexp.MustCompile(`line_test\.go:36: OpenLedger led to other events`); !want.Match(out) {
		t.Errorf("output:\n%s\nwant a match of %s", out, want)
	}
}
