package topics

import (
	"fmt"
	"slices"
	"strings"

	"github.com/esgen-dev/esgen/internal/nearest"
)

// Requirement is the name of something that a cluster has to give. It is the
// name of the Kafka setting, where there is one.
type Requirement string

// The requirements. [Requirements] says why each is one.
const (
	TopicExists        Requirement = "topic.exists"
	SettingsReadable   Requirement = "settings.readable"
	Partitions         Requirement = partitions
	RecordedPartitions Requirement = "recorded.partitions"
	ReplicationFactor  Requirement = replicationFactor
	CleanupPolicy      Requirement = cleanupPolicy
	RetentionMs        Requirement = retentionMs
	RetentionBytes     Requirement = retentionBytes
	DeleteRetentionMs  Requirement = deleteRetentionMs
	MinInsyncReplicas  Requirement = minInsyncReplicas
	UncleanElection    Requirement = uncleanElection
	MaxMessageBytes    Requirement = maxMessage
	TransactionVersion Requirement = transactionVersionFeature
)

// Reason says why there is a requirement.
type Reason struct {
	Requirement Requirement
	Why         string
}

// Requirements returns all requirements, in the order in which a check looks at
// them.
func Requirements() []Reason {
	return []Reason{
		{TopicExists, "without it nothing can be written"},
		{SettingsReadable, "what cannot be read cannot be checked"},
		{Partitions, "ids map to partitions: with another number, an aggregate's events would be looked for where they are not"},
		{RecordedPartitions, "the number was recorded when the store began: with another one, ids map to other partitions than their events are in"},
		{ReplicationFactor, "with fewer copies, the loss of one broker can be the loss of acknowledged events"},
		{
			CleanupPolicy, "compaction of events removes all but the last of each aggregate; " +
				"without compaction, snapshots and owners grow without limit or are deleted",
		},
		{
			RetentionMs, "events that are deleted take the state with them that they lead to; " +
				"events that stay longer than declared break the declaration",
		},
		{RetentionBytes, "events that are deleted for their size take the state with them that they lead to"},
		{DeleteRetentionMs, "a reader that was away for longer misses what was deleted"},
		{
			MinInsyncReplicas, "an event that only one broker has when it is acknowledged is lost with it; " +
				"with more than there are copies, nothing can be written",
		},
		{UncleanElection, "a broker that missed acknowledged events could become the leader, and they would be gone"},
		{MaxMessageBytes, "the events of a command are written in one batch, and a snapshot is one record: larger ones would be refused"},
		{
			TransactionVersion, "a delayed request of an earlier transaction can end up in a later one; " +
				"the store guards against that by itself, and brokers do it better",
		},
	}
}

// why returns the reason of a requirement.
func (r Requirement) why() string {
	for _, reason := range Requirements() {
		if reason.Requirement == r {
			return reason.Why
		}
	}
	return ""
}

// OverrideError says that there is no requirement of a name.
type OverrideError struct {
	Name  string
	known []string
}

// Error returns the error with the name that may have been meant.
func (e *OverrideError) Error() string {
	text := fmt.Sprintf("there is no requirement %q to override: ", e.Name)
	if meant, ok := nearest.To(e.Name, e.known); ok {
		return text + "did you mean " + meant + "?"
	}
	return text + "there are " + strings.Join(e.known, ", ")
}

// overrides checks the names of requirements.
func overrides(names []string) (map[Requirement]bool, error) {
	var known []string
	for _, reason := range Requirements() {
		known = append(known, string(reason.Requirement))
	}
	set := map[Requirement]bool{}
	for _, name := range names {
		if !slices.Contains(known, name) {
			return nil, &OverrideError{Name: name, known: known}
		}
		set[Requirement(name)] = true
	}
	return set, nil
}
