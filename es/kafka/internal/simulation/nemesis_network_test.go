package simulation

import (
	"context"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// ofProcesses is what can happen to processes and their network.
func ofProcesses() []nemesis {
	return []nemesis{
		{name: "crash", strike: crash},
		{name: "restart", strike: restart},
		{name: "zombie", strike: zombie},
		{name: "hiccup", strike: hiccup},
		{name: "reset", strike: reset},
		{name: "loseresp", strike: loseResponses},
		{name: "doubt", strike: doubt},
		{name: "slow", strike: slow},
		{name: "stall", strike: stall, modern: true},
		{name: "replay", strike: replay, modern: true},
		{name: "no transactions", strike: noTransactions},
		{name: "no group", strike: noGroup},
		{name: "broker out of reach", strike: hideBroker},
		{name: "clock", strike: jump},
	}
}

// crash kills a process, and starts another one in its place.
func crash(c *chaos) {
	c.replace(c.slot(), (*process).crash)
	c.last(session, 2*session)
}

// restart does what a deploy does.
func restart(c *chaos) { c.replace(c.slot(), (*process).stop) }

// zombie lets a process sleep for longer than its session, and wake up.
func zombie(c *chaos) {
	c.under(c.victim(), weather{frozen: true}, session, 2*session)
}

// hiccup stops the network of a process for a moment.
func hiccup(c *chaos) {
	c.under(c.victim(), weather{frozen: true}, 50*time.Millisecond, 500*time.Millisecond)
}

// reset resets all connections of a process, and makes none for a moment.
func reset(c *chaos) {
	c.under(c.victim(), weather{cut: true}, 0, 400*time.Millisecond)
}

// loseResponses lets requests arrive, and loses all responses.
func loseResponses(c *chaos) {
	c.under(c.victim(), weather{deaf: true}, 100*time.Millisecond, 2600*time.Millisecond)
}

// doubt lets the next commit arrive, and loses every response from then on.
func doubt(c *chaos) {
	armed := make(chan struct{})
	var once sync.Once
	for i := range nodes {
		c.process(i).link.judgeBy(func(r request) fate {
			if r.key == kmsg.EndTxn {
				once.Do(func() {
					c.weather(weather{deaf: true})
					close(armed)
				})
			}
			return delivered
		})
	}
	select {
	case <-armed:
		c.last(600*time.Millisecond, 3*time.Second)
	case <-time.After(time.Second):
	}
	for i := range nodes {
		c.process(i).link.judgeBy(nil)
	}
	c.weather(weather{})
}

// slow makes a process as slow as its network.
func slow(c *chaos) {
	perByte := c.between(time.Microsecond, 50*time.Microsecond)
	c.under(c.victim(), weather{perByte: perByte}, time.Second, 3*time.Second)
}

// stall lets the connections of a process hang, and the ones that it makes
// anew work: so what it sent arrives after what it sends later.
func stall(c *chaos) {
	c.under(c.victim(), weather{stalls: time.Now()}, 200*time.Millisecond, 3*time.Second)
}

// replay delivers old requests once more.
func replay(c *chaos) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	l := c.process(c.slot()).link
	for range 1 + c.random.IntN(8) {
		if past := l.past(); len(past) > 0 {
			_ = l.replay(ctx, past[c.random.IntN(len(past))])
		}
		c.last(time.Millisecond, 50*time.Millisecond)
	}
}

// noTransactions keeps a process from the coordinator of transactions, and not
// from that of the group.
func noTransactions(c *chaos) {
	c.under(c.victim(), weather{holds: func(k kmsg.Key) bool {
		return k == kmsg.InitProducerID || k == kmsg.EndTxn || k == kmsg.AddPartitionsToTxn
	}}, 500*time.Millisecond, 4*time.Second)
}

// noGroup is the reverse.
func noGroup(c *chaos) {
	c.under(c.victim(), weather{holds: ofGroup}, 500*time.Millisecond, 3*session)
}

// ofGroup reports whether a request is for the coordinator of a group.
func ofGroup(k kmsg.Key) bool {
	switch k {
	case kmsg.JoinGroup, kmsg.SyncGroup, kmsg.Heartbeat, kmsg.LeaveGroup, kmsg.ConsumerGroupHeartbeat, kmsg.OffsetCommit, kmsg.OffsetFetch:
		return true
	default:
		return false
	}
}

// hideBroker keeps a process from one of the brokers.
func hideBroker(c *chaos) {
	addresses := c.ListenAddrs()
	c.under(c.victim(), weather{hides: addresses[c.random.IntN(len(addresses))]}, 500*time.Millisecond, 3*session)
}

// jump sets the clock of a process forwards or backwards.
func jump(c *chaos) {
	c.process(c.slot()).skew.Store(int64(c.between(-time.Hour, time.Hour)))
}
