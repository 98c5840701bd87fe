package forward_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
	"github.com/esgen-dev/esgen/es/kafka/forward"
	"github.com/esgen-dev/esgen/es/memory"
)

// service returns a handler over an engine in memory that has the ledger "a".
func service(t *testing.T, opts ...forward.HandlerOption) (*forward.Handler, es.Store) {
	t.Helper()
	engine := memory.New()
	t.Cleanup(func() { _ = engine.Close() })
	store := engine.Bind(ledger())
	if _, _, err := store.Execute(t.Context(), &ledgerv1.OpenLedger{LedgerId: "a"}, es.CommandOptions{}); err != nil {
		t.Fatal(err)
	}
	return newHandler(t, local{ledger(), store}, opts...), store
}

func post(amount int64) *ledgerv1.Post {
	return &ledgerv1.Post{LedgerId: "a", Entry: &ledgerv1.Entry{Amount: amount}}
}

func execute(ctx context.Context, c *forward.Client, url string, command proto.Message) (es.Receipt, error) {
	receipt, _, err := c.Execute(ctx, url, ledger(), command, es.CommandOptions{CommandID: "c"})
	return receipt, err
}

func load(ctx context.Context, c *forward.Client, url string) error {
	_, err := c.Load(ctx, url, ledger(), "a", es.ReadOptions{})
	return err
}

// wantUndelivered checks that an error says that nothing was done.
func wantUndelivered(t *testing.T, err error) *forward.UndeliveredError {
	t.Helper()
	undelivered, ok := errors.AsType[*forward.UndeliveredError](err)
	if !ok || errors.Is(err, es.ErrOutcomeUnknown) {
		t.Fatalf("error %v, want an UndeliveredError", err)
	}
	return undelivered
}

// wantUnknown checks that an error says that the command may have been executed.
func wantUnknown(t *testing.T, err error) {
	t.Helper()
	if _, ok := errors.AsType[*forward.UndeliveredError](err); ok || !errors.Is(err, es.ErrOutcomeUnknown) {
		t.Fatalf("error %v, want one that is %v", err, es.ErrOutcomeUnknown)
	}
}

// wantUnanswered checks that a Load fails, and does not speak of a command.
func wantUnanswered(t *testing.T, err error) {
	t.Helper()
	if _, ok := errors.AsType[*forward.UndeliveredError](err); ok || err == nil || errors.Is(err, es.ErrOutcomeUnknown) {
		t.Fatalf("load: error %v, want one that says neither that it was not delivered nor anything of a command", err)
	}
}

// TestNoConnection calls what cannot be connected to.
func TestNoConnection(t *testing.T) {
	t.Parallel()
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	untrusted := httptest.NewUnstartedServer(http.NotFoundHandler())
	untrusted.Config.ErrorLog = log.New(io.Discard, "", 0)
	untrusted.StartTLS()
	t.Cleanup(untrusted.Close)
	plain := serve(t, http.NotFoundHandler())
	for name, url := range map[string]string{
		"nobody listens":           gone.URL,
		"a certificate of nobody":  untrusted.URL,
		"a server that has no TLS": strings.Replace(plain, "http://", "https://", 1),
		"no URL":                   "10.0.0.1:80",
		"not a URL at all":         "http://\x7f",
		"another scheme":           "ftp://10.0.0.1",
		"no address":               "",
		"a password":               strings.Replace(plain, "http://", "http://a:b@", 1),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newClient(t)
			_, err := execute(t.Context(), c, url, post(1))
			if wantUndelivered(t, err).Address != url {
				t.Errorf("error %v, want the address %q in it", err, url)
			}
			wantUndelivered(t, load(t.Context(), c, url))
		})
	}
}

// TestRefusedByStatus gets answers that say that a request was not processed.
func TestRefusedByStatus(t *testing.T) {
	t.Parallel()
	for _, status := range []int{301, 302, 307, 308, 400, 401, 403, 404, 405, 411, 413, 414, 415, 417, 421, 426, 429, 431} {
		t.Run(http.StatusText(status), func(t *testing.T) {
			t.Parallel()
			var followed atomic.Bool
			url := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/elsewhere" {
					followed.Store(true)
				}
				w.Header().Set("Location", "/elsewhere")
				w.WriteHeader(status)
			}))
			c := newClient(t)
			_, err := execute(t.Context(), c, url, post(1))
			if got := wantUndelivered(t, err).Status; got != status {
				t.Errorf("status %d, want %d", got, status)
			}
			wantUndelivered(t, load(t.Context(), c, url))
			if followed.Load() {
				t.Error("the client followed a redirect")
			}
		})
	}
}

