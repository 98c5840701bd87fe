package kafka

// phase is where a partition that this process was assigned stands in its
// life. A partition goes through the phases in their order, and back to
// proving whenever anything at all went wrong.
type phase int8

const (
	proving   phase = iota // the group has to agree that the partition is ours
	fencing                // a new producer shuts out every older one
	barring                // an aborted write marks the end of what others wrote
	claiming               // the owner record is committed by the new producer
	restoring              // the log is read up to the barrier
	resolving              // commands in doubt are looked up in what was read
	serving                // commands are decided and committed
	waiting                // something failed: wait before trying again
	parked                 // the log is broken: refuse until the partition is taken away
	over                   // the partition is not ours any more
)

// String returns the name of the phase for messages.
func (p phase) String() string {
	return [...]string{
		"proving", "fencing", "barring", "claiming", "restoring",
		"resolving", "serving", "waiting", "parked", "over",
	}[p]
}

// input is what happened to a partition in a phase.
type input int8

const (
	done   input = iota // the phase did what it is for
	failed              // it did not; the producer, if any, is of no use any more
	broken              // the log cannot be trusted, or not be read by this code
	taken               // the partition was revoked or lost, or the engine is closed
)

// life is the state machine of an owned partition: a value without references,
// changed by nothing but its inputs. What is to be done follows from it, so
// that it can be tested without any of that.
type life struct {
	phase    phase
	failures int  // in a row, without having served
	fenced   bool // there is a producer that has shut out the older ones
}

// on returns the life after an input.
func (l life) on(in input) life {
	if l.phase == over {
		return l
	}
	switch in {
	case taken:
		return life{phase: over}
	case broken:
		return life{phase: parked}
	case failed:
		return l.fail()
	case done:
	}
	return l.advance()
}

// fail gives up the producer: whatever happened, it is never used again.
func (l life) fail() life {
	switch l.phase {
	case parked:
		return l
	case serving:
		return life{phase: proving} // at once, because commands wait for their outcome
	default:
	}
	return life{phase: waiting, failures: l.failures + 1}
}

func (l life) advance() life {
	switch l.phase {
	case serving, parked: // both last until something happens
		return l
	case waiting:
		l.phase = proving
		return l
	case fencing:
		l.fenced = true
	case resolving:
		l.failures = 0
	default:
	}
	l.phase++
	return l
}
