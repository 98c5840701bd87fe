// Package balances is a read model: who has how much, over all accounts. It is
// built from the feed of events, and can be thrown away and built anew.
package balances

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/esgen-dev/esgen/es"
	bankv1 "github.com/esgen-dev/esgen/examples/bank/gen/bank/v1"
)

// Row is one account.
type Row struct {
	AccountID    string
	Owner        string
	BalanceCents int64
	Declined     int // refused withdrawals
}

// View holds the rows, and how far into the feed they reach. It is not safe
// for concurrent use.
type View struct {
	rows   map[string]*Row
	cursor es.Cursor
}

// New returns a view that has seen nothing.
func New() *View { return &View{rows: map[string]*Row{}} }

// CatchUp takes in the events that were stored since the last call, and
// returns their number. A view that keeps its rows in a database would store
// them and the cursor in one transaction.
func (v *View) CatchUp(ctx context.Context, accounts *bankv1.AccountReader) (int, error) {
	n := 0
	for ev, err := range accounts.Feed(ctx, v.cursor) {
		if err != nil {
			return n, fmt.Errorf("balances: %w", err)
		}
		v.take(ev.AggregateID, ev.Event)
		v.cursor.Advance(ev.Position)
		n++
	}
	return n, nil
}

// Rows returns the accounts by id.
func (v *View) Rows() []Row {
	var rows []Row
	for _, id := range slices.Sorted(maps.Keys(v.rows)) {
		rows = append(rows, *v.rows[id])
	}
	return rows
}

func (v *View) take(id string, e bankv1.AccountEvent) {
	row, ok := v.rows[id]
	if !ok {
		row = &Row{AccountID: id}
		v.rows[id] = row
	}
	switch e := e.(type) {
	case *bankv1.AccountOpened:
		row.Owner = e.GetOwner()
	case *bankv1.DepositedV2:
		row.BalanceCents += e.GetAmountCents()
	case *bankv1.Withdrawn:
		row.BalanceCents -= e.GetAmountCents()
	case *bankv1.WithdrawalDeclined:
		row.Declined++
	case *bankv1.AccountClosed:
		delete(v.rows, id)
	case *bankv1.AccountFrozen: // changes no balance
	}
}
