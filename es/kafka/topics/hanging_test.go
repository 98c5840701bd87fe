package topics_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"github.com/twmb/franz-go/pkg/kversion"
	"github.com/twmb/franz-go/pkg/sasl/plain"

	"github.com/esgen-dev/esgen/es/kafka/topics"
)

// id is that of the transactions: an engine's, of partition 2 of the orders.
const id = "service.orders.2"

// quickly are options that do not wait for markers that may come.
func quickly() topics.HangingOptions { return topics.HangingOptions{Wait: time.Millisecond} }

// TestHanging leaves a transaction without an end, and lets its coordinator say
// what became of it, so many epochs later. Only what is known to be committed is
// completed, and then it can be read.
func TestHanging(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		state   string
		further int16
		version int16 // of transactions
		want    topics.Outcome
	}{
		"committed":                            {"CompleteCommit", 1, 2, topics.Committed},
		"one of the same epoch was committed":  {"CompleteCommit", 0, 2, topics.Forgotten},
		"a later one was committed":            {"CompleteCommit", 2, 2, topics.Forgotten},
		"committed, where epochs are for many": {"CompleteCommit", 1, 1, topics.Forgotten},
		"aborted":                              {"CompleteAbort", 1, 2, topics.Aborted},
		"a later one was aborted":              {"CompleteAbort", 2, 2, topics.Forgotten},
		"aborted, where epochs are for many":   {"CompleteAbort", 1, 1, topics.Forgotten},
		"going on":                             {"Ongoing", 0, 2, topics.Open},
		"a later one is going on":              {"Ongoing", 1, 2, topics.Forgotten},
		"being committed":                      {"PrepareCommit", 1, 2, topics.Open},
		"shut out by a new producer":           {"Empty", 2, 2, topics.Forgotten},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := start(t)
			want := orders(t)
			c.apply(t, want, topics.Options{})
			c.setTransactionVersion(t, tc.version)
			written := c.leaveOpen(t)
			c.decide(t, tc.state, tc.further)
			marker := c.marker()

			found, err := topics.FindHanging(t.Context(), c.client, want, quickly())
			if err != nil || len(found) != 1 {
				t.Fatalf("%v, %v, want one transaction", found, err)
			}
			got := found[0]
			if got.Topic != "orders" || got.Partition != 2 || got.Offset != written.Offset || got.ID != id || got.Outcome != tc.want {
				t.Errorf("%s, want what was written at offset %d, %s", got, written.Offset, tc.want)
			}
			if err := topics.CommitHanging(t.Context(), c.client, got, quickly()); err != nil {
				t.Fatal(err)
			}
			if tc.want == topics.Committed {
				c.read(t, written.Offset)
				if m := <-marker; m.TransactionVersion != 2 || m.ProducerEpoch != written.ProducerEpoch+1 {
					t.Errorf("%+v, want a marker of the epoch after %d that the broker checks", m, written.ProducerEpoch)
				}
				return
			}
			if end := c.stable(t); end != written.Offset {
				t.Errorf("readers come to offset %d, and the transaction began at offset %d", end, written.Offset)
			}
		})
	}
}

// stable returns where readers of what is committed come to.
func (c cluster) stable(t *testing.T) int64 {
	t.Helper()
	ends, err := c.admin.ListCommittedOffsets(t.Context(), "orders")
	if err != nil {
		t.Fatal(err)
	}
	end, _ := ends.Lookup("orders", 2)
	return end.Offset
}

// read reads what is committed from an offset on, where something has to be.
func (c cluster) read(t *testing.T, offset int64) {
	t.Helper()
	client, err := kgo.NewClient(
		kgo.SeedBrokers(c.ListenAddrs()...), kgo.FetchIsolationLevel(kgo.ReadCommitted()), kgo.KeepControlRecords(),
		kgo.ConsumePartitions(map[string]map[int32]kgo.Offset{"orders": {2: kgo.NewOffset().At(offset)}}),
	)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	first := client.PollRecords(t.Context(), 1).Records()
	if len(first) != 1 || first[0].Offset != offset {
		t.Errorf("%v is read first, want the record at offset %d", first, offset)
	}
}

