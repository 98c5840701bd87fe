package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/examples/bank/accounts"
	"github.com/esgen-dev/esgen/examples/bank/balances"
	bankv1 "github.com/esgen-dev/esgen/examples/bank/gen/bank/v1"
	"github.com/esgen-dev/esgen/examples/bank/lastyear"
	"github.com/esgen-dev/esgen/examples/internal/engines"
)

const ada = "acc-ada"

// tell tells the story on w, in an empty log.
func tell(ctx context.Context, flags engines.Flags, w io.Writer) error {
	clock := engines.NewClock(time.Date(2025, time.March, 1, 9, 0, 0, 0, time.UTC), time.Hour) // a command
	engine, err := flags.Open(engines.Setup{Application: "bank", Clock: clock.Now, Validate: valid})
	if err != nil {
		return err
	}
	defer engine.Close()
	s := newStory(w, engine)
	if err := s.lastYear(ctx); err != nil {
		return err
	}
	clock.Pass(1, 0)
	for _, chapter := range []func(context.Context) error{
		s.today, s.refusals, s.auditTrail, s.timeTravel, s.readModel, s.replay,
	} {
		if err := chapter(ctx); err != nil {
			return err
		}
	}
	return nil
}

// story is a bank and somebody who tells what happens in it.
type story struct {
	w        io.Writer
	engine   es.Engine
	accounts *bankv1.AccountAggregate
	view     *balances.View
}

func newStory(w io.Writer, engine es.Engine) *story {
	return &story{
		w:        w,
		engine:   engine,
		accounts: bankv1.NewAccountAggregate(engine, accounts.Account{}),
		view:     balances.New(),
	}
}

func (s *story) lastYear(ctx context.Context) error {
	s.title("Last year, when amounts were floating point numbers")
	old := s.engine.Bind(lastyear.Account())
	for _, c := range []proto.Message{
		&bankv1.OpenAccount{AccountId: ada, Owner: "Ada", OverdraftCents: 100_00},
		&bankv1.Deposit{AccountId: ada, AmountCents: 250_29},
	} {
		_, events, err := old.Execute(ctx, c, es.NewCommandOptions(es.Actor("teller-3")))
		if err != nil {
			return err
		}
		s.line("%-14s -> stored as %s", name(c), name(events[0]))
	}
	return nil
}

func (s *story) today(ctx context.Context) error {
	s.title("Today")
	for _, amount := range []int64{300_00, 500_00} {
		res, err := s.accounts.Withdraw(ctx, &bankv1.Withdraw{AccountId: ada, AmountCents: amount},
			es.Actor("ada"), es.CommandID(fmt.Sprintf("withdraw-%d", amount)))
		if err != nil {
			return err
		}
		for _, e := range res.Events {
			switch e := e.(type) { // Withdraw can lead to these two, and to nothing else
			case *bankv1.Withdrawn:
				s.line("Withdraw %s -> paid out %s, version %d", euros(amount), euros(e.GetAmountCents()), res.Version)
			case *bankv1.WithdrawalDeclined:
				s.line("Withdraw %s -> declined, only %s available, version %d", euros(amount), euros(e.GetAvailableCents()), res.Version)
			}
		}
	}
	again, err := s.accounts.Withdraw(ctx, &bankv1.Withdraw{AccountId: ada, AmountCents: 300_00}, es.CommandID("withdraw-30000"))
	if err != nil {
		return err
	}
	s.line("The same command again -> duplicate: %t, still version %d", again.Duplicate, again.Version)
	_, err = s.accounts.OpenAccount(ctx, &bankv1.OpenAccount{AccountId: "acc-bob", Owner: "Bob"}, es.Actor("teller-1"))
	return err
}

func (s *story) refusals(ctx context.Context) error {
	s.title("Refusals")
	if _, err := s.accounts.FreezeAccount(ctx, &bankv1.FreezeAccount{AccountId: ada, Reason: "card lost"}, es.Actor("teller-1")); err != nil {
		return err
	}
	_, err := s.accounts.Withdraw(ctx, &bankv1.Withdraw{AccountId: ada, AmountCents: 1})
	s.refused("from a frozen account", err, errors.Is(err, es.Precondition("ACCOUNT_FROZEN")))
	_, err = s.accounts.Deposit(ctx, &bankv1.Deposit{AccountId: ada, AmountCents: 1}, es.ExpectVersion(2))
	conflict := (*es.ConflictError)(nil)
	s.refused("on a version that has passed", err, errors.As(err, &conflict))
	_, err = s.accounts.Deposit(ctx, &bankv1.Deposit{AccountId: "acc-eve", AmountCents: 1})
	s.refused("into nowhere", err, errors.Is(err, es.ErrNotFound))
	_, err = s.accounts.CloseAccount(ctx, &bankv1.CloseAccount{AccountId: ada})
	s.refused("to close with debts", err, errors.Is(err, accounts.ErrMoneyLeft))
	_, err = s.accounts.Deposit(ctx, &bankv1.Deposit{AccountId: ada, AmountCents: -5})
	invalid := (*es.InvalidCommandError)(nil)
	s.refused("of less than nothing", err, errors.As(err, &invalid))
	return nil
}

func (s *story) auditTrail(ctx context.Context) error {
	s.title("The audit trail")
	for ev, err := range s.accounts.History(ctx, ada) {
		if err != nil {
			return err
		}
		s.line("%d  %s  %-8s  %s", ev.Version, ev.Time.Format("2006-01-02 15:04"), ev.Actor, describe(ev))
	}
	return nil
}

func (s *story) timeTravel(ctx context.Context) error {
	s.title("As it was")
	for _, version := range []uint64{2, 3} {
		acc, err := s.accounts.Load(ctx, ada, es.AtVersion(version))
		if err != nil {
			return err
		}
		byTime, err := s.accounts.Load(ctx, ada, es.AtTime(acc.Time))
		if err != nil {
			return err
		}
		s.line("version %d, at %s: balance %s (by time: %s)", acc.Version, acc.Time.Format("2006-01-02 15:04"),
			euros(acc.State.GetBalanceCents()), euros(byTime.State.GetBalanceCents()))
	}
	return nil
}

func (s *story) readModel(ctx context.Context) error {
	s.title("A read model of all accounts")
	reader := bankv1.NewAccountReader(s.engine, accounts.Account{})
	first, err := s.view.CatchUp(ctx, reader)
	if err != nil {
		return err
	}
	if _, err := s.accounts.Deposit(ctx, &bankv1.Deposit{AccountId: "acc-bob", AmountCents: 12_50}); err != nil {
		return err
	}
	then, err := s.view.CatchUp(ctx, reader)
	if err != nil {
		return err
	}
	s.line("took in %d events, and %d more after Bob's deposit", first, then)
	for _, row := range s.view.Rows() {
		s.line("%-8s  %-4s %9s  declined: %d", row.AccountID, row.Owner, euros(row.BalanceCents), row.Declined)
	}
	return nil
}

func (s *story) replay(ctx context.Context) error {
	s.title("A replay")
	known, err := s.accounts.Load(ctx, ada)
	if err != nil {
		return err
	}
	// A new store has no state in its memory: it decodes and folds the log.
	replayed, err := bankv1.NewAccountAggregate(s.engine, accounts.Account{}).Load(ctx, ada)
	if err != nil {
		return err
	}
	s.line("%d events replayed, the state is the same: %t", replayed.Version, proto.Equal(known.State, replayed.State))
	return nil
}
