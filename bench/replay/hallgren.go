package replay

import (
	"context"

	"github.com/hallgren/eventsourcing"
	"github.com/hallgren/eventsourcing/aggregate"
	"github.com/hallgren/eventsourcing/eventstore/memory"
)

type hallgrenAccount struct {
	aggregate.Root
	state State
}

// Register tells the library which events the aggregate has.
func (*hallgrenAccount) Register(r aggregate.RegisterFunc) {
	r(&AccountOpened{}, &Deposited{}, &Withdrawn{})
}

// Transition changes the state by one event.
func (a *hallgrenAccount) Transition(e eventsourcing.Event) {
	switch data := e.Data().(type) {
	case *AccountOpened:
		a.state.Owner, a.state.Currency = data.Owner, data.Currency
	case *Deposited:
		a.state.BalanceCents += data.AmountCents
		a.state.Entries++
		a.state.LastReference = data.Reference
	case *Withdrawn:
		a.state.BalanceCents -= data.AmountCents
		a.state.Entries++
		a.state.LastReference = data.Reference
	}
}

func hallgrenLoad(n int) (Run, error) {
	aggregate.Register(&hallgrenAccount{})
	store := memory.Create()
	var a hallgrenAccount
	for _, data := range story(n) {
		aggregate.TrackChange(&a, data)
	}
	if err := aggregate.Save(store, &a); err != nil {
		return nil, err
	}
	return func() (State, error) {
		var loaded hallgrenAccount
		if err := aggregate.Load(context.Background(), store, a.ID(), &loaded); err != nil {
			return State{}, err
		}
		loaded.state.Version = uint64(loaded.Version())
		return loaded.state, nil
	}, nil
}
