package cli_test

import (
	"strings"
	"testing"

	"github.com/esgen-dev/esgen/cmd/esgen/internal/cli"
)

// TestIsVetTool tells what go vet asks from what people ask.
func TestIsVetTool(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]bool{
		"-V=full":                       true,
		"-flags":                        true,
		"/tmp/b001/vet.cfg":             true,
		"-json /tmp/b001/vet.cfg":       true,
		"-json -eskeep=false b/vet.cfg": true,
		"":                              false,
		"vet":                           false,
		"-V=full vet":                   false,
		"lint -c vet.cfg":               false,
		"lint -c esgen.cfg":             false,
		"-c esgen.cfg":                  false,
		"--version":                     false,
	} {
		if got := cli.IsVetTool(strings.Fields(args)); got != want {
			t.Errorf("%q: %v", args, got)
		}
	}
}