// TestOtherStatus gets answers that say nothing of whether a request was
// processed, such as those of a proxy whose connection to the handler broke.
func TestOtherStatus(t *testing.T) {
	t.Parallel()
	for _, status := range []string{
		"201 Created", "204 No Content", "300 Multiple Choices", "303 See Other", "304 Not Modified", "408 Request Timeout",
		"409 Conflict", "418 I'm a teapot", "499 Client Closed Request", "500 Internal Server Error", "502 Bad Gateway",
		"503 Service Unavailable", "504 Gateway Timeout", "599 Whatever", "200 OK",
	} {
		t.Run(status, func(t *testing.T) {
			t.Parallel()
			answer := page(status)
			if status[:3] == "204" || status[:3] == "304" {
				answer = "HTTP/1.1 " + status + "\r\nConnection: close\r\n\r\n"
			}
			s := newRaw(t, repliesOnce(answer))
			c := newClient(t)
			_, err := execute(t.Context(), c, s.url, post(1))
			wantUnknown(t, err)
			if strings.Contains(err.Error(), "<html>") {
				t.Errorf("the error holds a page: %v", err)
			}
			wantUnanswered(t, load(t.Context(), c, s.url))
			if n := s.calls.Load(); n != 2 {
				t.Errorf("%d requests were sent for a command and a load", n)
			}
		})
	}
}

// TestLostConnection loses the connection once the whole request has arrived.
func TestLostConnection(t *testing.T) {
	t.Parallel()
	for name, lose := range map[string]func(c *conn){
		"closed": func(*conn) {},
		"reset":  func(c *conn) { _ = c.SetLinger(0) },
		"half closed": func(c *conn) {
			_ = c.CloseWrite()
			c.untilClosed()
		},
		"cut in the headers": func(c *conn) { _, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nEsgen-Forw") },
		"no HTTP":            func(c *conn) { _, _ = io.WriteString(c, "SSH-2.0-OpenSSH_9.7\r\n") },
		"endless headers": func(c *conn) {
			_, err := io.WriteString(c, "HTTP/1.1 200 OK\r\n")
			for err == nil {
				_, err = io.WriteString(c, "X: "+strings.Repeat("x", 4096)+"\r\n")
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			// Once on a new connection, and once on one that was used before,
			// after which net/http would send other requests again.
			for _, before := range []int{0, 1} {
				s := newRaw(t, func(r *raw, c *conn) {
					for i := 0; c.request(r); i++ {
						if i == before {
							lose(c)
							return
						}
						_, _ = io.WriteString(c, unread)
					}
				})
				c := newClient(t)
				for range before {
					_, err := execute(t.Context(), c, s.url, post(1))
					wantUnknown(t, err)
				}
				_, err := execute(t.Context(), c, s.url, post(1))
				wantUnknown(t, err)
				if n, dials := s.calls.Load(), s.dials.Load(); int(n) != before+1 || dials != 1 {
					t.Errorf("%d requests were sent for %d commands, over %d connections", n, before+1, dials)
				}
			}
		})
	}
}

// TestNeverSentAgain adds the header that makes net/http send a request again
// when the connection is lost.
func TestNeverSentAgain(t *testing.T) {
	t.Parallel()
	s := newRaw(t, func(r *raw, c *conn) {
		if c.request(r) {
			_, _ = io.WriteString(c, unread)
			c.request(r)
		}
	})
	c := newClient(t, forward.Headers(func(_ context.Context, h http.Header) {
		h.Set("Idempotency-Key", "1")
		h.Set("X-Idempotency-Key", "1")
	}))
	for range 2 {
		_, err := execute(t.Context(), c, s.url, post(1))
		wantUnknown(t, err)
	}
	if n := s.calls.Load(); n != 2 {
		t.Errorf("%d requests were sent for 2 commands", n)
	}
}

// TestCutAnswer cuts the answer of a handler at every byte, and serves it in
// ways that hide the cut.
func TestCutAnswer(t *testing.T) {
	t.Parallel()
	h, _ := service(t)
	answer := answerOf(t, h, func(url string) {
		if _, err := execute(t.Context(), newClient(t), url, post(5)); err != nil {
			t.Fatal(err)
		}
	})
	var cut atomic.Int64
	s := newRaw(t, func(r *raw, c *conn) {
		if c.request(r) {
			_, _ = io.WriteString(c, answer[:cut.Load()])
		}
	})
	c := newClient(t)
	for n := range answer {
		cut.Store(int64(n))
		_, err := execute(t.Context(), c, s.url, post(5))
		wantUnknown(t, err)
	}
	cut.Store(int64(len(answer)))
	if r, err := execute(t.Context(), c, s.url, post(5)); err != nil || r.Version != 2 {
		t.Errorf("the whole answer: %+v, %v", r, err)
	}

	head, body, _ := strings.Cut(answer, "\r\n\r\n")
	head = strings.ReplaceAll(head, fmt.Sprintf("Content-Length: %d\r\n", len(body)), "")
	for n := 1; n < len(body); n++ {
		for _, hidden := range []string{
			head + "\r\nConnection: close\r\n\r\n" + body[:n],
			head + "\r\nTransfer-Encoding: chunked\r\n\r\n" + fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(body[:n]), body[:n]),
		} {
			_, err := execute(t.Context(), c, newRaw(t, repliesOnce(hidden)).url, post(5))
			wantUnknown(t, err)
		}
	}
}

