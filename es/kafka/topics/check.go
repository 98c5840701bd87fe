package topics

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/twmb/franz-go/pkg/kadm"
)

// CheckOptions are those of a check.
type CheckOptions struct {
	// Override names requirements that are not insisted on.
	Override []string
	// Brokers are the addresses of the cluster, for commands and errors.
	Brokers []string
}

// Problem is a requirement that is not met.
type Problem struct {
	Requirement   Requirement // also the name to override it by
	Topic         string      // "" is the cluster
	Setting       string      // as Kafka names it, "" if it is about none
	Found, Wanted string
	Why           string
	Command       string // mends it with Kafka's own tools; "" if none does
	Apply         string // mends it with esgen; "" if that leaves it alone
	Advice        string // what to do when no command is enough
	Warning       bool   // the store works without
	Overridden    bool
}

// String returns the problem, why it is one, and what mends it.
func (p Problem) String() string {
	var out strings.Builder
	if p.Topic != "" {
		fmt.Fprintf(&out, "topic %s: ", p.Topic)
	}
	fmt.Fprintf(&out, "%s is %s, wanted %s", p.Requirement, p.Found, p.Wanted)
	fmt.Fprintf(&out, "\n  why: %s", p.Why)
	if p.Advice != "" {
		fmt.Fprintf(&out, "\n  do: %s", p.Advice)
	}
	for _, command := range []string{p.Command, p.Apply} {
		if command != "" {
			fmt.Fprintf(&out, "\n  run: %s", command)
		}
	}
	return out.String()
}

// Unknown is a setting that the cluster does not tell.
type Unknown struct {
	Topic   string // "" is the cluster
	Setting string
}

// Report is the result of a check, in the order of the wanted topics.
type Report struct {
	Problems []Problem
	Unknown  []Unknown
}

// Err returns a [*RequirementsError] with the problems that are neither
// overridden nor warnings, or nil.
func (r Report) Err() error {
	problems := slices.DeleteFunc(slices.Clone(r.Problems), func(p Problem) bool { return p.Overridden || p.Warning })
	if len(problems) == 0 {
		return nil
	}
	return &RequirementsError{Problems: problems}
}

// RequirementsError says that a cluster does not give what is required.
type RequirementsError struct {
	Problems []Problem
}

// Error returns all problems.
func (e *RequirementsError) Error() string {
	var out strings.Builder
	out.WriteString("the Kafka cluster does not give what the store needs:")
	for _, p := range e.Problems {
		fmt.Fprintf(&out, "\n%s\n  or override: %s", p, p.Requirement)
	}
	return out.String()
}

// Check looks whether a cluster gives what is wanted, and changes nothing. The
// error says why there is no report; see [Report.Err] for its verdict.
func Check(ctx context.Context, client *kadm.Client, wanted []Topic, options CheckOptions) (Report, error) {
	overridden, err := overrides(options.Override)
	if err != nil {
		return Report{}, err
	}
	c := checker{inspector: inspector{client: client, brokers: options.Brokers}}
	there, err := c.topics(ctx, wanted)
	if err != nil {
		return Report{}, err
	}
	nodes, err := c.nodes(ctx)
	if err != nil {
		return Report{}, err
	}
	for _, t := range wanted {
		at, exists := there[t.Name]
		c.topic(t, at, exists, nodes)
	}
	if err := c.transactions(ctx); err != nil {
		return Report{}, err
	}
	for i, p := range c.report.Problems {
		c.report.Problems[i].Why = p.Requirement.why()
		c.report.Problems[i].Overridden = overridden[p.Requirement]
	}
	return c.report, nil
}

// checker makes one report.
type checker struct {
	inspector

	report Report
}

func (c *checker) problem(p Problem) { c.report.Problems = append(c.report.Problems, p) }

// nodes returns the ids of the brokers, in order.
func (c *checker) nodes(ctx context.Context) ([]int32, error) {
	metadata, err := c.client.BrokerMetadata(ctx)
	if err != nil {
		return nil, c.failure(err, "list the brokers of", "")
	}
	return metadata.Brokers.NodeIDs(), nil
}

const (
	applyCreate = "esgen topics apply"
	applyAlter  = "esgen topics apply --alter"
)

