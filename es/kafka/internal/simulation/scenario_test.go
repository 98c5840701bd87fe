package simulation

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
	"github.com/esgen-dev/esgen/es/kafka/internal/record"
)

// small is the cluster of most scenarios.
func small() setting { return setting{brokers: nodes} }

// neighbour returns the id of another aggregate in the partition of "a".
func neighbour() string { return another(func(partition int32) bool { return partition == home() }) }

// stranger returns the id of an aggregate in another partition.
func stranger() string { return another(func(partition int32) bool { return partition != home() }) }

// home returns the partition of "a".
func home() int32 { return record.Partition("a", partitions) }

func another(in func(partition int32) bool) string {
	id := "a'"
	for !in(record.Partition(id, partitions)) {
		id += "'"
	}
	return id
}

// Most commands of scenarios are about one aggregate, "a".

func openLedger() ledgerv1.LedgerCommand { return &ledgerv1.OpenLedger{LedgerId: "a"} }

func attachBytes() ledgerv1.LedgerCommand { return &ledgerv1.Attach{LedgerId: "a"} }

func postAmount(amount int64) ledgerv1.LedgerCommand {
	return &ledgerv1.Post{LedgerId: "a", Entry: &ledgerv1.Entry{Amount: amount}}
}

// must executes a command that has to succeed.
func (p *process) must(t *testing.T, c ledgerv1.LedgerCommand, id string) result {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	res, err := p.execute(ctx, c, es.CommandID(id))
	if err != nil {
		t.Fatalf("%s: %v", id, err)
	}
	return res
}

// eventually executes a command as soon as the process owns its aggregate.
func (p *process) eventually(t *testing.T, c ledgerv1.LedgerCommand, id string) result {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for wait := pause; ; wait = longer(wait) {
		res, err := p.execute(ctx, c, es.CommandID(id))
		switch {
		case err == nil:
			return res
		case !elsewhere(err) && !errors.Is(err, es.ErrOutcomeUnknown):
			t.Fatalf("%s: %v", id, err)
		case !sleep(ctx, wait):
			t.Fatalf("%s: %v, for a whole minute", id, err)
		}
	}
}

// patiently executes a command whatever happens meanwhile.
func (p *process) patiently(t *testing.T, c ledgerv1.LedgerCommand, id string) result {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for {
		attempt, end := context.WithTimeout(ctx, patience)
		res, err := p.execute(attempt, c, es.CommandID(id))
		end()
		switch {
		case err == nil:
			return res
		case !sleep(ctx, maxPause):
			t.Fatalf("%s: %v, for a whole minute", id, err)
		}
	}
}

// audit checks the log, and that it holds what was acknowledged, and as many
// events.
func (c *cluster) audit(t *testing.T, events int, acknowledged ...result) {
	t.Helper()
	a := newAudit(c.committed(t))
	for _, problem := range a.problems {
		t.Error(problem)
	}
	if len(a.events) != events {
		t.Errorf("%d events are stored, want %d", len(a.events), events)
	}
	for _, res := range acknowledged {
		want := res.Receipt
		want.Duplicate, want.Time = false, time.Time{}
		got := a.commands[commandKey{want.AggregateID, want.CommandID}]
		got.Time = time.Time{}
		if got != want {
			t.Errorf("command %q was acknowledged as %+v, and is stored as %+v", want.CommandID, want, got)
		}
	}
	if n := c.revived.Load(); n > 0 {
		t.Errorf("producers were used again after an error %d times", n)
	}
}
