package simulation

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
	"github.com/esgen-dev/esgen/es/kafka"
	"github.com/esgen-dev/esgen/es/kafka/internal/record"
)

// client is somebody who calls a service: one call after the other, each
// again and again under the same command id until it is known what became of it.
type client struct {
	*simulation

	number int
	random *rand.Rand
	known  map[string]uint64 // the versions that were seen last
	owners map[int32]int     // which process served a partition last
}

// How long clients wait.
const (
	patience = 3 * time.Second      // for one process
	deadline = 8 * time.Second      // for one call
	recovery = 30 * time.Second     // for one call, when nothing is wrong any more
	pause    = 5 * time.Millisecond // between attempts; it grows to maxPause
	maxPause = 100 * time.Millisecond
)

func (s *simulation) newClient(number int) *client {
	return &client{
		simulation: s, number: number, random: s.random(number),
		known: make(map[string]uint64), owners: make(map[int32]int),
	}
}

// run calls until the context ends.
func (c *client) run(ctx context.Context) {
	for n := 0; ctx.Err() == nil; n++ {
		in := c.choose(n)
		switch dice := c.random.IntN(100); {
		case in.kind == load && dice < 40:
			c.look(in.aggregate)
		case in.kind != load && dice < 5:
			c.twice(in)
		default:
			c.perform(in, c.number, c.target(in.aggregate), deadline)
		}
		time.Sleep(time.Duration(c.random.IntN(40)) * time.Millisecond)
	}
}

// choose makes up the next call.
func (c *client) choose(n int) call {
	in := call{aggregate: aggregate(c.random.IntN(aggregates)), expect: -1}
	dice := c.random.IntN(100)
	if dice < 12 {
		return in
	}
	in.command = fmt.Sprintf("%d/%d", c.number, n)
	switch {
	case dice < 16:
		in.kind = open
	case dice < 45:
		in.kind = attach
	case dice < 75:
		in.kind, in.amounts = post, []int64{c.amount()}
	default:
		in.kind, in.amounts = postBatch, []int64{c.amount() | 1, c.amount() | 1, 2}
	}
	if c.random.IntN(3) == 0 {
		in.expect = int64(c.known[in.aggregate])
	}
	return in
}

func (c *client) amount() int64 { return int64(c.random.IntN(40) - 15) }

// target returns the process that is to be asked first.
func (c *client) target(aggregate string) int {
	if c.random.IntN(20) == 0 {
		return c.random.IntN(nodes)
	}
	return c.owners[record.Partition(aggregate, partitions)]
}

// twice executes a command at two processes at the same time.
func (c *client) twice(in call) {
	var wg sync.WaitGroup
	other := c.newClient(c.number + 100)
	other.random = rand.New(rand.NewPCG(c.random.Uint64(), 0))
	wg.Go(func() { other.perform(in, other.number, (c.number+1)%nodes, deadline) })
	c.perform(in, c.number, c.number%nodes, deadline)
	wg.Wait()
}

// perform makes a call and records its outcome.
func (c *client) perform(in call, client, target int, limit time.Duration) outcome {
	op := operation{client: client, call: in, called: time.Since(c.began)}
	op.outcome = c.settle(in, target, limit)
	op.returned = time.Since(c.began)
	c.record(op)
	return op.outcome
}

// settle tries one process after the other.
func (c *client) settle(in call, target int, limit time.Duration) outcome {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	ambiguous := false
	for wait := pause; ; wait = longer(wait) {
		out := c.try(ctx, in, target)
		switch out.verdict {
		case unknown:
			ambiguous = true
		case undone:
		default:
			out.ambiguous = ambiguous
			c.learn(in, out, target)
			return out
		}
		target = (target + 1) % nodes
		if !sleep(ctx, wait) {
			if ambiguous {
				out.verdict = unknown
			}
			return out
		}
	}
}

func (c *client) learn(in call, out outcome, target int) {
	if v := max(out.version, out.receipt.Version); v > 0 {
		c.known[in.aggregate] = v
	}
	c.owners[record.Partition(in.aggregate, partitions)] = target
}

