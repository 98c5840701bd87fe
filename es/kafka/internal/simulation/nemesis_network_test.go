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
		{name: "crash", strike: (*chaos).crash},
		{name: "deploy", strike: (*chaos).deploy},
		{name: "zombie", strike: (*chaos).zombie},
		{name: "hiccup", strike: (*chaos).hiccup},
		{name: "reset", strike: (*chaos).reset},
		{name: "lost responses", strike: (*chaos).loseResponses},
		{name: "doubt", strike: (*chaos).doubt},
		{name: "slow", strike: (*chaos).slow},
		{name: "stall", strike: (*chaos).stall, modern: true},
		{name: "replay", strike: (*chaos).replay, modern: true},
		{name: "no transactions", strike: (*chaos).noTransactions},
		{name: "no group", strike: (*chaos).noGroup},
		{name: "broker out of reach", strike: (*chaos).hideBroker},
		{name: "clock", strike: (*chaos).jumpClock},
	}
}

// crash kills a process, and starts another one in its place.
func (c *chaos) crash() {
	c.replace(c.slot(), (*process).crash)
	c.last(session, 2*session)
}

// deploy does what a deploy does.
func (c *chaos) deploy() { c.replace(c.slot(), (*process).stop) }

// zombie lets a process sleep for longer than its session, and wake up.
func (c *chaos) zombie() {
	c.under(c.victim(), weather{frozen: true}, session, 2*session)
}

// hiccup stops the network of a process for a moment.
func (c *chaos) hiccup() {
	c.under(c.victim(), weather{frozen: true}, 50*time.Millisecond, 500*time.Millisecond)
}

// reset resets all connections of a process, and makes none for a moment.
func (c *chaos) reset() {
	c.under(c.victim(), weather{cut: true}, 0, 400*time.Millisecond)
}

// loseResponses lets requests arrive, and loses all responses.
func (c *chaos) loseResponses() {
	c.under(c.victim(), weather{deaf: true}, 100*time.Millisecond, 2600*time.Millisecond)
}

// doubt lets the next commit arrive, and loses every response from then on.
func (c *chaos) doubt() {
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
func (c *chaos) slow() {
	perByte := c.between(time.Microsecond, 50*time.Microsecond)
	c.under(c.victim(), weather{perByte: perByte}, time.Second, 3*time.Second)
}

// stall lets the connections of a process hang, and the ones that it makes
// anew work: so what it sent arrives after what it sends later.
func (c *chaos) stall() {
	c.under(c.victim(), weather{stalls: time.Now()}, 200*time.Millisecond, 3*time.Second)
}

// replay delivers old requests once more.
func (c *chaos) replay() {
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
func (c *chaos) noTransactions() {
	c.under(c.victim(), weather{holds: func(k kmsg.Key) bool {
		return k == kmsg.InitProducerID || k == kmsg.EndTxn || k == kmsg.AddPartitionsToTxn
	}}, 500*time.Millisecond, 4*time.Second)
}

// noGroup is the reverse.
func (c *chaos) noGroup() {
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
func (c *chaos) hideBroker() {
	c.under(c.victim(), weather{hides: one(c, c.brokers)}, 500*time.Millisecond, 3*session)
}

// jumpClock sets the clock of a process forwards or backwards.
func (c *chaos) jumpClock() {
	c.process(c.slot()).skew.Store(int64(c.between(-time.Hour, time.Hour)))
}
