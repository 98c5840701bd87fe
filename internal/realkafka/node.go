//go:build unix

package realkafka

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"syscall"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// Node is one node of a cluster. Its methods are not safe for concurrent use.
type Node struct {
	ID      int32
	Address string // for clients

	peers        int // how many nodes there are
	installation Installation
	jvm          []string
	properties   string // a file
	log          string // a file

	process *os.Process
	ended   chan struct{} // closed when the process is gone
}

// format prepares the directory of the node.
func (n *Node) format(ctx context.Context, cluster string) error {
	args := n.installation.arguments(nil, "kafka.tools.StorageTool", "format", "--cluster-id="+cluster, "--config", n.properties)
	out, err := exec.CommandContext(ctx, n.installation.java, args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("formatting node %d: %w\n%s", n.ID, err, tail(out))
	}
	return nil
}

// guarded runs a program that is killed when the pipe at descriptor 3 is closed
// with nothing written to it, as it is when the process that holds it ends.
const guarded = `{ read -r _ || kill -9 $$; } <&3 >/dev/null 2>&1 & exec "$@" 3<&-`

// readyWithin is how long a node may take to start, on a busy machine.
const readyWithin = 90 * time.Second

// Start starts the node, which is not running, on what it has stored, and waits
// until it is part of the cluster.
func (n *Node) Start(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	if err := n.launch(); err != nil {
		return fmt.Errorf("starting node %d: %w", n.ID, err)
	}
	if err := n.ready(ctx); err != nil {
		n.Kill()
		return fmt.Errorf("node %d did not get ready: %w\n%s", n.ID, err, n.Tail())
	}
	return nil
}

func (n *Node) launch() error {
	output, err := os.OpenFile(n.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err //nolint:wrapcheck // names the path
	}
	defer output.Close() //nolint:errcheck // the process has its own
	watched, alive, err := os.Pipe()
	if err != nil {
		return err //nolint:wrapcheck // says enough
	}
	defer watched.Close() //nolint:errcheck // the process has its own
	args := []string{"-c", guarded, "sh", n.installation.java}
	args = append(args, n.installation.arguments(n.jvm, "kafka.Kafka", n.properties)...)
	cmd := exec.Command("sh", args...) //nolint:noctx // it is ended by signals
	cmd.Stdout, cmd.Stderr, cmd.ExtraFiles = output, output, []*os.File{watched}
	if err := cmd.Start(); err != nil {
		return errors.Join(err, alive.Close())
	}
	n.process, n.ended = cmd.Process, make(chan struct{})
	go func() {
		defer close(n.ended)
		_ = cmd.Wait() // it was killed, or its log says why it ended
		_, _ = alive.WriteString("\n")
		_ = alive.Close()
	}()
	return nil
}

// ready waits until the node says that it and most of its peers are there.
func (n *Node) ready(ctx context.Context) error {
	client, err := kgo.NewClient(kgo.SeedBrokers(n.Address))
	if err != nil {
		return err //nolint:wrapcheck // says enough
	}
	defer client.Close()
	for {
		known, err := n.peersKnown(ctx, client)
		if err == nil && slices.Contains(known, n.ID) && 2*len(known) > n.peers {
			return nil
		}
		select {
		case <-n.ended:
			return errors.New("it ended")
		case <-ctx.Done():
			return fmt.Errorf("it knows of the nodes %v: %w", known, errors.Join(ctx.Err(), err))
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// peersKnown asks the node itself which nodes there are.
func (*Node) peersKnown(ctx context.Context, client *kgo.Client) ([]int32, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	req := kmsg.NewPtrMetadataRequest()
	req.Topics = []kmsg.MetadataRequestTopic{}
	resp, err := req.RequestWith(ctx, client.SeedBrokers()[0])
	if err != nil {
		return nil, err //nolint:wrapcheck // told with what was asked
	}
	var known []int32
	for _, b := range resp.Brokers {
		known = append(known, b.NodeID)
	}
	return known, nil
}

// PID returns the id of the node's process, for as long as it runs.
func (n *Node) PID() int { return n.process.Pid }

// Kill ends the node as the loss of its power would, but for the disk: SIGKILL.
func (n *Node) Kill() {
	n.signal(syscall.SIGKILL)
	n.gone(0)
}

// Pause stops the clock of the node until Resume: SIGSTOP. Connections stay.
func (n *Node) Pause() { n.signal(syscall.SIGSTOP) }

// Resume undoes Pause.
func (n *Node) Resume() { n.signal(syscall.SIGCONT) }

// Stop ends the node in good order, or kills it after a while.
func (n *Node) Stop(within time.Duration) {
	n.Resume()
	n.signal(syscall.SIGTERM)
	if !n.gone(within) {
		n.Kill()
	}
}

// signal does nothing when the node is not running.
func (n *Node) signal(s syscall.Signal) {
	if n.process != nil {
		_ = n.process.Signal(s) // it has ended
	}
}

// gone waits until the process has ended; 0 is for as long as that takes.
func (n *Node) gone(within time.Duration) bool {
	if n.process == nil {
		return true
	}
	var late <-chan time.Time
	if within > 0 {
		late = time.After(within)
	}
	select {
	case <-n.ended:
		n.process = nil
		return true
	case <-late:
		return false
	}
}

// Tail returns the end of what the node printed.
func (n *Node) Tail() string {
	content, err := os.ReadFile(n.log)
	if err != nil {
		return err.Error()
	}
	return fmt.Sprintf("--- the end of %s\n%s", n.log, tail(content))
}

// tail returns the last lines of a text.
func tail(text []byte) []byte {
	const lines = 60
	all := bytes.SplitAfter(bytes.TrimSpace(text), []byte("\n"))
	return bytes.Join(all[max(0, len(all)-lines):], nil)
}
