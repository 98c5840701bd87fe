package kafka

import (
	"context"
	"strconv"

	"github.com/twmb/franz-go/pkg/kgo"
)

// ownerRecord says where the owner of the partition can be reached. It is also
// what a commit holds that is only to prove that the producer can commit.
func (o *owner) ownerRecord() *kgo.Record {
	return &kgo.Record{
		Topic: o.domain.state, Partition: o.id,
		Key: []byte("o/" + strconv.Itoa(int(o.id))), Value: []byte(o.domain.engine.address),
	}
}

// address returns where the owner of a partition can be reached, or "".
func (d *domain) address(ctx context.Context, partition int32) string {
	return ""
}

func (d *domain) partitions() int32 {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.count
}
