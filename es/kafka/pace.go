package kafka

import (
	"context"
	"time"
)

// pace keeps a distance between the transactions of a producer. A commit is
// confirmed before its markers are written, and a broker that gets records of
// the next transaction earlier than that looks again only after 20
// milliseconds. Waiting for the millisecond or two that markers take is much
// quicker, and lets more commands into the transaction. How long they take
// depends on the cluster, and is found out: the wait grows when a broker was
// too early, and shrinks slowly otherwise. Where the longest wait does not help
// there is none, for a while.
type pace struct {
	wait  time.Duration
	rest  int           // for how many transactions it is not tried again
	ended time.Time     // when the last transaction was confirmed
	gap   time.Duration // from then to the beginning of this one
	began time.Time     // when this one began
}

const (
	// early is how long records take at least that came too early: what
	// add.partitions.to.txn.retry.backoff.ms is unless set.
	early = 20 * time.Millisecond
	// longestWait is where waiting does not pay any more.
	longestWait = 10 * time.Millisecond
	// untried is for how many transactions there is no wait where it did not help.
	untried = 1000
)

// begin waits for what is left of the distance to the last transaction.
func (p *pace) begin(ctx context.Context) {
	if left := p.wait - since(p.ended); left > 0 {
		sleep(ctx, left)
	}
	p.gap, p.began = since(p.ended), now()
}

// produced is told that the brokers have the records.
func (p *pace) produced() { p.learn(p.gap, since(p.began)) }

// end is told that the transaction is confirmed.
func (p *pace) end() { p.ended = now() }

// learn adapts the wait to how long the records of a transaction took that
// began a while after the last one had ended.
func (p *pace) learn(gap, took time.Duration) {
	switch {
	case gap > 2*longestWait: // what took long did so for another reason
	case took < early:
		p.wait -= p.wait / 128
	case p.rest > 0:
		p.rest--
	case p.wait == longestWait:
		p.wait, p.rest = 0, untried
	default:
		p.wait = min(longestWait, p.wait+p.wait/2+time.Millisecond/4)
	}
}
