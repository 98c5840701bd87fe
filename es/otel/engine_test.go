package otel_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"slices"
	"testing"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/conformance"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
	"github.com/esgen-dev/esgen/es/kafka"
	"github.com/esgen-dev/esgen/es/memory"
	"github.com/esgen-dev/esgen/es/otel"
)

// What an engine promises holds behind spans too.
func TestEngine_conformance(t *testing.T) {
	t.Parallel()
	conformance.Run(t, func(t *testing.T, o conformance.Options) es.Engine {
		t.Helper()
		engine := memory.New(memory.Clock(o.Clock), memory.Validate(o.Validate))
		t.Cleanup(func() { _ = engine.Close() })
		return otel.Engine(engine, record(t, sdktrace.WithSampler(sdktrace.NeverSample())).options...)
	})
}

func ledgers(e es.Engine) *ledgerv1.LedgerAggregate {
	return ledgerv1.NewLedgerAggregate(e, ledgerv1.Behavior{})
}

func post(amount int64) *ledgerv1.Post {
	return &ledgerv1.Post{LedgerId: "l", Entry: &ledgerv1.Entry{Amount: amount}}
}

// open returns ledgers of an engine in memory, one of which exists, after which
// nothing was recorded.
func open(t *testing.T, r *recording) *ledgerv1.LedgerAggregate {
	t.Helper()
	engine := memory.New()
	t.Cleanup(func() { _ = engine.Close() })
	l := ledgers(otel.Engine(engine, r.options...))
	if _, err := l.OpenLedger(t.Context(), &ledgerv1.OpenLedger{LedgerId: "l"}, es.CommandID("c-0")); err != nil {
		t.Fatal(err)
	}
	r.spans.Reset()
	return l
}

func TestEngine_spans(t *testing.T) {
	t.Parallel()
	const ledger = "esgen.aggregate.type=ledger.v1.Ledger"
	for name, tc := range map[string]struct {
		call func(context.Context, *ledgerv1.LedgerAggregate) error
		err  error
		want string
	}{
		"command": {
			func(ctx context.Context, l *ledgerv1.LedgerAggregate) error {
				_, err := l.Post(ctx, post(1), es.CommandID("c-1"))
				return err
			}, nil, "execute ledger.v1.Post, internal, Unset {esgen.aggregate.id=l " + ledger + " esgen.aggregate.version=2 " +
				"esgen.command.id=c-1 esgen.command.outcome=succeeded esgen.command.type=ledger.v1.Post esgen.event_count=1}",
		},
		"duplicate": {
			func(ctx context.Context, l *ledgerv1.LedgerAggregate) error {
				_, err := l.OpenLedger(ctx, &ledgerv1.OpenLedger{LedgerId: "l"}, es.CommandID("c-0"))
				return err
			}, nil, "execute ledger.v1.OpenLedger, internal, Unset {esgen.aggregate.id=l " + ledger + " esgen.aggregate.version=1 " +
				"esgen.command.id=c-0 esgen.command.outcome=duplicate esgen.command.type=ledger.v1.OpenLedger esgen.event_count=0}",
		},
		"refused by the handler": {
			func(ctx context.Context, l *ledgerv1.LedgerAggregate) error {
				_, err := l.Post(ctx, post(-1), es.CommandID("c-1"))
				return err
			}, ledgerv1.ErrOverdrawn, "execute ledger.v1.Post, internal, Unset {esgen.aggregate.id=l " + ledger +
				" esgen.command.id=c-1 esgen.command.outcome=refused esgen.command.type=ledger.v1.Post esgen.event_count=0}",
		},
		"conflict": {
			func(ctx context.Context, l *ledgerv1.LedgerAggregate) error {
				_, err := l.Post(ctx, post(1), es.CommandID("c-1"), es.ExpectVersion(7))
				return err
			}, es.ErrConflict, "execute ledger.v1.Post, internal, Unset {esgen.aggregate.id=l " + ledger +
				" esgen.command.id=c-1 esgen.command.outcome=conflict esgen.command.type=ledger.v1.Post esgen.event_count=0}",
		},
		"load": {
			func(ctx context.Context, l *ledgerv1.LedgerAggregate) error {
				_, err := l.Load(ctx, "l")
				return err
			}, nil, "load ledger.v1.Ledger, internal, Unset {esgen.aggregate.id=l " + ledger + " esgen.aggregate.version=1}",
		},
		"load of nothing": {
			func(ctx context.Context, l *ledgerv1.LedgerAggregate) error {
				_, err := l.Load(ctx, "m")
				return err
			}, es.ErrNotFound, "load ledger.v1.Ledger, internal, Unset {esgen.aggregate.id=m " + ledger + "}",
		},
		"history": {
			func(ctx context.Context, l *ledgerv1.LedgerAggregate) error {
				return drain(l.History(ctx, "l"))
			}, nil, "history ledger.v1.Ledger, internal, Unset {esgen.aggregate.id=l " + ledger + " esgen.event_count=1}",
		},
		"history of nothing": {
			func(ctx context.Context, l *ledgerv1.LedgerAggregate) error {
				return drain(l.History(ctx, "m"))
			}, es.ErrNotFound, "history ledger.v1.Ledger, internal, Unset {esgen.aggregate.id=m " + ledger + " esgen.event_count=0}",
		},
		"feed": {
			func(ctx context.Context, l *ledgerv1.LedgerAggregate) error {
				return drain(l.Feed(ctx, es.Start()))
			}, nil, "feed ledger.v1.Ledger, internal, Unset {" + ledger + " esgen.event_count=1}",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := record(t)
			l := open(t, r)
			ctx, parent := r.tracer.Start(t.Context(), "request")
			if err := tc.call(ctx, l); !errors.Is(err, tc.err) {
				t.Errorf("error %v, want %v", err, tc.err)
			}
			span := r.one(t, "")
			if got := spanLine(span); got != tc.want {
				t.Errorf("got  %s\nwant %s", got, tc.want)
			}
			if span.Parent.SpanID() != parent.SpanContext().SpanID() {
				t.Error("the span is no child of the caller's")
			}
		})
	}
}

