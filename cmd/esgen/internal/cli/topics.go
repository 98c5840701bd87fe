package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/es/kafka/topics"
	"github.com/esgen-dev/esgen/generator/model"
)

// topicsOptions are the flags of the commands.
type topicsOptions struct {
	brokers  []string
	profile  choice
	alter    bool
	override []string
}

func newTopics(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "topics",
		GroupID: groupKafka,
		Short:   "Create, check and mend the Kafka topics of the aggregates",
		Long: `Each aggregate has three topics: its events, and two compacted ones, for its
state and for who owns what. These commands compare them with a cluster.

The brokers are given with --brokers or ESGEN_KAFKA_BROKERS, as host:port with
commas between. Secrets come from the environment alone: ESGEN_KAFKA_USER and
_PASSWORD, with _MECHANISM PLAIN (default), SCRAM-SHA-256 or SCRAM-SHA-512.
ESGEN_KAFKA_TLS=true encrypts; ESGEN_KAFKA_CA, _CERT and _KEY name files, and
encrypt too.` +
			exitCodes(codeOK, codeFindings, codeUsage, codeCompile, codeRegistry, codeInterrupted),
		Example: `  esgen topics plan --brokers localhost:9092 --profile single-broker`,
		RunE:    group,
	}
	cmd.AddCommand(newTopicsPlan(a), newTopicsApply(a), newTopicsCheck(a), newTopicsComplete(a))
	return cmd
}

func newTopicsPlan(a *app) *cobra.Command {
	o := newTopicsOptions()
	cmd := &cobra.Command{
		Use:   "plan",
		Short: "Print what applying would do",
		Long: `Plan prints which topics are missing and what differs, and changes nothing.` +
			exitCodes(codeOK, codeFindings, codeUsage, codeCompile, codeRegistry, codeInterrupted),
		Example: `  esgen topics plan --brokers localhost:9092
  esgen topics plan --brokers localhost:9092 --alter`,
		Args: atMost(0),
		RunE: func(cmd *cobra.Command, _ []string) error { return a.topicsPlan(cmd.Context(), o, false) },
	}
	o.register(cmd.Flags())
	o.registerAlter(cmd.Flags())
	return cmd
}

func newTopicsApply(a *app) *cobra.Command {
	o := newTopicsOptions()
	cmd := &cobra.Command{
		Use:   "apply",
		Short: "Create the topics that are missing",
		Long: `Apply creates the topics that are missing. With --alter it also sets what differs,
where that makes the brokers keep more or refuse more: it raises a retention, and
never cuts one. It deletes nothing, and leaves the number of partitions alone.
Running it again changes nothing; after a failure it does the rest.` +
			exitCodes(codeOK, codeFindings, codeUsage, codeCompile, codeRegistry, codeInterrupted),
		Example: `  esgen topics apply --brokers localhost:9092 --profile single-broker
  esgen topics apply --brokers kafka-1:9092,kafka-2:9092 --alter`,
		Args: atMost(0),
		RunE: func(cmd *cobra.Command, _ []string) error { return a.topicsPlan(cmd.Context(), o, true) },
	}
	o.register(cmd.Flags())
	o.registerAlter(cmd.Flags())
	return cmd
}

func newTopicsCheck(a *app) *cobra.Command {
	o := newTopicsOptions()
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Check what a service would insist on at its start",
		Long: `Check looks whether the cluster gives what the store needs, and changes nothing.
For each problem it prints why it is one and which command mends it. A
requirement that --override names is reported, and does not fail.` +
			exitCodes(codeOK, codeFindings, codeUsage, codeCompile, codeRegistry, codeInterrupted),
		Example: `  esgen topics check --brokers localhost:9092
  esgen topics check --brokers localhost:9092 --override min.insync.replicas`,
		Args: atMost(0),
		RunE: func(cmd *cobra.Command, _ []string) error { return a.topicsCheck(cmd.Context(), o) },
	}
	o.register(cmd.Flags())
	cmd.Flags().StringSliceVar(&o.override, "override", nil, "do not insist on the `requirement` of this name; can be repeated")
	return cmd
}

func newTopicsOptions() *topicsOptions {
	production, single := topics.Production().Name, topics.SingleBroker().Name
	return &topicsOptions{profile: choice{value: production, allowed: []string{production, single}}}
}

func (o *topicsOptions) register(set *pflag.FlagSet) {
	set.StringSliceVar(&o.brokers, "brokers", nil, "the `addresses` of brokers, as host:port (ESGEN_KAFKA_BROKERS)")
	set.Var(&o.profile, "profile", "what the cluster can give: "+strings.Join(o.profile.allowed, " or "))
}

func (o *topicsOptions) registerAlter(set *pflag.FlagSet) {
	set.BoolVar(&o.alter, "alter", false, "change settings of topics that exist, where that is safe")
}

