package load_test

import (
	"strings"
	"testing"

	"github.com/esgen-dev/esgen/generator/load"
)

// TestSources_module takes a module away from where files go, not from the
// import paths.
func TestSources_module(t *testing.T) {
	t.Parallel()
	root := tree(t, map[string]string{
		"bank/v1/a.proto": `syntax = "proto3"; package bank.v1; option go_package = "example.com/bank/gen/bank/v1;bankv1"; message A {}`,
	})
	for _, c := range []struct{ parameter, prefix, message string }{
		{"module=example.com/bank", "gen/bank/v1/a", ""},
		{"paths=import,module=example.com/bank/gen/", "bank/v1/a", ""},
		{"paths=import", "example.com/bank/gen/bank/v1/a", ""},
		{"module=example.com/ban", "", `the Go package example.com/bank/gen/bank/v1 of "bank/v1/a.proto" is not below the module example.com/ban`},
		{"module=example.com/bank,paths=source_relative", "", "cannot use module=example.com/bank with paths=source_relative"},
	} {
		set, findings, err := load.Sources(t.Context(), load.Options{Roots: []string{root}, Parameter: c.parameter})
		if err != nil {
			t.Fatal(err)
		}
		if c.message != "" {
			if set != nil || len(findings) != 1 || !strings.Contains(findings[0].Message, c.message) {
				t.Errorf("%s: got %v", c.parameter, findings)
			}
			continue
		}
		for _, f := range set.Plugin.Files {
			if f.Generate && (f.GeneratedFilenamePrefix != c.prefix || f.GoImportPath != "example.com/bank/gen/bank/v1") {
				t.Errorf("%s: %s goes to %s", c.parameter, f.GoImportPath, f.GeneratedFilenamePrefix)
			}
		}
	}
}
