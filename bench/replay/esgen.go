package replay

import (
	"context"
	"fmt"

	"google.golang.org/protobuf/proto"

	benchv1 "github.com/esgen-dev/esgen/bench/gen/bench/v1"
	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/memory"
)

const esgenID = "account-1"

// Account is the behaviour that a service writes.
type Account struct{}

// HandleOpenAccount opens the account.
func (Account) HandleOpenAccount(
	_ es.Meta, _ *benchv1.Account, c *benchv1.OpenAccount,
) ([]benchv1.OpenAccountOutcome, error) {
	return []benchv1.OpenAccountOutcome{&benchv1.AccountOpened{
		Owner: c.GetOwner(), Currency: c.GetCurrency(), Branch: c.GetBranch(),
		Product: c.GetProduct(), LimitCents: c.GetLimitCents(),
	}}, nil
}

// HandleBook deposits or withdraws.
func (Account) HandleBook(_ es.Meta, _ *benchv1.Account, c *benchv1.Book) ([]benchv1.BookOutcome, error) {
	if c.GetAmountCents() < 0 {
		return []benchv1.BookOutcome{&benchv1.Withdrawn{
			AmountCents: -c.GetAmountCents(), Currency: c.GetCurrency(), Reference: c.GetReference(),
			Channel: c.GetChannel(), ValueDate: c.GetValueDate(),
		}}, nil
	}
	return []benchv1.BookOutcome{&benchv1.Deposited{
		AmountCents: c.GetAmountCents(), Currency: c.GetCurrency(), Reference: c.GetReference(),
		Channel: c.GetChannel(), ValueDate: c.GetValueDate(),
	}}, nil
}

// ApplyAccountOpened sets what does not change any more.
func (Account) ApplyAccountOpened(_ es.Meta, s *benchv1.Account, e *benchv1.AccountOpened) {
	s.Owner, s.Currency = e.GetOwner(), e.GetCurrency()
}

// ApplyDeposited adds to the balance.
func (Account) ApplyDeposited(_ es.Meta, s *benchv1.Account, e *benchv1.Deposited) {
	s.BalanceCents += e.GetAmountCents()
	s.Entries++
	s.LastReference = e.GetReference()
}

// ApplyWithdrawn takes from the balance.
func (Account) ApplyWithdrawn(_ es.Meta, s *benchv1.Account, e *benchv1.Withdrawn) {
	s.BalanceCents -= e.GetAmountCents()
	s.Entries++
	s.LastReference = e.GetReference()
}

// esgenFold folds through the generated dispatch, with the version check that
// an engine makes.
func esgenFold(n int) (Run, error) {
	events, err := esgenStory(n)
	if err != nil {
		return nil, err
	}
	a := benchv1.AccountType(Account{})
	return func() (State, error) {
		state, version := a.NewState(), uint64(0)
		for i := range events {
			e := &events[i]
			if e.Version != version+1 {
				return State{}, fmt.Errorf("event of version %d after version %d", e.Version, version)
			}
			if !a.Apply(e.Meta, state, e.Event) {
				return State{}, fmt.Errorf("%T is not an event of %s", e.Event, a.Spec().Name)
			}
			version = e.Version
		}
		return esgenState(state, version)
	}, nil
}

// esgenLoad loads through a new binding each time: a binding keeps the states
// that it decoded, and would answer from there.
func esgenLoad(n int) (Run, error) {
	ctx := context.Background()
	engine, err := esgenEngine(ctx, n)
	if err != nil {
		return nil, err
	}
	return func() (State, error) {
		r, err := benchv1.NewAccountAggregate(engine, Account{}).Load(ctx, esgenID)
		if err != nil {
			return State{}, err
		}
		return esgenState(r.State, r.Version)
	}, nil
}

// esgenEngine returns an engine that stores n events of one account.
func esgenEngine(ctx context.Context, n int) (*memory.Engine, error) {
	engine := memory.New()
	accounts := benchv1.NewAccountAggregate(engine, Account{})
	for _, data := range story(n) {
		if err := esgenExecute(ctx, accounts, data); err != nil {
			return nil, err
		}
	}
	return engine, nil
}

func esgenExecute(ctx context.Context, accounts *benchv1.AccountAggregate, data any) error {
	var err error
	switch d := data.(type) {
	case *AccountOpened:
		_, err = accounts.OpenAccount(ctx, &benchv1.OpenAccount{
			AccountId: esgenID, Owner: d.Owner, Currency: d.Currency,
			Branch: d.Branch, Product: d.Product, LimitCents: d.LimitCents,
		})
	case *Deposited:
		_, err = accounts.Book(ctx, &benchv1.Book{
			AccountId: esgenID, AmountCents: d.AmountCents, Currency: d.Currency,
			Reference: d.Reference, Channel: d.Channel, ValueDate: d.ValueDate,
		})
	case *Withdrawn:
		_, err = accounts.Book(ctx, &benchv1.Book{
			AccountId: esgenID, AmountCents: -d.AmountCents, Currency: d.Currency,
			Reference: d.Reference, Channel: d.Channel, ValueDate: d.ValueDate,
		})
	default:
		err = fmt.Errorf("no command for %T", data)
	}
	return err
}

// esgenStory returns the events as an engine would have read them.
func esgenStory(n int) ([]es.Event[proto.Message], error) {
	ctx := context.Background()
	engine, err := esgenEngine(ctx, n)
	if err != nil {
		return nil, err
	}
	var events []es.Event[proto.Message]
	for e, err := range engine.Bind(benchv1.AccountType(Account{})).History(ctx, esgenID, es.ReadOptions{}) {
		if err != nil {
			return nil, err
		}
		events = append(events, e)
	}
	return events, nil
}

func esgenState(state proto.Message, version uint64) (State, error) {
	s, ok := state.(*benchv1.Account)
	if !ok {
		return State{}, fmt.Errorf("the state is %T", state)
	}
	return State{
		Owner: s.GetOwner(), Currency: s.GetCurrency(), LastReference: s.GetLastReference(),
		BalanceCents: s.GetBalanceCents(), Entries: s.GetEntries(), Version: version,
	}, nil
}
