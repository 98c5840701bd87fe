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

// Versions from elsewhere that are not there yet come behind those that are.
func TestExtend(t *testing.T) {
	t.Parallel()
	const key = "bank.v1.Opened"
	elsewhere := grown(key, 4)
	model := declared{texts: map[string]string{key: elsewhere[3].Text}}.model()
	for name, c := range map[string]struct {
		there []schema.Schema // accepted before
		given []schema.Schema
		want  []int // which of elsewhere are there in the end, in order
	}{
		"nothing there":   {nil, elsewhere, []int{0, 1, 2, 3}},
		"nothing given":   {elsewhere[:2], nil, []int{0, 1}},
		"the same":        {elsewhere, elsewhere, []int{0, 1, 2, 3}},
		"some there":      {elsewhere[:2], elsewhere, []int{0, 1, 2, 3}},
		"more there":      {elsewhere, elsewhere[:2], []int{0, 1, 2, 3}},
		"later ones":      {elsewhere[1:], elsewhere, []int{1, 2, 3, 0}},
		"other numbers":   {elsewhere[:3], elsewhere[1:], []int{0, 1, 2, 3}},
		"others in turn":  {[]schema.Schema{elsewhere[0], elsewhere[2]}, elsewhere, []int{0, 2, 1, 3}},
		"nothing at all":  {nil, nil, nil},
		"one of each":     {elsewhere[:1], elsewhere[3:], []int{0, 3}},
		"given, and more": {elsewhere[:1], elsewhere[:3], []int{0, 1, 2}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			before, found := read(t, fstest.MapFS{}).Extend(c.there, model)
			if len(found) > 0 {
				t.Fatal(list(found))
			}
			files := mapOf(fstest.MapFS{}, before.Files)
			got, found := read(t, files).Extend(c.given, model)
			if len(found) > 0 {
				t.Fatal(list(found))
			}
			if n := len(got.Added); n != len(c.want)-len(c.there) {
				t.Errorf("%d were added", n)
			}
			// What is written can be read.
			var texts, want []string
			for _, v := range read(t, mapOf(files, got.Files)).Versions(key, schema.Protobuf) {
				texts = append(texts, v.Schema.Text)
			}
			for _, i := range c.want {
				want = append(want, elsewhere[i].Text)
			}
			if diff := cmp.Diff(want, texts); diff != "" {
				t.Errorf("versions (-want +got):\n%s", diff)
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

// References follow what they refer to to its number here.
func TestExtend_references(t *testing.T) {
	t.Parallel()
	const file, key = "money.proto", "bank.v1.Paid"
	money := func(field string) schema.Schema {
		return declared{texts: map[string]string{file: "syntax = \"proto3\";\nmessage Money {\n  int64 " + field + " = 1;\n}\n"}}.schemas()[0]
	}
	paid := func(version int) schema.Schema {
		s := declared{texts: map[string]string{key: event(key, "a")}}.schemas()[0]
		s.References = []schema.Reference{{Name: file, Subject: file, Version: version}}
		return s
	}
	model := declared{texts: map[string]string{key: ""}}.model()
	before, found := read(t, fstest.MapFS{}).Extend([]schema.Schema{money("never_registered"), money("cents"), paid(2)}, model)
	if len(found) > 0 {
		t.Fatal(list(found))
	}
	got, found := before.History.Extend([]schema.Schema{money("cents"), money("units"), paid(1), paid(2)}, model)
	if len(found) > 0 {
		t.Fatal(list(found))
	}
	var refers []int
	for _, v := range got.History.Versions(key, schema.Protobuf) {
		refers = append(refers, v.Schema.References[0].Version)
	}
	if diff := cmp.Diff([]int{2, 3}, refers); diff != "" {
		t.Errorf("references (-want +got):\n%s", diff)
	}
}
