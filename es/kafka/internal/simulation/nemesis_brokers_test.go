package simulation

import (
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// ofBrokers is what can happen to brokers.
func ofBrokers() []nemesis {
	return []nemesis{
		{name: "leaders", strike: (*chaos).moveLeaders},
		{name: "coordinators", strike: (*chaos).moveCoordinators},
		{name: "faults", strike: (*chaos).someErrors},
		{name: "storm", strike: (*chaos).storm},
		{name: "compact", strike: (*chaos).compact},
		{name: "state lost", strike: (*chaos).loseState},
		{name: "nodes", strike: (*chaos).replaceBroker},
		{name: "group away", strike: (*chaos).groupAway},
	}
}

// moveLeaders gives every partition another leader.
func (c *chaos) moveLeaders() { c.ShufflePartitionLeaders() }

// moveCoordinators gives every group and producer another coordinator.
func (c *chaos) moveCoordinators() { c.RehashCoordinators() }

// compact compacts the state topic.
func (c *chaos) compact() { c.Compact() }

// someErrors lets some writes and some commits fail. Two of the errors leave
// open whether the request was carried out.
func (c *chaos) someErrors() {
	c.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.Produce}, Count: 1 + c.random.IntN(4), Err: one(c, produceErrors())})
	c.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.EndTxn}, Count: 1 + c.random.IntN(3), Err: one(c, endErrors())})
}

func produceErrors() []*kerr.Error {
	return []*kerr.Error{kerr.NotEnoughReplicasAfterAppend, kerr.NotLeaderForPartition, kerr.RequestTimedOut, kerr.KafkaStorageError}
}

func endErrors() []*kerr.Error {
	return []*kerr.Error{
		kerr.ConcurrentTransactions, kerr.CoordinatorNotAvailable, kerr.NotCoordinator, kerr.RequestTimedOut, kerr.UnknownServerError,
	}
}

func one[T any](c *chaos, of []T) T { return of[c.random.IntN(len(of))] }

// storm is a full disk: half of what touches it fails.
func (c *chaos) storm() {
	n := 0
	storm := c.Fault(kfake.Fault{
		Keys: []kmsg.Key{kmsg.Produce, kmsg.Fetch, kmsg.ListOffsets}, Count: -1, Err: kerr.KafkaStorageError,
		When: func(kmsg.Request) bool { n++; return n%2 == 0 },
	})
	c.last(300*time.Millisecond, 2*time.Second)
	storm.Remove()
}

// loseState deletes what the state topic holds, perhaps while somebody reads
// it: it only makes restores quicker.
func (c *chaos) loseState() {
	if err := c.DeleteRecords(stateTopic, int32(c.random.IntN(partitions)), -1); err != nil {
		c.t.Error(err)
	}
}

// replaceBroker takes a broker away and brings it back.
func (c *chaos) replaceBroker() {
	node := int32(c.random.IntN(nodes))
	if err := c.RemoveNode(node); err != nil {
		c.t.Error(err)
		return
	}
	for slot := range c.slots {
		c.process(slot).link.drop(fmt.Sprintf("localhost:%d", firstPort+node)) // the fake broker goes on with them
	}
	c.last(200*time.Millisecond, 2*time.Second)
	if _, _, err := c.AddNode(node, firstPort+int(node)); err != nil {
		c.t.Error(err)
	}
}

// groupAway lets the coordinator of the group be away for longer than sessions
// last.
func (c *chaos) groupAway() {
	away := c.Fault(kfake.Fault{
		Keys:  []kmsg.Key{kmsg.JoinGroup, kmsg.SyncGroup, kmsg.Heartbeat, kmsg.ConsumerGroupHeartbeat, kmsg.OffsetCommit, kmsg.OffsetFetch},
		Count: -1, Err: kerr.CoordinatorNotAvailable,
	})
	c.last(session, 2*session)
	away.Remove()
}
