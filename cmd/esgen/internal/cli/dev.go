package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"github.com/spf13/cobra"

	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/es/kafka/kafkadev"
)

// devOptions are the flags of the command.
type devOptions struct {
	kafkaPort    int
	registryPort int
	dataDir      string
}

func newDev(a *app) *cobra.Command {
	var o devOptions
	cmd := &cobra.Command{
		Use:     "dev",
		GroupID: groupKafka,
		Short:   "Serve a Kafka and a schema registry for development",
		Long: `Dev serves a Kafka and a schema registry on the loopback interface, with the topics
and the schemas of what is declared, until it is interrupted. It prints what your
services have to find in their environment. After a change of a declaration, start
it again.

It is there so that a service can be written and tried without a cluster. It is
not Apache Kafka, and not for production: one process, that replicates nothing,
asks nobody for a name, and says nothing about speed. A service opens its engine
with kafka.Profile(topics.SingleBroker()). The registry answers as the real one
would, by the same rules as esgen compat.

What is stored is gone at the end, unless --data-dir names a directory for it: then
events survive, even where the process is killed. The registry begins empty in any
case, with the schemas of today alone: their ids stay as long as they do.` +
			exitCodes(codeOK, codeFindings, codeUsage, codeCompile, codeRegistry, codeInterrupted),
		Example: `  esgen dev
  esgen dev --data-dir .dev                         keep what is stored
  esgen dev --kafka-port 0 --registry-port 0        take ports that are free
  ESGEN_KAFKA_BROKERS=127.0.0.1:9092 esgen topics check --profile single-broker`,
		Args: atMost(0),
		RunE: func(cmd *cobra.Command, _ []string) error { return a.dev(cmd.Context(), o) },
	}
	cmd.Flags().IntVar(&o.kafkaPort, "kafka-port", 9092, "the `port` of Kafka; 0 is any that is free")
	cmd.Flags().IntVar(&o.registryPort, "registry-port", 8081, "the `port` of the schema registry; 0 is any that is free")
	cmd.Flags().StringVar(&o.dataDir, "data-dir", "", "keep what is stored in this `directory`")
	_ = cmd.MarkFlagDirname("data-dir")
	return cmd
}

// dev serves until the context ends, whose error it returns then.
func (a *app) dev(ctx context.Context, o devOptions) (err error) {
	g, err := a.schemas(ctx, gateOptions{})
	if err != nil {
		return err
	}
	if findings := g.settled(); g.model == nil || diag.Worst(findings) >= diag.Error {
		return cmp.Or(a.report(a.env.Stderr, findings, g.source), a.verdict(findings), error(&failure{code: codeFindings}))
	}
	cluster, err := a.startKafka(ctx, g, o)
	if err != nil {
		return err
	}
	defer func() { err = a.closed(ctx, err, cluster.Close()) }()
	registry, err := startRegistry(ctx, g, o)
	if err != nil {
		return err
	}
	defer func() { err = a.closed(ctx, err, registry.close()) }()
	if err := a.fill(ctx, g, registry); err != nil {
		return err
	}
	if err := a.welcome(o, cluster, registry); err != nil {
		return err
	}
	select {
	case <-ctx.Done():
		return fmt.Errorf("dev: %w", ctx.Err())
	case err := <-registry.ended:
		return fmt.Errorf("the schema registry cannot be served any more: %w", err)
	}
}

// closed adds to the error of a run what went wrong at its end. Of a run that
// was interrupted it is said at once: that is all that exit would say.
func (a *app) closed(ctx context.Context, err, atEnd error) error {
	if atEnd != nil && ctx.Err() != nil {
		a.complain(atEnd.Error(), "")
	}
	return cmp.Or(err, atEnd)
}

// startKafka starts a Kafka with the topics of what is declared.
func (a *app) startKafka(ctx context.Context, g gate, o devOptions) (*kafkadev.Cluster, error) {
	options := kafkadev.Options{Port: o.kafkaPort, Log: slog.New(slog.NewTextHandler(a.env.Stderr, nil))}
	help := "--kafka-port 0 takes a port that is free"
	if o.dataDir != "" {
		options.Dir = a.flags.join(o.dataDir)
		help += "; --data-dir takes a directory that is empty, or that esgen dev has left"
	}
	cluster, err := kafkadev.Start(options)
	if err != nil {
		return nil, usage(help, "%v", err)
	}
	if err := cluster.CreateTopics(ctx, declaredTopics(g.model)...); err != nil {
		return nil, usage("", "%v", errors.Join(err, cluster.Close()))
	}
	return cluster, nil
}

// welcome says what there is: for programs on standard output, for people
// beside it.
func (a *app) welcome(o devOptions, cluster *kafkadev.Cluster, registry *devRegistry) error {
	_, err := fmt.Fprintf(a.env.Stdout, "ESGEN_KAFKA_BROKERS=%s\nESGEN_REGISTRY_URL=%s\n",
		strings.Join(cluster.Addresses(), ","), registry.url)
	if err != nil {
		return fmt.Errorf("print the addresses: %w", err)
	}
	a.note("a Kafka for development: one process that replicates nothing, not Apache Kafka")
	if o.dataDir == "" {
		a.note("what is stored is gone at the end; --data-dir keeps it")
	} else {
		a.note("what is stored is kept in %s", a.flags.join(o.dataDir))
	}
	a.note("put the lines above into the environment of your services; Ctrl-C ends it")
	return nil
}
