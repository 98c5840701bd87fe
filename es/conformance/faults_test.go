package conformance_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/conformance"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fault is something that an engine can get wrong.
type fault string

const (
	cleansIDs        fault = "ids lose the space around them"
	dropsUndeclared  fault = "events that the aggregate does not declare are dropped"
	doesNotFollow    fault = "a feed that follows ends"
	failsLate        fault = "a command is appended and fails with the error of its context"
	feedLoses        fault = "the feed loses events"
	feedRepeats      fault = "a resumed feed repeats the parts of an event"
	feedSkipsParts   fault = "a resumed feed skips the rest of an event's parts"
	forgetsActor     fault = "the actor is not stored"
	forgetsRange     fault = "a duplicate knows its first event only"
	ignoresContext   fault = "a context that ended is ignored"
	ignoresExpect    fault = "the expected version is ignored"
	ignoresMode      fault = "the mode is ignored"
	ignoresValidator fault = "the validator is ignored"
	limitsPayloads   fault = "payloads are cut off at 64 KiB"
	losesTail        fault = "the last event is lost when the engine is opened again"
	losesUpdates     fault = "commands decide on a state that others are changing"
	noDedup          fault = "duplicates are executed"
	sharesState      fault = "load gives the same state to several callers"
	skipsAfter       fault = "the event after a snapshot is skipped"
	skipsUnknown     fault = "unknown events are skipped"
	skipsUpcasts     fault = "old events are skipped"
	staleSnapshot    fault = "snapshots of another version are used"
	staysOpen        fault = "closing does nothing"
	takesAnyID       fault = "command ids may be of any length"
	tearsCommands    fault = "the events of a command are appended one by one"
	timeBackwards    fault = "time follows the clock backwards"
	wrongEnvelope    fault = "the handler is told another time"
	wrongTime        fault = "an event at the time asked for is left out"
	wrongVersion     fault = "an event behind the version asked for is read"
)

const faultVariable = "CONFORMANCE_FAULT"

// TestEngine runs the suite on the simple engine, with the fault that the
// environment names.
func TestEngine(t *testing.T) {
	t.Parallel()
	f := fault(os.Getenv(faultVariable))
	conformance.Run(t,
		func(t *testing.T, o conformance.Options) es.Engine {
			t.Helper()
			e := newEngine(o, f)
			t.Cleanup(func() { _ = e.Close() })
			return e
		},
		conformance.Reopen(func(t *testing.T, e es.Engine, o conformance.Options) es.Engine {
			t.Helper()
			again := e.(*engine).reopen(o)
			t.Cleanup(func() { _ = again.Close() })
			return again
		}),
	)
}

// TestFaults runs, for each fault, the test that is to find it in a process of
// its own, where it has to fail.
func TestFaults(t *testing.T) {
	t.Parallel()
	for f, test := range map[fault]string{
		cleansIDs:        "Sizes/ids",
		dropsUndeclared:  "Commands/may_only_return_events_of_the_aggregate",
		doesNotFollow:    "Follow/yields_what_comes",
		failsLate:        "Contexts/that_end_while_the_command_is_decided",
		feedLoses:        "Feed/yields_every_event_once,_in_order",
		feedRepeats:      "Feed/resumes_from_every_cursor",
		feedSkipsParts:   "Feed/resumes_from_every_cursor",
		forgetsActor:     "Commands/get_the_envelope_that_is_stored",
		forgetsRange:     "Duplicates/return_the_first_outcome",
		ignoresContext:   "Contexts/that_ended_before",
		ignoresExpect:    "Versions/that_do_not_hold",
		ignoresMode:      "Commands/respect_their_mode",
		ignoresValidator: "Validation/refuses_commands_before_they_are_decided",
		limitsPayloads:   "Sizes/payloads",
		losesTail:        "Durability/nothing_is_lost",
		losesUpdates:     "Linearizability/under_load",
		noDedup:          "Duplicates/return_the_first_outcome",
		sharesState:      "Commands/leave_nothing_shared",
		skipsAfter:       "Snapshots/equal_a_full_replay",
		skipsUnknown:     "Unreadable/unknown_to_the_code",
		skipsUpcasts:     "Upcasts/a_chain",
		staleSnapshot:    "Snapshots/of_another_fingerprint_are_ignored",
		staysOpen:        "Close/everything_fails",
		takesAnyID:       "Duplicates/ids",
		tearsCommands:    "Atomicity/while_others_read",
		timeBackwards:    "TimeTravel/with_a_clock_that_goes_backwards",
		wrongEnvelope:    "Commands/get_the_envelope_that_is_stored",
		wrongTime:        "TimeTravel/by_time",
		wrongVersion:     "TimeTravel/by_version",
	} {
		t.Run(string(f), func(t *testing.T) {
			t.Parallel()
			topic, name, _ := strings.Cut(test, "/")
			cmd := exec.CommandContext(t.Context(), os.Args[0],
				"-test.run=^TestEngine$/^"+topic+"$/^"+name+"$", "-test.short", "-test.timeout=1m")
			cmd.Env = append(os.Environ(), faultVariable+"="+string(f))
			out, err := cmd.CombinedOutput()
			if err == nil {
				t.Fatalf("the suite passes:\n%s", out)
			}
			if want := "--- FAIL: TestEngine/" + test; !strings.Contains(string(out), want) {
				t.Errorf("another test fails, want %q:\n%s", want, out)
			}
		})
	}
}
