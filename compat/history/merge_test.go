package history_test

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/esgen-dev/esgen/compat/history"
	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/generator/schema"
)

// repo is a git repository in a directory of its own.
type repo struct {
	t   testing.TB
	dir string
}

func newRepo(t *testing.T) repo {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	r := repo{t, t.TempDir()}
	r.git("init", "-q", "-b", "main")
	return r
}

// try runs git apart from the configuration of whoever runs the tests.
func (r repo) try(args ...string) (string, error) {
	r.t.Helper()
	cmd := exec.Command("git", append([]string{"-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "commit.gpgsign=false", "-c", "gc.auto=0"}, args...)...)
	cmd.Dir = r.dir
	cmd.Env = append(slices.DeleteFunc(os.Environ(), func(s string) bool { return strings.HasPrefix(s, "GIT_") }),
		"GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull, "LC_ALL=C")
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func (r repo) git(args ...string) string {
	r.t.Helper()
	out, err := r.try(args...)
	if err != nil {
		r.t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(out)
}

// history reads what is in the work tree.
func (r repo) history() (*history.History, []diag.Finding) {
	r.t.Helper()
	h, findings, err := history.Read(os.DirFS(r.dir), nil)
	if err != nil {
		r.t.Fatal(err)
	}
	return h, findings
}

// accept updates the history in the work tree.
func (r repo) accept(d declared) history.Updated {
	r.t.Helper()
	h, _ := r.history()
	u, findings := h.Update(d.schemas(), d.model())
	if len(findings) > 0 {
		r.t.Fatalf("update: %s", list(findings))
	}
	put(r.t, r.dir, u.Files)
	return u
}

// branch accepts one declaration after the other on a branch from main.
func (r repo) branch(name string, ds ...declared) {
	r.t.Helper()
	r.git("checkout", "-q", "-b", name, "main")
	for _, d := range ds {
		r.accept(d)
		r.commit(name)
	}
}

func (r repo) commit(message string) {
	r.t.Helper()
	r.git("add", "-A")
	r.git("commit", "-q", "--allow-empty", "-m", message)
}

// with returns a service with another text.
func (d declared) with(key, text string) declared {
	d.texts = maps.Clone(d.texts)
	d.texts[key] = text
	return d
}

// bankRepo is a repository with the history of the bank on main.
func bankRepo(t *testing.T) repo {
	t.Helper()
	r := newRepo(t)
	r.accept(bank())
	r.commit("first")
	return r
}

func TestMerge_differentEvents(t *testing.T) {
	t.Parallel()
	r := bankRepo(t)
	closed, opened := event("Closed", "reason", "by"), event("Opened", "owner", "by")
	r.branch("one", bank().with("bank.v1.Closed", closed))
	r.branch("two", bank().with("bank.v1.Opened", opened), bank().with("bank.v1.Opened", opened).with("bank.v1.Drawn", event("Drawn")))
	r.branch("three", bank().with("bank.v1.Frozen", event("Frozen")).with("bank.v1.Closer", event("Closer")))
	r.git("checkout", "-q", "main")
	for _, name := range []string{"one", "two", "three"} {
		r.git("merge", "-q", "--no-edit", name)
	}
	h, findings := r.history()
	if len(findings) > 0 {
		t.Fatal(list(findings))
	}
	all := bank().with("bank.v1.Closed", closed).with("bank.v1.Opened", opened).with("bank.v1.Drawn", event("Drawn")).
		with("bank.v1.Frozen", event("Frozen")).with("bank.v1.Closer", event("Closer"))
	if len(h.Versions("bank.v1.Closed", schema.Protobuf)) != 2 || len(h.Events()) != 5 {
		t.Errorf("events are %v", h.Events())
	}
	if u := r.accept(all); len(u.Added) > 0 {
		t.Errorf("after the merge, update adds %v", u.Added)
	}
	r.commit("in order")
	if u := r.accept(all); len(u.Files) > 0 {
		t.Errorf("a second update writes %v", u.Files)
	}
}

// Without the driver, which servers of git may not use, additions of different
// events to a file that holds both still merge: there are lines in between.
func TestMerge_withoutDriver(t *testing.T) {
	t.Parallel()
	r := newRepo(t)
	put(t, r.dir, nil)
	d := bank()
	r.accept(d)
	if err := os.Remove(filepath.Join(r.dir, ".gitattributes")); err != nil {
		t.Fatal(err)
	}
	r.commit("first")
	for name, key := range map[string]string{"one": "bank.v1.Closed", "two": "bank.v1.Opened"} {
		r.branch(name, d.with(key, event(key, "a", "b")))
		r.git("rm", "-q", "-f", ".gitattributes")
		r.commit("without attributes")
	}
	r.git("checkout", "-q", "one")
	r.git("merge", "-q", "--no-edit", "two")
	if _, findings := r.history(); len(findings) > 0 {
		t.Error(list(findings))
	}
}

// Both branches create the history.
func TestMerge_twoBeginnings(t *testing.T) {
	t.Parallel()
	r := newRepo(t)
	r.commit("nothing")
	one := declared{texts: map[string]string{"bank.v1.Opened": event("Opened")}}
	two := declared{texts: map[string]string{"bank.v1.Closed": event("Closed")}}
	r.branch("one", one)
	r.branch("two", two)
	out, err := r.try("merge", "--no-edit", "one")
	h, findings := r.history()
	if err != nil || len(findings) > 0 || len(h.Events()) != 2 {
		t.Errorf("%v\n%s%s\n%v", err, out, list(findings), h.Events())
	}
}

// conflict merges two branches that both add version 2 of Closed. It returns
// what git says.
func conflict(t *testing.T, r repo, ours, theirs []declared) string {
	t.Helper()
	r.branch("ours", ours...)
	r.branch("theirs", theirs...)
	r.git("checkout", "-q", "ours")
	out, err := r.try("merge", "--no-edit", "theirs")
	if err == nil {
		t.Fatalf("git merges:\n%s", out)
	}
	return out
}

func TestMerge_sameEvent(t *testing.T) {
	t.Parallel()
	r := bankRepo(t)
	ours, theirs := bank().with("bank.v1.Closed", event("Closed", "reason", "by")), bank().with("bank.v1.Closed", event("Closed", "reason", "note"))
	out := conflict(t, r, []declared{ours}, []declared{theirs.with("bank.v1.Frozen", event("Frozen"))})
	if !strings.Contains(out, "CONFLICT (add/add): Merge conflict in "+closed2) || strings.Count(out, "CONFLICT") != 1 {
		t.Fatalf("git says:\n%s", out)
	}
	_, findings := r.history()
	if len(findings) != 1 || findings[0].Rule != "LOCK_CONFLICT" || findings[0].Position.Path != closed2 ||
		findings[0].Message != "two branches added version 2 of bank.v1.Closed" {
		t.Fatalf("with markers: %s", list(findings))
	}
	both := ours.with("bank.v1.Frozen", event("Frozen")).with("bank.v1.Closed", event("Closed", "reason", "note", "by"))
	if h, _ := r.history(); true {
		if _, blocked := h.Update(both.schemas(), both.model()); len(blocked) != 1 {
			t.Errorf("update accepts a text with markers: %s", list(blocked))
		}
	}
	r.git("checkout", "--theirs", "--", closed2) // as the help says, with theirs for main
	_, findings = r.history()
	if len(findings) != 1 || findings[0].Rule != "LOCK_LINE_REPEATED" || !strings.Contains(findings[0].Help, "esgen lock update") {
		t.Fatalf("resolved: %s", list(findings))
	}
	u := r.accept(both)
	h, findings := r.history()
	if len(findings) > 0 {
		t.Fatalf("mended: %s", list(findings))
	}
	versions := h.Versions("bank.v1.Closed", schema.Protobuf)
	if len(versions) != 3 || versions[1].Schema.Text != event("Closed", "reason", "note") ||
		versions[2].Schema.Text != both.texts["bank.v1.Closed"] || len(u.Added) != 1 {
		t.Errorf("versions %v", versions)
	}
}

// A text that neither branch accepted is no resolution.
func TestMerge_mixedText(t *testing.T) {
	t.Parallel()
	r := bankRepo(t)
	ours, theirs := bank().with("bank.v1.Closed", event("Closed", "reason", "by")), bank().with("bank.v1.Closed", event("Closed", "reason", "note"))
	conflict(t, r, []declared{ours}, []declared{theirs})
	mixed := event("Closed", "reason", "by", "note")
	if err := os.WriteFile(filepath.Join(r.dir, closed2), []byte(mixed), 0o600); err != nil {
		t.Fatal(err)
	}
	h, findings := r.history()
	if len(findings) != 1 || !strings.Contains(findings[0].Message, "none matches the text") {
		t.Fatal(list(findings))
	}
	if _, blocked := h.Update(ours.schemas(), ours.model()); len(blocked) != 1 {
		t.Error("update accepts it")
	}
}

// The branch that gives way had a third version, which moves with its line.
func TestMerge_longerBranch(t *testing.T) {
	t.Parallel()
	r := bankRepo(t)
	ours := bank().with("bank.v1.Closed", event("Closed", "reason", "by"))
	theirs := bank().with("bank.v1.Closed", event("Closed", "reason", "note"))
	third := bank().with("bank.v1.Closed", event("Closed", "reason", "note", "at"))
	fourth := bank().with("bank.v1.Closed", event("Closed", "reason", "note", "at", "in"))
	conflict(t, r, []declared{ours}, []declared{theirs, third, fourth})
	r.git("checkout", "--ours", "--", closed2)
	_, findings := r.history()
	if len(findings) != 1 || findings[0].Rule != "LOCK_LINE_REPEATED" {
		t.Fatal(list(findings))
	}
	r.accept(fourth)
	h, findings := r.history()
	versions := h.Versions("bank.v1.Closed", schema.Protobuf)
	if len(findings) > 0 || len(versions) != 4 || versions[1].Schema.Text != ours.texts["bank.v1.Closed"] ||
		versions[3].Schema.Text != fourth.texts["bank.v1.Closed"] {
		t.Errorf("%s\n%v", list(findings), versions)
	}
}

// Texts that are the same do not conflict in git; what they refer to differs.
func TestMerge_sameTextOtherReferences(t *testing.T) {
	t.Parallel()
	r := newRepo(t)
	d := bank()
	d.texts["common/time.proto"] = "syntax = \"proto3\";\n"
	d.imports["bank.v1.Opened"] = append(d.imports["bank.v1.Opened"], "common/time.proto")
	r.accept(d)
	r.commit("first")
	money, time := d.texts["common/money.proto"]+"message Rate {}\n", d.texts["common/time.proto"]+"message Zone {}\n"
	r.branch("one", d.with("common/money.proto", money))
	r.branch("two", d.with("common/time.proto", time))
	r.git("merge", "-q", "--no-edit", "one")
	_, findings := r.history()
	if len(findings) != 1 || findings[0].Rule != "LOCK_LINE_REPEATED" || !strings.Contains(findings[0].Message, "differ in what it refers to") {
		t.Fatal(list(findings))
	}
	r.accept(d.with("common/money.proto", money).with("common/time.proto", time))
	h, findings := r.history()
	versions := h.Versions("bank.v1.Opened", schema.Protobuf)
	if len(findings) > 0 || len(versions) != 3 {
		t.Fatalf("%s\n%v", list(findings), versions)
	}
	for _, ref := range versions[2].Schema.References {
		if ref.Version != 2 {
			t.Errorf("references %v", versions[2].Schema.References)
		}
	}
}

// Where git does not know the driver, it leaves markers in esgen.lock. Update
// keeps the lines of both sides.
func TestMerge_markers(t *testing.T) {
	t.Parallel()
	r := newRepo(t)
	put(t, r.dir, nil)
	r.accept(bank())
	text := []byte("esgen.lock merge -text\nschemas/** -text\n")
	if err := os.WriteFile(filepath.Join(r.dir, ".gitattributes"), text, 0o600); err != nil {
		t.Fatal(err)
	}
	r.commit("first")
	one, two := bank().with("bank.v1.Drawn", event("Drawn")), bank().with("bank.v1.Frozen", event("Frozen"))
	r.branch("one", one)
	r.branch("two", two)
	if out, err := r.try("-c", "merge.conflictStyle=diff3", "merge", "--no-edit", "one"); err == nil {
		t.Fatalf("git merges:\n%s", out)
	}
	_, findings := r.history()
	if len(findings) != 1 || findings[0].Rule != "LOCK_CONFLICT" || findings[0].Position.Path != "esgen.lock" || findings[0].Position.Line < 3 {
		t.Fatal(list(findings))
	}
	r.accept(one.with("bank.v1.Frozen", event("Frozen")))
	h, findings := r.history()
	if len(findings) > 0 || len(h.Events()) != 4 {
		t.Errorf("%s\n%v", list(findings), h.Events())
	}
	if after, err := os.ReadFile(filepath.Join(r.dir, ".gitattributes")); err != nil || !bytes.Equal(after, text) {
		t.Errorf(".gitattributes was changed: %q", after)
	}
}

// Two branches that change an event each, at random, never disturb one another.
func TestMerge_random(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(seed, 1))
			r := newRepo(t)
			base := declared{texts: map[string]string{}}
			for i := range 6 {
				base.texts[fmt.Sprintf("bank.v1.E%d", i)] = event(fmt.Sprintf("E%d", i))
			}
			r.accept(base)
			r.commit("first")
			ends := []declared{base, base}
			for side, name := range []string{"even", "odd"} {
				r.git("checkout", "-q", "-b", name, "main")
				for range 1 + random.IntN(4) {
					n := 2*random.IntN(6) + side
					key := fmt.Sprintf("bank.v1.E%d", n)
					ends[side] = ends[side].with(key, event(key, fmt.Sprintf("f%d", random.IntN(100))))
					r.accept(ends[side])
				}
				r.commit(name)
			}
			r.git("merge", "-q", "--no-edit", "even")
			h, findings := r.history()
			if len(findings) > 0 {
				t.Fatal(list(findings))
			}
			for side, end := range ends {
				for key, text := range end.texts {
					if (key[len(key)-1]-'0')%2 != byte(side) && base.texts[key] == text {
						continue // the other branch may have changed it
					}
					versions := h.Versions(key, schema.Protobuf)
					if versions[len(versions)-1].Schema.Text != text {
						t.Errorf("the last version of %s is not what was accepted last", key)
					}
				}
			}
		})
	}
}
