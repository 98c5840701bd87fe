package topics

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
)

// Apply does what a plan says, and tells report about each step that is done;
// report may be nil. It looks at each topic once more before it touches it, so
// that an old plan does no harm. It stops at the first error; applying again does
// the rest. When it returns without an error, the brokers show what it created.
func Apply(ctx context.Context, client *kadm.Client, plan Plan, report func(Step)) error {
	a := applier{inspector: plan.inspector(client), plan: plan}
	var created []string
	for _, step := range plan.Steps {
		done := step
		if step.Action == Create || step.Action == Alter {
			var err error
			if done, err = a.step(ctx, step); err != nil {
				return err
			}
		}
		if done.Action == Create {
			created = append(created, step.Topic.Name)
		}
		if report != nil {
			report(done)
		}
	}
	return a.await(ctx, created)
}

// applier carries a plan out.
type applier struct {
	inspector

	plan Plan
}

// step does one step, and returns what was done.
func (a applier) step(ctx context.Context, planned Step) (Step, error) {
	now, err := a.look(ctx, planned.Topic)
	if err != nil {
		return Step{}, err
	}
	switch {
	case now.Action == Create && planned.Action != Create:
		return Step{}, fmt.Errorf("topic %s is gone since the plan was made: look into that before it is created anew", planned.Topic.Name)
	case now.Action == Create:
		return a.create(ctx, now)
	case now.Action == Alter:
		return now, a.alter(ctx, now)
	default:
		return now, nil
	}
}

// look makes the plan of one topic.
func (a applier) look(ctx context.Context, t Topic) (Step, error) {
	there, err := a.topics(ctx, []Topic{t})
	if err != nil {
		return Step{}, err
	}
	at, exists := there[t.Name]
	return a.plan.step(t, at, exists), nil
}

// create creates a topic, unless somebody else just did: then it says how that
// one differs.
func (a applier) create(ctx context.Context, step Step) (Step, error) {
	t := step.Topic
	configs := map[string]*string{}
	for _, s := range t.Settings {
		configs[s.Name] = &s.Value
	}
	response, err := a.client.CreateTopic(ctx, int32(t.Partitions), int16(t.ReplicationFactor), configs, t.Name) //nolint:gosec // checked
	switch {
	case errors.Is(err, kerr.TopicAlreadyExists):
		// Its settings may differ. That is for the next plan, unless it is safe.
		if err := a.await(ctx, []string{t.Name}); err != nil {
			return Step{}, err
		}
		step, err = a.look(ctx, t)
		if err == nil && step.Action == Alter {
			err = a.alter(ctx, step)
		}
		return step, err
	case errors.Is(err, kerr.InvalidReplicationFactor):
		err = fmt.Errorf("%w\n  the cluster has not enough brokers for %d replicas; for development there is the profile single-broker",
			because(err, response.ErrMessage), t.ReplicationFactor)
	case err != nil:
		err = because(err, response.ErrMessage)
	}
	if err != nil {
		return Step{}, a.failure(err, "create", t.Name)
	}
	return step, nil
}

// alter sets what is safe to set, in one request: all of it, or nothing.
func (a applier) alter(ctx context.Context, step Step) error {
	var configs []kadm.AlterConfig
	for _, d := range step.Differences {
		if d.Safe {
			configs = append(configs, kadm.AlterConfig{Op: kadm.SetConfig, Name: d.Setting, Value: &d.Wanted})
		}
	}
	responses, err := a.client.AlterTopicConfigs(ctx, configs, step.Topic.Name)
	for _, r := range responses {
		err = errors.Join(err, because(r.Err, r.ErrMessage))
	}
	if err != nil {
		return a.failure(err, "alter", step.Topic.Name)
	}
	return nil
}

const (
	awaitEvery = 50 * time.Millisecond
	awaitTimes = 200
)

// await waits until the brokers show topics, with leaders. The controller that
// creates a topic is ahead of them.
func (a applier) await(ctx context.Context, names []string) error {
	for range awaitTimes {
		missing, err := a.missing(ctx, names)
		if err != nil || missing == "" {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("waiting for topic %s, which was created: %w", missing, ctx.Err())
		case <-time.After(awaitEvery):
		}
	}
	return fmt.Errorf("topics were created that the brokers do not show after %v: %v; check again", awaitEvery*awaitTimes, names)
}

// missing returns the first of the topics that is not ready, or "".
func (a applier) missing(ctx context.Context, names []string) (string, error) {
	if len(names) == 0 {
		return "", nil
	}
	there, err := a.describe(ctx, names)
	if err != nil {
		return "", err
	}
	for _, name := range names {
		if at, ok := there[name]; !ok || at.leaderless > 0 {
			return name, nil
		}
	}
	return "", nil
}
