package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestGate_examples breaks the examples in ways that a team would, holds what
// esgen check says, does what its help says, and holds that this is accepted.
func TestGate_examples(t *testing.T) {
	t.Parallel()
	const account, order = "proto/bank/v1/account.proto", "proto/shop/v1/order.proto"
	const withdrawn = "message Withdrawn {\n  option (esgen.v1.event) = {};\n\n  int64 amount_cents = 1;\n"
	const frozen = "message AccountFrozen {\n  option (esgen.v1.event) = {};\n\n  string reason = 1;\n}\n"
	for name, c := range map[string]struct {
		example, file string
		breaks        []string // texts and what replaces them
		says          string   // the finding, with both positions and the help
		mends         []string // what the help says, typed
	}{
		"another type": {
			"bank", account,
			[]string{withdrawn, strings.Replace(withdrawn, "int64", "string", 1)},
			`
proto/bank/v1/account.proto:135:10: error: field "amount_cents" was int64 and is string: the two are encoded differently, so stored values are not read any more (Withdrawn, version 1); the registry refuses it too (FIELD_SCALAR_KIND_CHANGED) [REPLAY_FIELD_TYPE]
    was: int64 amount_cents = 1 (v1, schemas/bank.v1.Withdrawn/1.proto:5:9)
    help: keep the type, and add a field with a new number beside it`,
			[]string{strings.Replace(withdrawn, "int64", "string", 1), withdrawn + "  string amount = 2;\n"},
		},
		"a field removed": {
			"bank", account,
			[]string{"[(esgen.v1.field).pii = { category: \"name\" }];\n  int64 overdraft_cents = 2;\n", "[(esgen.v1.field).pii = { category: \"name\" }];\n"},
			`
proto/bank/v1/account.proto:111:9: error: field "overdraft_cents" is gone, so stored values of it are not read any more (AccountOpened, version 1) [REPLAY_FIELD_REMOVED]
    was: int64 overdraft_cents = 2 (v1, schemas/bank.v1.AccountOpened/1.proto:6:9)
    help: keep the field and mark it [deprecated = true]
          the registry would take it: it only asks whether the bytes can be skipped, not whether the
          value is missed`,
			[]string{"[(esgen.v1.field).pii = { category: \"name\" }];\n", "[(esgen.v1.field).pii = { category: \"name\" }];\n  int64 overdraft_cents = 2 [deprecated = true];\n"},
		},
		"a field renumbered": {
			"bank", account,
			[]string{"  int64 available_cents = 2;\n", "  int64 available_cents = 3;\n"},
			`
proto/bank/v1/account.proto:143:9: error: field "available_cents" moved from number 2 to 3, so stored values of it are not read any more (WithdrawalDeclined, version 1) [REPLAY_FIELD_RENUMBERED]
    was: int64 available_cents = 2 (v1, schemas/bank.v1.WithdrawalDeclined/1.proto:6:9)
    help: give it back number 2
          the registry would take it: it only asks whether the bytes can be skipped, not whether the
          value is missed`,
			[]string{"  int64 available_cents = 3;\n", "  int64 available_cents = 2;\n"},
		},
		"an event removed": {
			"bank", account,
			[]string{frozen, "", "    emits: \"AccountFrozen\"\n", "    emits: \"AccountClosed\"\n"},
			`
proto/bank/v1/account.proto:11:9: error: event AccountFrozen was accepted and is no longer declared, but Account may have stored it [EVENT_VANISHED]
    was: message AccountFrozen (v1, schemas/bank.v1.AccountFrozen/1.proto:4:1)
    was: accepted here (esgen.lock:5:1)
    help: declare it again; if it no longer matters: option (esgen.v1.event) = { retired: true }
          if it was renamed, the new message needs
            option (esgen.v1.event) = { type: "bank.v1.AccountFrozen" }`,
			[]string{"message AccountClosed {\n", strings.Replace(frozen, "= {}", "= { retired: true }", 1) + "message AccountClosed {\n"},
		},
		"an event renamed": {
			"bank", account,
			[]string{"AccountFrozen", "AccountSuspended"},
			`
proto/bank/v1/account.proto:11:9: error: event AccountFrozen was accepted and is no longer declared, but Account may have stored it [EVENT_VANISHED]
    was: message AccountFrozen (v1, schemas/bank.v1.AccountFrozen/1.proto:4:1)
    was: accepted here (esgen.lock:5:1)
    help: declare it again; if it no longer matters: option (esgen.v1.event) = { retired: true }
          if it was renamed, the new message needs
            option (esgen.v1.event) = { type: "bank.v1.AccountFrozen" }`,
			[]string{
				"message AccountSuspended {\n  option (esgen.v1.event) = {};",
				"message AccountSuspended {\n  option (esgen.v1.event) = { type: \"bank.v1.AccountFrozen\" };",
			},
		},
		"other partitions": {
			"bank", account,
			[]string{"partitions: 12", "partitions: 24"},
			`
proto/bank/v1/account.proto:11:9: error: topic bank.v1.account has 24 partitions and had 12: keys would map to other partitions than their stored events [PARTITIONS_CHANGED]
    was: accepted here (esgen.lock:3:1)
    help: write topic: { partitions: 12 } in the option of Account`,
			[]string{"topic: { partitions: 24 }", "topic: { partitions: 12 }"},
		},
		"another message, which only the registry minds": {
			"shop", order,
			[]string{"  repeated Line lines = 4;\n}\n", "  repeated Item lines = 4;\n}\n" + item},
			`
proto/shop/v1/order.proto:223:17: error: the registry would refuse the schema of shop.v1.OrderPlaced: FIELD_NAMED_TYPE_CHANGED at #/OrderPlaced/4 against version 1, the new schema cannot read what it wrote [CONFLUENT_FIELD_NAMED_TYPE_CHANGED]
    was: repeated .shop.v1.Line lines = 4; (v1, schemas/shop.v1.OrderPlaced/1.proto:8:26)
    help: put it back as it was (a field has a message type of another name, or one that changed
          incompatibly),
          and declare what is new in an event of its own that OrderPlaced names in replaced_by
          stored events would stay readable: only the registry objects`,
			[]string{
				"  repeated Item lines = 4;\n", "  repeated Line lines = 4;\n",
				"message OrderPlaced {\n  option (esgen.v1.event) = {};", "message OrderPlaced {\n  option (esgen.v1.event) = { replaced_by: \"OrderPlacedV2\" };",
				`emits: "OrderPlaced"`, `emits: "OrderPlacedV2"`,
				item, item + "message OrderPlacedV2 {\n  option (esgen.v1.event) = {};\n  repeated Item lines = 1;\n}\n",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := copyExample(t, c.example)
			succeeds(t, dir, "check")
			rewrite(t, filepath.Join(dir, c.file), c.breaks...)
			broken := run(t, esgen(t, dir, "check", "--quiet"))
			finding, stale, _ := strings.Cut(broken.stdout, "\nchanged: ")
			if !strings.Contains(stale, `then run "go tool esgen generate"`) {
				t.Errorf("nothing is said of the generated code: %s", stale)
			}
			if diff := cmp.Diff(strings.TrimSpace(c.says), strings.TrimSpace(finding)); broken.code != 1 || diff != "" {
				t.Fatalf("exit code %d (-want +got):\n%s", broken.code, diff)
			}
			refused := run(t, esgen(t, dir, "lock", "update"))
			if refused.code != 1 || strings.TrimSpace(refused.stderr) != strings.TrimSpace(c.says) || refused.stdout != "" {
				t.Errorf("lock update: exit code %d, %s%s", refused.code, refused.stdout, refused.stderr)
			}
			rewrite(t, filepath.Join(dir, c.file), c.mends...)
			succeeds(t, dir, "lock", "update")
			succeeds(t, dir, "generate")
			succeeds(t, dir, "check")
			succeeds(t, dir, "lock", "verify")
		})
	}
}

