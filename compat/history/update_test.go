package history_test

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/esgen-dev/esgen/compat/history"
	"github.com/esgen-dev/esgen/generator/model"
	"github.com/esgen-dev/esgen/generator/schema"
)

// lines returns esgen.lock with hashes cut down to their first digits.
func lines(fsys fstest.MapFS) string {
	return regexp.MustCompile(`sha256=(\w{4})\w{60}`).ReplaceAllString(string(fsys["esgen.lock"].Data), "sha256=$1")
}

// The text of esgen.lock is a format that other versions of esgen read.
func TestUpdate_format(t *testing.T) {
	t.Parallel()
	d := bank()
	m := d.model()
	m.Packages[0].Aggregates[0].Events[0].Aliases = []string{"old name", "a,b", "old name"}
	u, findings := read(t, nil).Update(d.schemas(), m)
	if len(findings) > 0 {
		t.Fatal(list(findings))
	}
	fsys := mapOf(nil, u.Files)
	want := `# esgen.lock: every accepted schema version. Written by "esgen lock update", not by hand.
format 1
aggregate bank.v1.Account topic=accounts partitions=12
event bank.v1.Closed aggregate=bank.v1.Account type=Closed aliases=a%2Cb,old%20name
event bank.v1.Opened aggregate=bank.v1.Account type=Opened
schema bank.v1.Closed 1 PROTOBUF subject=accounts-bank.v1.Closed sha256=ec35
schema bank.v1.Opened 1 PROTOBUF subject=accounts-bank.v1.Opened sha256=0671 refs=common/money.proto@common/money.proto:1
schema common/money.proto 1 PROTOBUF subject=common/money.proto sha256=58c9
`
	if diff := cmp.Diff(want, lines(fsys)); diff != "" {
		t.Errorf("esgen.lock:\n%s", diff)
	}
	paths := []string{
		".gitattributes", "esgen.lock", "schemas/bank.v1.Closed/1.proto", "schemas/bank.v1.Opened/1.proto",
		"schemas/common/money.proto/1.proto",
	}
	if diff := cmp.Diff(paths, slices.Sorted(maps.Keys(fsys))); diff != "" {
		t.Errorf("files:\n%s", diff)
	}
	if got := string(fsys["schemas/bank.v1.Opened/1.proto"].Data); got != d.texts["bank.v1.Opened"] {
		t.Errorf("text is %q", got)
	}
	if got := read(t, fsys).Events()[0].Aliases; !slices.Equal(got, []string{"a,b", "old name"}) {
		t.Errorf("aliases are %q", got)
	}
}

func TestUpdate_nothing(t *testing.T) {
	t.Parallel()
	var zero history.History
	if u, findings := zero.Update(bank().schemas(), bank().model()); len(findings) > 0 || len(u.Added) != 3 {
		t.Errorf("the zero value: %v %s", u.Added, list(findings))
	}
	u, findings := read(t, nil).Update(nil, &model.Model{})
	if len(findings) > 0 || len(u.Files) > 0 {
		t.Errorf("files %v, findings %s", u.Files, list(findings))
	}
}

// numbers returns the numbers of the last versions.
func numbers(h *history.History) map[string]int {
	last := map[string]int{}
	for _, key := range h.Keys() {
		for _, v := range h.Versions(key, schema.Protobuf) {
			last[key] = v.Number
		}
	}
	return last
}

