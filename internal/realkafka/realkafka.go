//go:build unix

// Package realkafka starts Apache Kafka itself, on loopback, for tests that
// kfake cannot answer for: replication, markers that come late, compaction,
// the death of a broker.
//
//	func TestSomething(t *testing.T) {
//		cluster := realkafka.ForTest(t, realkafka.Options{Nodes: 3})
//		client, err := kgo.NewClient(kgo.SeedBrokers(cluster.Brokers()...))
//		...
//		cluster.Nodes[0].Kill()
//	}
//
// It takes Java 17 and the artifacts of Kafka, which Maven fetches once:
//
//	go run ./internal/realkafka/cmd fetch
//
// They go to esgen-kafka in the user's cache directory, or to the directory
// that ESGEN_KAFKA_DIR names. Such tests run when ESGEN_REAL_KAFKA is 1, or the
// version of Kafka to take; otherwise they are skipped, and say so. For other
// programs, and people, this starts a cluster that lives until it is interrupted:
//
//	go run ./internal/realkafka/cmd start -nodes 3
//
// Each node is broker and controller. What it stores is in a directory that is
// made for it and removed at the end. A node dies with the process that started
// it, however that ends. Time-outs of brokers and groups are short, so that
// failovers take seconds; memory is little. There is no TLS, no SASL and no
// schema registry, and nodes are not added to a cluster.
package realkafka

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/esgen-dev/esgen/internal/jvm"
)

// Options are what a cluster is like.
type Options struct {
	// Nodes is how many nodes there are; 0 is 1. With three or more,
	// everything has three replicas, of which two have to be in sync.
	Nodes int
	// Cuttable lets [Cluster.Cut] work: what nodes tell each other goes by way
	// of this process.
	Cuttable bool
	// Settings are added to the properties of each node.
	Settings map[string]string
	// JVM are further arguments of the virtual machine, such as -Xmx1g.
	JVM []string
	// Logs is the directory for what the nodes print. The default is that of
	// their data, and goes with it.
	Logs string
}

// Cluster is a running Kafka. Its methods are not safe for concurrent use;
// different nodes may be used at once.
type Cluster struct {
	Nodes []*Node

	dir     string
	network *network // nil unless it can be cut
}

// Start starts a cluster, and waits until each of its nodes knows of all.
// What was started is stopped again when it fails, or ctx ends.
func Start(ctx context.Context, in Installation, o Options) (*Cluster, error) {
	dir, err := os.MkdirTemp("", "esgen-kafka-")
	if err != nil {
		return nil, fmt.Errorf("realkafka: %w", err)
	}
	c := &Cluster{dir: dir}
	if err := c.start(ctx, in, o); err != nil {
		return nil, errors.Join(fmt.Errorf("realkafka: %w", err), c.Stop())
	}
	return c, nil
}

func (c *Cluster) start(ctx context.Context, in Installation, o Options) error {
	all, err := layout(max(o.Nodes, 1))
	if err != nil {
		return err
	}
	if o.Cuttable {
		if c.network, err = newNetwork(all); err != nil {
			return err
		}
	}
	logs := o.Logs
	if logs == "" {
		logs = c.dir
	}
	for _, p := range all {
		home := filepath.Join(c.dir, p.name())
		if err := os.MkdirAll(home, 0o700); err != nil {
			return err //nolint:wrapcheck // names the path
		}
		n := &Node{
			ID: p.id, Address: p.client(), peers: len(all), installation: in,
			properties: filepath.Join(home, "server.properties"),
		}
		command := append([]string{in.java}, in.arguments(o.JVM, "kafka.Kafka", n.properties)...)
		n.Process = jvm.NewProcess(filepath.Join(logs, p.name()+".log"), nil, command...)
		text := p.text(all, c.network, filepath.Join(home, "data"), o.Settings)
		if err := os.WriteFile(n.properties, []byte(text), 0o600); err != nil {
			return err //nolint:wrapcheck // names the path
		}
		c.Nodes = append(c.Nodes, n)
	}
	id, err := clusterID()
	if err != nil {
		return err
	}
	if err := c.each(func(n *Node) error { return n.format(ctx, id) }); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	return c.each(func(n *Node) error {
		err := n.Start(ctx)
		if err != nil {
			cancel() // the others may wait for this one
		}
		return err
	})
}

// each does something with all nodes at once.
func (c *Cluster) each(f func(n *Node) error) error {
	failures := make([]error, len(c.Nodes))
	var wg sync.WaitGroup
	for i, n := range c.Nodes {
		wg.Go(func() { failures[i] = f(n) })
	}
	wg.Wait()
	return errors.Join(failures...)
}

// Brokers returns the addresses of all nodes.
func (c *Cluster) Brokers() []string {
	addresses := make([]string, len(c.Nodes))
	for i, n := range c.Nodes {
		addresses[i] = n.Address
	}
	return addresses
}

// Node returns the node of an id, as metadata have it, or nil.
func (c *Cluster) Node(id int32) *Node {
	for _, n := range c.Nodes {
		if n.ID == id {
			return n
		}
	}
	return nil
}

// Cut cuts a node of a cluster that is cuttable off from the others, until
// [Cluster.Mend]: no broker reaches it, it reaches no controller, and no
// controller reaches it. Connections stay, and what is sent arrives later.
// Clients reach it as before, and so does what it has to ask other brokers.
func (c *Cluster) Cut(n *Node) { c.network.isolate(n.ID) }

// Mend undoes every Cut.
func (c *Cluster) Mend() { c.network.mend() }

// Stop stops all nodes and removes what they stored. Nodes that do not end
// within ten seconds are killed.
func (c *Cluster) Stop() error {
	err := c.each(func(n *Node) error {
		n.Stop(10 * time.Second)
		return nil
	})
	if c.network != nil {
		c.network.close()
	}
	return errors.Join(err, os.RemoveAll(c.dir))
}
