package estest

import (
	"errors"

	"google.golang.org/protobuf/proto"
)

// Then checks that the command led to exactly these events, in this order.
func (k *Kit) Then(events ...proto.Message) {
	k.t.Helper()
	k.look("Then")
	switch {
	case k.outcome.err != nil:
		k.t.Errorf("%s was refused: %v\nwant its events:\n%s",
			k.outcome.command, k.outcome.err, lines(events...).indented())
	case !equalLists(events, k.outcome.events):
		k.t.Errorf("%s led to other events (-want +got):\n%s",
			k.outcome.command, diff(lines(events...), lines(k.outcome.events...)))
	}
}

// ThenNothing checks that the command succeeded and led to no event.
func (k *Kit) ThenNothing() {
	k.t.Helper()
	k.look("ThenNothing")
	switch {
	case k.outcome.err != nil:
		k.t.Errorf("%s was refused, want success without events: %v", k.outcome.command, k.outcome.err)
	case len(k.outcome.events) > 0:
		k.t.Errorf("%s led to events, want none:\n%s", k.outcome.command, lines(k.outcome.events...).indented())
	}
}

// ThenError checks that the command was refused with an error that is target,
// in the sense of [errors.Is].
func (k *Kit) ThenError(target error) {
	k.t.Helper()
	k.look("ThenError")
	switch {
	case target == nil:
		k.t.Fatalf("ThenError(nil) checks nothing: name the error, or use Then or ThenNothing")
	case k.outcome.err == nil:
		k.t.Errorf("%s succeeded, want the error %q; its events:\n%s",
			k.outcome.command, target, lines(k.outcome.events...).indented())
	case !errors.Is(k.outcome.err, target):
		k.t.Errorf("%s was refused with another error\nwant: %v\n got: %v", k.outcome.command, target, k.outcome.err)
	}
}

// ThenState checks the state after everything that happened. After a command
// that was refused, look at its error first.
func (k *Kit) ThenState(want proto.Message) {
	k.t.Helper()
	if k.outcome.err != nil && k.outcome.unseen {
		k.t.Fatalf("%s was refused: %v\nuse ThenError before ThenState if this is what you want",
			k.outcome.command, k.outcome.err)
	}
	k.unseen, k.outcome.unseen = "", false
	if got := k.replay(); !proto.Equal(want, got) {
		k.t.Errorf("the state is another (-want +got):\n%s", diff(lines(want), lines(got)))
	}
}

// look notes that a Then looks at the outcome of the last command.
func (k *Kit) look(method string) {
	k.t.Helper()
	if k.outcome.command == "" {
		k.t.Fatalf("%s without a When: there is no outcome to look at", method)
	}
	k.unseen, k.outcome.unseen = "", false
}

func equalLists(a, b []proto.Message) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !proto.Equal(a[i], b[i]) {
			return false
		}
	}
	return true
}
