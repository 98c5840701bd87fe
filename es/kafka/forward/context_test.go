package forward_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
	"github.com/esgen-dev/esgen/es/kafka/forward"
)

// wantEndedBefore checks that a call ended with its context, and did nothing.
func wantEndedBefore(t *testing.T, s *raw, err error) {
	t.Helper()
	wantUndelivered(t, err)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want one that is %v", err, context.Canceled)
	}
	if n := s.calls.Load(); n != 0 {
		t.Errorf("%d requests arrived", n)
	}
}

func TestContextEndedBefore(t *testing.T) {
	t.Parallel()
	s := newRaw(t, replies(page("502 Bad Gateway")))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := execute(ctx, newClient(t), s.url, post(1))
	wantEndedBefore(t, s, err)
	wantEndedBefore(t, s, load(ctx, newClient(t), s.url))
}

func TestContextEndsInHandshake(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	s := newRaw(t, func(_ *raw, c *conn) {
		c.untilClosed() // the client's hello
		cancel()
		_, _ = io.Copy(io.Discard, c.reader)
	})
	_, err := execute(ctx, newClient(t), strings.Replace(s.url, "http://", "https://", 1), post(1))
	wantEndedBefore(t, s, err)
}

// TestContextEndsWhileSending ends the context at a server that has stopped to
// read. The rest of the command may not arrive when it reads on.
func TestContextEndsWhileSending(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ended := make(chan struct{})
	read := make(chan struct{})
	s := newRaw(t, func(r *raw, c *conn) {
		defer close(read)
		_, _ = c.reader.Peek(1)
		cancel()
		<-ended
		c.request(r)
	})
	attach := &ledgerv1.Attach{LedgerId: "a", Data: make([]byte, 32<<20)} // more than the buffers on the way
	_, err := execute(ctx, newClient(t, forward.MaxRequest(64<<20)), s.url, attach)
	close(ended)
	<-read
	wantEndedBefore(t, s, err)
}

// TestContextEndsAfter ends the context when the request has arrived, at a
// server that never answers.
func TestContextEndsAfter(t *testing.T) {
	t.Parallel()
	const soon = 2 * time.Second
	for name, tc := range map[string]struct {
		answer   string // the part of one that is sent
		limit    time.Duration
		deadline time.Duration
		want     error
	}{
		"cancelled":               {limit: time.Minute, deadline: time.Minute, want: context.Canceled},
		"its deadline":            {limit: time.Minute, deadline: soon, want: context.DeadlineExceeded},
		"the limit of the client": {limit: soon, deadline: time.Minute, want: context.DeadlineExceeded},
		"within the answer": {
			answer: "HTTP/1.1 200 OK\r\nEsgen-Forward: 1\r\nContent-Length: 100\r\n\r\n\x0a",
			limit:  time.Minute, deadline: soon, want: context.DeadlineExceeded,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), tc.deadline)
			defer cancel()
			s := newRaw(t, func(r *raw, c *conn) {
				if !c.request(r) {
					return
				}
				if errors.Is(tc.want, context.Canceled) {
					cancel()
				}
				_, _ = io.WriteString(c, tc.answer)
				c.untilClosed()
			})
			_, err := execute(ctx, newClient(t, forward.Timeout(tc.limit)), s.url, post(1))
			wantUnknown(t, err)
			if !errors.Is(err, tc.want) {
				t.Errorf("error %v, want one that is %v", err, tc.want)
			}
		})
	}
}

// waiting is a store whose calls end with their contexts.
type waiting struct {
	es.Store

	entered chan context.Context
}

func (w waiting) Execute(ctx context.Context, _ proto.Message, _ es.CommandOptions) (es.Receipt, []proto.Message, error) {
	w.entered <- ctx
	<-ctx.Done()
	return es.Receipt{}, nil, ctx.Err()
}

// TestDeadlineTravels looks at the context that the engine is given.
func TestDeadlineTravels(t *testing.T) {
	t.Parallel()
	const hour = time.Hour
	for name, tc := range map[string]struct {
		caller, client, handler, want time.Duration
	}{
		"of the caller":         {caller: time.Minute, client: hour, handler: hour, want: time.Minute},
		"limit of the client":   {caller: hour, client: time.Minute, handler: hour, want: time.Minute},
		"limit of the handler":  {caller: hour, client: hour, handler: time.Minute, want: time.Minute},
		"none but of a handler": {client: 2 * hour, handler: hour, want: hour},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store := waiting{entered: make(chan context.Context, 1)}
			url := serve(t, newHandler(t, local{ledger(), store}, forward.Timeout(tc.handler)))
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if tc.caller > 0 {
				ctx, cancel = context.WithTimeout(ctx, tc.caller)
				defer cancel()
			}
			latest := time.Now().Add(tc.want)
			c := newClient(t, forward.Timeout(tc.client))
			result := make(chan error, 1)
			go func() {
				_, err := execute(ctx, c, url, post(1))
				result <- err
			}()
			engine := <-store.entered
			deadline, ok := engine.Deadline()
			if early := latest.Sub(deadline); !ok || early > tc.want/2 || early < -tc.want/2 {
				t.Errorf("the engine has until %s, want about %s", deadline, latest)
			}
			cancel()
			wantUnknown(t, <-result)
			<-engine.Done() // the engine learns that nobody waits any more
		})
	}
}

// TestHandlerEndsFirst lets the engine end a command because of the limit of
// the handler: that is an answer.
func TestHandlerEndsFirst(t *testing.T) {
	t.Parallel()
	store := waiting{entered: make(chan context.Context, 1)}
	url := serve(t, newHandler(t, local{ledger(), store}, forward.Timeout(time.Millisecond)))
	_, err := execute(t.Context(), newClient(t), url, post(1))
	if _, ok := errors.AsType[*forward.RemoteError](err); ok {
		if !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, es.ErrOutcomeUnknown) {
			t.Errorf("error %v, want %v of the engine", err, context.DeadlineExceeded)
		}
		return
	}
	wantUndelivered(t, err) // the millisecond was over before the request was read
}

// TestSlowRequest sends a part of a request, and then nothing.
func TestSlowRequest(t *testing.T) {
	t.Parallel()
	h, _ := service(t, forward.Timeout(100*time.Millisecond))
	url := serve(t, h)
	c, err := new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(time.Minute)) // of the test
	_, _ = fmt.Fprintf(c, "POST / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\nEsgen-Forward: 1\r\nContent-Length: 100\r\n\r\nx", secret)
	answer, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusBadRequest {
		t.Errorf("status %s, want that of a request that was cut", answer.Status)
	}
}