// topicsPlan prints a plan, or carries it out.
func (a *app) topicsPlan(ctx context.Context, o *topicsOptions, apply bool) error {
	wanted, client, err := a.openTopics(ctx, o)
	if client == nil {
		return err
	}
	defer client.Close()
	admin := kadm.NewClient(client)
	plan, err := topics.MakePlan(ctx, admin, wanted, topics.Options{Alter: o.alter, Brokers: o.brokers})
	if err != nil {
		return kafkaFailure(err)
	}
	counts := map[topics.Action]int{}
	show := func(step topics.Step) {
		counts[step.Action]++
		if !a.flags.quiet && (step.Action != topics.Unchanged || a.flags.verbose) {
			_, _ = fmt.Fprintln(a.env.Stdout, step)
		}
	}
	if apply {
		if err := topics.Apply(ctx, admin, plan, show); err != nil {
			return kafkaFailure(err)
		}
	} else {
		for _, step := range plan.Steps {
			show(step)
		}
	}
	if !a.flags.quiet {
		_, _ = fmt.Fprintf(a.env.Stdout, "%d topics: %d create, %d alter, %d differ, %d unchanged\n", len(plan.Steps),
			counts[topics.Create], counts[topics.Alter], counts[topics.Differs], counts[topics.Unchanged])
	}
	if counts[topics.Differs] > 0 {
		a.note("esgen topics check says of what differs why it matters, and which command mends it")
	}
	return nil
}

// topicsCheck prints the problems of a cluster.
func (a *app) topicsCheck(ctx context.Context, o *topicsOptions) error {
	wanted, client, err := a.openTopics(ctx, o)
	if client == nil {
		return err
	}
	defer client.Close()
	report, err := topics.Check(ctx, kadm.NewClient(client), wanted, topics.CheckOptions{Override: o.override, Brokers: o.brokers})
	if err != nil {
		return kafkaFailure(err)
	}
	worst := diag.Info
	for _, p := range report.Problems {
		kind := "problem"
		switch {
		case p.Overridden:
			kind = "overridden"
		case p.Warning:
			kind, worst = "warning", max(worst, diag.Warning)
		default:
			worst = diag.Error
		}
		_, _ = fmt.Fprintf(a.env.Stdout, "%s: %s\n", kind, p)
	}
	for _, u := range report.Unknown {
		a.detail("the cluster does not tell %s of %s", u.Setting, u.Topic)
	}
	if !a.flags.quiet {
		_, _ = fmt.Fprintf(a.env.Stdout, "%d topics, %d problems\n", len(wanted), len(report.Problems))
	}
	if a.flags.fails(worst) {
		return &failure{code: codeFindings}
	}
	return nil
}

// openTopics returns what is declared, and a client. Without a client, the
// error says what was found instead.
func (a *app) openTopics(ctx context.Context, o *topicsOptions) ([]topics.Topic, *kgo.Client, error) {
	p, err := a.load(ctx)
	if err != nil {
		return nil, nil, err
	}
	var m *model.Model
	var found []diag.Finding
	if p.set != nil {
		m, found = model.Build(p.set)
	}
	if findings := p.settled(found...); m == nil || diag.Worst(findings) >= diag.Error {
		if err := a.report(a.env.Stdout, findings, p.source); err != nil {
			return nil, nil, err
		}
		if err := a.verdict(findings); err != nil {
			return nil, nil, err
		}
		return nil, nil, &failure{code: codeFindings} // whatever --fail-on says
	}
	profile := topics.Production()
	if o.profile.value == topics.SingleBroker().Name {
		profile = topics.SingleBroker()
	}
	wanted, err := topics.Wanted(declaredTopics(m), profile)
	if err != nil {
		return nil, nil, &failure{code: codeFindings, message: err.Error()}
	}
	client, err := a.openKafka(o)
	return wanted, client, err
}

// declaredTopics are the topics of the aggregates that are generated.
func declaredTopics(m *model.Model) []topics.Aggregate {
	var declared []topics.Aggregate
	for _, p := range m.Packages {
		for _, a := range p.Aggregates {
			declared = append(declared, topics.Aggregate{Topic: a.Topic.Name, Partitions: a.Topic.Partitions, Retention: a.Topic.Retention})
		}
	}
	return declared
}

// kafkaFailure words why a cluster could not be asked.
func kafkaFailure(err error) error {
	var unreachable *topics.UnreachableError
	var override *topics.OverrideError
	switch {
	case errors.Is(err, context.Canceled):
		return err
	case errors.As(err, &unreachable):
		help := "are the addresses right, and does the cluster want TLS? see esgen topics --help"
		return &failure{code: codeRegistry, message: err.Error(), help: help}
	case errors.As(err, &override):
		return &failure{code: codeUsage, message: err.Error()}
	}
	return &failure{code: codeRegistry, message: err.Error()}
}
