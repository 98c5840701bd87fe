package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/sr"

	"github.com/esgen-dev/esgen/compat/confluent"
	"github.com/esgen-dev/esgen/compat/registry/registrytest"
)

// client is the usual project beside a registry.
type client struct {
	t   *testing.T
	dir string
	env []string
}

// newClient returns a project with one event, whose schema is accepted.
func newClient(t *testing.T, config, address string) client {
	t.Helper()
	c := client{t: t, dir: t.TempDir()}
	put(t, c.dir, usual(map[string]string{"esgen.yaml": usualConfig + config}))
	if address != "" {
		c.env = append(c.env, "ESGEN_REGISTRY_URL="+address)
	}
	c.run(0, "lock", "update", "-q")
	return c
}

// run runs esgen and holds it to an exit code.
func (c client) run(code int, args ...string) outcome {
	c.t.Helper()
	cmd := esgen(c.t, c.dir, args...)
	cmd.Env = append(slices.DeleteFunc(cmd.Env, func(setting string) bool { return strings.HasPrefix(setting, "ESGEN_REGISTRY_") }), c.env...)
	got := run(c.t, cmd)
	if got.code != code {
		c.t.Fatalf("esgen %s: exit code %d, want %d\n%s%s", strings.Join(args, " "), got.code, code, got.stdout, got.stderr)
	}
	return got
}

// says holds an output to have parts.
func says(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q is not in\n%s", part, text)
		}
	}
}

const (
	opened  = "bank.v1.account-bank.v1.AccountOpened" // the subject
	field   = "string owner = 1; }\n"
	emitted = "message AccountOpened { option (esgen.v1.event) = {}; " + field
)

// edit changes the event of the project.
func (c client) edit(fields string) {
	c.t.Helper()
	path := filepath.Join(c.dir, usualPath)
	text, err := os.ReadFile(path)
	if err != nil {
		c.t.Fatal(err)
	}
	at := strings.Index(string(text), "message AccountOpened {")
	put(c.t, c.dir, map[string]string{usualPath: string(text[:at]) + strings.Replace(emitted, field, fields+" }\n", 1)})
}

// writes returns what was written to a registry, a line each.
func writes(server *registrytest.Server) []string {
	var lines []string
	for _, w := range server.Writes() {
		line := w.Kind + " " + w.Subject
		if w.Version > 0 {
			line += fmt.Sprintf(" %d", w.Version)
		}
		if w.Kind == "level" {
			line += " " + w.Value
		}
		lines = append(lines, line)
	}
	return lines
}

// wantWrites holds the registry's log of writes to be what is expected.
func wantWrites(t *testing.T, server *registrytest.Server, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, writes(server)); diff != "" {
		t.Errorf("writes (-want +got):\n%s", diff)
	}
}

// serve starts a registry for a test.
func serve(t *testing.T, o registrytest.Options) *registrytest.Server {
	t.Helper()
	if o.Level == "" {
		o.Level = confluent.BackwardTransitive
	}
	server := registrytest.New(o)
	t.Cleanup(server.Close)
	return server
}

// TestRegister goes through the life of one subject.
func TestRegister(t *testing.T) {
	t.Parallel()
	server := serve(t, registrytest.Options{})
	c := newClient(t, "", server.URL())

	got := c.run(0, "register", "--dry-run")
	says(t, got.stdout, "create    "+opened+"\n", "1 to create, 0 to update, 0 unchanged, 0 refused\n")
	wantWrites(t, server)

	got = c.run(0, "register")
	says(t, got.stdout, "1 to create")
	wantWrites(t, server, "register "+opened+" 1")
	if text := server.Writes()[0].Value; !strings.Contains(text, "string owner = 1;") {
		t.Errorf("registered\n%s", text)
	}

	got = c.run(0, "register")
	says(t, got.stdout, "0 to create, 0 to update, 1 unchanged, 0 refused\n")
	if strings.Contains(got.stdout, opened) {
		t.Errorf("what is unchanged is listed without -v:\n%s", got.stdout)
	}
	says(t, c.run(0, "register", "-v").stdout, "unchanged "+opened+"\n")
	if got = c.run(0, "register", "-q"); got.stdout+got.stderr != "" {
		t.Errorf("quiet: %s%s", got.stdout, got.stderr)
	}
	wantWrites(t, server, "register "+opened+" 1")

	// A change that is not accepted is not registered; accepted, it is.
	c.edit("string owner = 1; int64 limit = 2;")
	says(t, c.run(1, "register").stdout, "[LOCK_STALE]")
	wantWrites(t, server, "register "+opened+" 1")
	c.run(0, "lock", "update")
	says(t, c.run(0, "register").stdout, "update    "+opened+"\n", "1 to update")
	wantWrites(t, server, "register "+opened+" 1", "register "+opened+" 2")

	// A break does not come near the registry.
	asked := len(server.Requests())
	c.edit("int32 owner = 1; int64 limit = 2;")
	got = c.run(1, "register")
	says(t, got.stdout, "[REPLAY_FIELD_TYPE]")
	c.run(1, "register", "--fail-on", "never")
	if len(server.Requests()) != asked {
		t.Errorf("the registry was asked: %v", server.Requests()[asked:])
	}
	wantWrites(t, server, "register "+opened+" 1", "register "+opened+" 2")
}

