// Package replay compares how fast an aggregate comes back from its events:
// in esgen, and in the libraries that one would pick instead.
//
// Two things are measured. Fold takes events that are decoded already and
// applies them to an empty aggregate, checking their versions. Load asks the
// library's in-memory store for an aggregate, through its public API, without
// snapshots. The peers differ in what that means:
//
//   - esgen keeps bytes and unmarshals each event into a fresh message.
//   - hallgren/eventsourcing keeps JSON and decodes each event with
//     encoding/json. It has no public way to fold decoded events.
//   - modernice/goes keeps Go values and decodes nothing. Events come through
//     a channel.
//   - looplab/eventhorizon keeps Go values and decodes nothing, but copies
//     each event by reflection, so that callers cannot change the store. Its
//     loop over decoded events is not exported; it is reached by loading from
//     an event store. So it folds twice here: from its own store, as one gets
//     it, and as a bare loop, from a store made for this comparison that hands
//     out a slice. It does not check versions.
//
// Each is written as its own documentation shows. Every contender folds the
// same events with the same five fields to the same [State], which a test
// checks.
//
// Nothing here asserts a duration.
package replay

import "fmt"

// Contender is one library in the comparison.
type Contender struct {
	Name string
	// Fold prepares n decoded events and returns the function to measure. It
	// is nil where the library has no public way to fold decoded events.
	Fold func(n int) (Run, error)
	// Load prepares a store with n events of one aggregate and returns the
	// function to measure. It is nil for what is not a way to load.
	Load func(n int) (Run, error)
}

// Run brings an aggregate back from its events and returns its state.
type Run func() (State, error)

// State is what an aggregate has to look like afterwards.
type State struct {
	Owner         string
	Currency      string
	LastReference string
	BalanceCents  int64
	Entries       int64
	Version       uint64
}

// Contenders returns the libraries, esgen first.
func Contenders() []Contender {
	return []Contender{
		{Name: "esgen", Fold: esgenFold, Load: esgenLoad},
		{Name: "hallgren/eventsourcing", Load: hallgrenLoad},
		{Name: "modernice/goes", Fold: goesFold, Load: goesLoad},
		{Name: "looplab/eventhorizon", Fold: horizonLoad, Load: horizonLoad},
		{Name: "looplab/eventhorizon, bare loop", Fold: horizonFold},
	}
}

// The payloads of the peers: the fields of the messages in
// proto/bench/v1/account.proto.
type (
	// AccountOpened is the first event.
	AccountOpened struct {
		Owner      string
		Currency   string
		Branch     string
		Product    string
		LimitCents int64
	}
	// Deposited adds to the balance.
	Deposited struct {
		AmountCents int64
		Currency    string
		Reference   string
		Channel     string
		ValueDate   int64
	}
	// Withdrawn takes from the balance.
	Withdrawn struct {
		AmountCents int64
		Currency    string
		Reference   string
		Channel     string
		ValueDate   int64
	}
)

// story returns the payloads of n events, oldest first, as pointers to the
// types above.
func story(n int) []any {
	events := []any{&AccountOpened{
		Owner: "Ada Lovelace", Currency: "EUR", Branch: "Marylebone", Product: "current", LimitCents: 100_000,
	}}
	for i := 1; i < n; i++ {
		reference := fmt.Sprintf("booking-%06d", i)
		date := int64(1_767_225_600 + i)
		if i%3 == 0 {
			events = append(events, &Withdrawn{
				AmountCents: int64(i), Currency: "EUR", Reference: reference, Channel: "card", ValueDate: date,
			})
			continue
		}
		events = append(events, &Deposited{
			AmountCents: int64(i), Currency: "EUR", Reference: reference, Channel: "transfer", ValueDate: date,
		})
	}
	return events
}
