package kafka

import (
	"cmp"
	"context"
	"fmt"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/esgen-dev/esgen/es/kafka/internal/record"
)

// settled checks what the first owner settled for the topics, and reports
// whether there was one. It reads partition 0 of the state topic.
func (d *domain) settled(ctx context.Context, count int32) (found bool, err error) {
	ends, err := kadm.NewClient(d.engine.client).ListEndOffsets(ctx, d.state)
	if err != nil {
		return false, fmt.Errorf("%s: %w", d.state, err)
	}
	starts, err := kadm.NewClient(d.engine.client).ListStartOffsets(ctx, d.state)
	if err != nil {
		return false, fmt.Errorf("%s: %w", d.state, err)
	}
	start, _ := starts.Lookup(d.state, 0)
	end, _ := ends.Lookup(d.state, 0)
	if start.Err != nil || end.Err != nil || start.Offset >= end.Offset {
		return false, cmp.Or(start.Err, end.Err)
	}
	err = scan(ctx, d.engine.options(), d.state, map[int32]int64{0: start.Offset}, func(r *kgo.Record) (bool, error) {
		more := r.Offset+1 < end.Offset
		if r.Attrs.IsControl() {
			return more, nil
		}
		key, err := record.ParseKey(r.Key)
		if err != nil || key.Kind != record.MetaKind {
			return more, nil //nolint:nilerr // what is not needed is not read
		}
		m, err := record.ParseMeta(r.Key, r.Value)
		if err == nil {
			err = m.Check(count)
		}
		if err != nil {
			return false, &LogError{Topic: d.state, Offset: r.Offset, Err: err}
		}
		found = true
		return more, nil
	})
	return found, err
}

// metaRecord settles the topics. The first owner of partition 0 writes it.
func (d *domain) metaRecord() (*kgo.Record, error) {
	key, err := record.Key{Kind: record.MetaKind}.Encode()
	if err != nil {
		return nil, err
	}
	value, err := record.NewMeta(d.partitions(), d.engine.application, d.engine.clock()).Encode(key)
	if err != nil {
		return nil, err
	}
	return &kgo.Record{Topic: d.state, Partition: 0, Key: key, Value: value}, nil
}
