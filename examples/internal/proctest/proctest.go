// Package proctest runs a service as it runs in earnest, in processes of its own
// on a Kafka in another one, and does to them what happens to processes: they
// are killed, stopped and started again. Clients go on meanwhile, and an audit
// of the whole log says in the end whether a promise was broken.
//
//	func TestMain(m *testing.M) {
//		proctest.Main(m, map[string]func(){"bank": main}, bankv1.AccountType(accounts.Account{}).Spec())
//	}
//
// The programs are the test binary itself under other names, as package
// testscript does it. The pieces are
//
//   - a [Process], which is killed, frozen and restarted;
//   - a [Crowd] of clients that try each command until they know its outcome;
//   - a [Nemesis], which torments processes at random;
//   - [ReadLog] and [Audit], which read and judge the log without the engine.
//
// What it cannot see: a Kafka in one process loses no replicas, and has no
// network that could be cut.
package proctest

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/kafka/kafkadev"
	"github.com/esgen-dev/esgen/es/kafka/topics"
)

// kafkaName is the program that [StartKafka] starts.
const kafkaName = "proctest-kafka"

// Main runs the tests of a package, which may then start the programs by their
// names, and a Kafka with the topics of aggregate types. It does not return.
func Main(m *testing.M, programs map[string]func(), specs ...*es.Spec) {
	programs[kafkaName] = func() {
		if err := kafka(os.Args[1:], os.Stdout, specs); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	testscript.Main(m, programs)
}

// StartKafka starts a Kafka that keeps everything in a directory of the test,
// and returns the process and its address.
func StartKafka(t *testing.T) (kafka *Process, address string) {
	t.Helper()
	port := freePort(t)
	p := Start(t, kafkaName, "-port", strconv.Itoa(port), "-dir", t.TempDir())
	return p, fmt.Sprintf("127.0.0.1:%d", port)
}

// kafka serves until it is told to end.
func kafka(args []string, w io.Writer, specs []*es.Spec) error {
	var o kafkadev.Options
	set := flag.NewFlagSet(kafkaName, flag.ContinueOnError)
	set.IntVar(&o.Port, "port", 0, "")
	set.StringVar(&o.Dir, "dir", "", "")
	if err := set.Parse(args); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	cluster, err := kafkadev.Start(o)
	if err != nil {
		return err
	}
	var aggregates []topics.Aggregate
	for _, spec := range specs {
		aggregates = append(aggregates, kafkadev.Aggregate(spec))
	}
	if err := cluster.CreateTopics(ctx, aggregates...); err != nil {
		return err
	}
	fmt.Fprintln(w, ready, cluster.Addresses())
	<-ctx.Done()
	return cluster.Close()
}
