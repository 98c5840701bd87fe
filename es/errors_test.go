package es_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
)

func TestPrecondition(t *testing.T) {
	t.Parallel()
	err := fmt.Errorf("wrapped: %w", &es.PreconditionError{
		Command: "bank.v1.Withdraw", AggregateID: "acc-1", Code: "ACCOUNT_CLOSED", Message: "status must be STATUS_OPEN",
	})
	if !errors.Is(err, es.Precondition("ACCOUNT_CLOSED")) {
		t.Error("the code is not found")
	}
	if errors.Is(err, es.Precondition("ACCOUNT_OPEN")) || errors.Is(err, es.ErrNotFound) {
		t.Error("another code is found")
	}
}

func TestErrors_causes(t *testing.T) {
	t.Parallel()
	cause := errors.New("the cause")
	for _, err := range []error{
		&es.InvalidCommandError{Err: cause},
		&es.CorruptEventError{Err: cause},
	} {
		if !errors.Is(err, cause) {
			t.Errorf("%T hides its cause", err)
		}
	}
}

func TestErrors_text(t *testing.T) {
	t.Parallel()
	m := es.Meta{AggregateID: "acc-1", Version: 7}
	pos := es.Position{Partition: 2, Offset: 41}
	for _, tc := range []struct {
		err  error
		want string
	}{
		{
			&es.ConflictError{Aggregate: "bank.v1.Account", AggregateID: "acc-1", Expected: 7, Current: 9},
			`bank.v1.Account "acc-1" is at version 9, not 7`,
		},
		{
			&es.PreconditionError{Command: "bank.v1.Withdraw", AggregateID: "acc-1", Code: "CLOSED", Message: "status must be OPEN"},
			`bank.v1.Withdraw on "acc-1": status must be OPEN [CLOSED]`,
		},
		{
			&es.InvalidCommandError{Command: "bank.v1.Withdraw", AggregateID: "acc-1", Err: errors.New("amount is negative")},
			`bank.v1.Withdraw on "acc-1" is invalid: amount is negative`,
		},
		{
			&es.UnknownEventError{Aggregate: "bank.v1.Account", Meta: m, Type: "bank.v1.Merged", Position: pos},
			`bank.v1.Account "acc-1": event "bank.v1.Merged" at version 7, position 2:41, is not known to this code: ` +
				`deploy the version that declares it, or add its old name to the aliases of the event`,
		},
		{
			&es.CorruptEventError{Aggregate: "bank.v1.Account", Meta: m, Type: "bank.v1.Opened", Position: pos, Err: errors.New("cut short")},
			`bank.v1.Account "acc-1": event "bank.v1.Opened" at version 7, position 2:41, cannot be read: cut short`,
		},
		{
			&es.UndeclaredEventError{Command: "bank.v1.Withdraw", AggregateID: "acc-1", Event: "nil"},
			`bank.v1.Withdraw on "acc-1": the handler returned nil, which is not an event of the aggregate`,
		},
		{es.NotACommand("bank.v1.Account", "", nil), `nil on "" is invalid: not a command of bank.v1.Account`},
		{
			es.NotACommand("bank.v1.Account", "acc-1", &ledgerv1.Post{}),
			`ledger.v1.Post on "acc-1" is invalid: not a command of bank.v1.Account`,
		},
	} {
		if got := tc.err.Error(); got != tc.want {
			t.Errorf("%T:\n got %s\nwant %s", tc.err, got, tc.want)
		}
	}
}
