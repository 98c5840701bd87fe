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
	"github.com/twmb/franz-go/pkg/sasl/plain"

	"github.com/esgen-dev/esgen/es/kafka/topics"
)

// quickly are options that do not wait for markers that may come.
func quickly() topics.UnendedOptions { return topics.UnendedOptions{Wait: time.Millisecond} }

// TestUnended leaves a transaction without an end, and lets its coordinator say
// what became of it, so many epochs later. Only what is known to be committed is
// completed, and then it can be read.
func TestUnended(t *testing.T) {
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

			found, err := topics.Unended(t.Context(), c.admin, want, quickly())
			if err != nil || len(found) != 1 {
				t.Fatalf("%v, %v, want one transaction", found, err)
			}
			got := found[0]
			if got.Topic != "orders" || got.Partition != 2 || got.Offset != written.Offset || got.ID != "service" || got.Outcome != tc.want {
				t.Errorf("%s, want what was written at offset %d, %s", got, written.Offset, tc.want)
			}
			if err := topics.Complete(t.Context(), c.admin, got, quickly()); err != nil {
				t.Fatal(err)
			}
			if tc.want == topics.Committed {
				c.read(t, written.Offset)
				return
			}
			ends, err := c.admin.ListCommittedOffsets(t.Context(), "orders")
			if err != nil {
				t.Fatal(err)
			}
			if end, _ := ends.Lookup("orders", 2); end.Offset != written.Offset {
				t.Errorf("readers come to offset %d, and the transaction began at offset %d", end.Offset, written.Offset)
			}
		})
	}
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
	client, err := kgo.NewClient(append(options,
		kgo.SeedBrokers(c.ListenAddrs()...), kgo.TransactionalID("service"), kgo.RecordPartitioner(kgo.ManualPartitioner()))...)
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

// decide lets the coordinator say that the transaction is in a state, so many
// epochs after it was written.
func (c cluster) decide(t *testing.T, state string, further int16) {
	t.Helper()
	open, err := c.admin.DescribeTransactions(t.Context(), "service")
	if err != nil {
		t.Fatal(err)
	}
	c.ControlKey(int16(kmsg.DescribeTransactions), func(r kmsg.Request) (kmsg.Response, error, bool) {
		c.KeepControl()
		now := kmsg.NewDescribeTransactionsResponseTransactionState()
		now.TransactionalID, now.State = "service", state
		now.ProducerID, now.ProducerEpoch = open["service"].ProducerID, open["service"].ProducerEpoch+further
		resp := kmsg.NewPtrDescribeTransactionsResponse()
		resp.Version, resp.TransactionStates = r.GetVersion(), append(resp.TransactionStates, now)
		return resp, nil, true
	})
}

// TestUnended_moment finds nothing where transactions end in time.
func TestUnended_moment(t *testing.T) {
	t.Parallel()
	c := start(t)
	want := orders(t)
	if found, err := topics.Unended(t.Context(), c.admin, want, quickly()); err != nil || len(found) > 0 {
		t.Errorf("%v, %v, want nothing in topics that do not exist", found, err)
	}
	c.apply(t, want, topics.Options{})
	if found, err := topics.Unended(t.Context(), c.admin, want, quickly()); err != nil || len(found) > 0 {
		t.Errorf("%v, %v, want nothing in empty topics", found, err)
	}
	c.leaveOpen(t)
	asked := c.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.DescribeProducers}, Observe: true, Count: -1})
	done := make(chan struct{})
	go func() {
		defer close(done)
		found, err := topics.Unended(t.Context(), c.admin, want, topics.UnendedOptions{Wait: time.Second})
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

// TestUnended_access does without a right.
func TestUnended_access(t *testing.T) {
	t.Parallel()
	topic := func(operation kmsg.ACLOperation) kfake.ACL {
		return right(kmsg.ACLResourceTypeTopic, "orders", operation)
	}
	see := []kfake.ACL{topic(kmsg.ACLOperationDescribe), topic(kmsg.ACLOperationDescribeConfigs)}
	all := right(kmsg.ACLResourceTypeTransactionalId, "service", kmsg.ACLOperationDescribe)
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
			found, err := topics.Unended(t.Context(), service, want, quickly())
			for _, lost := range found {
				err = errors.Join(err, topics.Complete(t.Context(), service, lost, quickly()))
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
