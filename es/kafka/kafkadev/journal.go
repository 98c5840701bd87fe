package kafkadev

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"

	"github.com/twmb/franz-go/pkg/kfake"
)

// journal takes what kfake has to say, and keeps its errors: that is how it
// tells that it could not save something at its end.
type journal struct {
	to *slog.Logger // nil is nobody

	mu   sync.Mutex
	kept []error
}

var _ kfake.Logger = (*journal)(nil)

// Logf implements [kfake.Logger].
func (j *journal) Logf(level kfake.LogLevel, format string, args ...any) {
	severity := slog.LevelWarn
	switch level {
	case kfake.LogLevelError:
		severity = slog.LevelError
		j.mu.Lock()
		j.kept = append(j.kept, fmt.Errorf(format, args...))
		j.mu.Unlock()
	case kfake.LogLevelWarn:
	default:
		return // each request
	}
	if j.to != nil {
		j.to.Log(context.Background(), severity, fmt.Sprintf(format, args...))
	}
}

// failed returns the errors since the last call.
func (j *journal) failed() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	err := errors.Join(j.kept...)
	j.kept = nil
	return err
}
