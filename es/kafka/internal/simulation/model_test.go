package simulation

import (
	"github.com/anishathalye/porcupine"
)

// ledger is an aggregate as a sequential machine: what a single process without
// any faults would hold.
type ledger struct {
	version uint64
	balance int64
	last    *executed
	digest  uint64 // of the commands in their order
}

// executed is a command with events, and those before it.
type executed struct {
	command     string
	first, last uint64
	before      *executed
}

func (l ledger) find(command string) *executed {
	for e := l.last; e != nil; e = e.before {
		if e.command == command {
			return e
		}
	}
	return nil
}

// step reports whether a call may have an outcome, and returns what the
// aggregate is after it.
func (l ledger) step(c call, out outcome) (bool, ledger) {
	if c.kind == load {
		return l.loads(out), l
	}
	if e := l.find(c.command); e != nil {
		r := out.receipt
		return out.verdict == succeeded && r.First == e.first && r.Version == e.last && (r.Duplicate || out.ambiguous), l
	}
	if c.expect >= 0 && uint64(c.expect) != l.version {
		return out.verdict == conflict && out.version == l.version, l
	}
	refusal, events, balance := l.decide(c)
	if refusal != succeeded {
		return out.verdict == refusal, l
	}
	r := out.receipt
	next := l
	if events > 0 {
		next = l.after(c.command, events, balance)
	}
	return out.verdict == succeeded && r.First == l.version+1 && r.Version == next.version && (!r.Duplicate || out.ambiguous), next
}

func (l ledger) loads(out outcome) bool {
	if l.version == 0 {
		return out.verdict == missing
	}
	return out.verdict == succeeded && out.version == l.version && out.balance == l.balance
}

// decide is what the behaviour of the ledger says of a command.
func (l ledger) decide(c call) (refusal verdict, events uint64, balance int64) {
	switch {
	case c.kind == open && l.version > 0:
		return exists, 0, 0
	case c.kind == open, c.kind == attach && l.version > 0:
		return succeeded, 1, l.balance
	case c.kind == attach:
		return succeeded, 2, l.balance // it opens the ledger too
	case l.version == 0:
		return missing, 0, 0
	case c.kind == post && c.amounts[0] == 0:
		return succeeded, 0, l.balance
	}
	balance = l.balance
	for _, amount := range c.amounts {
		if balance += amount; balance < 0 {
			return overdrawn, 0, 0
		}
	}
	return succeeded, uint64(len(c.amounts)), balance
}

func (l ledger) after(command string, events uint64, balance int64) ledger {
	e := &executed{command: command, first: l.version + 1, last: l.version + events, before: l.last}
	digest := l.digest
	for _, b := range []byte(command) {
		digest = (digest ^ uint64(b)) * 1_099_511_628_211
	}
	return ledger{version: e.last, balance: balance, last: e, digest: digest}
}

// model is the machine for one aggregate.
func model() porcupine.Model {
	return porcupine.Model{
		Init: func() any { return ledger{} },
		Step: func(state, in, out any) (bool, any) { return state.(ledger).step(in.(call), out.(outcome)) },
		Equal: func(a, b any) bool {
			x, y := a.(ledger), b.(ledger)
			return x.version == y.version && x.balance == y.balance && x.digest == y.digest
		},
		DescribeOperation: nil,
	}
}
