package history_test

import (
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/esgen-dev/esgen/compat/history"
	"github.com/esgen-dev/esgen/generator/schema"
)

// threeVersions is a service whose event Closed has three versions.
func threeVersions(t testing.TB) fstest.MapFS {
	t.Helper()
	d := bank()
	fsys, _ := update(t, nil, d)
	for _, field := range []string{"by", "note"} {
		d.texts["bank.v1.Closed"] = event("Closed", "reason", field)
		fsys, _ = update(t, fsys, d)
	}
	return fsys
}

// file changes the text of a file.
func file(name string, change func(string) string) func(fstest.MapFS) {
	return func(fsys fstest.MapFS) { fsys[name] = &fstest.MapFile{Data: []byte(change(string(fsys[name].Data)))} }
}

// lock changes esgen.lock by a regular expression.
func lock(expr, with string) func(fstest.MapFS) {
	return file("esgen.lock", func(s string) string {
		out := regexp.MustCompile("(?m)"+expr).ReplaceAllString(s, with)
		if out == s {
			return "the test changes nothing"
		}
		return out
	})
}

func both(changes ...func(fstest.MapFS)) func(fstest.MapFS) {
	return func(fsys fstest.MapFS) {
		for _, change := range changes {
			change(fsys)
		}
	}
}

func swap(a, b string) func(fstest.MapFS) {
	return func(fsys fstest.MapFS) { fsys[a], fsys[b] = fsys[b], fsys[a] }
}

func remove(names ...string) func(fstest.MapFS) {
	return func(fsys fstest.MapFS) {
		for _, name := range names {
			delete(fsys, name)
		}
	}
}

const (
	closed1 = "schemas/bank.v1.Closed/1.proto"
	closed2 = "schemas/bank.v1.Closed/2.proto"
	closed3 = "schemas/bank.v1.Closed/3.proto"
)

