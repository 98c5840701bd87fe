package memory_test

import (
	"testing"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/conformance"
	"github.com/esgen-dev/esgen/es/memory"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	conformance.Run(t, func(t *testing.T, o conformance.Options) es.Engine {
		t.Helper()
		engine := memory.New(memory.Clock(o.Clock), memory.Validate(o.Validate))
		t.Cleanup(func() { _ = engine.Close() })
		return engine
	})
}
