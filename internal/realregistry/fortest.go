//go:build unix

package realregistry

import (
	"os"
	"strings"
	"testing"

	"github.com/esgen-dev/esgen/internal/jvm"
)

// ForTest starts a registry that lives as long as the test. When the test
// fails, it shows the end of what the registry printed; all of that is kept
// with go test -artifacts.
//
// With an address in ESGEN_REAL_REGISTRY nothing is started and nothing is
// stopped, and what others registered there may be in the way; a test that
// asks for [Options.Durable] is skipped, as it is about to kill the registry.
//
// Without ESGEN_REAL_REGISTRY, or what it takes, the test is skipped; with
// ESGEN_REQUIRE_TOOLS=1 too, a test that was asked for fails instead.
func ForTest(t *testing.T, o Options) *Registry {
	t.Helper()
	version := os.Getenv("ESGEN_REAL_REGISTRY")
	switch {
	case version == "" || version == "0":
		t.Skip("SKIPPED, NOT TESTED: a real schema registry: set ESGEN_REAL_REGISTRY=1")
	case strings.Contains(version, "://"):
		return given(t, version, o)
	case version == "1":
		version = Version
	}
	in, err := Find(version)
	if err != nil {
		jvm.Missing(t, "a real schema registry", err)
	}
	if o.Logs == "" {
		o.Logs = t.ArtifactDir()
	}
	r, err := Start(t.Context(), in, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
		if t.Failed() {
			t.Log(r.Tail())
		}
	})
	return r
}

// given returns the registry at an address.
func given(t *testing.T, url string, o Options) *Registry {
	t.Helper()
	if o.Durable {
		t.Skip("SKIPPED, NOT TESTED: a schema registry that is killed: the one that ESGEN_REAL_REGISTRY names is not ours")
	}
	return &Registry{URL: strings.TrimSuffix(url, "/"), Process: jvm.NewProcess("", nil)}
}
