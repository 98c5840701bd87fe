package registry_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/esgen-dev/esgen/compat/registry"
	"github.com/esgen-dev/esgen/compat/registry/registrytest"
	"github.com/esgen-dev/esgen/generator/schema"
)

// answer returns a fault: a status, headers as "Name: value" and a body.
func answer(status int, body string, headers ...string) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, _ *http.Request) {
		for _, header := range headers {
			name, value, _ := strings.Cut(header, ": ")
			w.Header().Set(name, value)
		}
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}
}

// no returns a fault in the registry's own form.
func no(status, code int, message string) func(http.ResponseWriter, *http.Request) {
	return answer(status, fmt.Sprintf(`{"error_code":%d,"message":%q}`, code, message), "Content-Type: application/vnd.schemaregistry.v1+json")
}

// fault is one way in which a registry, or what stands before it, fails.
type fault struct {
	answer   func(http.ResponseWriter, *http.Request)
	rule     string
	says     []string // in message or help
	attempts int      // how often the request is sent
}

const attempts = 3 // of the clients in these tests

// patience is their time-out where an answer does not come: long enough for
// those that do, on a busy machine.
const patience = 400 * time.Millisecond

func faults() map[string]fault {
	return map[string]fault{
		"401":             {no(401, 401, "Unauthorized"), "REGISTRY_UNAUTHORIZED", []string{"401", "ESGEN_REGISTRY_USER", "ESGEN_REGISTRY_TOKEN"}, 1},
		"401 web page":    {answer(401, "<html>Sign in</html>", "Content-Type: text/html"), "REGISTRY_UNAUTHORIZED", []string{"401"}, 1},
		"403":             {no(403, 40301, "no right to bank"), "REGISTRY_FORBIDDEN", []string{"403", "no right to bank"}, 1},
		"404 web page":    {answer(404, "<html>Not found</html>", "Content-Type: text/html"), "REGISTRY_NOT_FOUND", []string{"404", "a web page", "ESGEN_REGISTRY_URL", "/apis/ccompat/v7"}, 1},
		"400":             {answer(400, "Client sent an HTTP request to an HTTPS server."), "REGISTRY_NOT_FOUND", []string{"HTTPS server"}, 1},
		"409":             {no(409, 409, "incompatible"), "REGISTRY_REFUSED", []string{"incompatible (409)"}, 1},
		"40901":           {no(409, 40901, "incompatible"), "REGISTRY_REFUSED", []string{"(40901)"}, 1},
		"42201":           {no(422, 42201, "Could not resolve type: X"), "REGISTRY_INVALID", []string{"Could not resolve type: X (42201)"}, 1},
		"42203":           {no(422, 42203, "Invalid compatibility level"), "REGISTRY_REJECTED", []string{"(42203)", "compatibility level that this registry knows"}, 1},
		"42205":           {no(422, 42205, "Subject is in read-only mode"), "REGISTRY_READ_ONLY", []string{"(42205)", "READWRITE"}, 1},
		"42209":           {no(422, 42209, "Schema too large"), "REGISTRY_REJECTED", []string{"(42209)", "split"}, 1},
		"42299":           {no(422, 42299, "of the future"), "REGISTRY_REJECTED", []string{"of the future (42299)"}, 1},
		"429":             {answer(429, "", "Retry-After: 120"), "REGISTRY_RATE_LIMITED", []string{"429", "Retry-After: 120"}, 1},
		"429 without":     {answer(429, ""), "REGISTRY_RATE_LIMITED", []string{"429"}, 1},
		"500":             {answer(500, "panic"), "REGISTRY_SERVER_ERROR", []string{"500", "3 attempts", `"panic"`}, attempts},
		"50001":           {no(500, 50001, "Error in the backend data store"), "REGISTRY_SERVER_ERROR", []string{"50001", "_schemas"}, attempts},
		"50002":           {no(500, 50002, "Operation timed out"), "REGISTRY_SERVER_ERROR", []string{"50002"}, attempts},
		"50003":           {no(500, 50003, "Error while forwarding the request to the primary"), "REGISTRY_SERVER_ERROR", []string{"50003", "leader"}, attempts},
		"50004":           {no(500, 50004, "Leader not known"), "REGISTRY_SERVER_ERROR", []string{"50004", "leader"}, attempts},
		"502 web page":    {answer(502, "<html>Bad gateway</html>", "Content-Type: text/html"), "REGISTRY_SERVER_ERROR", []string{"502", "a web page"}, attempts},
		"redirect":        {answer(302, "", "Location: https://user:hunter2@elsewhere.example.com/login?token=hunter2"), "REGISTRY_REDIRECT", []string{"https://elsewhere.example.com/login", "302"}, 1},
		"web page":        {answer(200, "<!DOCTYPE html><title>Console</title>"), "REGISTRY_ANSWER", []string{"a web page", "ESGEN_REGISTRY_URL"}, 1},
		"no JSON":         {answer(200, "it\x1b[31m works"), "REGISTRY_ANSWER", []string{"it [31m works"}, 1},
		"nothing":         {answer(200, ""), "REGISTRY_ANSWER", []string{"empty"}, 1},
		"204":             {answer(204, ""), "REGISTRY_ANSWER", []string{"empty"}, 1},
		"other JSON":      {answer(200, `"hello"`), "REGISTRY_ANSWER", []string{"not one of a schema registry"}, 1},
		"huge":            {answer(200, `"`+strings.Repeat("x", 1<<17)+`"`), "REGISTRY_ANSWER", []string{"longer than 65536 bytes"}, 1},
		"closed":          {func(w http.ResponseWriter, _ *http.Request) { hangUp(w) }, "REGISTRY_UNREACHABLE", []string{"closed the connection", "3 attempts"}, attempts},
		"half an answer":  {answer(200, `{"vers`, "Content-Length: 1000"), "REGISTRY_UNREACHABLE", []string{"closed the connection"}, attempts},
		"half an error":   {answer(500, `{"err`, "Content-Length: 1000"), "REGISTRY_UNREACHABLE", []string{"closed the connection"}, attempts},
		"takes too long":  {slow, "REGISTRY_TIMEOUT", []string{"3 attempts", patience.String()}, attempts},
		"body that drips": {drip, "REGISTRY_TIMEOUT", []string{"did not answer in time"}, attempts},
	}
}

