//go:build unix

package registry_test

import (
	"crypto/rand"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/esgen-dev/esgen/internal/realregistry"
)

// TestReal runs the suite on a real registry, which its cases share, and may be
// one that was there before.
func TestReal(t *testing.T) {
	t.Parallel()
	server := realregistry.ForTest(t, realregistry.Options{})
	run, places := rand.Text(), new(atomic.Int64)
	suite(t, func(t *testing.T) place {
		t.Helper()
		return newPlace(t, server.URL, fmt.Sprintf("%s.case%d.", run, places.Add(1)))
	})
}