// TestRegister_refused registers what only this registry objects to: a version
// that somebody else put there.
func TestRegister_refused(t *testing.T) {
	t.Parallel()
	server := serve(t, registrytest.Options{})
	c := newClient(t, "", server.URL())
	other := "syntax = \"proto3\";\npackage bank.v1;\n\nmessage AccountOpened {\n  int64 owner = 1;\n}\n"
	if _, _, err := server.Seed(opened, sr.Schema{Schema: other, Type: sr.TypeProtobuf}); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"register"}, {"register", "--dry-run"}, {"register", "--yes", "--fail-on", "never"}} {
		got := c.run(1, args...)
		says(t, got.stdout, "[REGISTRY_REFUSED]", "FIELD_SCALAR_KIND_CHANGED", "refused   "+opened, "1 refused", "[REGISTRY_DRIFT]")
	}
	wantWrites(t, server)
}

// TestRegister_drift finds a version that nobody accepted, and takes it over.
func TestRegister_drift(t *testing.T) {
	t.Parallel()
	server := serve(t, registrytest.Options{})
	c := newClient(t, "", server.URL())
	c.run(0, "register")
	other := "syntax = \"proto3\";\npackage bank.v1;\n\nmessage AccountOpened {\n  string owner = 1;\n  bool vip = 9;\n}\n"
	if _, _, err := server.Seed(opened, sr.Schema{Schema: other, Type: sr.TypeProtobuf}); err != nil {
		t.Fatal(err)
	}
	got := c.run(0, "register", "--dry-run")
	says(t, got.stdout, "warning: the registry holds version 2 of "+opened+", which was never accepted [REGISTRY_DRIFT]", "esgen lock pull")
	c.run(1, "register", "--dry-run", "--fail-on", "warning")
	// The help, followed: the version is taken over, and then seen offline.
	says(t, c.run(0, "lock", "pull").stdout, "accepted version 2 of "+opened)
	got = c.run(1, "compat")
	says(t, got.stdout, `field "vip" is gone`, "version 2")
	c.edit("string owner = 1; bool vip = 9;")
	c.run(0, "compat")
	if got = c.run(0, "register"); strings.Contains(got.stdout, "REGISTRY_DRIFT") {
		t.Errorf("still drifting:\n%s", got.stdout)
	}
}

// TestRegister_protected asks before it writes to a protected registry, and
// nobody is there to answer.
func TestRegister_protected(t *testing.T) {
	t.Parallel()
	server := serve(t, registrytest.Options{})
	config := "registry:\n  url: " + serve(t, registrytest.Options{}).URL() + "\n  named:\n    production: { url: \"${PRODUCTION_URL}\", protected: true }\n"
	c := newClient(t, config, "")
	c.env = append(c.env, "PRODUCTION_URL="+server.URL())
	got := c.run(2, "register", "--registry", "production")
	says(t, got.stderr, "error: the registry is protected, and nobody is there to ask\n", "help: add --yes")
	wantWrites(t, server)
	c.run(0, "register", "--registry", "production", "--dry-run")
	wantWrites(t, server)
	c.run(0, "register", "--registry", "production", "--yes")
	wantWrites(t, server, "register "+opened+" 1")
	// There is nothing to ask about any more.
	c.run(0, "register", "--registry", "production")

	got = c.run(2, "register", "--registry", "prodution")
	says(t, got.stderr, `error: there is no registry "prodution"`, `did you mean "production"?`)
	got = c.run(2, "lock", "pull", "--registry", "x")
	says(t, got.stderr, `error: there is no registry "x"`, "registry.named in esgen.yaml lists production")
	c.env = nil
	got = c.run(2, "register", "--registry", "production", "--yes")
	says(t, got.stderr, "PRODUCTION_URL")
}

