package kafka

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"

	"github.com/esgen-dev/esgen/es"
)

// Group returns what Kafka knows of the progress of a group of [Consume]: for
// [WaitFor], or for people. It joins nothing.
func (e *Engine) Group(name string, events es.Events) Tracker {
	return e.group(name, events.Spec())
}

func (e *Engine) group(name string, s *es.Spec) *group {
	topic := eventsTopic(s)
	return &group{engine: e, name: e.application + "." + topic + "." + name, topic: topic}
}

// group is a consumer group as a keeper of progress.
type group struct {
	engine *Engine
	name   string
	topic  string
}

// Progress implements [Tracker].
func (g *group) Progress(ctx context.Context, partition int32) (Progress, error) {
	ctx, cancel := context.WithTimeout(ctx, g.engine.budget)
	defer cancel()
	none := Progress{Position: es.Position{Partition: partition}}
	found, err := kadm.NewClient(g.engine.client).FetchOffsets(ctx, g.name)
	if err != nil {
		return none, fmt.Errorf("group %s: %w", g.name, err)
	}
	committed, ok := found.Lookup(g.topic, partition)
	switch {
	case committed.Err != nil:
		return none, fmt.Errorf("group %s: %w", g.name, committed.Err)
	case !ok || committed.At < 0:
		return none, nil
	}
	p, ok := parseMetadata(partition, committed.Metadata)
	switch {
	case ok && (committed.At == committedOffset(p, true) || committed.At == committedOffset(p, false)):
		return p, nil
	case committed.At == 0:
		return none, nil
	}
	// Somebody else moved the group, and is obeyed.
	none.Position.Offset = committed.At - 1
	return none, nil
}

// commit stores the progress behind a portion. What the group refuses while it
// is being rearranged is tried again for a while.
func (g *group) commit(ctx context.Context, m *membership, p *portion) error {
	ctx, cancel := context.WithTimeoutCause(ctx, g.engine.budget, errBudget)
	defer cancel()
	progress := p.progress()
	metadata := formatMetadata(progress)
	for attempt := 0; ; attempt++ {
		err := m.commit(ctx, g.engine.client, offsetCommit{
			partition: p.id, offset: committedOffset(progress, p.whole), metadata: &metadata,
		})
		if errors.Is(err, kerr.UnknownTopicID) {
			return &LogError{Topic: g.topic, Partition: p.id, Offset: progress.Position.Offset, Err: fmt.Errorf(
				"the topic was made again while it was read: %w", err)}
		}
		if err == nil || !sleep(ctx, backoff(attempt)) {
			return err
		}
	}
}

// committedOffset returns the offset that Kafka keeps, which is that of what is
// to be read next.
func committedOffset(p Progress, whole bool) int64 {
	if whole {
		return p.Position.Offset + 1
	}
	return p.Position.Offset
}

// The metadata of a committed offset hold the progress.
const metadataFormat = "es/1 %d.%d #%d %d" // offset, part, sequence, microseconds

func formatMetadata(p Progress) string {
	return fmt.Sprintf(metadataFormat, p.Position.Offset, p.Position.Part, p.Sequence, p.Time.UnixMicro())
}

func parseMetadata(partition int32, text string) (Progress, bool) {
	p := Progress{Position: es.Position{Partition: partition}}
	var micros int64
	n, err := fmt.Sscanf(text, metadataFormat, &p.Position.Offset, &p.Position.Part, &p.Sequence, &micros)
	p.Time = time.UnixMicro(micros).UTC()
	return p, err == nil && n == 4
}
