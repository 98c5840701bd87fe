// Package topics knows which Kafka topics an event store needs, creates them,
// and checks them.
//
// Each aggregate has three. [Wanted] returns them, with the settings that the
// promise of the store stands on:
//
//   - <topic>         the events, kept for ever, or as long as is declared
//   - <topic>.state   snapshots, checkpoints and owners, compacted
//   - <topic>.routes  who owns which partition, compacted, one partition
//
// [MakePlan] asks a cluster what is missing and what differs, and changes
// nothing. [Apply] creates what is missing, and alters what differs if the plan
// was made with leave to. It alters only what makes brokers keep more, or refuse
// more: a retention is raised and never cut, compaction is switched off and
// never on. It deletes nothing, moves no replicas and leaves the number of
// partitions alone, because keys map to partitions for ever. Doing it again
// changes nothing; after a failure in the middle, doing it again does the rest.
//
// [Check] is for the start of a service and for monitoring: it compares a
// cluster with what is wanted, and with what transactions need. Every [Problem]
// says which requirement is not met, why that matters and which command mends
// it. A requirement can be overridden by its name, which is that of the Kafka
// setting where there is one. A value that a cluster does not tell is unknown,
// which is reported, and is no problem.
//
// [FindHanging] and [CommitHanging] mend what brokers may do to a committed
// transaction: leave out its marker, so that nobody can read on.
//
// What it does not do: it does not look at the settings of brokers, at ACLs
// beyond the requests it makes, or at what is in the topics, but for the first
// record of a hanging transaction. The number of partitions that a state topic
// records is read by the engine and passed in.
//
// All functions may be called concurrently; two that apply at the same time
// agree on what the first of them creates. They return when their context ends.
package topics

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Aggregate is what has to be known of a declared aggregate.
type Aggregate struct {
	Topic      string        // the name of the topic of its events
	Partitions int           // as declared
	Recorded   int           // the number that its state topic records; 0 is not known
	Retention  time.Duration // how long events are kept; 0 is for ever
}

// Profile is what a kind of cluster can give.
type Profile struct {
	Name              string
	ReplicationFactor int           // copies of each partition
	MinInsyncReplicas int           // copies that have an event before it is acknowledged
	MaxMessageBytes   int           // the largest batch of records
	DeleteRetention   time.Duration // how long deletions can be seen in a compacted topic
}

// Production is for clusters of three brokers and more: what is acknowledged
// survives the loss of a broker, and one of them may be away.
func Production() Profile {
	return Profile{
		Name: "production", ReplicationFactor: 3, MinInsyncReplicas: 2,
		MaxMessageBytes: maxMessageBytes, DeleteRetention: deleteRetention,
	}
}

// SingleBroker is for development and tests. When the broker's disk is lost,
// everything is.
func SingleBroker() Profile {
	return Profile{
		Name: "single-broker", ReplicationFactor: 1, MinInsyncReplicas: 1,
		MaxMessageBytes: maxMessageBytes, DeleteRetention: deleteRetention,
	}
}

const (
	// maxMessageBytes is the default of Kafka, above that of its clients. It
	// is written down because a broker can have a lower one.
	maxMessageBytes = 1_048_588
	// deleteRetention is seven times the default of Kafka: a reader that was
	// away over a weekend must not miss what was deleted.
	deleteRetention = 7 * 24 * time.Hour
)

// Kind says what a topic is for.
type Kind string

// The kinds of topics.
const (
	Events Kind = "events"
	State  Kind = "state"
	Routes Kind = "routes"
)

// Topic is a topic as it should be.
type Topic struct {
	Name              string
	Kind              Kind
	Partitions        int
	Recorded          int // see [Aggregate]
	ReplicationFactor int
	Settings          []Setting // in a fixed order
}

// Setting is a topic setting, by the name that Kafka has for it.
type Setting struct {
	Name, Value string
}

// Wanted returns the topics of aggregates, in their order.
func Wanted(aggregates []Aggregate, profile Profile) ([]Topic, error) {
	if err := profile.check(); err != nil {
		return nil, err
	}
	var wanted []Topic
	names := map[string]string{}
	for _, a := range aggregates {
		if err := a.check(); err != nil {
			return nil, err
		}
		for _, t := range a.topics(profile) {
			// Names that differ in dots and underscores alone are one to the metrics of Kafka.
			folded := strings.ReplaceAll(t.Name, ".", "_")
			if other, taken := names[folded]; taken {
				return nil, fmt.Errorf("topics %s and %s would collide: give one of the aggregates another topic name", other, t.Name)
			}
			names[folded] = t.Name
			wanted = append(wanted, t)
		}
	}
	return wanted, nil
}

// namePattern leaves room for the longest suffix in the 249 bytes of a name.
var namePattern = regexp.MustCompile(`^[a-zA-Z0-9._-]{1,242}$`)

const (
	stateSuffix  = ".state"
	routesSuffix = ".routes"
)

func (a Aggregate) check() error {
	switch {
	case !namePattern.MatchString(a.Topic) || a.Topic == "." || a.Topic == "..":
		return fmt.Errorf("%q is not a valid topic name: use letters, digits, dots, dashes and underscores, at most 242 of them", a.Topic)
	case a.Partitions < 1:
		return fmt.Errorf("topic %s: %d partitions: it takes at least 1", a.Topic, a.Partitions)
	case a.Partitions > math.MaxInt32:
		return fmt.Errorf("topic %s: %d partitions: that is more than Kafka can count", a.Topic, a.Partitions)
	case a.Retention < 0 || a.Retention > 0 && a.Retention < time.Millisecond:
		return fmt.Errorf("topic %s: a retention of %v: it is 0, for ever, or at least a millisecond", a.Topic, a.Retention)
	}
	return nil
}

func (p Profile) check() error {
	switch {
	case p.ReplicationFactor < 1 || p.MinInsyncReplicas < 1 || p.MaxMessageBytes < 1 || p.DeleteRetention < time.Millisecond:
		return fmt.Errorf("profile %q: every value has to be set; start from Production or SingleBroker", p.Name)
	case p.ReplicationFactor > math.MaxInt16:
		return fmt.Errorf("profile %q: %d replicas: that is more than Kafka can count", p.Name, p.ReplicationFactor)
	case p.MinInsyncReplicas > p.ReplicationFactor:
		return fmt.Errorf("profile %q: %d copies in sync of %d: no write could succeed", p.Name, p.MinInsyncReplicas, p.ReplicationFactor)
	}
	return nil
}

// topics returns the three topics of an aggregate.
func (a Aggregate) topics(p Profile) []Topic {
	retention := forever
	if a.Retention > 0 {
		retention = strconv.FormatInt(a.Retention.Milliseconds(), 10)
	}
	safety := []Setting{
		{minInsyncReplicas, strconv.Itoa(p.MinInsyncReplicas)},
		{uncleanElection, "false"},
		{maxMessage, strconv.Itoa(p.MaxMessageBytes)},
	}
	events := append([]Setting{{cleanupPolicy, policyDelete}, {retentionMs, retention}, {retentionBytes, forever}}, safety...)
	compacted := append([]Setting{
		{cleanupPolicy, policyCompact},
		{deleteRetentionMs, strconv.FormatInt(p.DeleteRetention.Milliseconds(), 10)},
	}, safety...)
	return []Topic{
		{a.Topic, Events, a.Partitions, a.Recorded, p.ReplicationFactor, events},
		{a.Topic + stateSuffix, State, a.Partitions, a.Recorded, p.ReplicationFactor, compacted},
		{a.Topic + routesSuffix, Routes, 1, 0, p.ReplicationFactor, compacted},
	}
}