// TestWrongAnswer gets the answer to something else.
func TestWrongAnswer(t *testing.T) {
	t.Parallel()
	h, _ := service(t)
	c := newClient(t)
	executed := answerOf(t, h, func(url string) {
		if _, err := execute(t.Context(), c, url, post(5)); err != nil {
			t.Fatal(err)
		}
	})
	loaded := answerOf(t, h, func(url string) {
		if err := load(t.Context(), c, url); err != nil {
			t.Fatal(err)
		}
	})
	otherID := es.CommandOptions{CommandID: "d"}
	for name, tc := range map[string]struct {
		answer  string
		command proto.Message
		options es.CommandOptions
	}{
		"of another command":   {executed, post(5), otherID},
		"of another aggregate": {executed, &ledgerv1.Attach{LedgerId: "b"}, es.CommandOptions{}},
		"of a load":            {loaded, post(5), es.CommandOptions{}},
		"of another version":   {strings.Replace(executed, "Esgen-Forward: 1", "Esgen-Forward: 2", 1), post(5), es.CommandOptions{}},
		"of nobody":            {strings.Replace(executed, "Esgen-Forward: 1", "X: 1", 1), post(5), es.CommandOptions{}},
		"nothing":              {"HTTP/1.1 200 OK\r\nEsgen-Forward: 1\r\nContent-Length: 0\r\n\r\n", post(5), es.CommandOptions{}},
		"no message":           {unread, post(5), es.CommandOptions{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, _, err := newClient(t).Execute(t.Context(), newRaw(t, repliesOnce(tc.answer)).url, ledger(), tc.command, tc.options)
			wantUnknown(t, err)
		})
	}
	for name, answer := range map[string]string{"of a command": executed, "of nobody": page("200 OK")} {
		wantUnanswered(t, load(t.Context(), newClient(t), newRaw(t, repliesOnce(answer)).url))
		_ = name
	}
	_, err := c.Load(t.Context(), newRaw(t, repliesOnce(loaded)).url, ledger(), "b", es.ReadOptions{})
	wantUnanswered(t, err)
}

// TestRetry loses the answer to a command that was executed. A retry with the
// same command id gets its receipt.
func TestRetry(t *testing.T) {
	t.Parallel()
	h, _ := service(t)
	url := serve(t, h)
	lossy := serve(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		h.ServeHTTP(httptest.NewRecorder(), r)
		panic(http.ErrAbortHandler)
	}))
	c := newClient(t)
	_, err := execute(t.Context(), c, lossy, post(5))
	wantUnknown(t, err)
	for range 2 {
		if r, err := execute(t.Context(), c, url, post(5)); err != nil || !r.Duplicate || r.Version != 2 {
			t.Errorf("a retry: %+v, %v; want a duplicate at version 2", r, err)
		}
	}
}

// TestLongAnswer reads no more than it may.
func TestLongAnswer(t *testing.T) {
	t.Parallel()
	h, store := service(t)
	url := serve(t, h)
	c := newClient(t, forward.MaxResponse(1000))
	attach := &ledgerv1.Attach{LedgerId: "a", Data: make([]byte, 1000)}
	_, err := execute(t.Context(), c, url, attach)
	wantUnknown(t, err)
	if !strings.Contains(err.Error(), "MaxResponse") {
		t.Errorf("error %v, want the name of the option", err)
	}
	wantUnanswered(t, load(t.Context(), c, url))
	if r, err := execute(t.Context(), c, url, attach); err != nil || !r.Duplicate {
		t.Errorf("a retry: %+v, %v; want a duplicate", r, err)
	}
	if rev, err := store.Load(t.Context(), "a", es.ReadOptions{}); err != nil || rev.Version != 2 {
		t.Errorf("version %d, %v; want 2", rev.Version, err)
	}
}

// TestLongRequest is not sent where the client knows the limit, and refused
// where it does not.
func TestLongRequest(t *testing.T) {
	t.Parallel()
	h, store := service(t, forward.MaxRequest(1000))
	url := serve(t, h)
	attach := &ledgerv1.Attach{LedgerId: "a", Data: make([]byte, 1<<20)}
	_, err := execute(t.Context(), newClient(t, forward.MaxRequest(1000)), url, attach)
	if wantUndelivered(t, err).Status != 0 {
		t.Errorf("error %v, want one of the client", err)
	}
	_, err = execute(t.Context(), newClient(t), url, attach)
	wantUndelivered(t, err)
	if rev, err := store.Load(t.Context(), "a", es.ReadOptions{}); err != nil || rev.Version != 1 {
		t.Errorf("version %d, %v; want 1", rev.Version, err)
	}
}
