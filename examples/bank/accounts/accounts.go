// Package accounts is the behaviour of bank accounts: what a command leads to,
// and what an event does to the state.
package accounts

import (
	"errors"
	"math"

	"github.com/esgen-dev/esgen/es"
	bankv1 "github.com/esgen-dev/esgen/examples/bank/gen/bank/v1"
)

// ErrMoneyLeft is the refusal to close an account that holds or owes money.
var ErrMoneyLeft = errors.New("the balance is not zero")

// Account implements bankv1.AccountBehavior. It is safe for concurrent use.
type Account struct{}

var _ bankv1.AccountBehavior = Account{}

// HandleOpenAccount opens the account. That it does not exist yet was checked.
func (Account) HandleOpenAccount(_ es.Meta, _ *bankv1.Account, c *bankv1.OpenAccount) ([]bankv1.OpenAccountOutcome, error) {
	return []bankv1.OpenAccountOutcome{
		&bankv1.AccountOpened{Owner: c.GetOwner(), OverdraftCents: c.GetOverdraftCents()},
	}, nil
}

// HandleDeposit pays money in.
func (Account) HandleDeposit(_ es.Meta, _ *bankv1.Account, c *bankv1.Deposit) ([]bankv1.DepositOutcome, error) {
	return []bankv1.DepositOutcome{&bankv1.DepositedV2{AmountCents: c.GetAmountCents()}}, nil
}

// HandleWithdraw takes money out. Asking for too much is worth remembering, so
// it is an event and not an error.
func (Account) HandleWithdraw(_ es.Meta, s *bankv1.Account, c *bankv1.Withdraw) ([]bankv1.WithdrawOutcome, error) {
	available := s.GetBalanceCents() + s.GetOverdraftCents()
	if c.GetAmountCents() > available {
		return []bankv1.WithdrawOutcome{
			&bankv1.WithdrawalDeclined{AmountCents: c.GetAmountCents(), AvailableCents: available},
		}, nil
	}
	return []bankv1.WithdrawOutcome{&bankv1.Withdrawn{AmountCents: c.GetAmountCents()}}, nil
}

// HandleFreezeAccount freezes the account.
func (Account) HandleFreezeAccount(_ es.Meta, _ *bankv1.Account, c *bankv1.FreezeAccount) ([]bankv1.FreezeAccountOutcome, error) {
	return []bankv1.FreezeAccountOutcome{&bankv1.AccountFrozen{Reason: c.GetReason()}}, nil
}

// HandleCloseAccount closes an account that is even.
func (Account) HandleCloseAccount(_ es.Meta, s *bankv1.Account, _ *bankv1.CloseAccount) ([]bankv1.CloseAccountOutcome, error) {
	if s.GetBalanceCents() != 0 {
		return nil, ErrMoneyLeft
	}
	return []bankv1.CloseAccountOutcome{&bankv1.AccountClosed{}}, nil
}

// ApplyAccountOpened makes the account an open one.
func (Account) ApplyAccountOpened(_ es.Meta, s *bankv1.Account, e *bankv1.AccountOpened) {
	s.Status = bankv1.Account_STATUS_OPEN
	s.Owner = e.GetOwner()
	s.OverdraftCents = e.GetOverdraftCents()
}

// ApplyDepositedV2 adds to the balance.
func (Account) ApplyDepositedV2(_ es.Meta, s *bankv1.Account, e *bankv1.DepositedV2) {
	s.BalanceCents += e.GetAmountCents()
}

// ApplyWithdrawn takes from the balance.
func (Account) ApplyWithdrawn(_ es.Meta, s *bankv1.Account, e *bankv1.Withdrawn) {
	s.BalanceCents -= e.GetAmountCents()
}

// ApplyWithdrawalDeclined leaves the account as it is.
func (Account) ApplyWithdrawalDeclined(es.Meta, *bankv1.Account, *bankv1.WithdrawalDeclined) {}

// ApplyAccountFrozen stops withdrawals.
func (Account) ApplyAccountFrozen(_ es.Meta, s *bankv1.Account, _ *bankv1.AccountFrozen) {
	s.Status = bankv1.Account_STATUS_FROZEN
}

// ApplyAccountClosed ends the account.
func (Account) ApplyAccountClosed(_ es.Meta, s *bankv1.Account, _ *bankv1.AccountClosed) {
	s.Status = bankv1.Account_STATUS_CLOSED
}

// UpcastDeposited reads a deposit from the time when amounts were floating
// point numbers: to the nearest cent, which is what was meant.
func (Account) UpcastDeposited(_ es.Meta, e *bankv1.Deposited) *bankv1.DepositedV2 {
	return &bankv1.DepositedV2{AmountCents: int64(math.Round(e.GetAmount() * 100))}
}
