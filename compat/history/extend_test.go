package history_test

import (
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/esgen-dev/esgen/compat/history"
	"github.com/esgen-dev/esgen/generator/schema"
)

// grown is a schema in several versions, each with a field more.
func grown(key string, versions int) []schema.Schema {
	var all []schema.Schema
	fields := []string{}
	for n := range versions {
		fields = append(fields, string(rune('a'+n)))
		s := declared{texts: map[string]string{key: event(key, fields...)}}.schemas()[0]
		all = append(all, s)
	}
	return all
}

// Versions from elsewhere come behind those that are there, if these are how
// they begin.
func TestExtend(t *testing.T) {
	t.Parallel()
	const key = "bank.v1.Opened"
	elsewhere := grown(key, 4)
	model := declared{texts: map[string]string{key: elsewhere[3].Text}}.model()
	for name, c := range map[string]struct {
		there []schema.Schema // accepted before
		given []schema.Schema
		added []int
		rules []string
	}{
		"nothing there":        {nil, elsewhere, []int{1, 2, 3, 4}, nil},
		"nothing given":        {elsewhere[:2], nil, nil, nil},
		"the same":             {elsewhere, elsewhere, nil, nil},
		"some there":           {elsewhere[:2], elsewhere, []int{3, 4}, nil},
		"more there":           {elsewhere, elsewhere[:2], nil, nil},
		"others there":         {elsewhere[1:], elsewhere, nil, []string{"LOCK_DIVERGED"}},
		"one of them is other": {[]schema.Schema{elsewhere[0], elsewhere[2]}, elsewhere, nil, []string{"LOCK_DIVERGED"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			before, found := read(t, fstest.MapFS{}).Extend(c.there, model)
			if len(found) > 0 {
				t.Fatal(list(found))
			}
			files := mapOf(fstest.MapFS{}, before.Files)
			got, found := read(t, files).Extend(c.given, model)
			if diff := cmp.Diff(c.rules, rules(found)); diff != "" {
				t.Fatalf("rules (-want +got):\n%s\n%s", diff, list(found))
			}
			var added []int
			for _, v := range got.Added {
				added = append(added, v.Number)
			}
			if diff := cmp.Diff(c.added, added); diff != "" {
				t.Errorf("added (-want +got):\n%s", diff)
			}
			if len(found) > 0 {
				return
			}
			// What is written can be read, and is what was given.
			after := read(t, mapOf(files, got.Files))
			want := max(len(c.there), len(c.given))
			if n := len(after.Versions(key, schema.Protobuf)); n != want {
				t.Errorf("%d versions, want %d", n, want)
			}
			for i, v := range after.Versions(key, schema.Protobuf) {
				if v.Schema.Text != elsewhere[i].Text {
					t.Errorf("version %d is another text", i+1)
				}
			}
		})
	}
}

// Without a model it is something to compare with: the zero value will do.
func TestExtend_withoutModel(t *testing.T) {
	t.Parallel()
	const key = "bank.v1.Opened"
	got, found := new(history.History).Extend(grown(key, 3), nil)
	if len(found) > 0 || len(got.History.Versions(key, schema.Protobuf)) != 3 {
		t.Errorf("%s\n%d versions", list(found), len(got.History.Versions(key, schema.Protobuf)))
	}
}
