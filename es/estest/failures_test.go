package estest_test

import (
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/emptypb"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/estest"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
)

// Each of these is a test that a service could have written and that has to
// fail, with a text that says what to do.
func TestFailures(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		test func(k *estest.Kit)
		want string
	}{
		"other events": {func(k *estest.Kit) {
			k.Given(open())
			k.When(post(5))
			k.Then(posted(6))
		}, "Post led to other events (-want +got):\n" +
			"  ledger.v1.Posted {\n    entry: {\n-     amount: 6\n+     amount: 5\n    }\n  }"},
		"fewer events": {func(k *estest.Kit) {
			k.When(&ledgerv1.Attach{LedgerId: "l"})
			k.Then(&ledgerv1.LedgerOpened{})
		}, "  ledger.v1.LedgerOpened {}\n+ ledger.v1.Attached {}"},
		"a missing event": {func(k *estest.Kit) {
			k.Given(open())
			k.When(post(0))
			k.Then(posted(0))
		}, "- ledger.v1.Posted {"},
		"events of a refused command": {func(k *estest.Kit) {
			k.Given(open())
			k.When(post(-1))
			k.Then(posted(-1))
		}, "Post was refused: ledger would be overdrawn\nwant its events:\n  ledger.v1.Posted {"},
		"nothing from a refused command": {func(k *estest.Kit) {
			k.Given(open())
			k.When(post(-1))
			k.ThenNothing()
		}, "Post was refused, want success without events: ledger would be overdrawn"},
		"nothing from a command with events": {func(k *estest.Kit) {
			k.Given(open())
			k.When(post(1))
			k.ThenNothing()
		}, "Post led to events, want none:\n  ledger.v1.Posted {"},
		"an error that did not come": {func(k *estest.Kit) {
			k.Given(open())
			k.When(post(0))
			k.ThenError(ledgerv1.ErrOverdrawn)
		}, "Post succeeded, want the error \"ledger would be overdrawn\"; its events:\n  (none)"},
		"another error": {func(k *estest.Kit) {
			k.When(post(1))
			k.ThenError(ledgerv1.ErrOverdrawn)
		}, "Post was refused with another error\nwant: ledger would be overdrawn\n got: ledger.v1.Ledger \"l\": aggregate not found"},
		"another state": {func(k *estest.Kit) {
			k.ThenState(&ledgerv1.Ledger{Owner: "bob"})
		}, "the state is another (-want +got):\n- ledger.v1.Ledger {\n-   owner: \"bob\"\n- }\n+ ledger.v1.Ledger {}"},
		"no state": {func(k *estest.Kit) { k.ThenState(nil) }, "- nil\n+ ledger.v1.Ledger {}"},
		"the state after a refused command": {func(k *estest.Kit) {
			k.When(post(1))
			k.ThenState(&ledgerv1.Ledger{})
		}, "Post was refused: ledger.v1.Ledger \"l\": aggregate not found\nuse ThenError before ThenState"},

		"When without Then": {func(k *estest.Kit) {
			k.Given(open())
			k.When(post(1))
		}, "When Post is all there is, and checks nothing"},
		"Given alone": {func(k *estest.Kit) { k.Given(open()) }, "Given is all there is, and checks nothing"},
		"When after When": {func(k *estest.Kit) {
			k.Given(open())
			k.When(post(1))
			k.When(post(1))
			k.Then(posted(1))
		}, "When Post: nothing has looked at the outcome of Post yet"},
		"Then without When":      {func(k *estest.Kit) { k.Then(open()) }, "Then without a When"},
		"ThenError of no error":  {func(k *estest.Kit) { k.When(post(1)); k.ThenError(nil) }, "ThenError(nil) checks nothing"},
		"a nil event given":      {func(k *estest.Kit) { k.Given(open(), nil) }, "Given: event 2 of 2 is nil"},
		"a typed nil given":      {func(k *estest.Kit) { k.Given((*ledgerv1.Posted)(nil)) }, "Given: event 1 of 1 is nil"},
		"a foreign event given":  {func(k *estest.Kit) { k.Given(&emptypb.Empty{}) }, "google.protobuf.Empty is not an event of ledger.v1.Ledger"},
		"an event of bad text":   {func(k *estest.Kit) { k.Given(&ledgerv1.LedgerOpened{Owner: "\xff"}) }, "ledger.v1.LedgerOpened cannot be encoded"},
		"an event of bad upcast": {func(k *estest.Kit) { k.Given(&ledgerv1.EntryMade{Amount: "x"}); k.ThenState(nil) }, "event 1 of the history: ledger.v1.Ledger \"aggregate-1\": event \"ledger.v1.EntryMade\""},
		"time backwards": {func(k *estest.Kit) {
			k.GivenAt(estest.Epoch(), open())
			k.GivenAt(estest.Epoch().Add(-1e9), posted(1))
		}, "GivenAt 2019-12-31T23:59:59Z: the event before happened later, at 2020-01-01T00:00:00Z"},
		"two aggregates": {func(k *estest.Kit) {
			k.When(&ledgerv1.Attach{LedgerId: "a"})
			k.Then(&ledgerv1.LedgerOpened{}, &ledgerv1.Attached{})
			k.When(&ledgerv1.Attach{LedgerId: "b"})
		}, `the command is for "b", the command before it was for "a"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wantFailure(t, tc.want, func(tb testing.TB) {
				tb.Helper()
				tc.test(kit(tb))
			})
		})
	}
}

// foreign is an aggregate whose handlers return what they like. Generated code
// does not let a service do this.
type foreign struct {
	es.Aggregate

	events []proto.Message
}

func (f foreign) Handle(es.Meta, proto.Message, proto.Message) ([]proto.Message, error) {
	return f.events, nil
}

func TestFailures_undeclaredEvents(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		event proto.Message
		want  string
	}{
		{nil, "HandleAttach returns nil as event 1 of 1"},
		{(*ledgerv1.Posted)(nil), "HandleAttach returns nil as event 1 of 1"},
		{&emptypb.Empty{}, "HandleAttach returns google.protobuf.Empty, which is not an event of ledger.v1.Ledger"},
		{&ledgerv1.EntryMade{}, "HandleAttach returns ledger.v1.EntryMade, which is not an event of ledger.v1.Ledger"},
	} {
		wantFailure(t, tc.want, func(tb testing.TB) {
			tb.Helper()
			k := estest.New(tb, foreign{ledgerv1.LedgerType(ledgerv1.Behavior{}), []proto.Message{tc.event}})
			k.When(&ledgerv1.Attach{LedgerId: "l"})
		})
	}
}