func drain[E proto.Message](seq iter.Seq2[es.Event[E], error]) error {
	for _, err := range seq {
		if err != nil {
			return err
		}
	}
	return nil
}

// The caller gets what the handler returned, and not what it was wrapped in.
func TestEngine_errorOfHandlerIsItself(t *testing.T) {
	t.Parallel()
	l := open(t, record(t))
	if _, err := l.Post(t.Context(), post(-1)); err != ledgerv1.ErrOverdrawn { //nolint:errorlint // it is not wrapped
		t.Errorf("error %#v, want %#v", err, ledgerv1.ErrOverdrawn)
	}
}

func TestEngine_loopThatIsLeft(t *testing.T) {
	t.Parallel()
	r := record(t)
	l := open(t, r)
	if _, err := l.Post(t.Context(), post(1)); err != nil {
		t.Fatal(err)
	}
	for range l.History(t.Context(), "l") {
		if n := len(r.ended("history")); n > 0 {
			t.Error("the span ended before the loop")
		}
		break
	}
	if got, want := spanLine(r.one(t, "history")), "history ledger.v1.Ledger, internal, Unset {esgen.aggregate.id=l "+
		"esgen.aggregate.type=ledger.v1.Ledger esgen.event_count=1}"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestEngine_loopThatFollows(t *testing.T) {
	t.Parallel()
	r := record(t)
	for _, err := range open(t, r).Feed(t.Context(), es.Start(), es.Follow()) {
		if err != nil {
			t.Fatal(err)
		}
		break
	}
	if n := len(r.spans.GetSpans()); n > 0 {
		t.Errorf("%d spans, want none", n)
	}
}

func TestEngine_reader(t *testing.T) {
	t.Parallel()
	r := record(t)
	inner := memory.New()
	t.Cleanup(func() { _ = inner.Close() })
	events := otel.Engine(inner, r.options...).Reader(ledgerv1.LedgerType(ledgerv1.Behavior{}))
	if err := drain(events.Feed(t.Context(), es.Start(), es.FeedOptions{})); err != nil {
		t.Fatal(err)
	}
	r.one(t, "feed ledger.v1.Ledger")
}

// failing is an engine, and a store, that returns an error that no engine
// returns when it is asked to.
type failing struct {
	es.Store

	err error
}

func (f failing) Bind(es.Aggregate) es.Store { return f }
func (failing) Reader(es.Events) es.Reader   { return nil }

func (f failing) Execute(context.Context, proto.Message, es.CommandOptions) (es.Receipt, []proto.Message, error) {
	return es.Receipt{}, nil, f.err
}

func (f failing) Load(context.Context, string, es.ReadOptions) (es.Revision[proto.Message], error) {
	return es.Revision[proto.Message]{}, f.err
}

func (f failing) History(context.Context, string, es.ReadOptions) iter.Seq2[es.Event[proto.Message], error] {
	return func(yield func(es.Event[proto.Message], error) bool) { yield(es.Event[proto.Message]{}, f.err) }
}

func TestEngine_outcomes(t *testing.T) {
	t.Parallel()
	domain := errors.New("refused in another process")
	about := func(err error) error { return fmt.Errorf("ledger.v1.Ledger \"l\": %w", err) }
	for _, tc := range []struct {
		err  error
		want kafka.Outcome
		kind string // of an error of the span
	}{
		{nil, kafka.Succeeded, ""},
		{domain, kafka.Refused, ""},
		{about(es.ErrNotFound), kafka.Refused, ""},
		{about(es.ErrExists), kafka.Refused, ""},
		{about(es.ErrEmptyID), kafka.Refused, ""},
		{about(es.ErrCommandIDTooLong), kafka.Refused, ""},
		{about(kafka.ErrForgotten), kafka.Refused, ""},
		{&es.InvalidCommandError{Err: errors.New("x")}, kafka.Refused, ""},
		{&es.PreconditionError{Code: "CLOSED"}, kafka.Refused, ""},
		{&es.ConflictError{}, kafka.Conflict, ""},
		{about(fmt.Errorf("%w (%w)", es.ErrOutcomeUnknown, context.Canceled)), kafka.Unknown, "outcome_unknown"},
		{about(kafka.ErrOverloaded), kafka.Overloaded, "overloaded"},
		{&kafka.NotOwnerError{}, kafka.Elsewhere, "*kafka.NotOwnerError"},
		{about(es.ErrClosed), kafka.Failed, "closed"},
		{about(context.Canceled), kafka.Failed, "canceled"},
		{about(context.DeadlineExceeded), kafka.Failed, "timeout"},
		{about(os.ErrDeadlineExceeded), kafka.Failed, "timeout"}, // of the engine's budget
		{about(kgo.ErrRecordTimeout), kafka.Failed, "timeout"},
		{about(kerr.CoordinatorNotAvailable), kafka.Failed, "COORDINATOR_NOT_AVAILABLE"},
		{about(&es.UnknownEventError{}), kafka.Failed, "*es.UnknownEventError"},
		{&es.UndeclaredEventError{}, kafka.Failed, "*es.UndeclaredEventError"},
	} {
		t.Run(fmt.Sprint(tc.err), func(t *testing.T) {
			t.Parallel()
			r := record(t)
			refusals := otel.Refusals(func(err error) bool { return errors.Is(err, domain) })
			l := ledgers(otel.Engine(failing{err: tc.err}, append(slices.Clip(r.options), refusals)...))
			if _, err := l.Post(t.Context(), post(1)); !errors.Is(err, tc.err) {
				t.Errorf("error %v", err)
			}
			span := r.one(t, "execute")
			values := make(map[string]string)
			for _, a := range span.Attributes {
				values[string(a.Key)] = a.Value.Emit()
			}
			if got := values["esgen.command.outcome"]; got != string(tc.want) {
				t.Errorf("outcome %q, want %q", got, tc.want)
			}
			if got := values["error.type"]; got != tc.kind || (span.Status.Code == codes.Error) != (tc.kind != "") {
				t.Errorf("error.type %q with status %v, want %q", got, span.Status.Code, tc.kind)
			}
		})
	}
}

func TestEngine_failuresOfReading(t *testing.T) {
	t.Parallel()
	r := record(t)
	l := ledgers(otel.Engine(failing{err: es.ErrClosed}, r.options...))
	if _, err := l.Load(t.Context(), "l"); !errors.Is(err, es.ErrClosed) {
		t.Errorf("load: error %v", err)
	}
	if err := drain(l.History(t.Context(), "l")); !errors.Is(err, es.ErrClosed) {
		t.Errorf("history: error %v", err)
	}
	for _, name := range []string{"load", "history"} {
		if s := r.one(t, name).Status; s.Code != codes.Error || s.Description != es.ErrClosed.Error() {
			t.Errorf("%s: status %+v", name, s)
		}
	}
}

// seeing is an engine that remembers the span that it was called in.
type seeing struct {
	failing

	span *trace.SpanContext
}

func (s seeing) Bind(es.Aggregate) es.Store { return s }

func (s seeing) Execute(ctx context.Context, _ proto.Message, _ es.CommandOptions) (es.Receipt, []proto.Message, error) {
	*s.span = trace.SpanContextFromContext(ctx)
	return es.Receipt{}, nil, nil
}

// The engine behind is called within the span: that is what its propagator and
// its observer see.
func TestEngine_context(t *testing.T) {
	t.Parallel()
	r := record(t)
	var seen trace.SpanContext
	if _, err := ledgers(otel.Engine(seeing{span: &seen}, r.options...)).Post(t.Context(), post(1)); err != nil {
		t.Fatal(err)
	}
	if want := r.one(t, "execute").SpanContext; !seen.Equal(want) {
		t.Errorf("the engine was called in span %v, want %v", seen, want)
	}
}
