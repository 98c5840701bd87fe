package simulation

import (
	"fmt"
	"sync"
	"time"

	"github.com/esgen-dev/esgen/es"
)

// kind is what a call does.
type kind int8

const (
	load kind = iota
	open
	attach
	post
	postBatch
)

// call is what a client asked for.
type call struct {
	kind      kind
	aggregate string
	command   string  // its id, for a command
	amounts   []int64 // to post
	expect    int64   // the version, or -1
}

func (c call) String() string {
	return fmt.Sprintf("%s of %q by command %q, amounts %d, expecting version %d",
		[...]string{"load", "open", "attach", "post", "post of a batch"}[c.kind], c.aggregate, c.command, c.amounts, c.expect)
}

// verdict is what became of a call, as the client sees it.
type verdict int8

const (
	succeeded verdict = iota
	conflict
	overdrawn
	missing
	exists
	unknown // it may have been executed
	undone  // it was not executed, and no process was found that would
)

// outcome is what a client knows of a call.
type outcome struct {
	verdict   verdict
	receipt   es.Receipt // of a command that succeeded
	version   uint64     // of the aggregate loaded, or of the conflict
	balance   int64      // of the aggregate loaded
	ambiguous bool       // an earlier attempt of the same call may have been executed
	err       error      // of the last attempt, when it is not known or undone
}

// operation is a call with its outcome.
type operation struct {
	client           int
	call             call
	outcome          outcome
	called, returned time.Duration // since the start
}

// sight is the state of an aggregate at a version, or where the event of that
// version lies, as somebody read it.
type sight struct {
	aggregate string
	version   uint64
	digest    uint64
	position  es.Position // when it is an event
	how       string
}

// history is what happened in a simulation. Safe for concurrent use.
type history struct {
	began time.Time

	mu         sync.Mutex
	operations []operation
	sights     []sight
	alarms     []error // a log that is said to be damaged
	attempts   int
}

func newHistory() *history { return &history{began: time.Now()} }

func (h *history) record(op operation) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.operations = append(h.operations, op)
}

func (h *history) see(s sight) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.sights = append(h.sights, s)
}

func (h *history) alarm(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.alarms = append(h.alarms, err)
}

func (h *history) attempt() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.attempts++
}
