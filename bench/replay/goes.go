package replay

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/modernice/goes/aggregate"
	"github.com/modernice/goes/aggregate/repository"
	"github.com/modernice/goes/event"
	"github.com/modernice/goes/event/eventstore"
)

const (
	goesAccountName   = "bench.account"
	goesAccountOpened = "bench.account.opened"
	goesDeposited     = "bench.account.deposited"
	goesWithdrawn     = "bench.account.withdrawn"
)

type goesAccount struct {
	*aggregate.Base
	state State
}

func newGoesAccount(id uuid.UUID) *goesAccount {
	a := &goesAccount{Base: aggregate.New(goesAccountName, id)}
	event.ApplyWith(a, a.opened, goesAccountOpened)
	event.ApplyWith(a, a.deposited, goesDeposited)
	event.ApplyWith(a, a.withdrawn, goesWithdrawn)
	return a
}

func (a *goesAccount) opened(e event.Of[*AccountOpened]) {
	data := e.Data()
	a.state.Owner, a.state.Currency = data.Owner, data.Currency
}

func (a *goesAccount) deposited(e event.Of[*Deposited]) {
	data := e.Data()
	a.state.BalanceCents += data.AmountCents
	a.state.Entries++
	a.state.LastReference = data.Reference
}

func (a *goesAccount) withdrawn(e event.Of[*Withdrawn]) {
	data := e.Data()
	a.state.BalanceCents -= data.AmountCents
	a.state.Entries++
	a.state.LastReference = data.Reference
}

func (a *goesAccount) result() State {
	a.state.Version = uint64(a.AggregateVersion())
	return a.state
}

func goesFold(n int) (Run, error) {
	a, err := goesStory(n)
	if err != nil {
		return nil, err
	}
	events := a.AggregateChanges()
	return func() (State, error) {
		folded := newGoesAccount(a.AggregateID())
		if err := aggregate.ApplyHistory(folded, events); err != nil {
			return State{}, err
		}
		return folded.result(), nil
	}, nil
}

func goesLoad(n int) (Run, error) {
	a, err := goesStory(n)
	if err != nil {
		return nil, err
	}
	accounts := repository.Typed(repository.New(eventstore.New()), newGoesAccount)
	if err := accounts.Save(context.Background(), a); err != nil {
		return nil, err
	}
	return func() (State, error) {
		loaded, err := accounts.Fetch(context.Background(), a.AggregateID())
		if err != nil {
			return State{}, err
		}
		return loaded.result(), nil
	}, nil
}

func goesStory(n int) (*goesAccount, error) {
	a := newGoesAccount(uuid.New())
	for _, data := range story(n) {
		switch data := data.(type) {
		case *AccountOpened:
			aggregate.Next(a, goesAccountOpened, data)
		case *Deposited:
			aggregate.Next(a, goesDeposited, data)
		case *Withdrawn:
			aggregate.Next(a, goesWithdrawn, data)
		default:
			return nil, fmt.Errorf("no event for %T", data)
		}
	}
	return a, nil
}
