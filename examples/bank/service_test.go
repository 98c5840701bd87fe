package main

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/kafka"
	"github.com/esgen-dev/esgen/es/kafka/topics"
	"github.com/esgen-dev/esgen/examples/bank/accounts"
	bankv1 "github.com/esgen-dev/esgen/examples/bank/gen/bank/v1"
	"github.com/esgen-dev/esgen/examples/internal/proctest"
	"github.com/esgen-dev/esgen/examples/internal/web"
)

// TestCrash kills one of two processes of the bank after the other, while
// clients go on, and audits the log.
func TestCrash(t *testing.T) {
	t.Parallel()
	b := open(t, 2, 12)
	b.clients.Progress(20)
	for _, p := range b.processes {
		p.Kill()
		b.clients.Progress(20) // the other one has taken over
		p.Restart()
		b.clients.Progress(20)
	}
	b.audit(t)
}

var soak = flag.Duration("soak", 3*time.Second, "how long TestSoak torments the bank")

// TestSoak kills and freezes three processes of the bank, and Kafka, at random.
func TestSoak(t *testing.T) {
	t.Parallel()
	b := open(t, 3, 30)
	ctx, cancel := context.WithTimeout(t.Context(), *soak)
	defer cancel()
	calm := min(*soak/4, 4*time.Second)
	var nemesis proctest.Nemesis
	var wg sync.WaitGroup
	for _, p := range b.processes {
		wg.Go(func() { nemesis.Torment(ctx, p, calm, 2*time.Second) })
	}
	wg.Go(func() { nemesis.Torment(ctx, b.kafka, 2*calm, 2*time.Second) })
	wg.Wait()
	b.clients.Progress(1)
	b.audit(t)
	t.Log(&nemesis)
}

// bank is some processes of the bank, on a Kafka in another one.
type bank struct {
	kafka     *proctest.Process
	brokers   string
	processes []*proctest.Process
	addresses []string
	clients   *proctest.Crowd
}

// open starts a bank with clients.
func open(t *testing.T, processes, clients int) *bank {
	t.Helper()
	b := &bank{}
	b.kafka, b.brokers = proctest.StartKafka(t)
	for range processes {
		address := proctest.FreeAddress(t)
		b.addresses = append(b.addresses, address)
		b.processes = append(b.processes, proctest.Start(t,
			"bank", "-engine", "kafka", "-brokers", b.brokers, "-session", "1s", "-serve", address))
	}
	b.clients = proctest.StartCrowd(t, clients, anything, b.addresses...)
	return b
}

// anything is what somebody wants of one of thirty accounts. Some of it will be
// refused.
func anything(random *rand.Rand) proctest.Command {
	id, amount := fmt.Sprintf("acc-%d", random.IntN(30)), 1+random.Int64N(100)
	var c bankv1.AccountCommand
	switch random.IntN(10) {
	case 0:
		c = &bankv1.OpenAccount{AccountId: id, Owner: "somebody", OverdraftCents: amount}
	case 1, 2, 3, 4:
		c = &bankv1.Withdraw{AccountId: id, AmountCents: amount}
	default:
		c = &bankv1.Deposit{AccountId: id, AmountCents: amount}
	}
	return proctest.Command{Path: "accounts", Message: c}
}

// audit waits for the clients, and holds the log and the processes to what they
// were told.
func (b *bank) audit(t *testing.T) {
	t.Helper()
	history := b.clients.Stop()
	log := proctest.ReadLog(t, b.brokers, "bank.v1.account")
	for _, err := range proctest.Audit(log, history) {
		t.Error(err)
	}
	states := b.replay(t, history, log)
	for _, address := range b.addresses {
		for id, want := range states {
			b.compare(t, address, id, want)
		}
	}
	t.Logf("%v; %d events of %d accounts", history, len(log), len(states))
}

// replay decides everything again, by the order of the log: each event has to be
// the right one, at its time. It returns the states that this leads to.
func (b *bank) replay(t *testing.T, history proctest.History, log []proctest.Stored) map[string]es.Revision[*bankv1.Account] {
	t.Helper()
	engine, err := kafka.Open("audit", kafka.Client(kgo.SeedBrokers(b.brokers)), kafka.Profile(topics.SingleBroker()))
	if err != nil {
		t.Fatal(err)
	}
	defer engine.Close()
	account := bankv1.AccountType(accounts.Account{})
	states := map[string]es.Revision[*bankv1.Account]{}
	events := 0
	for ev, err := range bankv1.NewAccountReader(engine, accounts.Account{}).Feed(t.Context(), es.Start()) {
		if err != nil {
			t.Fatal(err)
		}
		rev := states[ev.AggregateID]
		if rev.State == nil {
			rev.State = &bankv1.Account{}
		}
		decided, err := account.Handle(ev.Meta, rev.State, history.Sent[ev.CommandID].Message)
		if err != nil || len(decided) != 1 || !proto.Equal(decided[0], ev.Event) {
			t.Errorf("%s: command %q led to %v, and should have to %v, %v", ev.Position, ev.CommandID, ev.Event, decided, err)
		}
		account.Apply(ev.Meta, rev.State, ev.Event)
		rev.Version = ev.Version
		states[ev.AggregateID] = rev
		events++
	}
	if events != len(log) {
		t.Errorf("one reader sees %d events, the other one %d", events, len(log))
	}
	return states
}

// compare asks a process for an account.
func (b *bank) compare(t *testing.T, address, id string, want es.Revision[*bankv1.Account]) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	got, err := web.NewClient(address).Load(ctx, "accounts", id)
	if err != nil {
		t.Errorf("%s: %s: %v", address, id, err)
		return
	}
	state := &bankv1.Account{}
	if err := protojson.Unmarshal(got.State, state); err != nil || got.Version != want.Version || !proto.Equal(state, want.State) {
		t.Errorf("%s: %s is at version %d with %v, want version %d with %v", address, id, got.Version, state, want.Version, want.State)
	}
}
