package kafka

import (
	"bytes"
	"fmt"

	"github.com/esgen-dev/esgen/es"
)

// maxAttempts is how often a command is decided.
const maxAttempts = 8

// resolve answers what was in doubt from the log, which is final for all older
// producers. A command that is not there was not committed, and is decided
// again.
func (o *owner) resolve() {
	requests := o.doubt
	o.doubt = nil
	for _, r := range requests {
		switch stored := o.memory.stream(r.id).command(r.options.CommandID); {
		case len(r.staged) > 0 && sameRecords(stored, r.staged):
			r.answer(reply{stored: stored, first: true, events: r.events})
		case r.attempts >= maxAttempts:
			r.answer(reply{err: about(o.domain.name, r.id, fmt.Errorf(
				"nothing was done: no commit succeeded in %d attempts: %w", r.attempts, o.why))})
		default:
			o.carry = append(o.carry, r)
		}
	}
}

// sameRecords reports whether what is stored is what an attempt would have
// stored, and not what came of the same command in another process.
func sameRecords(stored, staged []*es.Record) bool {
	if len(stored) != len(staged) {
		return false
	}
	for i, s := range stored {
		t := staged[i]
		if s.Version != t.Version || s.Type != t.Type || !s.Time.Equal(t.Time) || !bytes.Equal(s.Data, t.Data) {
			return false
		}
	}
	return true
}

// refuse answers everything that waits with an error.
func (o *owner) refuse(err error) {
	for _, r := range o.doubt {
		r.answer(reply{err: o.uncertain(r, err)})
	}
	o.doubt = nil
	for r := o.next(); r != nil; r = o.next() {
		r.answer(reply{err: about(o.domain.name, r.id, err)})
	}
}

// uncertain is what becomes of a request that was in doubt.
func (o *owner) uncertain(r *request, err error) error {
	if len(r.staged) > 0 {
		err = fmt.Errorf("%w: %s", es.ErrOutcomeUnknown, err.Error()) // not wrapped: it may say that nothing was done
	}
	return about(o.domain.name, r.id, err)
}

// park refuses everything until the partition is taken away.
func (o *owner) park() {
	for {
		o.refuse(fmt.Errorf("partition %d is refused: %w", o.id, o.why))
		select {
		case <-o.mailbox.wake:
		case <-o.ctx.Done():
			return
		}
	}
}

// end answers everything that the partition left behind. What was not decided
// is handed back to its callers, who turn to the new owner.
func (o *owner) end() {
	for _, r := range o.doubt {
		r.answer(reply{err: o.uncertain(r, errGone)})
	}
	for _, r := range append(o.carry, o.mailbox.close()...) {
		r.answer(reply{err: errGone})
	}
}