// item is what is like a line of an order, and called something else.
const item = "message Item {\n  string sku = 1;\n  int64 quantity = 2;\n  int64 unit_cents = 3;\n}\n"

// copyExample copies an example into a directory, without what esgen does not read.
func copyExample(t *testing.T, name string) string {
	t.Helper()
	dir, from := t.TempDir(), filepath.Join("..", "..", "examples", name)
	for _, part := range []string{"proto", "gen", "schemas", "third_party"} {
		if _, err := os.Stat(filepath.Join(from, part)); err != nil {
			continue
		}
		if err := os.CopyFS(filepath.Join(dir, part), os.DirFS(filepath.Join(from, part))); err != nil {
			t.Fatal(err)
		}
	}
	files := map[string]string{"go.mod": "module github.com/esgen-dev/esgen/examples/" + name + "\n"}
	for _, part := range []string{"esgen.yaml", "esgen.lock", ".gitattributes"} {
		text, err := os.ReadFile(filepath.Join(from, part))
		if err != nil {
			t.Fatal(err)
		}
		files[part] = string(text)
	}
	put(t, dir, files)
	return dir
}

// rewrite replaces texts in a file, pairwise. A text that is not there is a
// mistake of the test.
func rewrite(t *testing.T, path string, pairs ...string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(string(text), pairs[i]) {
			t.Fatalf("%s does not hold %q", path, pairs[i])
		}
		text = []byte(strings.ReplaceAll(string(text), pairs[i], pairs[i+1]))
	}
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
}

// succeeds runs esgen.
func succeeds(t *testing.T, dir string, args ...string) {
	t.Helper()
	got := run(t, esgen(t, dir, args...))
	if got.code != 0 {
		t.Fatalf("esgen %s: exit code %d\n%s%s", strings.Join(args, " "), got.code, got.stdout, got.stderr)
	}
}
