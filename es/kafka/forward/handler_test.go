package forward_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
	ledgerv1 "github.com/esgen-dev/esgen/es/internal/ledger/v1"
	"github.com/esgen-dev/esgen/es/kafka/forward"
	pb "github.com/esgen-dev/esgen/es/kafka/forward/internal/esgen/forward/v1"
)

// untouched is an engine that is not to be called.
type untouched struct{ es.Store }

func (u untouched) Local(name string) (es.Aggregate, es.Store, bool) {
	return ledger(), u, name == "ledger.v1.Ledger"
}

// request is the body of a request for a command.
func request(t *testing.T, edit func(*pb.Execute)) []byte {
	t.Helper()
	data, err := proto.Marshal(post(5))
	if err != nil {
		t.Fatal(err)
	}
	e := &pb.Execute{Aggregate: "ledger.v1.Ledger", Command: "ledger.v1.Post", Data: data, CommandId: []byte("c")}
	edit(e)
	body, err := proto.Marshal(&pb.Request{Call: &pb.Request_Execute{Execute: e}})
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func asIs(*pb.Execute) {}

// newRequest is what a client would send.
func newRequest(t *testing.T, body []byte) *http.Request {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "/forward", bytes.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+secret)
	r.Header.Set("Esgen-Forward", "1")
	return r
}

// TestRefusals sends what a client would not. The engine is not called: the
// store would panic.
func TestRefusals(t *testing.T) {
	t.Parallel()
	load := func(l *pb.Load) []byte {
		body, err := proto.Marshal(&pb.Request{Call: &pb.Request_Load{Load: l}})
		if err != nil {
			t.Fatal(err)
		}
		return body
	}
	fingerprint := ledger().Spec().Fingerprint
	whole := request(t, asIs)
	for name, tc := range map[string]struct {
		body   []byte
		edit   func(*http.Request)
		status int
		text   string
	}{
		"no secret":       {whole, func(r *http.Request) { r.Header.Del("Authorization") }, 401, "secret"},
		"a wrong secret":  {whole, func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+secret+"x") }, 401, "secret"},
		"another scheme":  {whole, func(r *http.Request) { r.Header.Set("Authorization", "Basic "+secret) }, 401, "secret"},
		"another method":  {whole, func(r *http.Request) { r.Method = http.MethodPut }, 405, "POST"},
		"no version":      {whole, func(r *http.Request) { r.Header.Del("Esgen-Forward") }, 415, "version"},
		"another version": {whole, func(r *http.Request) { r.Header.Set("Esgen-Forward", "2") }, 415, `"2"`},
		"a deadline that is none": {
			whole, func(r *http.Request) { r.Header.Set("Esgen-Timeout", "soon") }, 400, "Esgen-Timeout",
		},
		"no body":           {nil, nil, 400, "no call"},
		"no message":        {[]byte("<html>"), nil, 400, "request"},
		"a call of later":   {[]byte{0x2a, 0x00}, nil, 400, "no call"},
		"a body that ends":  {whole[:len(whole)-1], nil, 400, "request"},
		"a longer body":     {bytes.Repeat(whole, 1<<20), nil, 413, "MaxRequest"},
		"an endless body":   {nil, func(r *http.Request) { r.Body, r.ContentLength = io.NopCloser(endless{}), -1 }, 413, "MaxRequest"},
		"unknown aggregate": {request(t, func(e *pb.Execute) { e.Aggregate = "ledger.v1.Other" }), nil, 404, "ledger.v1.Other"},
		"unknown command":   {request(t, func(e *pb.Execute) { e.Command = "ledger.v1.Merge" }), nil, 400, "ledger.v1.Merge"},
		"an event":          {request(t, func(e *pb.Execute) { e.Command = "ledger.v1.Posted" }), nil, 400, "not a command"},
		"another message":   {request(t, func(e *pb.Execute) { e.Command = "google.protobuf.Empty" }), nil, 400, "not a command"},
		"a broken command":  {request(t, func(e *pb.Execute) { e.Data = []byte{0xff} }), nil, 400, "ledger.v1.Post"},
		"state of an unknown aggregate": {
			load(&pb.Load{Aggregate: "ledger.v1.Other", Fingerprint: fingerprint}), nil, 404, "ledger.v1.Other",
		},
		"another state": {load(&pb.Load{Aggregate: "ledger.v1.Ledger", Fingerprint: "x"}), nil, 400, `"x"`},
		"another meaning of the state": {
			load(&pb.Load{Aggregate: "ledger.v1.Ledger", Fingerprint: fingerprint, StateVersion: 7}), nil, 400, "state version 0",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRequest(t, tc.body)
			if tc.edit != nil {
				tc.edit(r)
			}
			w := httptest.NewRecorder()
			newHandler(t, untouched{}).ServeHTTP(w, r)
			if w.Code != tc.status || !strings.Contains(w.Body.String(), tc.text) {
				t.Errorf("status %d %q, want %d with %q", w.Code, w.Body.String(), tc.status, tc.text)
			}
			if w.Header().Get("Esgen-Forward") != "1" {
				t.Error("the refusal does not say whose it is")
			}
			if strings.Contains(w.Body.String(), secret) {
				t.Error("the refusal tells the secret")
			}
		})
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

