package topics

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
)

// found is a topic as it is.
type found struct {
	partitions int
	replicas   int       // the copies of the partition that has the fewest
	assignment [][]int32 // the brokers of each partition
	settings   map[string]string
	denied     bool // the settings may not be read
	leaderless int  // partitions without a leader
}

// inspector reads what a cluster has.
type inspector struct {
	client  *kadm.Client
	brokers []string
}

// topics reads those of the wanted topics that exist.
func (i inspector) topics(ctx context.Context, wanted []Topic) (map[string]found, error) {
	if len(wanted) == 0 {
		return map[string]found{}, nil
	}
	names := make([]string, len(wanted))
	for n, t := range wanted {
		names[n] = t.Name
	}
	there, err := i.describe(ctx, names)
	if err != nil {
		return nil, err
	}
	names = slices.DeleteFunc(names, func(name string) bool { _, ok := there[name]; return !ok })
	if err := i.readSettings(ctx, names, there); err != nil {
		return nil, err
	}
	return there, nil
}

// describe reads partitions and replicas. The answer comes from the brokers: the
// cache of the client may not know yet what was created just now.
func (i inspector) describe(ctx context.Context, names []string) (map[string]found, error) {
	metadata, err := i.client.Metadata(kadm.WithAuthorizedOps(ctx), names...)
	if denied(err) && len(names) > 1 {
		return i.describeEach(ctx, names)
	}
	if err != nil {
		return nil, i.failure(err, "describe", names[0])
	}
	there := map[string]found{}
	for _, name := range names {
		detail, ok := metadata.Topics[name]
		switch {
		case !ok || errors.Is(detail.Err, kerr.UnknownTopicOrPartition):
		case detail.Err != nil && len(detail.Partitions) == 0:
			return nil, i.failure(detail.Err, "describe", name)
		default:
			there[name] = layout(detail)
		}
	}
	return there, nil
}

// describeEach asks about one topic at a time: an answer about several does
// not say which of them is denied.
func (i inspector) describeEach(ctx context.Context, names []string) (map[string]found, error) {
	all := map[string]found{}
	for _, name := range names {
		there, err := i.describe(ctx, []string{name})
		if err != nil {
			return nil, err
		}
		if at, ok := there[name]; ok {
			all[name] = at
		}
	}
	return all, nil
}

func layout(detail kadm.TopicDetail) found {
	at := found{partitions: len(detail.Partitions), settings: map[string]string{}}
	for n, p := range detail.Partitions.Sorted() {
		if n == 0 || len(p.Replicas) < at.replicas {
			at.replicas = len(p.Replicas)
		}
		if p.Leader < 0 {
			at.leaderless++
		}
		at.assignment = append(at.assignment, p.Replicas)
	}
	return at
}

// readSettings adds settings to what was found. Topics whose settings may not
// be read are marked.
func (i inspector) readSettings(ctx context.Context, names []string, there map[string]found) error {
	if len(names) == 0 {
		return nil
	}
	configs, err := i.client.DescribeTopicConfigs(ctx, names...)
	switch {
	case denied(err) && len(names) > 1:
		for _, name := range names {
			if err := i.readSettings(ctx, []string{name}, there); err != nil {
				return err
			}
		}
		return nil
	case denied(err):
		at := there[names[0]]
		at.denied = true
		there[names[0]] = at
		return nil
	case err != nil:
		return i.failure(err, "describe the settings of", names[0])
	}
	for _, config := range configs {
		if config.Err != nil {
			return i.failure(because(config.Err, config.ErrMessage), "describe the settings of", config.Name)
		}
		for _, c := range config.Configs {
			if c.Value != nil {
				there[config.Name].settings[c.Key] = *c.Value
			}
		}
	}
	return nil
}

// transactionVersion returns the finalized level of the feature, and whether
// the cluster tells its features.
func (i inspector) transactionVersion(ctx context.Context) (level int, known bool, err error) {
	versions, err := i.client.ApiVersions(ctx)
	if err != nil {
		return 0, false, i.failure(err, actVersions, "")
	}
	epoch := int64(-1)
	for _, broker := range versions.Sorted() {
		if broker.Err != nil || broker.Raw().FinalizedFeaturesEpoch < epoch || len(broker.Raw().FinalizedFeatures) == 0 {
			continue // another broker tells, or knows better
		}
		epoch, known, level = broker.Raw().FinalizedFeaturesEpoch, true, 0
		for _, feature := range broker.Raw().FinalizedFeatures {
			if feature.Name == transactionVersionFeature {
				level = int(feature.MaxVersionLevel)
			}
		}
	}
	return level, known, nil
}

const transactionVersionFeature = "transaction.version"

// because adds what a broker says on top of an error code.
func because(err error, message string) error {
	if err == nil || message == "" {
		return err
	}
	return fmt.Errorf("%w: %s", err, message)
}
