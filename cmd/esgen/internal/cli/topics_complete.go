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
		Long: `Complete looks for transactions that have no end in a partition. An engine refuses
such a partition, and says so: Kafka 4.3 and 4.4 leave out the marker of a commit
when all replicas of a partition are stopped at once, and the next marker would
abort what was acknowledged. Where the coordinator says that the transaction was
committed, the marker is written, and the partition goes on by itself. Others are
printed, and left alone: one that is open is ended by its coordinator, one that was
aborted by the next owner, and of one that is forgotten nobody can say what it was.
Writing takes the right ClusterAction on the cluster, and a cluster with
transaction.version 2. It fails if a transaction is left that has no end.` +
			exitCodes(codeOK, codeFindings, codeUsage, codeCompile, codeRegistry, codeInterrupted),
		Example: `  esgen topics complete --brokers localhost:9092 --dry-run
  esgen topics complete --brokers localhost:9092`,
		Args: atMost(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.topicsComplete(cmd.Context(), o, topics.UnendedOptions{Wait: wait}, dryRun)
		},
	}
	o.register(cmd.Flags())
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "print what would be written, and write nothing")
	cmd.Flags().DurationVar(&wait, "wait", topics.UnendedWait, "for how long a transaction has to be without an end to count")
	return cmd
}

// topicsComplete writes the markers that were left out, and prints what is left.
func (a *app) topicsComplete(ctx context.Context, o *topicsOptions, options topics.UnendedOptions, dryRun bool) error {
	wanted, client, err := a.openTopics(ctx, o)
	if client == nil {
		return err
	}
	defer client.Close()
	options.Brokers = o.brokers
	unended, err := topics.Unended(ctx, client, wanted, options)
	if err != nil {
		return kafkaFailure(err)
	}
	written := 0
	for _, t := range unended {
		if t.Outcome == topics.Committed && !dryRun {
			if err := topics.Complete(ctx, client, t, options); err != nil {
				return kafkaFailure(err)
			}
			written++
		}
		_, _ = fmt.Fprintln(a.env.Stdout, t)
	}
	if !a.flags.quiet {
		_, _ = fmt.Fprintf(a.env.Stdout, "%d transactions without an end: %d markers written, %d left\n", len(unended), written, len(unended)-written)
	}
	if written < len(unended) && !a.flags.exitZero {
		return &failure{code: codeFindings}
	}
	return nil
}
