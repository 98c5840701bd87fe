package kafka

import (
	"context"
	"errors"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

// errLags says that a broker does not know of what was read before. One that was
// deposed and cut off from the others may not know that it was, and tells what
// was true when it led: no answer of its own tells that from a log that was cut.
var errLags = errors.New("a broker knows of less than was read before: it lags behind, or the log was cut")

// lagBudgets is for how many budgets a log may seem to end before what was read of
// it, until it counts as cut. The longer, the longer a broker may be cut off
// without harm; and a reader waits as long before it says what is wrong.
const lagBudgets = 12

// lag notes for how long the log of a partition has seemed to be too short.
type lag struct{ since time.Time }

// over takes note of how the log seems to be, and reports whether that is how it
// is: it is long enough, or has seemed too short for so long.
func (l *lag) over(short bool, budget time.Duration) bool {
	switch {
	case !short:
		l.since = time.Time{}
		return true
	case l.since.IsZero():
		l.since = now()
	}
	return since(l.since) > lagBudgets*budget
}

// deleted reports whether the log begins behind an offset, which no broker says
// by mistake.
func deleted(ctx context.Context, client *kgo.Client, topic string, partition int32, offset int64) bool {
	starts, err := kadm.NewClient(client).ListStartOffsets(ctx, topic)
	if err != nil {
		return false
	}
	start, found := starts.Lookup(topic, partition)
	return found && start.Err == nil && start.Offset > offset
}
