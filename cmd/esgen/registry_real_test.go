//go:build unix

package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/esgen-dev/esgen/internal/realregistry"
)

func TestReal_life(t *testing.T) {
	t.Parallel()
	newClient(t, "", realregistry.ForTest(t, realregistry.Options{}).URL).life()
}

func TestReal_pullReferences(t *testing.T) {
	t.Parallel()
	address := realregistry.ForTest(t, realregistry.Options{}).URL
	client{t: t, dir: t.TempDir(), env: []string{"ESGEN_REGISTRY_URL=" + address}}.pullReferences()
}

// TestReal_killed kills a registry in the middle of registrations, before and
// behind a write, and lets esgen finish what it began when the registry is back:
// every subject has one version then, as if nothing had happened.
func TestReal_killed(t *testing.T) {
	t.Parallel()
	const events = 12
	server := realregistry.ForTest(t, realregistry.Options{Durable: true})
	deadly := newDeadly(t, server)
	c := newClient(t, "", deadly.URL)
	c.edit("string owner = 1;" + moreEvents(events-1))
	c.run(0, "lock", "update")

	for done, kill := range []struct {
		write   int
		written bool // when the registry is killed
	}{{2, false}, {3, true}, {2, true}} {
		deadly.at(kill.write, kill.written)
		got := c.run(4, "register", "--set-level")
		says(t, got.stdout, "[REGISTRY_UNREACHABLE]")
		if want := fmt.Sprintf("create    %s version 1", opened); done == 0 && !strings.Contains(got.stdout, want) {
			t.Errorf("nothing was done before:\n%s", got.stdout)
		}
		deadly.restart(t)
	}
	// Of the runs, one wrote 1, one 3 and one 2; the last write of the latter two
	// was never answered.
	subjects, err := raw(t, server.URL).Subjects(t.Context())
	if err != nil || len(subjects) != 6 {
		t.Errorf("got %v, %v", subjects, err)
	}
	says(t, c.run(0, "register", "--set-level").stdout, "6 to create, 0 to update, 6 unchanged, 0 refused\n")
	says(t, c.run(0, "register").stdout, "0 to create, 0 to update, 12 unchanged, 0 refused\n")
	wantVersions(t, server.URL, opened, "string owner = 1;")
	for i := 1; i < events; i++ {
		wantVersions(t, server.URL, fmt.Sprintf("bank.v1.account-bank.v1.Event%d", i), fmt.Sprintf("string a%d = 1;", i))
	}
	if subjects, err = raw(t, server.URL).Subjects(t.Context()); err != nil || len(subjects) != events {
		t.Errorf("got %v, %v", subjects, err)
	}
}

// moreEvents are declarations behind the fields of the usual event; the last
// one is not closed.
func moreEvents(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, " }\nmessage Event%d { option (esgen.v1.event) = {}; string a%d = 1;", i+1, i+1)
	}
	return b.String()
}

// deadly stands before a registry and kills it at a registration.
type deadly struct {
	*httptest.Server

	registry *realregistry.Registry
	behind   *httputil.ReverseProxy

	mu      sync.Mutex
	left    int  // registrations until the one at which the registry is killed
	written bool // the registry takes that one first
}

func newDeadly(t *testing.T, registry *realregistry.Registry) *deadly {
	t.Helper()
	target, err := url.Parse(registry.URL)
	if err != nil {
		t.Fatal(err)
	}
	target.Path = ""
	d := &deadly{registry: registry, behind: &httputil.ReverseProxy{
		Rewrite:      func(r *httputil.ProxyRequest) { r.SetURL(target) },
		ErrorHandler: func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) },
		Transport:    &http.Transport{DisableKeepAlives: true},
	}}
	d.Server = httptest.NewServer(d)
	t.Cleanup(d.Close)
	d.URL += strings.TrimPrefix(registry.URL, "http://"+target.Host)
	return d
}

// at sets the registration at which the registry is killed next, counting from
// 1.
func (d *deadly) at(write int, written bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.left, d.written = write, written
}

// restart starts the registry that was killed.
func (d *deadly) restart(t *testing.T) {
	t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.registry.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// ServeHTTP passes a request on, or has the connection break.
func (d *deadly) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost || !strings.Contains(r.URL.Path, "/subjects/") ||
		strings.Contains(r.URL.Path, "/compatibility/") || !strings.HasSuffix(r.URL.Path, "/versions") {
		d.behind.ServeHTTP(w, r)
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.left--
	if d.left != 0 {
		d.behind.ServeHTTP(w, r)
		return
	}
	if d.written {
		d.behind.ServeHTTP(httptest.NewRecorder(), r)
	}
	d.registry.Kill()
	panic(http.ErrAbortHandler) // the answer is lost
}