// TestRegister_unreachable fails with the code for registries, and says why.
func TestRegister_unreachable(t *testing.T) {
	t.Parallel()
	closed := registrytest.New(registrytest.Options{})
	closed.Close()
	secret := serve(t, registrytest.Options{User: "ada", Password: "pa55word"})
	html := serve(t, registrytest.Options{})
	html.Intercept(func(w http.ResponseWriter, _ *http.Request) bool {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte("<html>hello</html>"))
		return true
	})
	for name, c := range map[string]struct {
		address string
		env     []string
		code    int
		says    []string
	}{
		"no address":     {"", nil, 2, []string{"[REGISTRY_CONFIG]", "ESGEN_REGISTRY_URL"}},
		"no URL":         {"not a url", nil, 2, []string{"[REGISTRY_CONFIG]"}},
		"nobody there":   {closed.URL(), nil, 4, []string{"[REGISTRY_UNREACHABLE]"}},
		"who asks":       {secret.URL(), nil, 4, []string{"[REGISTRY_UNAUTHORIZED]", "ESGEN_REGISTRY_USER"}},
		"wrong password": {secret.URL(), []string{"ESGEN_REGISTRY_USER=ada", "ESGEN_REGISTRY_PASSWORD=wr0ng"}, 4, []string{"[REGISTRY_UNAUTHORIZED]"}},
		"right password": {secret.URL(), []string{"ESGEN_REGISTRY_USER=ada", "ESGEN_REGISTRY_PASSWORD=pa55word"}, 0, nil},
		"no registry":    {html.URL(), nil, 4, []string{"a web page"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			project := newClient(t, "", c.address)
			project.env = append(project.env, c.env...)
			for _, args := range [][]string{{"register", "--dry-run"}, {"lock", "pull"}, {"compat", "--against", "registry"}, {"check", "--against", "registry"}} {
				if args[0] == "check" {
					project.run(0, "generate")
				}
				got := project.run(c.code, args...)
				says(t, got.stdout, c.says...)
				if all := got.stdout + got.stderr; strings.Contains(all, "wr0ng") || strings.Contains(all, "pa55word") {
					t.Errorf("a secret is told:\n%s", all)
				}
				if lines := strings.Count(got.stdout, "error: "); c.code != 0 && lines != 1 {
					t.Errorf("%v: %d errors\n%s", args, lines, got.stdout)
				}
			}
			// What is committed is still checked without a network.
			project.run(0, "compat")
		})
	}
}

// TestRegister_level sets levels only where that was asked for.
func TestRegister_level(t *testing.T) {
	t.Parallel()
	server := serve(t, registrytest.Options{Level: confluent.Backward})
	c := newClient(t, "", server.URL())
	c.edit("string owner = 1; }\nmessage AccountClosed { option (esgen.v1.event) = {};")
	c.run(0, "lock", "update")
	got := c.run(0, "register")
	says(t, got.stdout, "[REGISTRY_LEVEL]", "--set-level")
	if n := strings.Count(got.stdout, "[REGISTRY_LEVEL]"); n != 1 {
		t.Errorf("%d findings about levels:\n%s", n, got.stdout)
	}
	const closed = "bank.v1.account-bank.v1.AccountClosed"
	wantWrites(t, server, "register "+opened+" 1", "register "+closed+" 1")
	says(t, c.run(0, "register", "--set-level", "--dry-run").stdout, opened+", level BACKWARD_TRANSITIVE\n")
	wantWrites(t, server, "register "+opened+" 1", "register "+closed+" 1")
	c.run(0, "register", "--set-level")
	wantWrites(t, server, "register "+opened+" 1", "register "+closed+" 1",
		"level "+opened+" BACKWARD_TRANSITIVE", "level "+closed+" BACKWARD_TRANSITIVE")
	if got := c.run(0, "register"); strings.Contains(got.stdout, "REGISTRY_LEVEL") {
		t.Errorf("the level still differs:\n%s", got.stdout)
	}
	// Of a run that does something, only what it does is printed.
	c.edit("string owner = 1; int64 limit = 2; }\nmessage AccountClosed { option (esgen.v1.event) = {};")
	c.run(0, "lock", "update")
	got = c.run(0, "register")
	says(t, got.stdout, "update    "+opened+" version 2, id 3\n")
	if strings.Contains(got.stdout, closed) {
		t.Errorf("what is unchanged is listed without -v:\n%s", got.stdout)
	}
}