// Each case is one change to what was accepted, and found as one thing.
func TestRead_tampered(t *testing.T) {
	t.Parallel()
	extra := func(s string) string { return s + "\n" }
	for _, c := range []struct {
		name   string
		change func(fstest.MapFS)
		want   []string // path:line rule
		text   string   // of the first message
	}{
		{"a text", file(closed2, extra), []string{closed2 + ":1 LOCK_VERSION_CHANGED"}, "version 2 of bank.v1.Closed is not what was accepted"},
		{"the first text", file(closed1, extra), []string{closed1 + ":1 LOCK_VERSION_CHANGED"}, "its text or its line"},
		{"an imported text", file("schemas/common/money.proto/1.proto", extra), []string{"schemas/common/money.proto/1.proto:1 LOCK_VERSION_CHANGED"}, "version 1"},
		{
			"two texts swapped", swap(closed1, closed2),
			[]string{closed1 + ":1 LOCK_VERSION_CHANGED", closed2 + ":1 LOCK_VERSION_CHANGED"},
			"",
		},
		{"a text removed", remove(closed2), []string{"esgen.lock:7 LOCK_TEXT_MISSING"}, "the text of version 2 of bank.v1.Closed is missing"},
		{"a line removed", lock(`^schema bank.v1.Closed 2.*\n`, ""), []string{"esgen.lock:7 LOCK_VERSION_MISSING", closed2 + ":0 LOCK_TEXT_STRAY"}, "version 2 of bank.v1.Closed is missing"},
		{"the first line removed", lock(`^schema bank.v1.Closed 1.*\n`, ""), []string{"esgen.lock:6 LOCK_VERSION_MISSING", closed1 + ":0 LOCK_TEXT_STRAY"}, "version 1"},
		{
			"a version removed", both(lock(`^schema bank.v1.Closed 2.*\n`, ""), remove(closed2)),
			[]string{"esgen.lock:7 LOCK_VERSION_MISSING"},
			"version 2",
		},
		{
			"a version removed, and those behind moved up",
			both(lock(`^schema bank.v1.Closed 2.*\n`, ""), lock("^schema bank.v1.Closed 3", "schema bank.v1.Closed 2"), swap(closed2, closed3), remove(closed3)),
			[]string{closed2 + ":1 LOCK_VERSION_CHANGED"},
			"version 2",
		},
		{
			"a hash made right again", both(file(closed2, extra), lock(`^(schema bank.v1.Closed 2.*sha256=)\w+`, "${1}"+rehash(t, "bank.v1.Closed", 2, extra))),
			[]string{closed3 + ":1 LOCK_VERSION_CHANGED"},
			"or version 2 was changed",
		},
		{"a hash", lock(`^(schema bank.v1.Closed 3.*sha256=)....`, "${1}0000"), []string{closed3 + ":1 LOCK_VERSION_CHANGED"}, "version 3"},
		{"a subject", lock(`subject=accounts-bank.v1.Opened`, "subject=accounts-bank.v1.Openes"), []string{"schemas/bank.v1.Opened/1.proto:1 LOCK_VERSION_CHANGED"}, "its line"},
		{
			"a reference", lock(`money.proto:1`, "money.proto:2"),
			[]string{"esgen.lock:9 LOCK_INCOMPLETE", "schemas/bank.v1.Opened/1.proto:1 LOCK_VERSION_CHANGED"},
			"refers to version 2 of common/money.proto",
		},
		{"a reference removed", lock(` refs=.*`, ""), []string{
			"esgen.lock:10 LOCK_INCOMPLETE", "schemas/bank.v1.Opened/1.proto:1 LOCK_VERSION_CHANGED",
		}, "common/money.proto is neither"},
		{"a type", both(lock(`Closed 3 PROTOBUF`, "Closed 3 JSON"), swap(closed3, "schemas/bank.v1.Closed/3.json"), remove(closed3)), []string{
			"esgen.lock:8 LOCK_VERSION_MISSING",
		}, "versions 1 to 2"},
		{"a text too many", file("schemas/bank.v1.Closed/4.proto", extraFile), []string{"schemas/bank.v1.Closed/4.proto:0 LOCK_TEXT_STRAY"}, "no line"},
		{"a text of nobody", file("schemas/README.md", extraFile), []string{"schemas/README.md:0 LOCK_TEXT_STRAY"}, "no line"},
		{"an event removed", lock(`^event bank.v1.Closed.*\n`, ""), []string{"esgen.lock:5 LOCK_INCOMPLETE"}, "bank.v1.Closed is neither an event"},
		{"an event left over", lock(`^event bank.v1.Closed (.*)`, "$0\nevent bank.v1.Frozen $1"), []string{"esgen.lock:5 LOCK_INCOMPLETE"}, "no version of event bank.v1.Frozen"},
		{"an aggregate removed", lock(`^aggregate.*\n`, ""), []string{"esgen.lock:3 LOCK_INCOMPLETE", "esgen.lock:4 LOCK_INCOMPLETE"}, "the aggregate of bank.v1.Closed"},
		{"the lock removed", remove("esgen.lock"), []string{"schemas:0 LOCK_TEXT_STRAY"}, "there are accepted schemas, but no esgen.lock"},
		{"other line ends", file(closed1, func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }), []string{closed1 + ":1 LOCK_VERSION_CHANGED"}, "version 1"},
		{"other line ends of the lock", file("esgen.lock", func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }), []string{"esgen.lock:1 LOCK_SYNTAX"}, "CR LF"},
		{"a link", func(f fstest.MapFS) {
			f[closed2] = &fstest.MapFile{Data: []byte("1.proto"), Mode: fs.ModeSymlink}
		}, []string{closed2 + ":0 LOCK_UNREADABLE"}, "symbolic link"},
		{"a lock that is a link", func(f fstest.MapFS) {
			f["other"], f["esgen.lock"] = f["esgen.lock"], &fstest.MapFile{Data: []byte("other"), Mode: fs.ModeSymlink}
		}, []string{"esgen.lock:0 LOCK_UNREADABLE"}, "symbolic link"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			fsys := maps.Clone(threeVersions(t))
			fsys["schemas/bank.v1.Closed/3.json"] = nil
			fsys["schemas/bank.v1.Closed/4.proto"], fsys["schemas/README.md"] = &fstest.MapFile{}, &fstest.MapFile{}
			c.change(fsys)
			maps.DeleteFunc(fsys, func(_ string, f *fstest.MapFile) bool { return f == nil || len(f.Data) == 0 })
			h, findings, err := history.Read(fsys, nil)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range findings {
				got = append(got, f.Position.Path+":"+string(rune('0'+f.Position.Line%10))+" "+f.Rule)
			}
			for i, want := range c.want {
				c.want[i] = strings.Replace(want, "lock:10", "lock:0", 1)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("findings:\n%s%s", diff, list(findings))
			}
			if len(findings) > 0 && !strings.Contains(findings[0].Message, c.text) {
				t.Errorf("the first message is %q", findings[0].Message)
			}
			if u, blocked := h.Update(bank().schemas(), bank().model()); len(blocked) == 0 {
				t.Errorf("update makes it go away: %v", u.Added)
			}
		})
	}
}