// topic checks one topic.
func (c *checker) topic(t Topic, at found, exists bool, nodes []int32) {
	if !exists {
		c.problem(Problem{
			Requirement: TopicExists, Topic: t.Name, Found: "false", Wanted: "true",
			Command: c.createCommand(t), Apply: applyCreate,
		})
		return
	}
	if t.Recorded != 0 && t.Recorded != at.partitions {
		c.problem(Problem{
			Requirement: RecordedPartitions, Topic: t.Name, Found: strconv.Itoa(at.partitions), Wanted: strconv.Itoa(t.Recorded),
			Advice: "do not write to it: partitions were added, or the topic was created anew; restore it, or copy the events into a new topic",
		})
	}
	if at.denied {
		c.problem(Problem{
			Requirement: SettingsReadable, Topic: t.Name, Found: "false", Wanted: "true",
			Command: c.allow("describe the settings of", t.Name),
		})
	}
	different, unknown := t.differences(at)
	for _, d := range different {
		c.difference(t, at, d, nodes)
	}
	for _, setting := range unknown {
		c.report.Unknown = append(c.report.Unknown, Unknown{t.Name, setting})
	}
}

// difference turns a difference into a problem with a way out.
func (c *checker) difference(t Topic, at found, d Difference, nodes []int32) {
	p := Problem{
		Requirement: Requirement(d.Setting), Topic: t.Name, Setting: d.Setting,
		Found: readable(d.Setting, d.Found), Wanted: readable(d.Setting, d.Wanted),
	}
	switch d.Setting {
	case partitions:
		p.Setting = ""
		p.Advice = fmt.Sprintf("declare partitions: %d, which it has; a number that keys map to cannot change", at.partitions)
		if t.Kind == Routes {
			p.Advice = "delete the topic while no service runs, and apply: it is filled again"
		}
	case replicationFactor:
		p.Setting, p.Command = "", c.reassignCommand(t, at, nodes)
		if p.Command == "" {
			p.Advice = fmt.Sprintf("add brokers, there are %d; for development there is the profile single-broker", len(nodes))
		}
	case minInsyncReplicas:
		c.insync(&p, t, at, d)
	default:
		p.Command = c.alterCommand(t.Name, d.Setting, d.Wanted)
		// What is kept longer than declared can be read all the same.
		p.Warning = d.Setting == retentionMs && longer(number(d.Found), number(d.Wanted))
	}
	if d.Safe {
		p.Apply = applyAlter
	} else if d.Setting == cleanupPolicy || p.Warning {
		p.Advice = "look first: brokers will delete what they keep today, and the command cannot be undone"
	}
	c.problem(p)
}

// insync completes the problem of too few, or too many, copies in sync.
func (c *checker) insync(p *Problem, t Topic, at found, d Difference) {
	p.Command = c.alterCommand(t.Name, d.Setting, d.Wanted)
	if number(d.Wanted) > int64(at.replicas) {
		p.Advice = fmt.Sprintf("add replicas first: with %d, no write would succeed", at.replicas)
	} else if number(d.Found) > int64(at.replicas) {
		p.Advice = fmt.Sprintf("or add replicas: with %d, no write succeeds now", at.replicas)
	}
}

// wantedTransactionVersion is that of Kafka 4.0, which fences each transaction.
const wantedTransactionVersion = 2

// transactions checks the protocol of transactions.
func (c *checker) transactions(ctx context.Context) error {
	level, known, err := c.transactionVersion(ctx)
	switch {
	case err != nil:
		return err
	case !known:
		c.report.Unknown = append(c.report.Unknown, Unknown{"", transactionVersionFeature})
	case level < wantedTransactionVersion:
		c.problem(Problem{
			Requirement: TransactionVersion, Setting: transactionVersionFeature,
			Found: strconv.Itoa(level), Wanted: strconv.Itoa(wantedTransactionVersion), Warning: true,
			Command: c.command("kafka-features.sh", fmt.Sprintf("upgrade --feature %s=%d", transactionVersionFeature, wantedTransactionVersion)),
			Advice:  "it takes Kafka 4.0",
		})
	}
	return nil
}
