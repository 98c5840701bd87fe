package vet_test

import (
	"path/filepath"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/esgen-dev/esgen/vet"
)

//go:generate go run github.com/esgen-dev/esgen/cmd/esgen -C testdata generate

// TestAnalyzers runs each analyzer over a package of testdata. All of them see
// the real runtime and code that is really generated.
func TestAnalyzers(t *testing.T) {
	t.Parallel()
	for name, analyzer := range map[string]*analysis.Analyzer{
		"determinism": vet.Determinism,
		"exhaustive":  vet.Exhaustive,
		"keep":        vet.Keep,
		"readonly":    vet.ReadOnly,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root, err := filepath.Abs("..")
			if err != nil {
				t.Fatal(err)
			}
			analysistest.Run(t, root, analyzer, "./vet/testdata/"+name+"/...")
		})
	}
}

func TestAnalyzers_valid(t *testing.T) {
	t.Parallel()
	if err := analysis.Validate(vet.Analyzers()); err != nil {
		t.Error(err)
	}
}