// slow answers when the client is gone.
func slow(_ http.ResponseWriter, r *http.Request) {
	io.Copy(io.Discard, r.Body) // else the server does not see that the client hangs up
	<-r.Context().Done()
}

// drip sends the start of an answer and no end.
func drip(w http.ResponseWriter, r *http.Request) {
	io.Copy(io.Discard, r.Body)
	fmt.Fprint(w, `{"version":`)
	w.(http.Flusher).Flush()
	<-r.Context().Done()
}

// Whatever goes wrong at whatever request: there is a clear finding, or the
// answer was not needed. What is registered was asked for, and once at most.
func TestFaults(t *testing.T) {
	t.Parallel()
	server := start(t, registrytest.Options{})
	previous(t, server)
	if err := run(t.Context(), open(t, server.URL())); err != nil {
		t.Fatal(err)
	}
	all := written(server)
	requests := int64(len(server.Requests()))
	table := faults()
	for i, name := range slices.Sorted(maps.Keys(table)) {
		fault := table[name]
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			step := int64(3) // faults take turns, so that each request meets every kind
			if fault.rule == "REGISTRY_TIMEOUT" {
				step = 7 // each takes its time
			}
			for broken := int64(i) % step; broken < requests; broken += step {
				tryFault(t, fault, broken, all)
			}
		})
	}
}

// target is the request that is broken, each time it is sent.
type target struct {
	mu   sync.Mutex
	path string
	sent int
}

// hit counts a request, and reports whether it is the target.
func (t *target) hit(choose bool, path string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if choose {
		t.path = path
	}
	if t.path == path {
		t.sent++
	}
	return t.path == path
}

func (t *target) result() (path string, sent int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.path, t.sent
}