// TestPull takes a registry's versions over into an empty lock.
func TestPull(t *testing.T) {
	t.Parallel()
	server := serve(t, registrytest.Options{})
	first := newClient(t, "", server.URL())
	first.run(0, "register")
	first.edit("string owner = 1; int64 limit = 2;")
	first.run(0, "lock", "update")
	first.run(0, "register")
	registered := writes(server)

	second := client{t: t, dir: t.TempDir(), env: first.env}
	put(t, second.dir, usual(nil))
	got := second.run(0, "lock", "pull")
	says(t, got.stdout, "accepted version 1 of "+opened+"\naccepted version 2 of "+opened+"\n")
	says(t, second.run(1, "compat").stdout, `field "limit" is gone`) // the second service is behind
	second.edit("string owner = 1; int64 limit = 2;")
	got = second.run(0, "compat")
	says(t, got.stdout, "1 schema: 0 new, 0 changed, 1 unchanged\n")
	second.run(0, "lock", "verify")
	if got = second.run(0, "lock", "pull"); got.stdout != "" {
		t.Errorf("pulled again: %s", got.stdout)
	}
	// Both now agree on what was accepted.
	for _, name := range []string{"1.proto", "2.proto"} {
		path := filepath.Join("schemas", "bank.v1.AccountOpened", name)
		a, b := read(t, filepath.Join(first.dir, path)), read(t, filepath.Join(second.dir, path))
		if a != b {
			t.Errorf("%s: %s", name, cmp.Diff(a, b))
		}
	}
	if diff := cmp.Diff(registered, writes(server)); diff != "" {
		t.Errorf("pull wrote to the registry:\n%s", diff)
	}
}

// TestPull_other takes over what somebody else registered, behind what was
// accepted: nothing is lost, and the gate says what it means.
func TestPull_other(t *testing.T) {
	t.Parallel()
	server := serve(t, registrytest.Options{})
	other := "syntax = \"proto3\";\npackage bank.v1;\n\nmessage AccountOpened {\n  string holder = 3;\n}\n"
	if _, _, err := server.Seed(opened, sr.Schema{Schema: other, Type: sr.TypeProtobuf}); err != nil {
		t.Fatal(err)
	}
	c := newClient(t, "", server.URL())
	got := c.run(0, "lock", "pull")
	says(t, got.stdout, "accepted version 2 of "+opened+"\n")
	c.run(0, "lock", "verify")
	says(t, c.run(1, "compat").stdout, "REPLAY_FIELD_REMOVED", "holder")
	// The same again is nothing new.
	if got := c.run(0, "lock", "pull"); got.stdout != "" {
		t.Errorf("pulled again: %s", got.stdout)
	}
}

// TestRegister_environment takes the address that is closer to the command.
func TestRegister_environment(t *testing.T) {
	t.Parallel()
	configured, local := serve(t, registrytest.Options{}), serve(t, registrytest.Options{})
	c := newClient(t, "registry: { url: \""+configured.URL()+"\" }\n", local.URL())
	c.run(0, "register")
	wantWrites(t, configured)
	wantWrites(t, local, "register "+opened+" 1")
}

// TestAgainstRegistry compares with what the registry holds, whatever the lock
// says.
func TestAgainstRegistry(t *testing.T) {
	t.Parallel()
	server := serve(t, registrytest.Options{})
	c := newClient(t, "", server.URL())
	says(t, c.run(0, "compat", "--against", "registry").stdout, "1 schema: 1 new")
	c.run(0, "register")
	says(t, c.run(0, "compat", "--against", "registry").stdout, "1 unchanged")
	c.run(0, "generate")
	says(t, c.run(0, "check", "--against", "registry").stdout, "1 unchanged")

	c.edit("int32 owner = 1;")
	got := c.run(1, "compat", "--against", "registry")
	says(t, got.stdout, "[REPLAY_FIELD_TYPE]", "FIELD_SCALAR_KIND_CHANGED",
		"was: string owner = 1 (v1 of "+opened+", line 5)")
	c.run(1, "check", "--against", "registry")
	says(t, c.run(0, "changelog", "--against", "registry").stdout, "field scalar kind changed: int32 owner = 1")
	// A lock without versions does not hide it.
	for _, name := range []string{"esgen.lock", "schemas"} {
		if err := os.RemoveAll(filepath.Join(c.dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	c.run(0, "compat")
	c.run(1, "compat", "--against", "registry")
	wantWrites(t, server, "register "+opened+" 1")
}
