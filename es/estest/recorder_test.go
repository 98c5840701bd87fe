package estest_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// recorder is a test that keeps its failures to itself.
type recorder struct {
	testing.TB // nil: what the kit is not meant to use panics

	failures []string
	cleanups []func()
}

func (*recorder) Helper() {}

func (r *recorder) Failed() bool { return len(r.failures) > 0 }

func (r *recorder) Cleanup(f func()) { r.cleanups = append(r.cleanups, f) }

func (r *recorder) Errorf(format string, args ...any) {
	r.failures = append(r.failures, fmt.Sprintf(format, args...))
}

func (r *recorder) Fatalf(format string, args ...any) {
	r.Errorf(format, args...)
	runtime.Goexit()
}

// record runs a test to its end and returns its failures.
func record(test func(t testing.TB)) []string {
	r := &recorder{}
	done := make(chan struct{})
	go func() {
		defer close(done)
		test(r)
	}()
	<-done
	for _, f := range r.cleanups {
		f()
	}
	return r.failures
}

// wantFailure checks that a test fails once, with a text that holds want.
func wantFailure(t *testing.T, want string, test func(t testing.TB)) {
	t.Helper()
	got := record(test)
	if len(got) != 1 || !strings.Contains(got[0], want) {
		t.Errorf("failures:\n%s\nwant one that holds:\n%s", strings.Join(got, "\n---\n"), want)
	}
}
