package kafka

// The phases of a partition that this process was assigned. It goes through
// them in their order, and back to proving whenever anything at all went wrong.
const (
	Proving   Phase = "proving"   // the group has to agree that the partition is ours
	Fencing   Phase = "fencing"   // a new producer shuts out every older one
	Barring   Phase = "barring"   // an aborted write marks the end of what others wrote
	Claiming  Phase = "claiming"  // the owner record is committed by the new producer
	Restoring Phase = "restoring" // the index and the log are read up to the barrier
	Serving   Phase = "serving"   // commands are decided and committed
	Waiting   Phase = "waiting"   // something failed: wait before trying again
	Outdated  Phase = "outdated"  // the log has events that this code does not know: refuse
	Corrupt   Phase = "corrupt"   // the log cannot be trusted: refuse
	Over      Phase = "over"      // the partition is not ours any more
)

// input is what happened to a partition in a phase.
type input int8

const (
	done    input = iota // the phase did what it is for
	failed               // it did not; the producer, if any, is of no use any more
	newer                // the log holds what this code does not know
	damaged              // the log cannot be trusted
	taken                // the partition was revoked or lost, or the engine is closed
)

// life is the state machine of an owned partition: a value without references,
// changed by nothing but its inputs. What is to be done follows from it, so
// that it can be tested without any of that.
type life struct {
	phase    Phase
	failures int  // in a row, without having served
	fenced   bool // there is a producer that has shut out the older ones
}

func newLife() life { return life{phase: Proving} }

// on returns the life after an input.
func (l life) on(in input) life {
	if l.phase == Over {
		return l
	}
	switch in {
	case taken:
		return life{phase: Over}
	case damaged:
		return life{phase: Corrupt}
	case newer:
		return life{phase: Outdated}
	case failed:
		return l.fail()
	case done:
	}
	return l.advance()
}

// fail gives up the producer: whatever happened, it is never used again.
func (l life) fail() life {
	switch l.phase {
	case Corrupt, Outdated:
		return l
	case Serving:
		return life{phase: Proving} // at once, because commands wait for their outcome
	default:
		return life{phase: Waiting, failures: l.failures + 1}
	}
}

func (l life) advance() life {
	switch l.phase {
	case Proving:
		l.phase = Fencing
	case Fencing:
		l.phase, l.fenced = Barring, true
	case Barring:
		l.phase = Claiming
	case Claiming:
		l.phase = Restoring
	case Restoring:
		l.phase, l.failures = Serving, 0
	case Waiting:
		l.phase = Proving
	default: // the others last until something happens
	}
	return l
}
