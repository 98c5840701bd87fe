//go:build unix

package kafka_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
)

// TestRealEpochsEnd commits more transactions than a producer id has epochs:
// each takes one, where transactions have version 2. The log has all commands
// once, in their order, and another process takes over under the next id:
//
//	ESGEN_REAL_KAFKA=1 go test -run TestRealEpochsEnd -v ./es/kafka
func TestRealEpochsEnd(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED, NOT TESTED: some 33,000 transactions take a minute")
	}
	const commits = 33_500 // the last epoch is 32,767
	c := newReal(t, 1)
	events := c.makeTopics(t, 1)
	p, acks, began := c.process(t, events), acknowledged{}, time.Now()
	execute := func(p *process, i int) bool {
		id := fmt.Sprintf("command %d", i)
		res := p.eventually(t, &ledgerv1.Attach{LedgerId: fmt.Sprintf("ledger %d", i%30)}, id)
		if !res.Duplicate {
			acks[id] = res.Receipt
		}
		return res.Duplicate
	}
	for i := range commits {
		execute(p, i)
	}
	t.Logf("%d commands, one after the other, in %v", commits, time.Since(began).Round(time.Second))
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	p = c.process(t, events)
	if !execute(p, commits-1) {
		t.Error("the last command is executed again by the next owner")
	}
	if execute(p, commits) {
		t.Error("a new command is a duplicate for the next owner")
	}
	check(t, c.committed(t, events), -1, acks)
	used := c.producers(t, events)
	for _, u := range used {
		t.Logf("producer id %d, epochs %d to %d: %d records and markers", u.id, u.first, u.last, u.records)
	}
	if len(used) < 2 {
		t.Error("the producer id was never replaced")
	}
}

// producer is what one producer id wrote to a partition.
type producer struct {
	id          int64
	first, last int16 // epochs
	records     int   // with the markers of transactions
}

// producers returns who wrote the only partition of a topic, in their order. It
// fails where one comes back, or goes back to an earlier epoch.
func (c realCluster) producers(t *testing.T, topic string) []producer {
	t.Helper()
	client, err := kgo.NewClient(kgo.SeedBrokers(c.Brokers()...), kgo.ConsumeTopics(topic), kgo.KeepControlRecords())
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	ends, err := kadm.NewClient(client).ListEndOffsets(t.Context(), topic)
	if err != nil {
		t.Fatal(err)
	}
	var all []producer
	known := map[int64]bool{}
	for end, next := ends[topic][0].Offset, int64(0); next < end; {
		fetches := client.PollFetches(t.Context())
		if err := fetches.Err(); err != nil {
			t.Fatal(err)
		}
		for _, r := range fetches.Records() {
			next = r.Offset + 1
			if len(all) == 0 || all[len(all)-1].id != r.ProducerID {
				if known[r.ProducerID] {
					t.Errorf("offset %d: producer id %d comes back", r.Offset, r.ProducerID)
				}
				known[r.ProducerID] = true
				all = append(all, producer{id: r.ProducerID, first: r.ProducerEpoch, last: r.ProducerEpoch})
			}
			p := &all[len(all)-1]
			if r.ProducerEpoch < p.last {
				t.Errorf("offset %d: epoch %d of producer id %d comes after epoch %d", r.Offset, r.ProducerEpoch, p.id, p.last)
			}
			p.last = r.ProducerEpoch
			p.records++
		}
	}
	return all
}
