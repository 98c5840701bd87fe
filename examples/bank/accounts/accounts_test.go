package accounts_test

import (
	"testing"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/examples/bank/accounts"
	bankv1 "github.com/esgen-dev/esgen/examples/bank/gen/bank/v1"
	"github.com/esgen-dev/esgen/examples/bank/gen/bank/v1/bankv1test"
)

func account(t *testing.T) *bankv1test.AccountKit {
	t.Helper()
	return bankv1test.Account(t, accounts.Account{})
}

func TestOpenAccount(t *testing.T) {
	t.Parallel()
	account(t).
		When(&bankv1.OpenAccount{AccountId: "a", Owner: "Ada", OverdraftCents: 100}).
		Then(&bankv1.AccountOpened{Owner: "Ada", OverdraftCents: 100}).
		ThenState(&bankv1.Account{Status: bankv1.Account_STATUS_OPEN, Owner: "Ada", OverdraftCents: 100})
}

func TestOpenAccount_twice(t *testing.T) {
	t.Parallel()
	account(t).
		Given(&bankv1.AccountOpened{Owner: "Ada"}).
		When(&bankv1.OpenAccount{AccountId: "a", Owner: "Eve"}).
		ThenError(es.ErrExists)
}

func TestWithdraw_downToTheOverdraft(t *testing.T) {
	t.Parallel()
	account(t).
		Given(&bankv1.AccountOpened{OverdraftCents: 100}, &bankv1.DepositedV2{AmountCents: 50}).
		When(&bankv1.Withdraw{AccountId: "a", AmountCents: 150}).
		Then(&bankv1.Withdrawn{AmountCents: 150}).
		When(&bankv1.Withdraw{AccountId: "a", AmountCents: 1}).
		Then(&bankv1.WithdrawalDeclined{AmountCents: 1, AvailableCents: 0}).
		ThenState(&bankv1.Account{Status: bankv1.Account_STATUS_OPEN, OverdraftCents: 100, BalanceCents: -100})
}

func TestWithdraw_withoutAnAccount(t *testing.T) {
	t.Parallel()
	account(t).
		When(&bankv1.Withdraw{AccountId: "a", AmountCents: 1}).
		ThenError(es.ErrNotFound)
}

func TestDeposit_fromBeforeCents(t *testing.T) {
	t.Parallel()
	account(t).
		Given(&bankv1.AccountOpened{}).
		GivenStored(&bankv1.Deposited{Amount: 0.29}). // 28.999999999999996 times a hundredth
		When(&bankv1.Withdraw{AccountId: "a", AmountCents: 29}).
		Then(&bankv1.Withdrawn{AmountCents: 29})
}

func TestFreezeAccount(t *testing.T) {
	t.Parallel()
	account(t).
		Given(&bankv1.AccountOpened{}).
		When(&bankv1.FreezeAccount{AccountId: "a", Reason: "lost card"}).
		Then(&bankv1.AccountFrozen{Reason: "lost card"}).
		When(&bankv1.Withdraw{AccountId: "a", AmountCents: 1}).
		ThenError(es.Precondition("ACCOUNT_FROZEN")).
		When(&bankv1.Deposit{AccountId: "a", AmountCents: 1}).
		Then(&bankv1.DepositedV2{AmountCents: 1})
}

func TestCloseAccount(t *testing.T) {
	t.Parallel()
	account(t).
		Given(&bankv1.AccountOpened{}, &bankv1.DepositedV2{AmountCents: 1}).
		When(&bankv1.CloseAccount{AccountId: "a"}).
		ThenError(accounts.ErrMoneyLeft).
		When(&bankv1.Withdraw{AccountId: "a", AmountCents: 1}).
		Then(&bankv1.Withdrawn{AmountCents: 1}).
		When(&bankv1.CloseAccount{AccountId: "a"}).
		Then(&bankv1.AccountClosed{}).
		When(&bankv1.Deposit{AccountId: "a", AmountCents: 1}).
		ThenError(es.Precondition("ACCOUNT_CLOSED"))
}
