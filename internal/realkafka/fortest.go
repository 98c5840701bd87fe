//go:build unix

package realkafka

import (
	"os"
	"testing"

	"github.com/esgen-dev/esgen/internal/jvm"
)

// ForTest starts a cluster that lives as long as the test. When the test fails,
// it shows the end of what the nodes printed; all of that is kept with
// go test -artifacts.
//
// Without ESGEN_REAL_KAFKA, or what it takes, the test is skipped; with
// ESGEN_REQUIRE_TOOLS=1 too, a test that was asked for fails instead.
func ForTest(t *testing.T, o Options) *Cluster {
	t.Helper()
	version := os.Getenv("ESGEN_REAL_KAFKA")
	switch version {
	case "", "0":
		t.Skip("SKIPPED, NOT TESTED: a real Kafka: set ESGEN_REAL_KAFKA=1")
	case "1":
		version = Version
	}
	in, err := Find(version)
	if err != nil {
		jvm.Missing(t, "a real Kafka", err)
	}
	if o.Logs == "" {
		o.Logs = t.ArtifactDir()
	}
	c, err := Start(t.Context(), in, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		err := c.Stop()
		if err != nil {
			t.Error(err)
		}
		if t.Failed() {
			for _, n := range c.Nodes {
				t.Log(n.Tail())
			}
		}
	})
	return c
}