func extraFile(string) string { return "text" }

// rehash returns the hash that a version has after a change of its text.
func rehash(t *testing.T, key string, number int, change func(string) string) string {
	t.Helper()
	d := bank()
	d.texts[key] = event("Closed", "reason")
	fsys, _ := update(t, nil, d)
	d.texts[key] = change(event("Closed", "reason", "by"))
	fsys, _ = update(t, fsys, d)
	v, ok := read(t, fsys).Version(key, schema.Protobuf, number)
	if !ok {
		t.Fatal("no such version")
	}
	return v.Hash
}

func TestRead_lines(t *testing.T) {
	t.Parallel()
	const hash = "0000000000000000000000000000000000000000000000000000000000000000"
	for _, c := range []struct {
		line   string
		column int
		text   string
	}{
		{"", 1, `"" is not known`},
		{"aggregat a topic=t partitions=1", 1, `"aggregat" is not known`},
		{"# a comment", 1, `"#" is not known`},
		{"aggregate a topic=t", 20, "expected partitions="},
		{"aggregate", 10, "expected a name"},
		{"aggregate a  topic=t partitions=1", 13, "a space too much"},
		{"aggregate a topic=t partitions=1 ", 34, "a space too much"},
		{"aggregate a topic=t partitions=1 x", 34, `"x" is too much`},
		{"aggregate a topic=t partitions=0", 32, "not a number from 1 on"},
		{"aggregate a topic=t partitions=01", 32, "not as esgen writes it"},
		{"aggregate a topic=t partitions=+1", 32, "not as esgen writes it"},
		{"aggregate a partitions=1 topic=t", 13, "expected topic="},
		{"aggregate a topic=t\tpartitions=1", 33, "expected partitions="},
		{"aggregate a%2 topic=t partitions=1", 11, "not followed by two hex digits"},
		{"aggregate a%61 topic=t partitions=1", 12, "not as esgen writes it"},
		{"aggregate a%2c topic=t partitions=1", 14, "not as esgen writes it"},
		{"event e aggregate=a type=", 26, "no value of type"},
		{"event e aggregate=a type=t aliases=", 28, "no list of aliases"},
		{"schema k 1 AVRO subject=s sha256=" + hash, 12, "neither PROTOBUF nor JSON"},
		{"schema k x PROTOBUF subject=s sha256=" + hash, 10, "not a number"},
		{"schema k 99999999999999999999 PROTOBUF subject=s sha256=" + hash, 10, "not a number"},
		{"schema k 1 PROTOBUF subject=s sha256=" + hash[1:], 38, "64 lower-case hex digits"},
		{"schema k 1 PROTOBUF subject=s sha256=" + strings.Repeat("A", 64), 38, "64 lower-case hex digits"},
		{"schema ../k 1 PROTOBUF subject=s sha256=" + hash, 8, "neither an event nor a path"},
		{"schema /etc/passwd 1 PROTOBUF subject=s sha256=" + hash, 8, "neither an event nor a path"},
		{"schema a/../../k 1 PROTOBUF subject=s sha256=" + hash, 8, "neither an event nor a path"},
		{"schema k 1 PROTOBUF subject=s sha256=" + hash + " refs=a@b", 108, "not of the form"},
		{"schema k 1 PROTOBUF subject=s sha256=" + hash + " refs=a@b:1,c@d:0", 118, "not a number"},
		{"\x00\x01\xff", 1, "is not known"},
		{strings.Repeat("x", 10<<20), 1, "and so on"},
	} {
		t.Run(c.text, func(t *testing.T) {
			t.Parallel()
			fsys := maps.Clone(threeVersions(t))
			file("esgen.lock", func(s string) string { return s + c.line + "\n" })(fsys)
			_, findings, err := history.Read(fsys, nil)
			if err != nil || len(findings) != 1 {
				t.Fatalf("%v %s", err, list(findings))
			}
			f := findings[0]
			if f.Rule != "LOCK_SYNTAX" || f.Position.Line != 11 || f.Position.Column != c.column || !strings.Contains(f.Message, c.text) || len(f.Message) > 300 {
				t.Error(list(findings))
			}
		})
	}
}

