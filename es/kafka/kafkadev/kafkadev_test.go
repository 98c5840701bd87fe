package kafkadev_test

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
	"go.uber.org/goleak"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
	"github.com/esgen-dev/esgen/es/kafka"
	"github.com/esgen-dev/esgen/es/kafka/kafkadev"
	"github.com/esgen-dev/esgen/es/kafka/topics"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func start(t *testing.T, o kafkadev.Options) *kafkadev.Cluster {
	t.Helper()
	c, err := kafkadev.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

// port returns that of the first broker.
func port(t *testing.T, c *kafkadev.Cluster) int {
	t.Helper()
	_, text, err := net.SplitHostPort(c.Addresses()[0])
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// startLedger starts a cluster with the topics of the ledger.
func startLedger(t *testing.T, o kafkadev.Options) *kafkadev.Cluster {
	t.Helper()
	c := start(t, o)
	if err := c.CreateTopics(t.Context(), kafkadev.Aggregate(ledgerType().Spec())); err != nil {
		t.Fatal(err)
	}
	return c
}

func ledgerType() es.Aggregate { return ledgerv1.LedgerType(ledgerv1.Behavior{}) }

// execute executes a command by an engine of its own.
func execute(t *testing.T, c *kafkadev.Cluster, command ledgerv1.LedgerCommand, id string) es.Receipt {
	t.Helper()
	engine, err := kafka.Open("test", kafka.Client(kgo.SeedBrokers(c.Addresses()...)), kafka.Profile(topics.SingleBroker()))
	if err != nil {
		t.Fatal(err)
	}
	defer engine.Close()
	res, err := es.Execute[ledgerv1.LedgerEvent](t.Context(), engine.Bind(ledgerType()), command, []es.CommandOption{es.CommandID(id)})
	if err != nil {
		t.Fatal(err)
	}
	return res.Receipt
}

// TestRestart keeps events, and what transactions stand on, in a directory.
func TestRestart(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "made", "here")
	open := &ledgerv1.OpenLedger{LedgerId: "a"}
	first := startLedger(t, kafkadev.Options{Dir: dir})
	receipt := execute(t, first, open, "open")
	if err := errors.Join(first.Close(), first.Close()); err != nil {
		t.Fatal(err)
	}
	second := startLedger(t, kafkadev.Options{Dir: dir})
	if again := execute(t, second, open, "open"); !again.Duplicate || again.Position != receipt.Position {
		t.Errorf("after a restart: %+v, want a duplicate of %+v", again, receipt)
	}
	if next := execute(t, second, &ledgerv1.Attach{LedgerId: "a"}, "attach"); next.Version != 2 {
		t.Errorf("the next command has version %d, want 2", next.Version)
	}
}

func TestBrokers(t *testing.T) {
	t.Parallel()
	c := startLedger(t, kafkadev.Options{Brokers: 3})
	if n := len(c.Addresses()); n != 3 {
		t.Errorf("%d addresses, want 3", n)
	}
	for _, address := range c.Addresses() {
		if host, _, err := net.SplitHostPort(address); err != nil || host != "127.0.0.1" {
			t.Errorf("listens at %s, want the loopback interface (%v)", address, err)
		}
	}
	execute(t, c, &ledgerv1.OpenLedger{LedgerId: "a"}, "open")
}

// TestCreateTopics makes topics that a service's start would accept, and does
// it again.
func TestCreateTopics(t *testing.T) {
	t.Parallel()
	c := startLedger(t, kafkadev.Options{})
	aggregate := kafkadev.Aggregate(ledgerType().Spec())
	if err := c.CreateTopics(t.Context(), aggregate); err != nil {
		t.Errorf("again: %v", err)
	}
	client, err := kgo.NewClient(kgo.SeedBrokers(c.Addresses()...))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	wanted, err := topics.Wanted([]topics.Aggregate{aggregate}, topics.SingleBroker())
	if err != nil {
		t.Fatal(err)
	}
	report, err := topics.Check(t.Context(), kadm.NewClient(client), wanted, topics.CheckOptions{})
	if err != nil || len(report.Problems) > 0 {
		t.Errorf("the check says %v, %v", report, err)
	}

	aggregate.Partitions++
	wantError(t, c.CreateTopics(t.Context(), aggregate), aggregate.Topic+" of an earlier run: partitions is ", "declare what it has")
	wantError(t, c.CreateTopics(t.Context(), topics.Aggregate{Topic: "a b"}), "not a valid topic name")
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := c.CreateTopics(ended, aggregate); !errors.Is(err, context.Canceled) {
		t.Errorf("with a context that has ended: %v", err)
	}
}

func TestStart_refuses(t *testing.T) {
	t.Parallel()
	first := start(t, kafkadev.Options{Dir: t.TempDir()})
	taken := port(t, first)
	file := filepath.Join(t.TempDir(), "file")
	damaged, foreign := t.TempDir(), filepath.Dir(file)
	for name, content := range map[string]string{file: "", filepath.Join(damaged, "meta.json"): "{"} {
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		options kafkadev.Options
		says    string
	}{
		"a port that is taken":      {kafkadev.Options{Port: taken}, "address already in use"},
		"a port that is none":       {kafkadev.Options{Port: 65535, Brokers: 2}, "65536"},
		"a file":                    {kafkadev.Options{Dir: file}, "make the data directory"},
		"a directory in a file":     {kafkadev.Options{Dir: filepath.Join(file, "data")}, "make the data directory"},
		"a directory of others":     {kafkadev.Options{Dir: foreign}, "is not empty, and holds something else"},
		"a directory that is wrong": {kafkadev.Options{Dir: damaged}, damaged + ": loading"},
	} {
		_, err := kafkadev.Start(c.options)
		t.Run(name, func(t *testing.T) { wantError(t, err, c.says) })
	}
}

// TestStart_locks keeps a second cluster out of a directory, and lets it in
// when the first one is closed.
func TestStart_locks(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := start(t, kafkadev.Options{Dir: dir})
	_, err := kafkadev.Start(kafkadev.Options{Dir: dir})
	wantError(t, err, dir, "another process uses it")
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	start(t, kafkadev.Options{Dir: dir})
}

// TestClose_reports loses the directory under a cluster.
func TestClose_reports(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	c, err := kafkadev.Start(kafkadev.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(dir, nil, 0o600); err != nil { // in its place
		t.Fatal(err)
	}
	wantError(t, c.Close(), "persist to disk")
}

func wantError(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want one with %q", parts)
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q is not in the error: %v", part, err)
		}
	}
}