func tryFault(t *testing.T, fault fault, broken int64, all []string) {
	t.Helper()
	server := registrytest.New(registrytest.Options{})
	defer server.Close()
	previous(t, server)
	target := &target{}
	proxy := before(t, server, func(n int64, w http.ResponseWriter, r *http.Request) bool {
		if !target.hit(n == broken, r.Method+" "+r.URL.String()) {
			return false
		}
		fault.answer(w, r)
		return true
	})
	defer proxy.Close()
	client := open(t, proxy.URL, func(c *registry.Config) {
		c.Timeout, c.MaxAnswer = 5*time.Second, 1<<16
		if fault.rule == "REGISTRY_TIMEOUT" {
			c.Timeout = patience
		}
		c.User, c.Password = "bank", "hunter2"
	})
	defer client.Close()

	err := run(t.Context(), client)
	path, sent := target.result()
	if got := written(server); len(got) > len(all) || !slices.Equal(got, all[:len(got)]) {
		t.Errorf("request %d, %s: wrote %v", broken, path, got)
	}
	var e *registry.Error
	// A server need not know its version, its types and its modes.
	optional := strings.HasPrefix(path, "GET /v1/") || strings.HasPrefix(path, "GET /schemas/types") || strings.HasPrefix(path, "GET /mode")
	if err == nil && optional && fault.rule == "REGISTRY_NOT_FOUND" {
		return
	}
	if !errors.As(err, &e) {
		t.Fatalf("request %d, %s: got %v", broken, path, err)
	}
	if e.Finding.Help == "" || strings.Contains(fmt.Sprintf("%v %+v", err, e.Finding), "hunter2") {
		t.Errorf("request %d, %s: %+v", broken, path, e.Finding)
	}
	// The standard library sends a read again on its own when a connection that
	// it used before turns out to be closed, and two of those that read at once
	// may want the same.
	twice := sent <= 4*fault.attempts && fault.rule == "REGISTRY_UNREACHABLE" && strings.HasPrefix(path, "GET ")
	if e.Finding.Rule == fault.rule && sent != fault.attempts && !twice {
		t.Errorf("request %d, %s: sent %d times, want %d", broken, path, sent, fault.attempts)
	}
	for _, part := range fault.says {
		if e.Finding.Rule == fault.rule && !strings.Contains(e.Finding.Message+"\n"+e.Finding.Help, part) {
			t.Errorf("request %d, %s: %+v does not say %q", broken, path, e.Finding, part)
		}
	}
}

// The same faults at a registration, where each of them has to end the run.
func TestFaults_registration(t *testing.T) {
	t.Parallel()
	for name, fault := range faults() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := start(t, registrytest.Options{})
			target := &target{path: "POST /subjects/" + opened().Subject + "/versions"}
			proxy := before(t, server, func(_ int64, w http.ResponseWriter, r *http.Request) bool {
				if !target.hit(false, r.Method+" "+r.URL.Path) {
					return false
				}
				fault.answer(w, r)
				return true
			})
			client := open(t, proxy.URL, func(c *registry.Config) {
				c.Timeout, c.MaxAnswer = 5*time.Second, 1<<16
				if fault.rule == "REGISTRY_TIMEOUT" {
					c.Timeout = patience
				}
			})
			p, findings := plan(t, client, registry.Request{Schemas: []schema.Schema{opened("string owner = 1"), event("Later", "string a = 1")}})
			result, err := client.Apply(t.Context(), p, nil)
			f := wantError(t, err, fault.rule)
			for _, part := range append(fault.says, "cannot register bank.account-bank.v1.AccountOpened: ") {
				if !strings.Contains(f.Message+"\n"+f.Help, part) {
					t.Errorf("%+v does not say %q", f, part)
				}
			}
			if _, sent := target.result(); sent != fault.attempts || len(server.Writes()) > 0 || len(result.Done) > 0 || len(result.Left) != 2 {
				t.Errorf("sent %d times, want %d; wrote %v, %+v, %v", sent, fault.attempts, written(server), result, findings)
			}
		})
	}
}

