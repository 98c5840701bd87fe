package golang_test

import (
	"testing"

	"go.uber.org/goleak"
)

// Files are emitted by goroutines, none of which may outlive a call.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
