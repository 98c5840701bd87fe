package registry_test

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/esgen-dev/esgen/compat/confluent"
	"github.com/esgen-dev/esgen/compat/registry"
	"github.com/esgen-dev/esgen/compat/registry/registrytest"
	"github.com/esgen-dev/esgen/generator/schema"
)

// release is what the tests of this file register: an import that grows, an
// event that refers to it, and a new event; levels are set, too.
func release() registry.Request {
	return registry.Request{
		Schemas: []schema.Schema{
			money("int64 units = 1", "int32 nanos = 2"), deposited("string note = 2"), event("Closed", "string reason = 1"),
		},
		Level: confluent.BackwardTransitive, SetLevel: true,
	}
}

func previous(t *testing.T, server *registrytest.Server) {
	t.Helper()
	first := deposited()
	first.References[0].Version = 1
	seed(t, server, money("int64 units = 1"), first)
}

// run plans and applies once.
func run(ctx context.Context, client *registry.Client) error {
	p, _, err := client.Plan(ctx, release())
	if err != nil {
		return err
	}
	_, err = client.Apply(ctx, p, nil)
	return err
}

// Whatever request is the one that fails, and however, a second run leads to
// the same registry as a run without a failure, and writes nothing twice.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	server := start(t, registrytest.Options{})
	previous(t, server)
	if err := run(t.Context(), open(t, server.URL())); err != nil {
		t.Fatal(err)
	}
	want := written(server)
	if len(want) != 6 {
		t.Fatalf("a run without a failure wrote %v", want)
	}
	requests := int64(len(server.Requests()))

	for name, fail := range map[string]func(cancel func(), server *registrytest.Server, w http.ResponseWriter, r *http.Request){
		"cancelled before it is sent on": func(cancel func(), _ *registrytest.Server, w http.ResponseWriter, _ *http.Request) {
			cancel()
			hangUp(w)
		},
		"cancelled behind the registry's back": func(cancel func(), server *registrytest.Server, w http.ResponseWriter, r *http.Request) {
			server.Handler().ServeHTTP(httptest.NewRecorder(), r)
			cancel()
			hangUp(w)
		},
		"refused": func(_ func(), _ *registrytest.Server, w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusForbidden)
		},
		"answer cut off": func(_ func(), server *registrytest.Server, w http.ResponseWriter, r *http.Request) {
			recorder := httptest.NewRecorder()
			server.Handler().ServeHTTP(recorder, r)
			w.Header().Set("Content-Length", "100000")
			w.Write(recorder.Body.Bytes()[:recorder.Body.Len()/2])
		},
		"answer not understood": func(_ func(), server *registrytest.Server, w http.ResponseWriter, r *http.Request) {
			server.Handler().ServeHTTP(httptest.NewRecorder(), r)
			w.Write([]byte("<html>"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for broken := range requests {
				server := registrytest.New(registrytest.Options{})
				previous(t, server)
				ctx, cancel := context.WithCancel(t.Context())
				proxy := before(t, server, func(n int64, w http.ResponseWriter, r *http.Request) bool {
					if n == broken {
						fail(cancel, server, w, r)
						return true
					}
					return false
				})
				client := open(t, proxy.URL, func(c *registry.Config) { c.Retry.Attempts = 1 })
				// Some answers are not needed: a server may have no mode.
				if err := run(ctx, client); err != nil && help(err) == "" {
					t.Errorf("request %d: no way out in %v", broken, err)
				}
				if err := run(t.Context(), client); err != nil {
					t.Errorf("request %d: the second run failed: %v", broken, err)
				}
				if diff := cmp.Diff(want, written(server)); diff != "" {
					t.Errorf("request %d:\n%s", broken, diff)
				}
				cancel()
				client.Close()
				proxy.Close()
				server.Close()
			}
		})
	}
}

// request sends a request without a body, and returns the answer's body.
func request(t *testing.T, method, url string) string {
	t.Helper()
	return send(t, method, url, "")
}

func send(t *testing.T, method, url, body string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, bytes.NewBufferString(body))
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{DisableKeepAlives: true}
	resp, err := transport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var answer bytes.Buffer
	answer.ReadFrom(resp.Body)
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("%s %s: %s %s", method, url, resp.Status, answer.String())
	}
	return answer.String()
}
