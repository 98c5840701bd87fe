// Package golangci makes the analyzers of package vet a linter of golangci-lint
// v2, by its system of module plugins. Build a golangci-lint that holds it with
// "golangci-lint custom" and this .custom-gcl.yml:
//
//	version: v2.15.0
//	plugins:
//	  - module: github.com/esgen-dev/esgen
//	    import: github.com/esgen-dev/esgen/vet/golangci
//	    version: v0.1.0
//
// and turn it on in .golangci.yml:
//
//	version: "2"
//	linters:
//	  enable: [esgen]
//	  settings:
//	    custom:
//	      esgen:
//	        type: module
//	        description: behaviours are pure, and events are not forgotten
//
// There are no settings: a finding that is right all the same is excluded by
// the name of its analyzer, for example "//nolint:esgen // esdeterminism: why".
package golangci

import (
	"fmt"

	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"

	"github.com/esgen-dev/esgen/vet"
)

//nolint:gochecknoinits // golangci-lint learns of plugins by importing them
func init() { register.Plugin("esgen", New) }

// New returns the plugin. It fails when it is given settings.
func New(settings any) (register.LinterPlugin, error) {
	if _, err := register.DecodeSettings[struct{}](settings); err != nil {
		return nil, fmt.Errorf("the linter esgen has no settings: %w", err)
	}
	return plugin{}, nil
}

type plugin struct{}

// BuildAnalyzers returns the analyzers of package vet. It never fails.
func (plugin) BuildAnalyzers() ([]*analysis.Analyzer, error) { return vet.Analyzers(), nil }

// GetLoadMode says that the analyzers need types.
func (plugin) GetLoadMode() string { return register.LoadModeTypesInfo }
