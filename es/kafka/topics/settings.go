package topics

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The settings, as Kafka names them. The first two are none to Kafka, but are
// compared and shown like settings.
const (
	partitions        = "partitions"
	replicationFactor = "replication.factor"

	cleanupPolicy     = "cleanup.policy"
	retentionMs       = "retention.ms"
	retentionBytes    = "retention.bytes"
	minInsyncReplicas = "min.insync.replicas"
	uncleanElection   = "unclean.leader.election.enable"
	maxMessage        = "max.message.bytes"
	deleteRetentionMs = "delete.retention.ms"
)

const (
	forever       = "-1" // as a retention
	policyDelete  = "delete"
	policyCompact = "compact"
)

// Difference is a setting that is not as it should be.
type Difference struct {
	Setting       string
	Found, Wanted string
	// Safe says that changing it makes brokers keep more or refuse more.
	Safe bool
}

// String returns the difference on one line.
func (d Difference) String() string {
	return fmt.Sprintf("%s is %s, wanted %s", d.Setting, readable(d.Setting, d.Found), readable(d.Setting, d.Wanted))
}

// differences compares a topic with what was found, in the order of its
// settings. Settings that the cluster does not tell are in unknown.
func (t Topic) differences(at found) (different []Difference, unknown []string) {
	if at.partitions != t.Partitions {
		different = append(different, Difference{partitions, strconv.Itoa(at.partitions), strconv.Itoa(t.Partitions), false})
	}
	if at.replicas < t.ReplicationFactor {
		different = append(different, Difference{replicationFactor, strconv.Itoa(at.replicas), strconv.Itoa(t.ReplicationFactor), false})
	}
	for _, s := range t.Settings {
		value, known := at.settings[s.Name]
		switch {
		case !known:
			unknown = append(unknown, s.Name)
		case !s.met(value, at):
			different = append(different, Difference{s.Name, value, s.Value, t.safe(s, value, at)})
		}
	}
	return different, unknown
}

// met reports whether a value is as good as the wanted one.
func (s Setting) met(value string, at found) bool {
	switch s.Name {
	case cleanupPolicy:
		return slices.Equal(policies(value), policies(s.Value))
	case uncleanElection:
		return strings.EqualFold(value, s.Value)
	case retentionMs, retentionBytes:
		// What is declared to go has to go: longer is not as good.
		return number(value) == number(s.Value)
	case minInsyncReplicas:
		// More than there are copies means that no write can succeed.
		return number(value) >= number(s.Value) && number(value) <= int64(at.replicas)
	default:
		return number(value) >= number(s.Value)
	}
}

// safe reports whether setting the wanted value makes brokers keep more or
// refuse more than they do with the one that was found.
func (t Topic) safe(s Setting, value string, at found) bool {
	switch s.Name {
	case cleanupPolicy:
		return t.safePolicy(policies(value), policies(s.Value), at)
	case uncleanElection:
		return true // it is false that is wanted
	case retentionMs, retentionBytes:
		return longer(number(s.Value), number(value))
	case minInsyncReplicas:
		// With fewer copies than that, every write would be refused.
		return number(value) < number(s.Value) && number(s.Value) <= int64(at.replicas)
	default:
		return number(s.Value) > number(value)
	}
}

// safePolicy reports whether the wanted policy removes nothing that stays with
// the one that was found. Taking a policy away is safe. Deletion may come in
// where both retentions are, or become with the same request, without limit.
func (t Topic) safePolicy(had, wants []string, at found) bool {
	for _, policy := range wants {
		if !slices.Contains(had, policy) && (policy != policyDelete || !t.unlimited(retentionMs, at) || !t.unlimited(retentionBytes, at)) {
			return false
		}
	}
	return true
}

// unlimited reports whether a retention has no limit once all safe differences
// are set.
func (t Topic) unlimited(retention string, at found) bool {
	value, known := at.settings[retention]
	return known && (value == forever || slices.Contains(t.Settings, Setting{retention, forever}))
}

// policies returns the parts of a cleanup policy.
func policies(value string) []string {
	var parts []string
	for part := range strings.SplitSeq(value, ",") {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

// longer compares two retentions.
func longer(a, b int64) bool {
	return b >= 0 && (a < 0 || a > b)
}

// number returns the number that a setting holds, or one that is smaller than
// all of them.
func number(value string) int64 {
	n, err := strconv.ParseInt(value, 10, 64)
	if err != nil {
		return -1 << 63
	}
	return n
}

// readable adds what a value means, where it is not seen at once.
func readable(setting, value string) string {
	n := number(value)
	switch {
	case setting != retentionMs && setting != retentionBytes && setting != deleteRetentionMs:
		return value
	case n == -1:
		return value + " (no limit)"
	case n < 0 || setting == retentionBytes:
		return value
	}
	const day = 24 * time.Hour
	d := time.Duration(min(n, int64(1<<63-1)/int64(time.Millisecond))) * time.Millisecond
	switch {
	case d >= day && d%day == 0:
		return fmt.Sprintf("%s (%d days)", value, d/day)
	default:
		return fmt.Sprintf("%s (%v)", value, d)
	}
}