// What fails for a while only is not seen at all.
func TestRetry(t *testing.T) {
	t.Parallel()
	for name, fault := range faults() {
		if fault.attempts == 1 {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := start(t, registrytest.Options{})
			targets := []*target{{path: "POST /subjects/" + opened().Subject + "/versions"}, {path: "GET /v1/metadata/version"}}
			proxy := before(t, server, func(_ int64, w http.ResponseWriter, r *http.Request) bool {
				for _, target := range targets {
					if !target.hit(false, r.Method+" "+r.URL.Path) {
						continue
					}
					if _, sent := target.result(); sent < attempts {
						fault.answer(w, r)
						return true
					}
				}
				return false
			})
			client := open(t, proxy.URL, func(c *registry.Config) {
				if fault.rule == "REGISTRY_TIMEOUT" {
					c.Timeout = patience
				}
			})
			register(t, client, opened("string owner = 1"))
			if diff := cmp.Diff([]string{"register " + opened().Subject + " 1"}, written(server)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A registration whose answer was lost is sent again, and happens once.
func TestRetry_registrationIsIdempotent(t *testing.T) {
	t.Parallel()
	server := start(t, registrytest.Options{})
	lost := false
	proxy := before(t, server, func(_ int64, w http.ResponseWriter, r *http.Request) bool {
		if lost || r.URL.Path != "/subjects/"+opened().Subject+"/versions" || r.Method != http.MethodPost {
			return false
		}
		lost = true
		server.Handler().ServeHTTP(&discard{header: http.Header{}}, r)
		hangUp(w)
		return true
	})
	result := register(t, open(t, proxy.URL), opened("string owner = 1"))
	if diff := cmp.Diff([]string{"register " + opened().Subject + " 1"}, written(server)); diff != "" || !lost || result.Done[0].Version != 1 {
		t.Errorf("%s%+v", diff, result)
	}
}

type discard struct{ header http.Header }

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) Write(p []byte) (int, error) { return len(p), nil }
func (d *discard) WriteHeader(int)             {}

// Each attempt goes to the next node.
func TestRetry_nodes(t *testing.T) {
	t.Parallel()
	server := start(t, registrytest.Options{})
	dead := "http://" + freeAddress(t)
	client := open(t, dead, func(c *registry.Config) { c.URLs = append(c.URLs, server.URL()) })
	register(t, client, opened("string owner = 1"))
	if len(server.Writes()) != 1 {
		t.Errorf("wrote %v", written(server))
	}
}

func TestUnreachable(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ url, rule, says string }{
		"refused": {"http://" + freeAddress(t), "REGISTRY_UNREACHABLE", "refuses the connection, 3 attempts"},
		"no name": {"http://registry.invalid:8081", "REGISTRY_UNREACHABLE", `"registry.invalid" of the registry cannot be looked up`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := open(t, test.url).Server(t.Context())
			if f := wantError(t, err, test.rule); !strings.Contains(f.Message, test.says) || f.Help == "" {
				t.Errorf("got %+v", f)
			}
		})
	}
}

// freeAddress is an address where nobody listens.
func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

func TestCancelled(t *testing.T) {
	t.Parallel()
	server := start(t, registrytest.Options{})
	client := open(t, server.URL(), func(c *registry.Config) { c.Retry.Attempts = 1 })
	p, _ := plan(t, client, registry.Request{Schemas: []schema.Schema{opened("string owner = 1")}})
	// As with signals, the cause is not context.Canceled itself.
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("interrupted"))
	requests := len(server.Requests())
	_, err := client.Apply(ctx, p, nil)
	wantError(t, err, "REGISTRY_CANCELLED")
	if !errors.Is(err, context.Canceled) || len(server.Requests()) != requests {
		t.Errorf("got %v and %d requests", err, len(server.Requests())-requests)
	}
	_, _, err = client.Plan(ctx, registry.Request{Schemas: []schema.Schema{opened("string owner = 1")}})
	wantError(t, err, "REGISTRY_CANCELLED")

	late, stop := context.WithDeadline(t.Context(), time.Unix(0, 0))
	defer stop()
	_, err = client.Fetch(late, []string{"x"})
	if wantError(t, err, "REGISTRY_TIMEOUT"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

// The pause before another attempt ends with the context.
func TestCancelled_inThePause(t *testing.T) {
	t.Parallel()
	server := start(t, registrytest.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	server.Intercept(func(w http.ResponseWriter, _ *http.Request) bool {
		w.WriteHeader(http.StatusServiceUnavailable)
		time.AfterFunc(time.Millisecond, cancel)
		return true
	})
	client := open(t, server.URL(), func(c *registry.Config) { c.Retry = registry.Retry{Attempts: 2, Pause: time.Hour, MaxPause: time.Hour} })
	_, err := client.Server(ctx)
	wantError(t, err, "REGISTRY_CANCELLED")
}
