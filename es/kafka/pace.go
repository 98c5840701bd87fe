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
// too early, and shrinks slowly otherwise.
//
// Where no wait helps, the coordinator is asked whether it is done. That is more
// than a question: a coordinator (Kafka 4.3 at least) passes on what ends a
// transaction when it has answered a request, of whomever, and one that nobody
// asks anything sits on it.
type pace struct {
	mode  mode
	wait  time.Duration // which is only learned while there is another mode
	late  int           // transactions in a row that were too early, long after the last one
	rest  int           // for how many nothing is tried
	ended time.Time     // when the last transaction was confirmed
	gap   time.Duration // from then to the beginning of this one
	began time.Time     // when this one began
}

// mode is what is done between two transactions.
type mode int8

const (
	waits mode = iota
	asks
	rests // because nothing helps
)

const (
	// early is how long records take at least that came too early: what
	// add.partitions.to.txn.retry.backoff.ms is unless set.
	early = 20 * time.Millisecond
	// longestWait is where waiting does not pay any more.
	longestWait = 10 * time.Millisecond
	// often is how many in a row of the late ones are more than a coincidence.
	often = 8
	// again is how long after an answer the coordinator is asked again.
	again = time.Millisecond / 2
	// untried is for how many transactions nothing is tried that did not help.
	untried = 1000
)

// begin waits for what is left of the distance to the last transaction. done
// asks whether its coordinator has ended it, and returns true when that cannot be
// known.
func (p *pace) begin(ctx context.Context, done func(context.Context) bool) {
	switch {
	case p.mode == asks:
		asking, cancel := context.WithTimeout(ctx, longestWait)
		for !done(asking) {
			sleep(asking, again)
		}
		cancel()
	case p.mode == waits && since(p.ended) < p.wait:
		sleep(ctx, p.wait-since(p.ended))
	}
	p.gap, p.began = since(p.ended), now()
}

// produced is told that the brokers have the records.
func (p *pace) produced() { p.learn(p.gap, since(p.began)) }

// end is told that the transaction is confirmed.
func (p *pace) end() { p.ended = now() }

// learn adapts to how long the records of a transaction took that began a while
// after the last one had ended.
func (p *pace) learn(gap, took time.Duration) {
	switch {
	case p.mode == rests:
		if p.rest--; p.rest == 0 {
			p.mode = waits
		}
	case took < early:
		p.wait, p.late = p.wait-p.wait/128, 0
	case p.mode == waits && gap > 2*longestWait: // which no wait would change
		if p.late++; p.late == often {
			p.next()
		}
	case p.wait < longestWait:
		p.wait = min(longestWait, p.wait+p.wait/2+time.Millisecond/4)
	default:
		p.next()
	}
}

// next tries something else.
func (p *pace) next() { p.mode, p.wait, p.late, p.rest = p.mode+1, 0, 0, untried }
