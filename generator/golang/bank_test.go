package golang_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/memory"
	bankv1 "github.com/esgen-dev/esgen/testdata/golang/bank/v1"
	"github.com/esgen-dev/esgen/testdata/golang/bank/v1/bankv1test"
)

var errAmount = errors.New("amount is not positive")

// account is a service's behavior for the golden that has one of everything.
type account struct{}

func (account) HandleOpenAccount(_ es.Meta, _ *bankv1.Account, c *bankv1.OpenAccount) ([]bankv1.OpenAccountOutcome, error) {
	return []bankv1.OpenAccountOutcome{&bankv1.AccountOpened{Owner: c.GetOwner()}}, nil
}

func (account) HandleDeposit(m es.Meta, _ *bankv1.Account, c *bankv1.Deposit) ([]bankv1.DepositOutcome, error) {
	if c.GetAmountCents() <= 0 {
		return nil, errAmount
	}
	events := []bankv1.DepositOutcome{&bankv1.DepositedV2{AmountCents: c.GetAmountCents()}}
	if m.Version == 0 {
		events = append([]bankv1.DepositOutcome{&bankv1.AccountOpened{Owner: m.Actor}}, events...)
	}
	return events, nil
}

func (account) HandleWithdraw(_ es.Meta, s *bankv1.Account, c *bankv1.Withdraw) ([]bankv1.WithdrawOutcome, error) {
	switch {
	case c.GetAmountCents() == 0:
		return nil, nil
	case c.GetAmountCents() > s.GetBalanceCents():
		return []bankv1.WithdrawOutcome{&bankv1.WithdrawalDeclined{AmountCents: c.GetAmountCents()}}, nil
	}
	return []bankv1.WithdrawOutcome{&bankv1.Withdrawn{AmountCents: c.GetAmountCents()}}, nil
}

func (account) HandleFreeze(es.Meta, *bankv1.Account, *bankv1.Freeze) ([]bankv1.FreezeOutcome, error) {
	return []bankv1.FreezeOutcome{&bankv1.Frozen{}}, nil
}

func (account) HandleThaw(es.Meta, *bankv1.Account, *bankv1.Thaw) ([]bankv1.ThawOutcome, error) {
	return []bankv1.ThawOutcome{&bankv1.Thawed{}}, nil
}

func (account) HandleCloseAccount(es.Meta, *bankv1.Account, *bankv1.CloseAccount) ([]bankv1.CloseAccountOutcome, error) {
	return []bankv1.CloseAccountOutcome{&bankv1.AccountClosed{}}, nil
}

func (account) ApplyAccountOpened(_ es.Meta, s *bankv1.Account, e *bankv1.AccountOpened) {
	s.Status, s.Owner = bankv1.Account_STATUS_OPEN, e.GetOwner()
}

func (account) ApplyDepositedV2(_ es.Meta, s *bankv1.Account, e *bankv1.DepositedV2) {
	s.BalanceCents += e.GetAmountCents()
}

func (account) ApplyWithdrawn(_ es.Meta, s *bankv1.Account, e *bankv1.Withdrawn) {
	s.BalanceCents -= e.GetAmountCents()
}

func (account) ApplyWithdrawalDeclined(es.Meta, *bankv1.Account, *bankv1.WithdrawalDeclined) {}

func (account) ApplyFrozen(_ es.Meta, s *bankv1.Account, _ *bankv1.Frozen) { s.Frozen = true }

func (account) ApplyThawed(_ es.Meta, s *bankv1.Account, _ *bankv1.Thawed) { s.Frozen = false }

func (account) ApplyAccountClosed(_ es.Meta, s *bankv1.Account, _ *bankv1.AccountClosed) {
	s.Status = bankv1.Account_STATUS_CLOSED
}

func (account) UpcastDeposited(_ es.Meta, e *bankv1.Deposited) *bankv1.DepositedV2 {
	if e.GetAmount() == 0 {
		return nil // a mistake on purpose
	}
	return &bankv1.DepositedV2{AmountCents: int64(e.GetAmount() * 100)}
}

func (account) UpcastAccountMerged(_ es.Meta, e *bankv1.AccountMerged) []bankv1.AccountEvent {
	var events []bankv1.AccountEvent
	for _, cents := range e.GetAmountsCents() {
		events = append(events, &bankv1.DepositedV2{AmountCents: cents})
	}
	return events
}

