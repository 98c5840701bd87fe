package topics

import (
	"context"
	"fmt"
	"strings"

	"github.com/twmb/franz-go/pkg/kadm"
)

// Options are those of a plan.
type Options struct {
	// Alter lets settings of topics that exist be changed, where that is safe.
	Alter bool
	// Brokers are the addresses of the cluster, for commands and errors.
	Brokers []string
}

// Action says what is done about a topic.
type Action string

// The actions.
const (
	Create    Action = "create"    // it does not exist
	Alter     Action = "alter"     // settings differ that are safe to change, and may be
	Differs   Action = "differs"   // something differs that is left to a human
	Unchanged Action = "unchanged" // it is as it should be
)

// Step is what is done about one topic.
type Step struct {
	Action      Action
	Topic       Topic
	Differences []Difference // of a topic that exists
	// Unknown are the settings that the cluster does not tell; Hidden says that
	// it is not allowed to read them.
	Unknown []string
	Hidden  bool
}

// String returns the step, with a line for each difference.
func (s Step) String() string {
	var out strings.Builder
	fmt.Fprintf(&out, "%s %s", s.Action, s.Topic.Name)
	if s.Action == Create {
		fmt.Fprintf(&out, ": %d partitions, %d replicas", s.Topic.Partitions, s.Topic.ReplicationFactor)
		for _, setting := range s.Topic.Settings {
			fmt.Fprintf(&out, ", %s=%s", setting.Name, setting.Value)
		}
	}
	for _, d := range s.Differences {
		fmt.Fprintf(&out, "\n  %s", d)
		if !d.Safe {
			out.WriteString(" (left to you)")
		}
	}
	if s.Hidden {
		out.WriteString("\n  its settings may not be read")
	}
	return out.String()
}

// Plan is what will be done, in the order in which it will be done.
type Plan struct {
	Steps   []Step
	options Options
}

// Count returns how many steps have an action.
func (p Plan) Count(action Action) int {
	count := 0
	for _, s := range p.Steps {
		if s.Action == action {
			count++
		}
	}
	return count
}

// MakePlan compares wanted topics with a cluster, and changes nothing. Errors
// are an [*AccessError], an [*UnreachableError], or what the cluster answered.
func MakePlan(ctx context.Context, client *kadm.Client, wanted []Topic, options Options) (Plan, error) {
	plan := Plan{options: options}
	there, err := plan.inspector(client).topics(ctx, wanted)
	if err != nil {
		return Plan{}, err
	}
	for _, t := range wanted {
		at, exists := there[t.Name]
		plan.Steps = append(plan.Steps, plan.step(t, at, exists))
	}
	return plan, nil
}

func (p Plan) inspector(client *kadm.Client) inspector {
	return inspector{client: client, brokers: p.options.Brokers}
}

// step decides about one topic.
func (p Plan) step(t Topic, at found, exists bool) Step {
	step := Step{Topic: t, Action: Create}
	if !exists {
		return step
	}
	step.Action, step.Hidden = Unchanged, at.denied
	step.Differences, step.Unknown = t.differences(at)
	for _, d := range step.Differences {
		if d.Safe && p.options.Alter {
			step.Action = Alter
			break
		}
		step.Action = Differs
	}
	return step
}