func TestUpdate(t *testing.T) {
	t.Parallel()
	fsys, _ := update(t, nil, bank())
	for _, c := range []struct {
		name    string
		change  func(*declared)
		want    map[string]int
		written []string
	}{
		{"nothing", func(*declared) {}, map[string]int{"bank.v1.Closed": 1, "bank.v1.Opened": 1, "common/money.proto": 1}, nil},
		{
			"an event", func(d *declared) { d.texts["bank.v1.Closed"] = event("Closed", "reason", "by") },
			map[string]int{"bank.v1.Closed": 2, "bank.v1.Opened": 1, "common/money.proto": 1},
			[]string{"esgen.lock", "schemas/bank.v1.Closed/2.proto"},
		},
		{
			"an imported file", func(d *declared) { d.texts["common/money.proto"] += "message Rate {}\n" },
			map[string]int{"bank.v1.Closed": 1, "bank.v1.Opened": 2, "common/money.proto": 2},
			[]string{"esgen.lock", "schemas/bank.v1.Opened/2.proto", "schemas/common/money.proto/2.proto"},
		},
		{
			"an import less", func(d *declared) { delete(d.imports, "bank.v1.Opened") },
			map[string]int{"bank.v1.Closed": 1, "bank.v1.Opened": 2, "common/money.proto": 1},
			[]string{"esgen.lock", "schemas/bank.v1.Opened/2.proto"},
		},
		{
			"a new event", func(d *declared) { d.texts["bank.v1.Frozen"] = event("Frozen") },
			map[string]int{"bank.v1.Closed": 1, "bank.v1.Frozen": 1, "bank.v1.Opened": 1, "common/money.proto": 1},
			[]string{"esgen.lock", "schemas/bank.v1.Frozen/1.proto"},
		},
		{
			"an event less", func(d *declared) { delete(d.texts, "bank.v1.Opened") },
			map[string]int{"bank.v1.Closed": 1, "bank.v1.Opened": 1, "common/money.proto": 1},
			nil,
		},
		{
			"the topic", func(d *declared) { d.topic = "konten" },
			map[string]int{"bank.v1.Closed": 1, "bank.v1.Opened": 1, "common/money.proto": 1},
			[]string{"esgen.lock"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := bank()
			c.change(&d)
			after, u := update(t, fsys, d)
			var written []string
			for _, f := range u.Files {
				written = append(written, f.Path)
			}
			if diff := cmp.Diff(c.written, written); diff != "" {
				t.Errorf("written:\n%s", diff)
			}
			h := read(t, after)
			if diff := cmp.Diff(c.want, numbers(h)); diff != "" {
				t.Errorf("last versions:\n%s", diff)
			}
			if diff := cmp.Diff(c.want, numbers(u.History)); diff != "" {
				t.Errorf("last versions of what Update returns:\n%s", diff)
			}
			if len(h.Events()) != len(u.History.Events()) || len(h.Events()) < 2 {
				t.Errorf("events are %v", h.Events())
			}
			if _, again := update(t, after, d); len(again.Files)+len(again.Added) > 0 {
				t.Errorf("a second update writes %v", again.Files)
			}
			if again, findings := u.History.Update(d.schemas(), d.model()); len(again.Files)+len(findings) > 0 {
				t.Errorf("an update of what Update returns writes %v", again.Files)
			}
		})
	}
}

// What is taken back is a new version: events of the one in between are stored.
func TestUpdate_back(t *testing.T) {
	t.Parallel()
	fsys, _ := update(t, nil, bank())
	changed := bank()
	changed.texts["bank.v1.Closed"] = event("Closed", "why")
	fsys, _ = update(t, fsys, changed)
	fsys, u := update(t, fsys, bank())
	if len(u.Added) != 1 || u.Added[0].Number != 3 || u.Added[0].Schema.Text != bank().texts["bank.v1.Closed"] {
		t.Errorf("added %v", u.Added)
	}
	versions := read(t, fsys).Versions("bank.v1.Closed", schema.Protobuf)
	if len(versions) != 3 || versions[0].Schema.Text != versions[2].Schema.Text || versions[0].Hash == versions[2].Hash {
		t.Errorf("versions %v", versions)
	}
}