// TestKit goes through every precondition, mode and fate of an event.
func TestKit(t *testing.T) {
	t.Parallel()
	opened := &bankv1.AccountOpened{Owner: "ada"}
	closed := &bankv1.AccountClosed{}

	t.Run("a command that creates", func(t *testing.T) {
		t.Parallel()
		bankv1test.Account(t, account{}).
			When(&bankv1.OpenAccount{AccountId: "a", Owner: "ada"}).Then(opened).
			When(&bankv1.OpenAccount{AccountId: "a", Owner: "ada"}).ThenError(es.ErrExists)
	})
	t.Run("a command that updates", func(t *testing.T) {
		t.Parallel()
		bankv1test.Account(t, account{}).When(&bankv1.Freeze{AccountId: "a"}).ThenError(es.ErrNotFound)
	})
	t.Run("a command that does either", func(t *testing.T) {
		t.Parallel()
		bankv1test.Account(t, account{}).
			When(&bankv1.Deposit{AccountId: "a", AmountCents: 5}, es.Actor("ada")).
			Then(opened, &bankv1.DepositedV2{AmountCents: 5}).
			When(&bankv1.Deposit{AccountId: "a"}).ThenError(errAmount).
			When(&bankv1.Withdraw{AccountId: "a"}).ThenNothing().
			ThenState(&bankv1.Account{Status: bankv1.Account_STATUS_OPEN, Owner: "ada", BalanceCents: 5})
	})
	t.Run("in", func(t *testing.T) {
		t.Parallel()
		bankv1test.Account(t, account{}).Given(opened, closed).
			When(&bankv1.Withdraw{AccountId: "a", AmountCents: 1}).ThenError(es.Precondition("ACCOUNT_CLOSED"))
	})
	t.Run("not_in, one value", func(t *testing.T) {
		t.Parallel()
		bankv1test.Account(t, account{}).Given(opened, closed).
			When(&bankv1.Deposit{AccountId: "a", AmountCents: 1}).ThenError(es.Precondition("ACCOUNT_CLOSED"))
	})
	t.Run("not_in, several values", func(t *testing.T) {
		t.Parallel()
		bankv1test.Account(t, account{}).Given(opened).
			When(&bankv1.CloseAccount{AccountId: "a"}).Then(closed).
			When(&bankv1.CloseAccount{AccountId: "a"}).ThenError(es.Precondition("ACCOUNT_CLOSED"))
	})
	t.Run("is", func(t *testing.T) {
		t.Parallel()
		bankv1test.Account(t, account{}).Given(opened).
			When(&bankv1.Thaw{AccountId: "a"}).ThenError(es.Precondition("ACCOUNT_NOT_FROZEN")).
			When(&bankv1.Freeze{AccountId: "a"}).Then(&bankv1.Frozen{}).
			When(&bankv1.Freeze{AccountId: "a"}).ThenError(es.Precondition("ACCOUNT_FROZEN")).
			When(&bankv1.Thaw{AccountId: "a"}).Then(&bankv1.Thawed{})
	})
	t.Run("the first precondition that fails counts", func(t *testing.T) {
		t.Parallel()
		bankv1test.Account(t, account{}).Given(opened, &bankv1.Frozen{}).
			When(&bankv1.Withdraw{AccountId: "a", AmountCents: 1}).ThenError(es.Precondition("ACCOUNT_FROZEN"))
		bankv1test.Account(t, account{}).Given(opened, &bankv1.Frozen{}, closed).
			When(&bankv1.Withdraw{AccountId: "a", AmountCents: 1}).ThenError(es.Precondition("ACCOUNT_CLOSED"))
	})
	t.Run("times and old events", func(t *testing.T) {
		t.Parallel()
		at := time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC)
		bankv1test.Account(t, account{}).
			GivenAt(at, opened).
			GivenStored(&bankv1.Deposited{Amount: 1.5}, &bankv1.Touched{}, &bankv1.AccountMerged{AmountsCents: []int64{20, 3}}).
			WhenAt(at.Add(time.Hour), &bankv1.Withdraw{AccountId: "a", AmountCents: 200}).
			Then(&bankv1.WithdrawalDeclined{AmountCents: 200}).
			ThenState(&bankv1.Account{Status: bankv1.Account_STATUS_OPEN, Owner: "ada", BalanceCents: 173})
	})
}