// try asks one process.
func (c *client) try(ctx context.Context, in call, target int) outcome {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	c.attempt()
	p := c.process(target)
	if in.kind == load {
		rev, err := p.load(ctx, in.aggregate, es.Fresh())
		if err == nil {
			c.see(sight{aggregate: in.aggregate, version: rev.Version, digest: rev.State.GetDigest(), how: "fresh load"})
		}
		out := c.outcome(err)
		out.version, out.balance = rev.Version, rev.State.GetBalance()
		return out
	}
	opts := []es.CommandOption{es.CommandID(in.command)}
	if in.expect >= 0 {
		opts = append(opts, es.ExpectVersion(uint64(in.expect)))
	}
	res, err := p.execute(ctx, in.message(), opts...)
	out := c.outcome(err)
	out.receipt = res.Receipt
	return out
}

// outcome says what an answer means.
func (c *client) outcome(err error) outcome {
	if damage, ok := errors.AsType[*kafka.LogError](err); ok {
		c.alarm(damage)
	}
	other, isConflict := errors.AsType[*es.ConflictError](err)
	switch {
	case err == nil:
		return outcome{verdict: succeeded}
	case isConflict:
		return outcome{verdict: conflict, version: other.Current}
	case errors.Is(err, ledgerv1.ErrOverdrawn):
		return outcome{verdict: overdrawn}
	case errors.Is(err, es.ErrNotFound):
		return outcome{verdict: missing}
	case errors.Is(err, es.ErrExists):
		return outcome{verdict: exists}
	case errors.Is(err, es.ErrOutcomeUnknown):
		return outcome{verdict: unknown, err: err}
	}
	return outcome{verdict: undone, err: err} // says the engine
}

// message returns the command of a call.
func (c call) message() ledgerv1.LedgerCommand {
	entries := make([]*ledgerv1.Entry, len(c.amounts))
	for i, amount := range c.amounts {
		entries[i] = &ledgerv1.Entry{Amount: amount, Tag: c.command}
	}
	switch c.kind {
	case open:
		return &ledgerv1.OpenLedger{LedgerId: c.aggregate, Owner: c.command}
	case post:
		return &ledgerv1.Post{LedgerId: c.aggregate, Entry: entries[0]}
	case postBatch:
		return &ledgerv1.PostBatch{LedgerId: c.aggregate, Entries: entries}
	default:
		return &ledgerv1.Attach{LedgerId: c.aggregate, Data: []byte(c.command)}
	}
}

// longer returns the pause after a pause.
func longer(d time.Duration) time.Duration { return min(d*3/2, maxPause) }

func sleep(ctx context.Context, d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-ctx.Done():
		return false
	}
}

// look reads an aggregate in a way that may be out of date, and notes what it
// saw: that has to be in the log.
func (c *client) look(aggregate string) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	p := c.process(c.target(aggregate))
	how, opts := "load", []es.LoadOption(nil)
	switch v := c.known[aggregate]; {
	case c.random.IntN(3) == 0:
		c.readHistory(ctx, p, aggregate)
		return
	case v > 0 && c.random.IntN(2) == 0:
		how, opts = "load at a version", []es.LoadOption{es.AtVersion(1 + c.random.Uint64N(v))}
	}
	rev, err := p.load(ctx, aggregate, opts...)
	if err == nil {
		c.see(sight{aggregate: aggregate, version: rev.Version, digest: rev.State.GetDigest(), how: how})
	}
}

// readHistory reads the history of an aggregate.
func (c *client) readHistory(ctx context.Context, p *process, aggregate string) {
	version := uint64(0)
	for ev, err := range p.ledgers.History(ctx, aggregate, es.ReadOptions{}) {
		if err != nil || p.alive.Err() != nil {
			return
		}
		if version++; ev.Version != version {
			c.alarm(fmt.Errorf("history of %q: version %d where version %d has to be", aggregate, ev.Version, version))
		}
		c.see(sight{aggregate: aggregate, version: ev.Version, position: ev.Position, how: "history"})
	}
}