func TestUpdate_json(t *testing.T) {
	t.Parallel()
	d := bank()
	d.json = map[string]string{"bank.v1.Opened": `{"type":"object"}`}
	fsys, _ := update(t, nil, d)
	d.json["bank.v1.Opened"] = `{"type": "object"}`
	fsys, _ = update(t, fsys, d)
	h := read(t, fsys)
	if n, m := len(h.Versions("bank.v1.Opened", schema.JSON)), len(h.Versions("bank.v1.Opened", schema.Protobuf)); n != 2 || m != 1 {
		t.Errorf("%d versions of JSON, %d of Protobuf", n, m)
	}
	if _, ok := fsys["schemas/bank.v1.Opened/2.json"]; !ok {
		t.Error("schemas/bank.v1.Opened/2.json is missing")
	}
}

func TestUpdate_refuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		change func(*declared)
		want   string
		text   string
	}{
		{"capitals", func(d *declared) { d.texts["bank.v1.opened"] = "x" }, "LOCK_KEY_INVALID", "differ by capitals alone"},
		{"capitals of a directory", func(d *declared) { d.texts["Common/rate.proto"] = "x" }, "LOCK_KEY_INVALID", "differ by capitals alone"},
		{"upwards", func(d *declared) { d.texts["../money.proto"] = "x" }, "LOCK_KEY_INVALID", "cannot be the name of a directory"},
		{"absolute", func(d *declared) { d.texts["/money.proto"] = "x" }, "LOCK_KEY_INVALID", "cannot be the name of a directory"},
		{"long", func(d *declared) { d.texts[strings.Repeat("x", 256)] = "x" }, "LOCK_KEY_INVALID", "cannot be the name of a directory"},
		{"a text in place of a directory", func(d *declared) { d.texts["bank.v1.Opened/1.proto"] = "x" }, "LOCK_KEY_INVALID", "a file of one name"},
		{"no reference", func(d *declared) { delete(d.texts, "common/money.proto") }, "LOCK_INCOMPLETE", "refers to common/money.proto"},
		{"itself", func(d *declared) { d.imports["common/money.proto"] = []string{"common/money.proto"} }, "LOCK_INCOMPLETE", "refers to common/money.proto"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := bank()
			c.change(&d)
			u, findings := read(t, nil).Update(d.schemas(), d.model())
			if len(findings) == 0 || findings[0].Rule != c.want || !strings.Contains(findings[0].Message, c.text) {
				t.Errorf("findings: %s", list(findings))
			}
			if len(u.Files) > 0 || u.History != nil {
				t.Error("something was updated all the same")
			}
		})
	}
}

// Names that some systems do not have are spelled in another way.
func TestUpdate_names(t *testing.T) {
	t.Parallel()
	d := declared{texts: map[string]string{}, imports: map[string][]string{}}
	want := map[string]string{
		"con.v1.Opened":        "schemas/%63on.v1.Opened/1.proto",
		"bank.v1.con":          "schemas/bank.v1.con/1.proto",
		"aux/COM1.proto":       "schemas/%61ux/%43OM1.proto/1.proto",
		"a b/ü:?.proto":        "schemas/a%20b/%C3%BC%3A%3F.proto/1.proto",
		".hidden/x.proto":      "schemas/%2Ehidden/x.proto/1.proto",
		"dot./x.proto":         "schemas/dot%2E/x.proto/1.proto",
		"percent%20/x@1.proto": "schemas/percent%2520/x%401.proto/1.proto",
	}
	for key := range want {
		d.texts[key] = event("Opened")
		if isFile(key) {
			d.imports["con.v1.Opened"] = append(d.imports["con.v1.Opened"], key)
		}
	}
	fsys, _ := update(t, nil, d)
	h := read(t, fsys)
	for key, file := range want {
		if _, ok := fsys[file]; !ok {
			t.Errorf("%s is not in %s", key, file)
		}
		if v := h.Versions(key, schema.Protobuf); len(v) != 1 || v[0].Schema.Position.Path != file {
			t.Errorf("versions of %s: %v", key, v)
		}
	}
	if _, again := update(t, fsys, d); len(again.Files) > 0 {
		t.Errorf("a second update writes %v", again.Files)
	}
}

