package history_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/esgen-dev/esgen/compat/history"
	"github.com/esgen-dev/esgen/compat/history/gitfs"
	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/generator/schema"
)

// vary changes what is declared: a text, an import, an event more or less.
func vary(random *rand.Rand, d declared) declared {
	next := declared{texts: map[string]string{}, imports: map[string][]string{}, json: map[string]string{}}
	for i := range 8 {
		file, name := fmt.Sprintf("dir %d/ü.proto", i/2), fmt.Sprintf("bank.v1.E%d", i)
		next.texts[file] = cmpOr(d.texts[file], "first")
		next.texts[name] = cmpOr(d.texts[name], event(name))
		next.imports[name] = d.imports[name]
		if d.texts == nil {
			next.imports[name] = []string{file}
			continue
		}
		switch random.IntN(10) {
		case 0:
			next.texts[name] = event(name, fmt.Sprintf("f%d", random.IntN(3)))
		case 1:
			next.texts[file] = strings.Repeat("x\r\n\x00", random.IntN(3))
		case 2:
			next.imports[name] = []string{"dir 3/ü.proto", file}[:1+btoi(file != "dir 3/ü.proto")]
		case 3:
			next.json[name] = fmt.Sprint(random.IntN(3))
		case 4:
			delete(next.texts, name)
		}
	}
	return next
}

func cmpOr(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Whatever is declared one after the other: what Update returns is what Read
// finds, nothing that was accepted changes, and the last version is the text.
func TestRandom(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		random := rand.New(rand.NewPCG(seed, 2))
		var fsys fstest.MapFS
		before := map[string][]history.Version{}
		d := declared{}
		for range 8 {
			d = vary(random, d)
			var u history.Updated
			fsys, u = update(t, fsys, d)
			h := read(t, fsys)
			if diff := cmp.Diff(h.Events(), u.History.Events(), cmpopts.IgnoreTypes(diag.Position{})); diff != "" {
				t.Fatalf("seed %d: events:\n%s", seed, diff)
			}
			for _, key := range h.Keys() {
				for _, kind := range []schema.Type{schema.Protobuf, schema.JSON} {
					got := h.Versions(key, kind)
					if diff := cmp.Diff(got, u.History.Versions(key, kind), cmpopts.IgnoreTypes(diag.Position{}), cmpopts.EquateEmpty()); diff != "" {
						t.Fatalf("seed %d: %s:\n%s", seed, key, diff)
					}
					old := before[key+string(kind)]
					if !slices.EqualFunc(old, got[:len(old)], func(a, b history.Version) bool { return a.Hash == b.Hash && a.Schema.Text == b.Schema.Text }) {
						t.Fatalf("seed %d: %s: an accepted version changed", seed, key)
					}
					before[key+string(kind)] = got
					if text, ok := d.texts[key]; ok && kind == schema.Protobuf && got[len(got)-1].Schema.Text != text {
						t.Fatalf("seed %d: %s: the last version is not what is declared", seed, key)
					}
				}
			}
			if _, again := update(t, fsys, d); len(again.Files) > 0 {
				t.Fatalf("seed %d: a second update writes %v", seed, again.Files)
			}
		}
	}
}

func FuzzRead(f *testing.F) {
	fsys := threeVersions(f)
	f.Add(string(fsys["esgen.lock"].Data))
	f.Add("# esgen.lock\nformat 1\n")
	f.Fuzz(func(t *testing.T, lock string) {
		changed := maps.Clone(fsys)
		changed["esgen.lock"] = &fstest.MapFile{Data: []byte(lock)}
		h, findings, err := history.Read(changed, nil)
		if err != nil {
			t.Fatal(err)
		}
		u, blocked := h.Update(bank().schemas(), bank().model())
		if len(blocked) > 0 {
			return
		}
		// What update accepts is right from then on, or was right before.
		if _, left, err := history.Read(mapOf(changed, u.Files), nil); err != nil || len(left) > 0 {
			t.Errorf("%q\nread: %s\nafter the update: %v %s", lock, list(findings), err, list(left))
		}
	})
}

// thousand writes a history of 1000 events with 20 versions each.
func thousand(tb testing.TB) string {
	tb.Helper()
	dir := tb.TempDir()
	h, _, err := history.Read(os.DirFS(dir), nil)
	if err != nil {
		tb.Fatal(err)
	}
	for version := range 20 {
		d := declared{texts: map[string]string{}}
		for i := range 1000 {
			name := fmt.Sprintf("bank.v1.Event%d", i)
			d.texts[name] = event(name, strings.Fields(strings.Repeat("a_field_with_a_name ", 10+version))...)
		}
		u, findings := h.Update(d.schemas(), d.model())
		if len(findings) > 0 {
			tb.Fatal(list(findings))
		}
		put(tb, dir, u.Files)
		h = u.History
	}
	return dir
}

// BenchmarkRead reads 20 000 texts from disk.
func BenchmarkRead(b *testing.B) {
	fsys := os.DirFS(thousand(b))
	for b.Loop() {
		h, findings, err := history.Read(fsys, nil)
		if err != nil || len(findings) > 0 || len(h.Keys()) != 1000 {
			b.Fatal(err, list(findings))
		}
	}
}

// BenchmarkRead_git reads the same from a revision.
func BenchmarkRead_git(b *testing.B) {
	r := repo{b, thousand(b)}
	r.git("init", "-q", "-b", "main")
	r.commit("first")
	r.git("gc", "-q")
	for b.Loop() {
		f, err := gitfs.Open(b.Context(), r.dir, "main")
		if err != nil {
			b.Fatal(err)
		}
		h, findings, err := history.Read(f, nil)
		if err != nil || len(findings) > 0 || len(h.Keys()) != 1000 {
			b.Fatal(err, list(findings))
		}
		if err := f.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkKept looks for types in 20 000 texts, which are in memory.
func BenchmarkKept(b *testing.B) {
	h, _, err := history.Read(os.DirFS(filepath.Clean(thousand(b))), nil)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if len(h.Kept()) != 1000 {
			b.Fatal("types are missing")
		}
	}
}