// setTransactionVersion finalizes a level of the feature.
func (c cluster) setTransactionVersion(t *testing.T, version int16) {
	t.Helper()
	if version == 2 { // as it is
		return
	}
	update := kadm.FeatureUpdate{Feature: "transaction.version", MaxVersionLevel: version, UpgradeType: 3}
	if _, err := c.admin.UpdateFeatures(t.Context(), false, update); err != nil {
		t.Fatal(err)
	}
}

// leaveOpen begins a transaction, and returns its record.
func (c cluster) leaveOpen(t *testing.T, options ...kgo.Opt) *kgo.Record {
	t.Helper()
	client, err := kgo.NewClient(append([]kgo.Opt{
		kgo.SeedBrokers(c.ListenAddrs()...), kgo.TransactionalID(id), kgo.RecordPartitioner(kgo.ManualPartitioner()),
	}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	if err := client.BeginTransaction(); err != nil {
		t.Fatal(err)
	}
	r := &kgo.Record{Topic: "orders", Partition: 2, Value: []byte("x")}
	if err := client.ProduceSync(t.Context(), r).FirstErr(); err != nil {
		t.Fatal(err)
	}
	return r
}

// marker returns a channel with the marker that is asked for.
func (c cluster) marker() <-chan kmsg.WriteTxnMarkersRequestMarker {
	asked := make(chan kmsg.WriteTxnMarkersRequestMarker, 1)
	c.ControlKey(int16(kmsg.WriteTxnMarkers), func(r kmsg.Request) (kmsg.Response, error, bool) {
		asked <- r.(*kmsg.WriteTxnMarkersRequest).Markers[0]
		return nil, nil, false
	})
	return asked
}

// decide lets the coordinator say that the transaction is in a state, so many
// epochs after it was written.
func (c cluster) decide(t *testing.T, state string, further int16) {
	t.Helper()
	c.decideAs(t, id, state, further)
}

func (c cluster) decideAs(t *testing.T, id, state string, further int16) {
	t.Helper()
	open, err := c.admin.DescribeTransactions(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	c.ControlKey(int16(kmsg.DescribeTransactions), func(r kmsg.Request) (kmsg.Response, error, bool) {
		c.KeepControl()
		now := kmsg.NewDescribeTransactionsResponseTransactionState()
		now.TransactionalID, now.State = id, state
		now.ProducerID, now.ProducerEpoch = open[id].ProducerID, open[id].ProducerEpoch+further
		resp := kmsg.NewPtrDescribeTransactionsResponse()
		resp.Version, resp.TransactionStates = r.GetVersion(), append(resp.TransactionStates, now)
		return resp, nil, true
	})
}

// TestHanging_goesOn lets the producer go on over a transaction whose marker was
// left out. That the later one was committed says nothing about the first.
func TestHanging_goesOn(t *testing.T) {
	t.Parallel()
	c := start(t)
	want := orders(t)
	c.apply(t, want, topics.Options{})
	first := c.leaveOpen(t)
	c.ControlKey(int16(kmsg.DescribeProducers), func(r kmsg.Request) (kmsg.Response, error, bool) {
		c.KeepControl()
		req := r.(*kmsg.DescribeProducersRequest)
		answer := kmsg.NewDescribeProducersResponseTopic()
		answer.Topic = req.Topics[0].Topic
		for _, id := range req.Topics[0].Partitions {
			p := kmsg.NewDescribeProducersResponseTopicPartition()
			if p.Partition = id; id == 2 {
				later := kmsg.NewDescribeProducersResponseTopicPartitionActiveProducer()
				later.ProducerID, later.ProducerEpoch, later.CurrentTxnStartOffset = first.ProducerID, int32(first.ProducerEpoch)+1, first.Offset
				p.ActiveProducers = append(p.ActiveProducers, later)
			}
			answer.Partitions = append(answer.Partitions, p)
		}
		resp := r.ResponseKind().(*kmsg.DescribeProducersResponse)
		resp.Topics = append(resp.Topics, answer)
		return resp, nil, true
	})
	c.decide(t, "CompleteCommit", 2)
	found, err := topics.FindHanging(t.Context(), c.client, want, quickly())
	if err != nil || len(found) != 1 || found[0].Outcome != topics.Forgotten {
		t.Errorf("%v, %v, want one of which nobody can say what became of it", found, err)
	}
}

// TestHanging_old does not write a marker that the broker would not check.
func TestHanging_old(t *testing.T) {
	t.Parallel()
	c := start(t, kfake.MaxVersions(kversion.FromString("v4.1")))
	want := orders(t)
	c.apply(t, want, topics.Options{})
	written := c.leaveOpen(t)
	c.decide(t, "CompleteCommit", 1)
	found, err := topics.FindHanging(t.Context(), c.client, want, quickly())
	if err != nil || len(found) != 1 {
		t.Fatalf("%v, %v, want one transaction", found, err)
	}
	if err := topics.CommitHanging(t.Context(), c.client, found[0], quickly()); err == nil || !strings.Contains(err.Error(), "it takes Kafka 4.2") {
		t.Errorf("%v, want that it takes Kafka 4.2", err)
	}
	if end := c.stable(t); end != written.Offset {
		t.Errorf("readers come to offset %d, and the transaction began at offset %d", end, written.Offset)
	}
}

// TestHanging_stranger leaves the transaction of another program alone.
func TestHanging_stranger(t *testing.T) {
	t.Parallel()
	c := start(t)
	want := orders(t)
	c.apply(t, want, topics.Options{})
	c.leaveOpen(t, kgo.TransactionalID("stranger"))
	c.decideAs(t, "stranger", "CompleteCommit", 1)
	found, err := topics.FindHanging(t.Context(), c.client, want, quickly())
	if err != nil || len(found) != 1 || found[0].Outcome != topics.Forgotten || found[0].ID != "stranger" {
		t.Errorf("%v, %v, want that of a stranger, of which nobody can say what became of it", found, err)
	}
}

// TestHanging_moment finds nothing where transactions end in time.
func TestHanging_moment(t *testing.T) {
	t.Parallel()
	c := start(t)
	want := orders(t)
	if found, err := topics.FindHanging(t.Context(), c.client, want, quickly()); err != nil || len(found) > 0 {
		t.Errorf("%v, %v, want nothing in topics that do not exist", found, err)
	}
	c.apply(t, want, topics.Options{})
	if found, err := topics.FindHanging(t.Context(), c.client, want, quickly()); err != nil || len(found) > 0 {
		t.Errorf("%v, %v, want nothing in empty topics", found, err)
	}
	c.leaveOpen(t)
	asked := c.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.DescribeProducers}, Observe: true, Count: -1})
	done := make(chan struct{})
	go func() {
		defer close(done)
		found, err := topics.FindHanging(t.Context(), c.client, want, topics.HangingOptions{Wait: time.Second})
		if err != nil || len(found) > 0 {
			t.Errorf("%v, %v, want nothing, as one has ended and another has begun", found, err)
		}
	}()
	if err := asked.Wait(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	time.Sleep(200 * time.Millisecond) // for the answer
	c.leaveOpen(t)                     // which aborts the first one
	<-done
}

// TestHanging_access does without a right.
func TestHanging_access(t *testing.T) {
	t.Parallel()
	topic := func(operation kmsg.ACLOperation) kfake.ACL {
		return right(kmsg.ACLResourceTypeTopic, "orders", operation)
	}
	see := []kfake.ACL{topic(kmsg.ACLOperationDescribe), topic(kmsg.ACLOperationDescribeConfigs)}
	all := right(kmsg.ACLResourceTypeTransactionalId, id, kmsg.ACLOperationDescribe)
	for name, tc := range map[string]struct {
		rights []kfake.ACL
		want   []string
	}{
		"read":     {see, []string{"may not read the producers of topic orders: ", "--operation Read --topic orders"}},
		"complete": {append(see, topic(kmsg.ACLOperationRead), all), []string{"may not end a transaction of topic orders: ", "--operation ClusterAction --cluster"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, service := guarded(t, tc.rights...)
			want := orders(t)
			c.apply(t, want, topics.Options{})
			c.leaveOpen(t, kgo.SASL(plain.Auth{User: "root", Pass: "r"}.AsMechanism()))
			c.decide(t, "CompleteCommit", 1)
			found, err := topics.FindHanging(t.Context(), service, want, quickly())
			for _, lost := range found {
				err = errors.Join(err, topics.CommitHanging(t.Context(), service, lost, quickly()))
			}
			if _, denied := errors.AsType[*topics.AccessError](err); !denied {
				t.Fatalf("%v, want an AccessError", err)
			}
			for _, part := range tc.want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%v: want %q", err, part)
				}
			}
		})
	}
}
