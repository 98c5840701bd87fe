package conformance

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
)

// linearizability tests that what concurrent callers see on one aggregate
// could have been seen one after the other.
func (s *suite) linearizability(t *testing.T) {
	s.test(t, "under load", func(e *env) {
		ids := []string{"a", "b", "c"}
		for _, id := range ids {
			e.create(id)
		}
		const clients = 8
		views := []*env{e, e.another()}
		histories := make([][]porcupine.Operation, clients)
		start := time.Now() //nolint:forbidigo // what happened when is what is checked
		var wg sync.WaitGroup
		for i := range clients {
			wg.Go(func() {
				c := client{env: views[i%len(views)], number: i, start: start, rand: rand.New(rand.NewPCG(1, uint64(i)))} //nolint:gosec // a test
				histories[i] = c.run(ids)
			})
		}
		wg.Wait()
		if e.t.Failed() {
			return
		}
		switch porcupine.CheckOperationsTimeout(ledgerModel(), slices.Concat(histories...), 30*time.Second) {
		case porcupine.Illegal:
			e.t.Error("no order of the operations explains what the callers saw")
		case porcupine.Unknown:
			e.t.Error("the history is too large to be checked in time")
		case porcupine.Ok:
		}
	})
}

// call is the input of an operation: a command, or a load when it has no id.
type call struct {
	aggregate, commandID string
	amount               int64
	expect               int64 // -1: none
}

// reply is the output of an operation.
type reply struct {
	version   uint64 // of the event, of the aggregate loaded, or of the conflict
	balance   int64  // of the aggregate loaded
	duplicate bool
	conflict  bool
	overdrawn bool
}

// client is one of the concurrent callers.
type client struct {
	*env

	number int
	start  time.Time
	rand   *rand.Rand
}

func (c *client) run(ids []string) []porcupine.Operation {
	const calls = 40
	ops := make([]porcupine.Operation, 0, calls)
	known := map[string]uint64{}
	for range calls {
		in := call{aggregate: ids[c.rand.IntN(len(ids))], expect: -1}
		if c.rand.IntN(4) > 0 {
			in.commandID = strconv.Itoa(c.rand.IntN(60)) // shared with the other clients
			in.amount = int64(c.rand.IntN(40) - 15)
			if in.amount == 0 {
				in.amount = 1
			}
			if c.rand.IntN(3) == 0 {
				in.expect = int64(known[in.aggregate]) //nolint:gosec // small
			}
		}
		called := time.Since(c.start)
		out, err := c.call(in)
		returned := time.Since(c.start)
		if err != nil {
			c.t.Errorf("%+v: %v", in, err)
			return nil
		}
		if out.version > 0 {
			known[in.aggregate] = out.version
		}
		ops = append(ops, porcupine.Operation{
			ClientId: c.number, Input: in, Output: out, Call: called.Nanoseconds(), Return: returned.Nanoseconds(),
		})
	}
	return ops
}

func (c *client) call(in call) (reply, error) {
	if in.commandID == "" {
		rev, err := c.load(in.aggregate)
		return reply{version: rev.Version, balance: rev.State.GetBalance()}, err
	}
	opts := []es.CommandOption{es.CommandID(in.commandID)}
	if in.expect >= 0 {
		opts = append(opts, es.ExpectVersion(uint64(in.expect)))
	}
	res, err := c.execute(post(in.aggregate, in.amount), opts...)
	var conflict *es.ConflictError
	switch {
	case errors.As(err, &conflict):
		return reply{version: conflict.Current, conflict: true}, nil
	case errors.Is(err, ledgerv1.ErrOverdrawn):
		return reply{overdrawn: true}, nil
	}
	return reply{version: res.Version, duplicate: res.Duplicate}, err
}

// ledgerState is what the model knows of one aggregate: the ids of the
// commands in the order of their events, and the balance.
type ledgerState struct {
	commands []string
	balance  int64
}

func (s ledgerState) version() uint64 { return uint64(len(s.commands)) }

// ledgerModel is the contract as a sequential machine, one per aggregate.
func ledgerModel() porcupine.Model {
	return porcupine.Model{
		Partition: func(history []porcupine.Operation) [][]porcupine.Operation {
			byID := map[string][]porcupine.Operation{}
			for _, op := range history {
				id := op.Input.(call).aggregate //nolint:forcetypeassert,errcheck // all inputs are
				byID[id] = append(byID[id], op)
			}
			var parts [][]porcupine.Operation
			for _, part := range byID {
				parts = append(parts, part)
			}
			return parts
		},
		Init: func() any { return ledgerState{commands: []string{"open"}} },
		Step: func(state, input, output any) (bool, any) {
			return step(state.(ledgerState), input.(call), output.(reply)) //nolint:forcetypeassert,errcheck // as above
		},
		Equal: func(a, b any) bool {
			x, y := a.(ledgerState), b.(ledgerState) //nolint:forcetypeassert,errcheck // as above
			return x.balance == y.balance && slices.Equal(x.commands, y.commands)
		},
	}
}

// step reports whether a call may have this reply, and the state after it.
func step(s ledgerState, in call, out reply) (bool, ledgerState) {
	if in.commandID == "" {
		return out == reply{version: s.version(), balance: s.balance}, s
	}
	if i := slices.Index(s.commands, in.commandID); i >= 0 {
		return out == reply{version: uint64(i) + 1, duplicate: true}, s
	}
	if in.expect >= 0 && uint64(in.expect) != s.version() {
		return out == reply{version: s.version(), conflict: true}, s
	}
	if s.balance+in.amount < 0 {
		return out == reply{overdrawn: true}, s
	}
	next := ledgerState{
		commands: append(slices.Clip(s.commands), in.commandID),
		balance:  s.balance + in.amount,
	}
	return out == reply{version: next.version()}, next
}
