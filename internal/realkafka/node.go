//go:build unix

package realkafka

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/esgen-dev/esgen/internal/jvm"
)

// Node is one node of a cluster. Its methods are not safe for concurrent use.
type Node struct {
	ID      int32
	Address string // for clients

	*jvm.Process

	peers        int // how many nodes there are
	installation Installation
	properties   string // a file
}

// format prepares the directory of the node.
func (n *Node) format(ctx context.Context, cluster string) error {
	args := n.installation.arguments(nil, "kafka.tools.StorageTool", "format", "--cluster-id="+cluster, "--config", n.properties)
	out, err := exec.CommandContext(ctx, n.installation.java, args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("formatting node %d: %w\n%s", n.ID, err, jvm.LastLines(out))
	}
	return nil
}

// readyWithin is how long a node may take to start, on a busy machine.
const readyWithin = 90 * time.Second

// Start starts the node, which is not running, on what it has stored, and waits
// until it is part of the cluster.
func (n *Node) Start(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	if err := n.Launch(); err != nil {
		return fmt.Errorf("starting node %d: %w", n.ID, err)
	}
	if err := n.ready(ctx); err != nil {
		n.Kill()
		return fmt.Errorf("node %d did not get ready: %w\n%s", n.ID, err, n.Tail())
	}
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
		case <-n.Ended():
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