// TestRefusalsReachTheCaller has the handler's own words in the error.
func TestRefusalsReachTheCaller(t *testing.T) {
	t.Parallel()
	h, _ := service(t)
	url := serve(t, h)
	_, _, err := newClient(t).Execute(t.Context(), url, renamed{ledger()}, post(1), es.CommandOptions{})
	if e := wantUndelivered(t, err); e.Status != http.StatusNotFound || !strings.Contains(err.Error(), "ledger.v1.Renamed") {
		t.Errorf("error %v, want the status 404 and the name of the type", err)
	}
}

// renamed is a ledger that is not bound anywhere.
type renamed struct{ es.Aggregate }

func (r renamed) Spec() *es.Spec {
	s := *r.Aggregate.Spec()
	s.Name = "ledger.v1.Renamed"
	return &s
}

// TestReplay sends the same bytes again: it is the same command.
func TestReplay(t *testing.T) {
	t.Parallel()
	h, store := service(t)
	for range 3 {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, newRequest(t, request(t, asIs)))
		if w.Code != http.StatusOK {
			t.Fatal(w.Code, w.Body)
		}
	}
	rev, err := store.Load(t.Context(), "a", es.ReadOptions{})
	if err != nil || rev.State.(*ledgerv1.Ledger).GetBalance() != 5 {
		t.Errorf("%v, %v; want a balance of 5", rev.State, err)
	}
}

// TestPath mounts a handler somewhere, with other things beside it.
func TestPath(t *testing.T) {
	t.Parallel()
	h, _ := service(t)
	mux := http.NewServeMux()
	mux.Handle("/internal/forward", h)
	url := serve(t, mux)
	c := newClient(t)
	if _, err := execute(t.Context(), c, url+"/internal/forward?zone=1", post(1)); err != nil {
		t.Error(err)
	}
	_, err := execute(t.Context(), c, url, post(1))
	wantUndelivered(t, err)
}

// TestHeaders lets the service see headers that its other end added.
func TestHeaders(t *testing.T) {
	t.Parallel()
	h, _ := service(t)
	var seen atomic.Pointer[http.Header]
	url := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := r.Header.Clone()
		seen.Store(&header)
		h.ServeHTTP(w, r)
	}))
	c := newClient(t, forward.Headers(func(_ context.Context, h http.Header) {
		h.Set("Traceparent", "00-1-2-01")
		h.Set("Authorization", "Bearer another-one-that-is-long")
		h.Set("Content-Type", "text/plain")
		h.Set("Esgen-Forward", "9")
	}))
	if _, err := execute(t.Context(), c, url, post(1)); err != nil {
		t.Fatal(err)
	}
	got := *seen.Load()
	if got.Get("Traceparent") != "00-1-2-01" || got.Get("Content-Type") != "application/protobuf" {
		t.Errorf("headers %v, want the one of the trace, and those of a call as they are", got)
	}
}
