//go:build unix

package interop

import (
	"fmt"
	"log/slog"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sr"
	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/kafka"
	"github.com/esgen-dev/esgen/es/kafka/topics"
	"github.com/esgen-dev/esgen/examples/bank/accounts"
	bankv1 "github.com/esgen-dev/esgen/examples/bank/gen/bank/v1"
	"github.com/esgen-dev/esgen/examples/bank/lastyear"
)

func account() es.Aggregate { return bankv1.AccountType(accounts.Account{}) }

// customers are ids of accounts: more than there are partitions, and some that
// are not ASCII.
func customers() []string {
	ids := []string{"Ünïcödé/Größe", "счёт", "with space and \"quotes\""}
	for i := range 30 {
		ids = append(ids, fmt.Sprintf("acc-%d", i))
	}
	return ids
}

// open opens the bank's engine.
func (w *world) open(t *testing.T, opts ...kafka.Option) *kafka.Engine {
	t.Helper()
	e, err := kafka.Open("bank", append(opts,
		kafka.Client(kgo.SeedBrokers(w.Brokers()...)),
		kafka.Profile(topics.SingleBroker()),
		kafka.Logger(slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelError}))),
	)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	return e
}

// framed is the option that puts a schema id in front of values.
func (w *world) framed(t *testing.T) kafka.Option {
	t.Helper()
	client, err := sr.NewClient(sr.URLs(w.registry))
	if err != nil {
		t.Fatal(err)
	}
	return kafka.Registry(client, nil)
}

// story has accounts opened and used by last year's code, and then by today's.
// Whatever event the bank has is there.
func (w *world) story(t *testing.T) {
	t.Helper()
	old := w.open(t, w.framed(t))
	past := old.Bind(oldAccount{lastyear.Account()})
	for i, id := range customers() {
		execute(t, past, i, &bankv1.OpenAccount{AccountId: id, Owner: "Owner of " + id, OverdraftCents: int64(i) * 10_00})
		execute(t, past, i, &bankv1.Deposit{AccountId: id, AmountCents: 250_29})
	}
	if err := old.Close(); err != nil {
		t.Fatal(err)
	}
	today := w.open(t, w.framed(t))
	now := today.Bind(account())
	for i, id := range customers() {
		execute(t, now, i, &bankv1.Deposit{AccountId: id, AmountCents: 1 << 40})
		execute(t, now, i, &bankv1.Withdraw{AccountId: id, AmountCents: 1 << 40})
		execute(t, now, i, &bankv1.Withdraw{AccountId: id, AmountCents: 600_00})
		switch i % 3 {
		case 1:
			execute(t, now, i, &bankv1.FreezeAccount{AccountId: id, Reason: "card lost"})
		case 2:
			closeAccount(t, now, i, id)
		}
	}
	if err := today.Close(); err != nil {
		t.Fatal(err)
	}
}

// closeAccount takes all the money out first.
func closeAccount(t *testing.T, s es.Store, i int, id string) {
	t.Helper()
	acc, err := s.Load(t.Context(), id, es.ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if balance := acc.State.(*bankv1.Account).GetBalanceCents(); balance > 0 {
		execute(t, s, i, &bankv1.Withdraw{AccountId: id, AmountCents: balance})
	} else if balance < 0 {
		execute(t, s, i, &bankv1.Deposit{AccountId: id, AmountCents: -balance})
	}
	execute(t, s, i, &bankv1.CloseAccount{AccountId: id})
}

// execute executes a command, with what an envelope can hold.
func execute(t *testing.T, s es.Store, i int, c proto.Message) {
	t.Helper()
	opts := []es.CommandOption{es.Actor(fmt.Sprintf("teller-%d", i))}
	if i%2 == 0 {
		opts = append(opts, es.CorrelationID(fmt.Sprintf("visit-%d", i)))
	}
	if _, _, err := s.Execute(t.Context(), c, es.NewCommandOptions(opts...)); err != nil {
		t.Fatal(err)
	}
}

// oldAccount is last year's aggregate type, with what it emitted declared as
// that of its time: the engine looks up the schemas of what is emitted.
type oldAccount struct{ es.Aggregate }

func (a oldAccount) Spec() *es.Spec {
	spec := *a.Aggregate.Spec()
	spec.Events = append([]es.EventSpec(nil), spec.Events...)
	for i, e := range spec.Events {
		switch e.Message {
		case "bank.v1.Deposited":
			spec.Events[i].Current = true
		case "bank.v1.DepositedV2":
			spec.Events[i].Current = false
		}
	}
	return &spec
}

// feed returns what the engine reads.
func (w *world) feed(t *testing.T) []es.Event[bankv1.AccountEvent] {
	t.Helper()
	var events []es.Event[bankv1.AccountEvent]
	for ev, err := range bankv1.NewAccountReader(w.open(t), accounts.Account{}).Feed(t.Context(), es.Start()) {
		if err != nil {
			t.Fatal(err)
		}
		events = append(events, ev)
	}
	return events
}
