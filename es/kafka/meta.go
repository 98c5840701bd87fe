package kafka

import (
	"cmp"
	"context"
	"fmt"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/esgen-dev/esgen/es/kafka/internal/record"
)

// recorded returns how many partitions the first owner found, as it settled
// that for ever, or 0 when there was none. It reads partition 0 of the state
// topic.
func (d *domain) recorded(ctx context.Context) (count int32, err error) {
	admin := kadm.NewClient(d.engine.client)
	ends, err := admin.ListCommittedOffsets(ctx, d.state)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", d.state, err)
	}
	starts, err := admin.ListStartOffsets(ctx, d.state)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", d.state, err)
	}
	start, _ := starts.Lookup(d.state, 0)
	end, _ := ends.Lookup(d.state, 0)
	if start.Err != nil || end.Err != nil || start.Offset >= end.Offset {
		return 0, cmp.Or(start.Err, end.Err)
	}
	err = d.scanState(ctx, map[int32]int64{0: start.Offset}, func(r *kgo.Record) (bool, error) {
		key, err := record.ParseKey(r.Key)
		if r.Attrs.IsControl() || err != nil || key.Kind != record.MetaKind {
			return r.Offset+1 < end.Offset, nil //nolint:nilerr // what is not needed is not read
		}
		m, err := record.ParseMeta(r.Key, r.Value)
		if err == nil {
			err = m.Check(m.Partitions) // the number is checked by the caller
		}
		if err != nil {
			return false, &LogError{Topic: d.state, Offset: r.Offset, Err: err}
		}
		count = m.Partitions
		return false, nil
	})
	return count, err
}

// metaRecord settles the topics. The first owner of partition 0 writes it.
func (d *domain) metaRecord() (*kgo.Record, error) {
	key, err := record.Key{Kind: record.MetaKind}.Encode()
	if err != nil {
		return nil, err
	}
	value, err := record.NewMeta(d.count, d.engine.application, d.engine.clock()).Encode(key)
	if err != nil {
		return nil, err
	}
	return &kgo.Record{Topic: d.state, Partition: 0, Key: key, Value: value}, nil
}