func TestRead_beginnings(t *testing.T) {
	t.Parallel()
	good := string(threeVersions(t)["esgen.lock"].Data)
	for _, c := range []struct{ name, content, rule, text string }{
		{"empty", "", "LOCK_SYNTAX", "does not begin like"},
		{"binary", "\x00\x00" + good, "LOCK_SYNTAX", "does not begin like"},
		{"no header", strings.SplitN(good, "\n", 2)[1], "LOCK_SYNTAX", "does not begin like"},
		{"later", strings.Replace(good, "format 1", "format 2", 1), "LOCK_FORMAT", `found "format 2"`},
		{"no format", strings.Replace(good, "format 1\n", "", 1), "LOCK_FORMAT", "expected format 1"},
		{"cut off", good[:len(good)-1], "LOCK_SYNTAX", "has no end"},
		{"many lines", good + strings.Repeat("x\n", 1_000_000), "LOCK_SYNTAX", "not known"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			fsys := maps.Clone(threeVersions(t))
			fsys["esgen.lock"] = &fstest.MapFile{Data: []byte(c.content)}
			h, findings, err := history.Read(fsys, nil)
			if err != nil || len(findings) == 0 || len(findings) > 20 || findings[0].Rule != c.rule || !strings.Contains(findings[0].Message, c.text) {
				t.Fatalf("%v %s", err, list(findings))
			}
			if u, blocked := h.Update(bank().schemas(), bank().model()); len(blocked) == 0 {
				t.Errorf("update writes over it: %v", u.Files)
			}
		})
	}
}

// Which rule a finding has is what the table is for.
func TestRules(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, r := range history.Rules() {
		if seen[r.ID] || !strings.HasPrefix(r.ID, "LOCK_") || len(r.Title) > 60 || r.Title == "" || r.Explain == "" || !r.Fixed() {
			t.Errorf("rule %+v", r)
		}
		seen[r.ID] = true
	}
}

// Lines may stand in any order, and twice, as after a merge.
func TestRead_anyOrder(t *testing.T) {
	t.Parallel()
	fsys := maps.Clone(threeVersions(t))
	want := string(fsys["esgen.lock"].Data)
	all := strings.SplitAfter(strings.TrimSuffix(want, "\n"), "\n")
	all[len(all)-1] += "\n"
	rest := slices.Clone(all[2:])
	slices.Reverse(rest)
	fsys["esgen.lock"] = &fstest.MapFile{Data: []byte(strings.Join(slices.Concat(all[:2], rest, all), ""))}
	read(t, fsys)
	d := bank()
	d.texts["bank.v1.Closed"] = event("Closed", "reason", "note")
	after, _ := update(t, fsys, d)
	if diff := cmp.Diff(want, string(after["esgen.lock"].Data)); diff != "" {
		t.Errorf("update does not put it in order:\n%s", diff)
	}
}
