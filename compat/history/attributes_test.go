package history_test

import (
	"testing"
	"testing/fstest"
)

func TestUpdate_attributes(t *testing.T) {
	t.Parallel()
	const lock, schemas = "esgen.lock merge=union -text\n", "schemas/** -text\n"
	for _, c := range []struct{ name, old, want string }{
		{"none", "", lock + schemas},
		{"others", "* text=auto\n*.png binary\n", "* text=auto\n*.png binary\n" + lock + schemas},
		{"no line end", "* text=auto", "* text=auto\n" + lock + schemas},
		{"other line ends", "* text=auto\r\n", "* text=auto\r\nesgen.lock merge=union -text\r\nschemas/** -text\r\n"},
		{"there", schemas + lock, schemas + lock},
		{"one of them", "/schemas/**   -text\n", "/schemas/**   -text\n" + lock},
		{"a choice", "esgen.lock -merge\nschemas/** text=auto\n", "esgen.lock -merge\nschemas/** text=auto\n"},
		{"a comment", "# esgen.lock merge=union\n" + schemas, "# esgen.lock merge=union\n" + schemas + lock},
		{"another attribute", "esgen.lock linguist-generated\n" + schemas, "esgen.lock linguist-generated\n" + schemas + lock},
		{"another file", "xesgen.lock merge=union\n" + schemas, "xesgen.lock merge=union\n" + schemas + lock},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			fsys := fstest.MapFS{".gitattributes": {Data: []byte(c.old)}}
			after, u := update(t, fsys, bank())
			if got := string(after[".gitattributes"].Data); got != c.want {
				t.Errorf("is %q, expected %q", got, c.want)
			}
			if written := u.Files[0].Path == ".gitattributes"; written != (c.old != c.want) {
				t.Errorf("written: %v", written)
			}
			if _, again := update(t, after, bank()); len(again.Files) > 0 {
				t.Errorf("a second update writes %v", again.Files)
			}
		})
	}
}
