//go:build unix

package kafka_test

import (
	"testing"

	"github.com/esgen-dev/esgen/internal/realregistry"
)

// TestReal_registry writes with ids of a real registry.
func TestReal_registry(t *testing.T) {
	t.Parallel()
	server := realregistry.ForTest(t, realregistry.Options{})
	framed{t, newCluster(t, 1, 1), server.URL}.check()
	framed{t, newCluster(t, 1, 1), server.URL}.checkHeader()
}
