package golangci_test

import (
	"slices"
	"testing"

	"github.com/golangci/plugin-module-register/register"

	"github.com/esgen-dev/esgen/vet"
	_ "github.com/esgen-dev/esgen/vet/golangci" // registers the plugin
)

func TestPlugin(t *testing.T) {
	t.Parallel()
	newPlugin, err := register.GetPlugin("esgen")
	if err != nil {
		t.Fatal(err)
	}
	plugin, err := newPlugin(nil)
	if err != nil {
		t.Fatal(err)
	}
	analyzers, err := plugin.BuildAnalyzers()
	if err != nil || !slices.Equal(analyzers, vet.Analyzers()) || plugin.GetLoadMode() != register.LoadModeTypesInfo {
		t.Errorf("%v, %v, %s", analyzers, err, plugin.GetLoadMode())
	}
	if _, err := newPlugin(map[string]any{"strict": true}); err == nil {
		t.Error("settings are taken, and do nothing")
	}
}
