// Package kafkadev is a Kafka in this process, for development and for tests.
//
//	cluster, err := kafkadev.Start(kafkadev.Options{})
//	...
//	defer cluster.Close()
//	err = cluster.CreateTopics(ctx, kafkadev.Aggregate(bankv1.AccountType(Account{}).Spec()))
//	...
//	engine, err := kafka.Open("bank",
//		kafka.Client(kgo.SeedBrokers(cluster.Addresses()...)), kafka.Profile(topics.SingleBroker()))
//
// It speaks the protocol of Kafka over TCP, on the loopback interface, to any
// client of any process and language: transactions, consumer groups of both
// protocols, compaction and retention are there. In memory what it holds is gone
// when it is closed; in a directory it survives that, and the end of the
// process by a signal.
//
// # What it is not
//
// It is not Apache Kafka, and not for production: it is kfake, the fake cluster
// of the franz-go client, in one process.
//
//   - Nothing is replicated. Several brokers are several ports of this process,
//     there to see that clients find the leader of a partition. min.insync.replicas
//     and the election of leaders mean nothing.
//   - It is no measure. Requests are answered one after the other, and without
//     the network and the replicas that take most of the time of a real cluster.
//   - It does not notice that a disk is full or broken when it flushes. A
//     transaction over several partitions that was being committed when the
//     process was killed may be committed in some of them; the engine of package
//     es/kafka keeps the events of a command in one.
//   - It throttles nobody, and has no quotas, tiered storage or truncation of
//     logs. It accepts a producer that comes back with an old epoch, which Kafka
//     refuses; the engine does not rely on either.
//   - Anybody on the machine can connect: it asks for no name, and encrypts
//     nothing.
//
// That a service works on it says little about the settings of a real cluster:
// that is what package es/kafka/topics and esgen topics check are for.
package kafkadev

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"

	"github.com/esgen-dev/esgen/es/kafka/internal/expire"
)

// Options say what kind of cluster it is. The zero value is one broker on a
// free port, in memory.
type Options struct {
	// Brokers is how many there are. Default: 1.
	Brokers int
	// Port is that of the first broker; the others have the next ones. 0 takes
	// any that are free.
	Port int
	// Dir is a directory to keep everything in, and to begin with what is
	// there. Each write is flushed to the disk before it is answered. It is
	// made if it does not exist, and belongs to one process at a time. Default:
	// memory.
	Dir string
	// Log is told what goes wrong inside. Default: nobody.
	Log *slog.Logger
}

// minSession is the shortest session that members of consumer groups may ask
// for. That of Kafka is 6 seconds, which is long to wait in a test.
const minSession = 100 * time.Millisecond

// Cluster is a running Kafka. Safe for concurrent use.
type Cluster struct {
	fake      *kfake.Cluster
	addresses []string
	expiry    func()     // stops it
	dir       *directory // nil in memory
	log       *journal
}

// Start starts a cluster. It fails when a port is taken, or when the directory
// cannot be used: it cannot be read or written, another process uses it, or what
// is there is not of this package.
func Start(o Options) (*Cluster, error) {
	c := &Cluster{log: &journal{to: o.Log}}
	opts := []kfake.Opt{kfake.GroupMinSessionTimeout(minSession), kfake.WithLogger(c.log)}
	if o.Port == 0 {
		opts = append(opts, kfake.NumBrokers(max(o.Brokers, 1)))
	} else {
		opts = append(opts, kfake.Ports(ports(o)...))
	}
	var err error
	if o.Dir != "" {
		if c.dir, err = openDirectory(o.Dir); err != nil {
			return nil, fmt.Errorf("start Kafka: %w", err)
		}
		opts = append(opts, kfake.DataDir(o.Dir), kfake.SyncWrites())
		err = c.prepare(o.Dir)
	}
	if err == nil {
		c.fake, err = kfake.NewCluster(opts...)
	}
	if err != nil {
		return nil, fmt.Errorf("start Kafka: %w", errors.Join(o.explain(err), c.dir.close(false)))
	}
	c.addresses = c.fake.ListenAddrs()
	c.expiry = expire.Members(c.fake)
	return c, nil
}

// prepare makes a directory ready that the process before has left.
func (c *Cluster) prepare(dir string) error {
	crashed, err := c.dir.begin()
	if err != nil || !crashed {
		return err
	}
	return repair(c.log, dir)
}

// explain tells what is wrong with a directory from a port that is taken.
func (o Options) explain(err error) error {
	if _, listening := errors.AsType[*net.OpError](err); listening || o.Dir == "" {
		return err
	}
	return fmt.Errorf("data directory %s: %w: begin anew with another one", o.Dir, err)
}

func ports(o Options) []int {
	all := []int{o.Port}
	for len(all) < o.Brokers {
		all = append(all, o.Port+len(all))
	}
	return all
}

// Addresses returns where the brokers listen, each as host:port.
func (c *Cluster) Addresses() []string { return slices.Clone(c.addresses) }

// Close ends all connections and stops listening. It fails when the directory
// could not be brought up to date; what was confirmed before is in it all the
// same. Calling it again does nothing.
func (c *Cluster) Close() error {
	c.expiry()
	c.fake.Close()
	failed := c.log.failed()
	if err := errors.Join(failed, c.dir.close(failed == nil)); err != nil {
		return fmt.Errorf("close Kafka: %w", err)
	}
	return nil
}