// A text that was written, but not its line, is no obstacle.
func TestUpdate_interrupted(t *testing.T) {
	t.Parallel()
	fsys, _ := update(t, nil, bank())
	d := bank()
	d.texts["bank.v1.Closed"] = event("Closed", "why")
	after, _ := update(t, fsys, d)
	after["esgen.lock"] = fsys["esgen.lock"]
	h, findings, err := history.Read(after, nil)
	if err != nil || !slices.Equal(rules(findings), []string{"LOCK_TEXT_STRAY"}) {
		t.Fatalf("%v %s", err, list(findings))
	}
	if _, findings = h.Update(d.schemas(), d.model()); len(findings) > 0 {
		t.Errorf("update: %s", list(findings))
	}
	after["schemas/bank.v1.Closed/2.proto"] = &fstest.MapFile{Data: []byte("something else")}
	h, _, _ = history.Read(after, nil)
	if u, findings := h.Update(d.schemas(), d.model()); len(findings) != 1 || len(u.Files) > 0 {
		t.Errorf("update writes over a text that it does not know: %s", list(findings))
	}
}

func TestUpdate_pure(t *testing.T) {
	t.Parallel()
	d := bank()
	d.imports["bank.v1.Opened"] = []string{"z.proto", "common/money.proto"}
	d.texts["z.proto"] = "syntax = \"proto3\";\n"
	given, want := d.schemas(), d.schemas()
	order := func(a, b schema.Schema) int { return strings.Compare(a.Key, b.Key) }
	slices.SortFunc(given, order)
	slices.SortFunc(want, order)
	h := read(t, nil)
	u, findings := h.Update(given, d.model())
	if len(findings) > 0 || len(u.Added) != 4 {
		t.Fatal(list(findings))
	}
	if diff := cmp.Diff(want, given, cmp.Comparer(func(a, b *model.Event) bool { return (a == nil) == (b == nil) })); diff != "" {
		t.Errorf("the schemas were changed:\n%s", diff)
	}
	if !h.IsEmpty() || u.History.IsEmpty() {
		t.Error("the history was changed")
	}
	v, ok := u.History.Version("bank.v1.Opened", schema.Protobuf, 1)
	refs := []schema.Reference{{Name: "common/money.proto", Subject: "common/money.proto", Version: 1}, {Name: "z.proto", Subject: "z.proto", Version: 1}}
	if diff := cmp.Diff(refs, v.Schema.References); !ok || diff != "" {
		t.Errorf("references:\n%s", diff)
	}
}

// A merge may leave an old line beside a new one.
func TestUpdate_linesRepeated(t *testing.T) {
	t.Parallel()
	fsys, _ := update(t, nil, bank())
	want := string(fsys["esgen.lock"].Data)
	for _, c := range []struct{ line, message string }{
		{"aggregate bank.v1.Account topic=konten partitions=12\n", "a second line about aggregate bank.v1.Account"},
		{"event bank.v1.Opened aggregate=bank.v1.Account type=Old\n", "a second line about event bank.v1.Opened"},
	} {
		for _, text := range []string{want + c.line, strings.Replace(want, "format 1\n", "format 1\n"+c.line, 1)} {
			changed := maps.Clone(fsys)
			changed["esgen.lock"] = &fstest.MapFile{Data: []byte(text)}
			h, findings, err := history.Read(changed, nil)
			if err != nil || !slices.Equal(rules(findings), []string{"LOCK_LINE_REPEATED"}) || !strings.HasPrefix(findings[0].Message, c.message) {
				t.Fatal(err, list(findings))
			}
			u, findings := h.Update(bank().schemas(), bank().model())
			if len(findings) > 0 {
				t.Fatal(list(findings))
			}
			if got := string(mapOf(changed, u.Files)["esgen.lock"].Data); got != want {
				t.Errorf("after the update:\n%s", cmp.Diff(want, got))
			}
		}
	}
}
