package main

import (
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

// TestLife takes a project through its life beside the registry in memory;
// TestReal_life does beside a real one.
func TestLife(t *testing.T) {
	t.Parallel()
	newClient(t, "", serve(t, registrytest.Options{Level: confluent.Backward}).URL()).life()
}

// life goes through the life of a subject, which is not there yet.
func (c client) life() {
	t, address := c.t, strings.TrimPrefix(c.env[0], "ESGEN_REGISTRY_URL=")
	says(t, c.run(0, "compat", "--against", "registry").stdout, "1 schema: 1 new")
	says(t, c.run(0, "register", "--set-level", "--dry-run").stdout, "create    "+opened, "1 to create, 0 to update, 0 unchanged, 0 refused\n")
	wantVersions(t, address, opened)
	says(t, c.run(0, "register", "--set-level").stdout, "create    "+opened+" version 1, id ", "level BACKWARD_TRANSITIVE")
	says(t, c.run(0, "register").stdout, "0 to create, 0 to update, 1 unchanged, 0 refused\n")
	says(t, c.run(0, "compat", "--against", "registry").stdout, "1 unchanged")

	c.edit("string owner = 1; int64 limit = 2;")
	c.run(0, "lock", "update")
	says(t, c.run(0, "register").stdout, "update    "+opened+" version 2, id ")
	wantVersions(t, address, opened, "string owner = 1;", "int64 limit = 2;")

	// Somebody else takes the next number, for something else.
	other := "syntax = \"proto3\";\npackage bank.v1;\n\nmessage AccountOpened {\n  string owner = 1;\n  int64 limit = 2;\n  string vip = 3;\n}\n"
	if _, err := raw(t, address).RegisterSchema(t.Context(), opened, sr.Schema{Schema: other, Type: sr.TypeProtobuf}, -1, -1); err != nil {
		t.Fatal(err)
	}
	c.edit("string owner = 1; int64 limit = 2; bool vip = 3;")
	c.run(0, "lock", "update")
	says(t, c.run(1, "register").stdout, "[REGISTRY_REFUSED]", "refused   "+opened, "[REGISTRY_DRIFT]")
	wantVersions(t, address, opened, "string owner = 1;", "int64 limit = 2;", "string vip = 3;")

	// A service that starts from the registry has what stands there.
	second := client{t: t, dir: t.TempDir(), env: c.env}
	put(t, second.dir, usual(nil))
	says(t, second.run(0, "lock", "pull").stdout, "accepted version 1 of "+opened, "accepted version 3 of "+opened)
	second.run(0, "lock", "verify")
	second.edit("string owner = 1; int64 limit = 2; string vip = 3;")
	says(t, second.run(0, "register").stdout, "0 to create, 0 to update, 1 unchanged, 0 refused\n")
	for number, name := range []string{"1.proto", "2.proto"} {
		path := filepath.Join("schemas", "bank.v1.AccountOpened", name)
		if a, b := read(t, filepath.Join(c.dir, path)), read(t, filepath.Join(second.dir, path)); a != b {
			t.Errorf("version %d: %s", number+1, cmp.Diff(a, b))
		}
	}
}

// raw returns a client of the registry that is not esgen's.
func raw(t *testing.T, address string) *sr.Client {
	t.Helper()
	client, err := sr.NewClient(sr.URLs(address))
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// wantVersions holds a subject to have versions, each with a part in it that
// those before do not have.
func wantVersions(t *testing.T, address, subject string, parts ...string) {
	t.Helper()
	client := raw(t, address)
	versions, err := client.SubjectVersions(t.Context(), subject)
	if err != nil && len(parts) > 0 {
		t.Fatal(err)
	}
	slices.Sort(versions)
	if len(versions) != len(parts) {
		t.Fatalf("%s has the versions %v, want %d", subject, versions, len(parts))
	}
	before := ""
	for i, version := range versions {
		stored, err := client.SchemaByVersion(t.Context(), subject, version)
		if err != nil {
			t.Fatal(err)
		}
		text := stored.Schema.Schema
		if version != i+1 || !strings.Contains(text, parts[i]) || strings.Contains(before, parts[i]) {
			t.Errorf("version %d of %s does not bring %q:\n%s", version, subject, parts[i], text)
		}
		before = text
	}
}

// TestPull_references takes over versions that refer to versions of a file.
func TestPull_references(t *testing.T) {
	t.Parallel()
	server := serve(t, registrytest.Options{})
	client{t: t, dir: t.TempDir(), env: []string{"ESGEN_REGISTRY_URL=" + server.URL()}}.pullReferences()
	wantWrites(t, server, "register common/money.proto 1", "register "+opened+" 1",
		"register common/money.proto 2", "register "+opened+" 2")
}

// pullReferences registers an event and what it imports, and takes both over
// elsewhere.
func (c client) pullReferences() {
	const (
		money = "proto/common/money.proto"
		first = "syntax = \"proto3\";\npackage common;\noption go_package = \"example.com/bank/gen/common\";\nmessage Money { int64 cents = 1; }\n"
	)
	second := strings.Replace(first, "cents = 1;", "cents = 1; string currency = 2;", 1)
	body := strings.Replace(usualBody, emitted, strings.Replace(emitted, field, "common.Money limit = 2; }\n", 1), 1)
	declared := usualHeader + "import \"common/money.proto\";\n" + body
	put(c.t, c.dir, usual(map[string]string{usualPath: declared}))
	for _, text := range []string{first, second} {
		put(c.t, c.dir, map[string]string{money: text})
		c.run(0, "lock", "update")
		c.run(0, "register")
	}

	b := client{t: c.t, dir: c.t.TempDir(), env: c.env}
	put(c.t, b.dir, usual(map[string]string{usualPath: declared, money: second}))
	got := b.run(0, "lock", "pull")
	says(c.t, got.stdout, "accepted version 2 of common/money.proto\n", "accepted version 2 of "+opened+"\n")
	if diff := cmp.Diff(accepted(c.t, c.dir), accepted(c.t, b.dir)); diff != "" {
		c.t.Errorf("the locks differ (-registered +pulled):\n%s", diff)
	}
	says(c.t, b.run(0, "compat").stdout, "2 schemas: 0 new, 0 changed, 2 unchanged\n")
	says(c.t, b.run(0, "compat", "--against", "registry").stdout, "2 schemas: 0 new, 0 changed, 2 unchanged\n")
}

// accepted returns the lines of esgen.lock about versions.
func accepted(t *testing.T, dir string) []string {
	t.Helper()
	var lines []string
	for line := range strings.Lines(read(t, filepath.Join(dir, "esgen.lock"))) {
		if strings.HasPrefix(line, "schema ") {
			lines = append(lines, line)
		}
	}
	return lines
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