// TestAggregate runs generated code on an engine, from the typed command to
// the typed feed.
func TestAggregate(t *testing.T) {
	t.Parallel()
	engine := memory.New()
	t.Cleanup(func() { _ = engine.Close() })
	accounts := bankv1.NewAccountAggregate(engine, account{})
	ctx := t.Context()

	if _, err := accounts.OpenAccount(ctx, &bankv1.OpenAccount{AccountId: "a", Owner: "ada"}); err != nil {
		t.Fatal(err)
	}
	if _, err := accounts.Deposit(ctx, &bankv1.Deposit{AccountId: "a", AmountCents: 7}, es.ExpectVersion(1)); err != nil {
		t.Fatal(err)
	}
	res, err := accounts.Withdraw(ctx, &bankv1.Withdraw{AccountId: "a", AmountCents: 9})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]bankv1.WithdrawOutcome{&bankv1.WithdrawalDeclined{AmountCents: 9}}, res.Events, protocmp.Transform()); diff != "" {
		t.Errorf("outcome (-want +got):\n%s", diff)
	}
	acc, err := accounts.Load(ctx, "a")
	if err != nil || acc.Version != 3 || acc.State.GetBalanceCents() != 7 {
		t.Errorf("Load = %v, %v; want version 3 with 7 cents", acc, err)
	}
	var types []string
	for ev, err := range accounts.History(ctx, "a", es.FromVersion(2)) {
		if err != nil {
			t.Fatal(err)
		}
		types = append(types, ev.Type)
	}
	reader := bankv1.NewAccountReader(engine, account{})
	for ev, err := range reader.Feed(ctx, es.Start()) {
		if err != nil {
			t.Fatal(err)
		}
		types = append(types, ev.Type)
	}
	want := []string{
		"bank.v1.DepositedV2", "bank.v1.WithdrawalDeclined",
		"bank.AccountOpened", "bank.v1.DepositedV2", "bank.v1.WithdrawalDeclined",
	}
	if diff := cmp.Diff(want, types); diff != "" {
		t.Errorf("stored types (-want +got):\n%s", diff)
	}
	for _, err := range reader.History(ctx, "b") {
		if !errors.Is(err, es.ErrNotFound) {
			t.Errorf("History of nobody: %v", err)
		}
	}
}

// TestApply_allocations proves that an event reaches its Apply method without
// an allocation.
func TestApply_allocations(t *testing.T) { //nolint:paralleltest // AllocsPerRun must not run in parallel
	a := bankv1.AccountType(account{})
	state, event := a.NewState(), proto.Message(&bankv1.DepositedV2{AmountCents: 1})
	meta := es.Meta{AggregateID: "a", Version: 1}
	allocs := testing.AllocsPerRun(100, func() {
		if !a.Apply(meta, state, event) {
			t.Fatal("not applied")
		}
	})
	if allocs != 0 {
		t.Errorf("Apply allocates %v times", allocs)
	}
}

// TestType asks the description of an aggregate what no engine asks in vain.
func TestType(t *testing.T) {
	t.Parallel()
	a := bankv1.AccountType(account{})

	want := es.Spec{
		Name: "bank.v1.Account", Topic: "bank.accounts", Partitions: 24,
		Retention: 365 * 24 * time.Hour, SnapshotEvery: 500, StateVersion: 3,
	}
	got := *a.Spec()
	if got.Fingerprint == "" || len(got.Events) != 10 || len(got.Commands) != 6 {
		t.Errorf("Spec has fingerprint %q, %d events, %d commands", got.Fingerprint, len(got.Events), len(got.Commands))
	}
	opened := es.EventSpec{
		Type: "bank.AccountOpened", Message: "bank.v1.AccountOpened", Current: true,
		Aliases: []string{"bank.v0.AccountOpened", "bank.v0.Opened"},
	}
	if diff := cmp.Diff(opened, got.Events[0]); diff != "" {
		t.Errorf("Spec.Events[0] (-want +got):\n%s", diff)
	}
	got.Fingerprint, got.Events, got.Commands = "", nil, nil
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Spec (-want +got):\n%s", diff)
	}

	for _, name := range append(opened.Aliases, opened.Type) {
		if e, current := a.New(name); !current || a.TypeOf(e) != opened.Type {
			t.Errorf("New(%q) = %T, %v", name, e, current)
		}
	}
	if e, current := a.New("bank.v1.AccountOpened"); e != nil || current {
		t.Errorf("New of a message whose stored name is another = %T, %v", e, current)
	}
	old := &bankv1.Touched{}
	if name := a.TypeOf(old); name != "" {
		t.Errorf("TypeOf an event that is no longer emitted = %q", name)
	}
	if a.Apply(es.Meta{}, a.NewState(), old) {
		t.Error("an event that is no longer emitted was applied")
	}
	if _, ok := a.Target(old); ok {
		t.Error("an event has a target")
	}
	var invalid *es.InvalidCommandError
	if _, err := a.Handle(es.Meta{}, a.NewState(), old); !errors.As(err, &invalid) {
		t.Errorf("Handle of an event: %v", err)
	}
	if _, err := a.Upcast(es.Meta{}, &bankv1.Deposited{}); err == nil {
		t.Error("an Upcast method that returned nil was not found")
	}
}
