package replay

import (
	"context"
	"fmt"
	"time"

	eh "github.com/looplab/eventhorizon"
	"github.com/looplab/eventhorizon/aggregatestore/events"
	"github.com/looplab/eventhorizon/eventstore/memory"
	"github.com/looplab/eventhorizon/uuid"
)

const (
	horizonAccountType   eh.AggregateType = "Account"
	horizonAccountOpened eh.EventType     = "AccountOpened"
	horizonDeposited     eh.EventType     = "Deposited"
	horizonWithdrawn     eh.EventType     = "Withdrawn"
)

// The library creates aggregates and payloads through global registries.
func init() { //nolint:gochecknoinits // as the library's documentation shows
	eh.RegisterAggregate(func(id uuid.UUID) eh.Aggregate { return newHorizonAccount(id) })
	eh.RegisterEventData(horizonAccountOpened, func() eh.EventData { return &AccountOpened{} })
	eh.RegisterEventData(horizonDeposited, func() eh.EventData { return &Deposited{} })
	eh.RegisterEventData(horizonWithdrawn, func() eh.EventData { return &Withdrawn{} })
}

type horizonAccount struct {
	*events.AggregateBase
	State
}

func newHorizonAccount(id uuid.UUID) *horizonAccount {
	return &horizonAccount{AggregateBase: events.NewAggregateBase(horizonAccountType, id)}
}

// HandleCommand is there because the library's interface asks for it.
func (*horizonAccount) HandleCommand(context.Context, eh.Command) error { return nil }

// ApplyEvent changes the state by one event.
func (a *horizonAccount) ApplyEvent(_ context.Context, e eh.Event) error {
	switch e.EventType() {
	case horizonAccountOpened:
		data, ok := e.Data().(*AccountOpened)
		if !ok {
			return fmt.Errorf("%T is not the data of %s", e.Data(), e.EventType())
		}
		a.Owner, a.Currency = data.Owner, data.Currency
	case horizonDeposited:
		data, ok := e.Data().(*Deposited)
		if !ok {
			return fmt.Errorf("%T is not the data of %s", e.Data(), e.EventType())
		}
		a.BalanceCents += data.AmountCents
		a.Entries++
		a.LastReference = data.Reference
	case horizonWithdrawn:
		data, ok := e.Data().(*Withdrawn)
		if !ok {
			return fmt.Errorf("%T is not the data of %s", e.Data(), e.EventType())
		}
		a.BalanceCents -= data.AmountCents
		a.Entries++
		a.LastReference = data.Reference
	}
	return nil
}

// horizonFold reaches the library's loop, and nothing else of it, through a
// store that hands out a slice of decoded events.
func horizonFold(n int) (Run, error) {
	a, err := horizonStory(n)
	if err != nil {
		return nil, err
	}
	return horizonRun(decodedStore{events: a.UncommittedEvents()}, a.EntityID())
}

func horizonLoad(n int) (Run, error) {
	a, err := horizonStory(n)
	if err != nil {
		return nil, err
	}
	store, err := memory.NewEventStore()
	if err != nil {
		return nil, err
	}
	if err := store.Save(context.Background(), a.UncommittedEvents(), 0); err != nil {
		return nil, err
	}
	return horizonRun(store, a.EntityID())
}

func horizonRun(store eh.EventStore, id uuid.UUID) (Run, error) {
	accounts, err := events.NewAggregateStore(store)
	if err != nil {
		return nil, err
	}
	return func() (State, error) {
		loaded, err := accounts.Load(context.Background(), horizonAccountType, id)
		if err != nil {
			return State{}, err
		}
		a, ok := loaded.(*horizonAccount)
		if !ok {
			return State{}, fmt.Errorf("loaded %T", loaded)
		}
		a.Version = uint64(a.AggregateVersion())
		return a.State, nil
	}, nil
}

func horizonStory(n int) (*horizonAccount, error) {
	a := newHorizonAccount(uuid.New())
	for _, data := range story(n) {
		switch data.(type) {
		case *AccountOpened:
			a.AppendEvent(horizonAccountOpened, data, time.Now())
		case *Deposited:
			a.AppendEvent(horizonDeposited, data, time.Now())
		case *Withdrawn:
			a.AppendEvent(horizonWithdrawn, data, time.Now())
		default:
			return nil, fmt.Errorf("no event for %T", data)
		}
	}
	return a, nil
}

// decodedStore is an event store that holds the events of one aggregate.
type decodedStore struct {
	eh.EventStore
	events []eh.Event
}

// LoadFrom hands out what is there.
func (s decodedStore) LoadFrom(context.Context, uuid.UUID, int) ([]eh.Event, error) {
	return s.events, nil
}
