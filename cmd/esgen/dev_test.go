package main

import (
	"bufio"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/kafka"
	"github.com/esgen-dev/esgen/es/kafka/topics"
	"github.com/esgen-dev/esgen/examples/bank/accounts"
	bankv1 "github.com/esgen-dev/esgen/examples/bank/gen/bank/v1"
)

// bank is the project that is served.
var bank = filepath.Join("..", "..", "examples", "bank")

// development is a running esgen dev.
type development struct {
	cmd      *exec.Cmd
	brokers  string
	registry string
	stderr   io.Reader
}

// startDev starts esgen dev for the bank, and waits until it says where things
// are.
func startDev(t *testing.T, args ...string) *development {
	t.Helper()
	d := &development{cmd: esgen(t, bank, append([]string{"dev", "--kafka-port", "0", "--registry-port", "0"}, args...)...)}
	stdout, err := d.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if d.stderr, err = d.cmd.StderrPipe(); err != nil {
		t.Fatal(err)
	}
	if err := d.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(stdout)
	value := func(name string) string {
		lines.Scan()
		value, ok := strings.CutPrefix(lines.Text(), name+"=")
		if !ok {
			said, _ := io.ReadAll(d.stderr)
			t.Fatalf("it printed %q, want %s\n%s", lines.Text(), name, said)
		}
		return value
	}
	d.brokers, d.registry = value("ESGEN_KAFKA_BROKERS"), value("ESGEN_REGISTRY_URL")
	return d
}

// end sends a signal, and returns the exit code and what was said.
func (d *development) end(t *testing.T, signal syscall.Signal) (int, string) {
	t.Helper()
	if err := d.cmd.Process.Signal(signal); err != nil {
		t.Fatal(err)
	}
	said, err := io.ReadAll(d.stderr)
	if err != nil {
		t.Fatal(err)
	}
	_ = d.cmd.Wait() // the code says it all
	return d.cmd.ProcessState.ExitCode(), string(said)
}

// deposit is a service that executes a command, and maybe another one that
// has to come before it.
func (d *development) deposit(t *testing.T, id string, before ...bankv1.AccountCommand) es.Receipt {
	t.Helper()
	engine, err := kafka.Open("bank", kafka.Client(kgo.SeedBrokers(d.brokers)), kafka.Profile(topics.SingleBroker()))
	if err != nil {
		t.Fatal(err)
	}
	defer engine.Close()
	bank := bankv1.NewAccountAggregate(engine, accounts.Account{})
	for _, c := range before {
		if _, err := bank.Execute(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	res, err := bank.Deposit(t.Context(), &bankv1.Deposit{AccountId: "a", AmountCents: 100}, es.CommandID(id))
	if err != nil {
		t.Fatal(err)
	}
	return res.Receipt
}

// TestDev runs a service against it, which finds its events again after the
// other process was killed.
func TestDev(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	d := startDev(t, "--data-dir", data)
	first := d.deposit(t, "one", &bankv1.OpenAccount{AccountId: "a", Owner: "Ada"})
	d.end(t, syscall.SIGKILL)

	d = startDev(t, "--data-dir", data)
	if again := d.deposit(t, "one"); !again.Duplicate || again.Version != first.Version {
		t.Errorf("the same command again: %+v, want a duplicate of %+v", again, first)
	}
	if next := d.deposit(t, "two"); next.Version != 3 {
		t.Errorf("the next command has version %d, want 3", next.Version)
	}
	c := client{t: t, dir: bank, env: []string{"ESGEN_KAFKA_BROKERS=" + d.brokers, "ESGEN_REGISTRY_URL=" + d.registry}}
	says(t, c.run(0, "topics", "check", single).stdout, "3 topics, 0 problems\n")
	says(t, c.run(0, "register").stdout, "0 to create, 0 to update, 7 unchanged, 0 refused\n")

	code, said := d.end(t, syscall.SIGTERM)
	if code != 130 || !strings.HasSuffix(said, "\nerror: interrupted\n") {
		t.Errorf("exit code %d, and it said %s", code, said)
	}
	says(t, said, "not Apache Kafka", "what is stored is kept in "+data)
}

func TestDev_inMemory(t *testing.T) {
	t.Parallel()
	d := startDev(t)
	if code, said := d.end(t, syscall.SIGINT); code != 130 || !strings.Contains(said, "--data-dir keeps it") {
		t.Errorf("exit code %d, and it said %s", code, said)
	}
	if code, said := startDev(t, "-q").end(t, syscall.SIGINT); code != 130 || said != "error: interrupted\n" {
		t.Errorf("quiet: exit code %d, and it said %s", code, said)
	}
}

func TestDev_refuses(t *testing.T) {
	t.Parallel()
	c := client{t: t, dir: t.TempDir()}
	put(t, c.dir, usual(nil))
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = taken.Close() })
	_, port, _ := net.SplitHostPort(taken.Addr().String())
	free := []string{"dev", "--kafka-port", "0", "--registry-port", "0"}

	says(t, c.run(2, "dev", "--kafka-port", port).stderr, "start Kafka: listen tcp 127.0.0.1:"+port, "address already in use", "--kafka-port 0 takes")
	says(t, c.run(2, "dev", "--kafka-port", "0", "--registry-port", port).stderr,
		"start the schema registry: listen tcp 127.0.0.1:"+port, "--registry-port 0 takes")
	says(t, c.run(2, append(free, "--data-dir", "go.mod")...).stderr, "make the data directory: mkdir ", "go.mod: not a directory")
	says(t, c.run(2, append(free, "--data-dir", "proto")...).stderr, "is not empty, and holds something else", "--data-dir takes a directory that is empty")
	says(t, c.run(2, "dev", "--kafka-port", "any").stderr, "invalid")

	put(t, c.dir, map[string]string{usualPath: usualHeader + "message {"})
	says(t, c.run(3, free...).stderr, "account.proto:5:9: error: ")
	put(t, c.dir, map[string]string{usualPath: usualHeader + usualBody + "message Nothing { option (esgen.v1.event) = { replaced_by: \"No\" }; }"})
	says(t, c.run(1, free...).stderr, "error: ")
}

// TestDev_otherPartitions starts with the topics of another declaration.
func TestDev_otherPartitions(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	startDev(t, "--data-dir", data).end(t, syscall.SIGTERM)
	c := client{t: t, dir: t.TempDir()}
	fewer := strings.Replace(usualBody, "(esgen.v1.aggregate) = {}", "(esgen.v1.aggregate) = { topic: { partitions: 5 } }", 1)
	put(t, c.dir, usual(map[string]string{usualPath: usualHeader + fewer}))
	says(t, c.run(2, "dev", "--kafka-port", "0", "--registry-port", "0", "--data-dir", data).stderr,
		"topic bank.v1.account of an earlier run: partitions is 12, wanted 5", "begin anew with another directory")
}

// TestDev_fullDisk cannot say where things are.
func TestDev_fullDisk(t *testing.T) {
	t.Parallel()
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("there is no full device here")
	}
	t.Cleanup(func() { _ = full.Close() })
	cmd := esgen(t, bank, "dev", "--kafka-port", "0", "--registry-port", "0")
	cmd.Stdout = full
	if got := run(t, cmd); got.code != 2 || !strings.HasPrefix(got.stderr, "error: print the addresses: ") {
		t.Errorf("exit code %d, and it said %s", got.code, got.stderr)
	}
}
