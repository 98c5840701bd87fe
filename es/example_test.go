package es_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
	"github.com/esgen-dev/esgen/es/memory"
)

// Package ledgerv1 stands for the code that esgen generates, and its Behavior
// for the functions that a service writes.
func Example() {
	ctx := context.Background()
	engine := memory.New()
	defer func() { _ = engine.Close() }()
	ledgers := ledgerv1.NewLedgerAggregate(engine, ledgerv1.Behavior{})

	// Commands are typed methods. Under its id a command may be retried.
	_, err := ledgers.OpenLedger(ctx, &ledgerv1.OpenLedger{LedgerId: "l-1", Owner: "ada"})
	if err != nil {
		fmt.Println(err)
		return
	}
	post := &ledgerv1.Post{LedgerId: "l-1", Entry: &ledgerv1.Entry{Amount: 500}}
	for range 2 {
		res, err := ledgers.Post(ctx, post, es.CommandID("request-7"), es.ExpectVersion(1))
		fmt.Println("version", res.Version, "duplicate", res.Duplicate, err)
	}

	// A refusal is an error that can be told apart.
	post.Entry.Amount = -501
	_, err = ledgers.Post(ctx, post)
	fmt.Println("overdrawn:", errors.Is(err, ledgerv1.ErrOverdrawn))
	_, err = ledgers.Post(ctx, post, es.ExpectVersion(1))
	if conflict := (*es.ConflictError)(nil); errors.As(err, &conflict) {
		fmt.Println("conflict with version", conflict.Current)
	}

	// The state, now and before.
	now, err := ledgers.Load(ctx, "l-1")
	fmt.Println("balance", now.State.GetBalance(), err)
	then, err := ledgers.Load(ctx, "l-1", es.AtVersion(1))
	fmt.Println("balance", then.State.GetBalance(), err)

	// The feed is what a read model consumes, with a cursor to come back to.
	var cursor es.Cursor
	for ev, err := range ledgers.Feed(ctx, es.Start()) {
		if err != nil {
			fmt.Println(err)
			return
		}
		switch e := ev.Event.(type) {
		case *ledgerv1.LedgerOpened:
			fmt.Println(ev.AggregateID, ev.Version, "opened by", e.GetOwner())
		case *ledgerv1.Posted:
			fmt.Println(ev.AggregateID, ev.Version, "posted", e.GetEntry().GetAmount())
		default: // nothing else changes what this model shows
		}
		cursor.Advance(ev.Position)
	}
	fmt.Println("next time from", cursor)

	// Output:
	// version 2 duplicate false <nil>
	// version 2 duplicate true <nil>
	// overdrawn: true
	// conflict with version 2
	// balance 500 <nil>
	// balance 0 <nil>
	// l-1 1 opened by ada
	// l-1 2 posted 500
	// next time from 0:1.1
}
