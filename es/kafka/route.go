package kafka

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/kafka/internal/record"
)

// ownerRecord says where the owner of the partition can be reached. It is also
// what a commit holds that is only to prove that the producer can commit.
func (o *owner) ownerRecord() (*kgo.Record, error) {
	key, err := ownerKey(o.id)
	if err != nil {
		return nil, err
	}
	d := o.domain
	owner := record.Owner{
		Node: d.engine.node, Address: d.engine.address, Nonce: o.nonce,
		Time:        d.engine.clock().UTC().Truncate(time.Microsecond),
		Fingerprint: cmp.Or(d.spec.Fingerprint, "none"), Types: emitted(d.spec),
	}
	value, err := owner.Encode(key)
	if err != nil {
		return nil, err
	}
	return &kgo.Record{Topic: d.state, Partition: o.id, Key: key, Value: value}, nil
}

func ownerKey(partition int32) ([]byte, error) {
	return record.Key{Kind: record.OwnerKind, Partition: partition}.Encode()
}

// emitted returns the names of the events that this code may store.
func emitted(spec *es.Spec) []string {
	var types []string
	for _, e := range spec.Events {
		if e.Current {
			types = append(types, e.Type)
		}
	}
	slices.Sort(types)
	return slices.Compact(types)
}

func nodeName() string {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	return fmt.Sprintf("%s/%d", host, os.Getpid())
}

func newNonce() (nonce [16]byte) {
	_, _ = rand.Read(nonce[:]) // never fails, says its documentation
	return nonce
}

// Owner records lie close to the end, because a probe is one too.
const (
	routeTail  = 64 // records and markers
	routeLimit = time.Second
)

// address returns where the owner of a partition can be reached, or "" when
// that cannot be found out soon. It may be out of date.
func (d *domain) address(ctx context.Context, partition int32) (address string) {
	ctx, cancel := context.WithTimeout(ctx, routeLimit)
	defer cancel()
	key, err := ownerKey(partition)
	if err != nil {
		return ""
	}
	admin := kadm.NewClient(d.engine.client)
	starts, err := admin.ListStartOffsets(ctx, d.state)
	if err != nil {
		return ""
	}
	ends, err := admin.ListEndOffsets(ctx, d.state)
	if err != nil {
		return ""
	}
	start, _ := starts.Lookup(d.state, partition)
	end, _ := ends.Lookup(d.state, partition)
	if start.Err != nil || end.Err != nil || start.Offset >= end.Offset {
		return ""
	}
	from := map[int32]int64{partition: max(start.Offset, end.Offset-routeTail)}
	_ = scan(ctx, d.engine.options(), d.state, from, func(r *kgo.Record) (bool, error) { // what was found will do
		if string(r.Key) == string(key) {
			if owner, err := record.ParseOwner(r.Key, r.Value); err == nil {
				address = owner.Address
			}
		}
		return r.Offset+1 < end.Offset, nil
	})
	return address
}
