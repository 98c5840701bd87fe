//go:build unix

package registry_test

import (
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/esgen-dev/esgen/internal/realregistry"
)

// TestReal runs the suite on a real registry, which its cases share.
func TestReal(t *testing.T) {
	t.Parallel()
	server := realregistry.ForTest(t, realregistry.Options{})
	places := new(atomic.Int64)
	suite(t, func(t *testing.T) place {
		t.Helper()
		return newPlace(t, server.URL, fmt.Sprintf("case%d.", places.Add(1)))
	})
}
