package main

import (
	"strings"
	"testing"
)

// Configurations that nobody writes by hand, or only once.
func TestHostile_configurations(t *testing.T) {
	t.Parallel()
	const good = "version: v1\ngenerate:\n  go:\n    out: gen\n"
	bomb := "version: v1\na: &a [1, 2, 3, 4, 5, 6, 7, 8, 9]\n"
	for i := range 12 {
		name, before := string(rune('b'+i)), string(rune('a'+i))
		bomb += name + ": &" + name + " [" + strings.TrimSuffix(strings.Repeat("*"+before+", ", 9), ", ") + "]\n"
	}
	hundred := strings.Repeat("proto, ", 100)
	for _, tc := range []struct {
		name, text, want string
		code             int
	}{
		{name: "CRLF", text: strings.ReplaceAll(good, "\n", "\r\n")},
		{name: "CR", text: strings.ReplaceAll(good, "\n", "\r")},
		{name: "BOM", text: "\ufeff" + good},
		{name: "UTF-16", text: utf16LE(good)},
		{name: "anchors", text: "version: &v v1\nproto: { roots: &roots [proto] }\ngenerate: { go: { out: gen, clean: &yes true, kit: *yes } }\n"},
		{name: "alias bomb", want: "esgen.yaml:2:1: error: unknown key \"a\" [CONFIG_KEY]", text: bomb, code: 2},
		{name: "alias of itself", want: "esgen.yaml:2:8: error: proto.roots[0] must be a string [CONFIG_TYPE]", text: "version: v1\nproto: &p { roots: [*p] }\n", code: 2},
		{name: "unknown alias", want: "esgen.yaml:1:10: error: invalid YAML: unknown anchor 'v' referenced [CONFIG_SYNTAX]", text: "version: *v\n", code: 2},
		{name: "merge key", want: "esgen.yaml:2:1: error: unknown key \"<<\" [CONFIG_KEY]", text: "version: v1\n<<: { generate: { go: { out: gen } } }\n", code: 2},
		{name: "duplicate keys", want: "esgen.yaml:5:1: error: version is set twice [CONFIG_SYNTAX]", text: good + "version: v1\n", code: 2},
		{name: "tabs", want: "esgen.yaml:3:1: error: invalid YAML: found character that cannot start any token [CONFIG_SYNTAX]", text: "version: v1\ngenerate:\n\tgo:\n\t\tout: gen\n", code: 2},
		{name: "2 MB of comments", text: good + strings.Repeat("# thirty-two bytes of a comment.\n", 1<<16)},
		{name: "2 MB of a value", text: good + "esgen: '" + strings.Repeat("1", 2<<20) + "'\n"},
		{name: "9 MB", want: "esgen.yaml: error: cannot read the configuration: it is larger than 8 MiB [CONFIG_MISSING]", text: good + strings.Repeat("#", 9<<20), code: 2},
		{name: "a long key", want: "esgen.yaml:5:1: error: unknown key \"kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk ... kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk\" [CONFIG_KEY]", text: good + strings.Repeat("k", 5000) + ": 1\n", code: 2},
		{name: "binary", want: "esgen.yaml:1:1: error: invalid YAML: control characters are not allowed (value: 2) [CONFIG_SYNTAX]", text: "\x7fELF\x02\x01\x01\x00", code: 2},
		{name: "not UTF-8", want: "esgen.yaml:1:18: error: the file holds the byte 0xe9, which is not UTF-8 [CONFIG_SYNTAX]", text: "version: v1 # caf\xe9\n", code: 2},
		{name: "nested deeply in brackets", want: "esgen.yaml:2:10008: error: invalid YAML: exceeded max depth of 10000 [CONFIG_SYNTAX]", text: "version: v1\nproto: " + strings.Repeat("[", 20_000), code: 2},
		{name: "nested deeply in braces", want: "esgen.yaml:2:40008: error: invalid YAML: exceeded max depth of 10000 [CONFIG_SYNTAX]", text: "version: v1\nproto: " + strings.Repeat("{a: ", 20_000) + strings.Repeat("}", 20_000), code: 2},
		{name: "nested deeply by indentation", want: "esgen.yaml:2:1: error: unknown key \"k1\" [CONFIG_KEY]", text: "version: v1\n" + times(300, "k%d:\n") + strings.Repeat(" - ", 5000) + "x", code: 2},
		{name: "empty", want: "esgen.yaml:1:1: error: the key version is missing [CONFIG_VERSION]", text: "", code: 2},
		{name: "comments only", want: "esgen.yaml:1:1: error: the key version is missing [CONFIG_VERSION]", text: "# nothing\n", code: 2},
		{name: "null", want: "esgen.yaml:1:1: error: the file must be a mapping [CONFIG_TYPE]", text: "null\n", code: 2},
		{name: "a list", want: "esgen.yaml:1:1: error: the file must be a mapping [CONFIG_TYPE]", text: "- version: v1\n", code: 2},
		{name: "a word", want: "esgen.yaml:1:1: error: the file must be a mapping [CONFIG_TYPE]", text: "version\n", code: 2},
		{name: "JSON", text: `{"version": "v1", "generate": {"go": {"out": "gen"}}}`},
		{name: "two documents", want: "esgen.yaml:6:1: error: the file holds a second document [CONFIG_SYNTAX]", text: good + "---\n" + good, code: 2},
		{name: "tag of Python", want: "esgen.yaml:2:8: error: proto must be a mapping [CONFIG_TYPE]", text: "version: v1\nproto: !!python/object/apply:os.system ['true']\n", code: 2},
		{name: "tag of bytes", want: "esgen.yaml:1:10: error: version \"djE=\" is not known to this esgen, which reads v1 [CONFIG_VERSION]", text: "version: !!binary djE=\n", code: 2},
		{name: "key that is a mapping", want: "esgen.yaml:2:3: error: unknown key \"\" [CONFIG_KEY]", text: "version: v1\n? { a: b }\n: c\n", code: 2},
		{name: "key that is a number", want: "esgen.yaml:2:1: error: unknown key \"1\" [CONFIG_KEY]", text: "version: v1\n1: 2\n", code: 2},
		{name: "version that is a number", want: "esgen.yaml:1:10: error: version \"1\" is not known to this esgen, which reads v1 [CONFIG_VERSION]", text: "version: 1\n", code: 2},
		{name: "escape sequence in a key", want: "esgen.yaml:2:1: error: unknown key \"\\x1b[31mred\" [CONFIG_KEY]", text: "version: v1\n\"\\e[31mred\": 1\n", code: 2},
		{name: "roots a hundred times", text: "version: v1\nproto: { roots: [" + hundred + "proto] }\ngenerate: { go: { out: gen } }\n"},
		{name: "variable in a path", want: "esgen.yaml:2:24: error: generate.go.out must not hold a variable [CONFIG_VALUE]", text: "version: v1\ngenerate: { go: { out: \"${HOME}/gen\" } }\n", code: 2},
		{name: "template that was not filled in", want: "esgen.yaml:2:24: error: generate.go.out must be a string [CONFIG_TYPE]", text: "version: v1\ngenerate: { go: { out: {{ .Out }} } }\n", code: 2},
	} {
		tr := trial{name: tc.name, files: map[string]string{"esgen.yaml": tc.text}, code: tc.code, want: tc.want}
		if tc.code == 0 {
			tr.left = generated
		}
		hostile(t, []trial{tr})
	}
}
