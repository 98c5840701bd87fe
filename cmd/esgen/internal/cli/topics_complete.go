package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/esgen-dev/esgen/es/kafka/topics"
)

func newTopicsComplete(a *app) *cobra.Command {
	o := newTopicsOptions()
	var dryRun bool
	var wait time.Duration
	cmd := &cobra.Command{
		Use:   "complete",
		Short: "Write the markers that brokers left out of committed transactions",
		Long: `Complete looks for hanging transactions: those that have no end in a partition. An
engine refuses such a partition, and says so. Kafka 4.3 and 4.4 leave out the marker
of a commit when all replicas of a partition are stopped at once, and the next
marker would abort what was acknowledged. Where it is certain that the transaction
was committed, the marker is written, and the partition goes on by itself. Others
are printed and left alone:

  open       its coordinator will end it
  aborted    the next owner of the partition ends it
  forgotten  its producer has begun others since, and nobody can say what it was
  unlisted   no coordinator lists its producer: one is away, or may not be asked

kafka-transactions.sh abort ends a transaction that is left, and takes its events
away. Looking takes the rights Read on the topics and Describe on the transactional
ids; writing takes ClusterAction on the cluster, Kafka 4.2 and transaction.version
2. It fails if a transaction is left.` +
			exitCodes(codeOK, codeFindings, codeUsage, codeCompile, codeRegistry, codeInterrupted),
		Example: `  esgen topics complete --brokers localhost:9092 --dry-run
  esgen topics complete --brokers localhost:9092`,
		Args: atMost(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.topicsComplete(cmd.Context(), o, topics.HangingOptions{Wait: wait}, dryRun)
		},
	}
	o.register(cmd.Flags())
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "print what would be written, and write nothing")
	cmd.Flags().DurationVar(&wait, "wait", topics.HangingWait, "for how long a transaction has to be without an end to count")
	return cmd
}

// topicsComplete writes the markers that were left out, and prints what is left.
func (a *app) topicsComplete(ctx context.Context, o *topicsOptions, options topics.HangingOptions, dryRun bool) error {
	wanted, client, err := a.openTopics(ctx, o)
	if client == nil {
		return err
	}
	defer client.Close()
	options.Brokers = o.brokers
	hanging, err := topics.FindHanging(ctx, client, wanted, options)
	if err != nil {
		return kafkaFailure(err)
	}
	written := 0
	for _, h := range hanging {
		_, _ = fmt.Fprintln(a.env.Stdout, h)
		if h.Outcome != topics.Committed || dryRun {
			continue
		}
		if err := topics.CommitHanging(ctx, client, h, options); err != nil {
			return kafkaFailure(err)
		}
		written++
	}
	left := len(hanging) - written
	if !a.flags.quiet {
		_, _ = fmt.Fprintf(a.env.Stdout, "%d hanging transactions: %d markers written, %d left\n", len(hanging), written, left)
	}
	if left > 0 && !a.flags.exitZero {
		return &failure{code: codeFindings}
	}
	return nil
}
