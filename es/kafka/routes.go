package kafka

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/esgen-dev/esgen/es/kafka/internal/record"
)

// claims returns the records that say who owns the partition: in the state
// topic, where it is the first one, and in the topic of routes. The first owner
// of partition 0 also writes what is settled for the topics for ever.
func (o *owner) claims() ([]*kgo.Record, error) {
	d := o.domain
	key, err := record.Key{Kind: record.OwnerKind, Partition: o.id}.Encode()
	if err != nil {
		return nil, err
	}
	value, err := (&record.Owner{
		Node: d.engine.node, Address: d.engine.address, Nonce: newNonce(),
		Time: now().UTC().Truncate(time.Microsecond), Fingerprint: d.fingerprint,
	}).Encode(key)
	if err != nil {
		return nil, err
	}
	records := []*kgo.Record{
		o.stateRecord(key, value),
		{Topic: d.routesTopic, Partition: 0, Key: key, Value: value},
	}
	if o.id == 0 && !d.settledBefore { // set before there were owners
		meta, err := d.metaRecord()
		if err != nil {
			return nil, err
		}
		records = append(records, meta)
	}
	return records, nil
}

func nodeName() string {
	return fmt.Sprintf("%s/%d", cmp.Or(hostname(), "unknown"), os.Getpid())
}

func hostname() string {
	host, _ := os.Hostname()
	return host
}

func newNonce() (nonce [16]byte) {
	_, _ = rand.Read(nonce[:]) // never fails, says its documentation
	return nonce
}

// followRoutes keeps up with who owns which partition, until the engine ends.
func (d *domain) followRoutes() {
	for attempt := 1; ; attempt++ {
		_ = scan(d.ctx, d.engine.options(), d.routesTopic, map[int32]int64{0: fromStart}, func(r *kgo.Record) (bool, error) {
			attempt = 0
			d.route(r)
			return true, nil
		})
		if !sleep(d.ctx, backoff(attempt)) {
			return
		}
	}
}

// route takes in a record of the topic of routes. It is a hint: what cannot be
// read is ignored.
func (d *domain) route(r *kgo.Record) {
	key, err := record.ParseKey(r.Key)
	if err != nil || r.Attrs.IsControl() || key.Kind != record.OwnerKind {
		return
	}
	owner, err := record.ParseOwner(r.Key, r.Value)
	if err != nil {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.routes[key.Partition] = owner.Address
}

// address returns where the owner of a partition can be reached, or "" when
// that is not known. It may be out of date.
func (d *domain) address(partition int32) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.routes[partition]
}

// slots bound how much goes on at a time.
type slots chan struct{}

func (s slots) take(ctx context.Context) (release func(), err error) {
	select {
	case s <- struct{}{}:
		return func() { <-s }, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx) //nolint:wrapcheck // the caller's own error
	}
}
