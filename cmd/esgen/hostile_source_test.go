package main

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"
)

// source returns the usual project with another .proto file.
func source(text string) map[string]string { return map[string]string{usualPath: text} }

// times returns a text n times, with %d replaced by the number.
func times(n int, text string) string {
	var out strings.Builder
	for i := range n {
		out.WriteString(strings.ReplaceAll(text, "%d", fmt.Sprint(i+1)))
	}
	return out.String()
}

func nested(depth int) string {
	return strings.Repeat("message M { ", depth) + strings.Repeat("} ", depth)
}

func utf16LE(text string) string {
	out := []byte("\xff\xfe")
	for _, unit := range utf16.Encode([]rune(text)) {
		out = append(out, byte(unit), byte(unit>>8))
	}
	return string(out)
}

// Texts of .proto files that are large, deep or not quite text.
func TestHostile_sources(t *testing.T) {
	t.Parallel()
	const good = usualHeader + usualBody
	hostile(t, []trial{
		{name: "CRLF", files: source(strings.ReplaceAll(good, "\n", "\r\n")), left: generated},
		{name: "CR", files: source(strings.ReplaceAll(good, "\n", "\r")), left: generated},
		{name: "BOM", files: source("\ufeff" + good), left: generated},
		{name: "BOM before an error", want: "proto/bank/v1/account.proto:5:13: error: field bank.v1.A.b: unknown type strin [PROTO_COMPILE]", files: source("\ufeff" + usualHeader + "message A { strin b = 1; }"), code: 3},
		{name: "two BOMs", want: "proto/bank/v1/account.proto:1:1: error: the file holds a byte order mark [PROTO_COMPILE]", files: source("\ufeff\ufeff" + good), code: 3},
		{name: "UTF-16", want: "proto/bank/v1/account.proto:1:1: error: the file holds the byte 0xff, which is not UTF-8 [PROTO_COMPILE]", files: source(utf16LE(good)), code: 3},
		{name: "NUL", want: "proto/bank/v1/account.proto:11:1: error: the file holds a NUL byte [PROTO_COMPILE]", files: source(good + "\x00"), code: 3},
		{name: "Latin-1 in a comment", want: "proto/bank/v1/account.proto:11:7: error: the file holds the byte 0xe9, which is not UTF-8 [PROTO_COMPILE]", files: source(good + "// caf\xe9\nmessage Cafe {}\n"), code: 3},
		{name: "Latin-1 in a string", want: "proto/bank/v1/account.proto:11:46: error: the file holds the byte 0xe9, which is not UTF-8 [PROTO_COMPILE]", files: source(good + "message Cafe { string s = 1 [json_name = \"caf\xe9\"]; }\n"), code: 3},
		{name: "not ASCII in a name", want: "proto/bank/v1/account.proto:11:12: error: invalid character [PROTO_COMPILE]", files: source(good + "message Café {}\n"), code: 3},
		{name: "control characters in a comment", files: source("// a\x07\x0b\x1b[31m\u202e\u200b\n" + good), left: generated},
		{name: "empty", want: "proto/bank/v1/account.proto:1:1: error: bank/v1/account.proto has no go_package [GO_PACKAGE_MISSING]", files: source(""), code: 3},
		{name: "comments only", want: "proto/bank/v1/account.proto:1:1: error: bank/v1/account.proto has no go_package [GO_PACKAGE_MISSING]", files: source("// nothing\n/* here */\n"), code: 3},
		{name: "unfinished comment", want: "proto/bank/v1/account.proto:11:1: error: block comment never terminates, unexpected EOF [PROTO_COMPILE]", files: source(good + "/* "), code: 3},
		{name: "unfinished string", want: "proto/bank/v1/account.proto:5:23: error: encountered end-of-line before end of string literal [PROTO_COMPILE]", files: source(usualHeader + "option java_package = \"a\n"), code: 3},
		{name: "unfinished message", want: "proto/bank/v1/account.proto:5:12: error: unexpected $end [PROTO_COMPILE]", files: source(usualHeader + "message A {"), code: 3},
		{name: "binary", want: "proto/bank/v1/account.proto:1:8: error: the file holds a NUL byte [PROTO_COMPILE]", files: source("\x7fELF\x02\x01\x01\x00\x00\xff\xfe"), code: 3},
		{name: "HTML", want: "proto/bank/v1/account.proto:1:1: error: unexpected '<' [PROTO_COMPILE]", files: source("<!DOCTYPE html>\n<html>\n"), code: 3},
		{name: "conflict", want: "proto/bank/v1/account.proto:4:1: error: unexpected '<' [PROTO_COMPILE]", files: source(strings.Replace(good, usualPackage, "<<<<<<< HEAD\n"+usualPackage+"=======\n>>>>>>> b\n", 1)), code: 3},
		{name: "recursive messages", files: source(good + "message A { B b = 1; map<string, A> a = 2; } message B { A a = 1; B b = 2; }\n"), left: generated},
		{name: "nested deeply", files: source(good + nested(31) + "\n"), left: generated},
		{name: "nested too deeply", want: "proto/bank/v1/account.proto:11:373: error: message nesting depth must be less than 32 [PROTO_COMPILE]", files: source(good + nested(2000) + "\n"), code: 3},
		{name: "option nested too deeply", want: "proto/bank/v1/account.proto:11:40: error: message bank.v1.A: option (esgen.v1.event): field a not found [PROTO_COMPILE]", files: source(good + "message A { option (esgen.v1.event) = " +
			"{" + strings.Repeat("a { ", 5000) + strings.Repeat("} ", 5000) + "}" + "; }\n"), code: 3},
		{name: "10 000 lines", files: source(good + times(1000, "message M%d {\n  string name = 1;\n"+strings.Repeat("  // and so on\n", 7)+"}\n")), left: generated},
		{name: "5 MB", files: source(good + "/*" + strings.Repeat(" a comment of 32 bytes is 32 long", 5<<20/32) + "*/"), left: generated},
		{name: "a long line", files: source(good + "message M { " + times(2000, "string f%d = %d; ") + "}"), left: generated},
		{name: "a long name", files: source(good + "message " + strings.Repeat("M", 20_000) + " {}"), left: generated},
		{name: "an enormous enum", files: source(good + "enum E { ZERO = 0; " + times(3000, "V%d = %d;\n") + "}"), left: generated},
		{name: "a huge option", want: "proto/bank/v1/account.proto:10:53: error: \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa ... aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\" cannot be the stored name of AccountOpened [EVENT_TYPE_INVALID]", files: source(usualHeader + strings.Replace(usualBody, "(esgen.v1.event) = {}",
			`(esgen.v1.event) = { aliases: "`+strings.Repeat("a", 1<<20)+`" }`, 1)), code: 1},
		{name: "field number too large", want: "proto/bank/v1/account.proto:11:24: error: tag number 536870912 is higher than max allowed tag number (536870911) [PROTO_COMPILE]", files: source(good + "message A { string a = 536870912; }"), code: 3},
		{name: "field numbers of Protobuf", want: "proto/bank/v1/account.proto:11:24: error: tag number 19500 is in disallowed reserved range 19000-19999 [PROTO_COMPILE]", files: source(good + "message A { string a = 19500; }"), code: 3},
		{name: "number beyond all numbers", want: "proto/bank/v1/account.proto:11:24: error: unexpected float literal, expecting int literal [PROTO_COMPILE]", files: source(good + "message A { string a = 99999999999999999999; }"), code: 3},
		{name: "method name as a field", want: "proto/bank/v1/account.proto:11:20: error: bank.v1.A.proto_reflect needs the Go name ProtoReflect, but every message has a method of that name [NAME_COLLISION]", files: source(good + "message A { string proto_reflect = 1; }"), code: 1},
		{name: "names that are one in Go", want: "proto/bank/v1/account.proto:11:24: error: message bank.v1.aB needs the Go name AB, but that is message bank.v1.a_b [NAME_COLLISION]", files: source(good + "message a_b {} message aB {} message AB {}"), code: 1},
		{name: "a map without a name", want: "proto/bank/v1/account.proto:2:1: error: descriptor \"bank.v1.A\" has an invalid nested name: \"1Entry\" [PROTO_COMPILE]", files: source(good + "message A { map<string, string> _1 = 1; }"), code: 3},
		{name: "edition of the future", want: "proto/bank/v1/account.proto:1:11: error: edition \"2099\" is not known: esgen compiles up to edition 2023 by itself [PROTO_COMPILE]", files: source("edition = \"2099\";\n" + usualPackage), code: 3},
		{name: "field of an option with a capital", code: 3, want: "proto/bank/v1/account.proto:7:51: error: field Emits of an option is not known [PROTO_COMPILE]", files: source(strings.Replace(good, "emits:", "Emits:", 1))},
		{name: "two syntaxes", want: "proto/bank/v1/account.proto:2:1: error: unexpected \"syntax\" [PROTO_COMPILE]", files: source("syntax = \"proto3\";\n" + good), code: 3},
	})
}

// Imports that lead nowhere, or where they should not.
func TestHostile_imports(t *testing.T) {
	t.Parallel()
	importing := func(path string) map[string]string {
		return map[string]string{
			usualPath:                 usualHeader + "import \"" + path + "\";\n" + usualBody,
			"outside.proto":           "syntax = \"proto3\";\n" + usualPackage,
			"proto/dir.proto/x.proto": "syntax = \"proto3\"; package x;\n" + usualPackage,
		}
	}
	hostile(t, []trial{
		{name: "upwards", want: "proto/bank/v1/account.proto:5:8: error: import \"../outside.proto\" is not a path below a proto root [PROTO_COMPILE]", files: importing("../outside.proto"), code: 3},
		{name: "upwards and down", want: "proto/bank/v1/account.proto:5:8: error: import \"bank/../bank/v1/account.proto\" is not a path below a proto root [PROTO_COMPILE]", files: importing("bank/../bank/v1/account.proto"), code: 3},
		{name: "absolute", want: "proto/bank/v1/account.proto:5:8: error: import \"/etc/passwd\" is not a path below a proto root [PROTO_COMPILE]", files: importing("/etc/passwd"), code: 3},
		{name: "itself", want: "proto/bank/v1/account.proto:5:8: error: cycle found in imports: \"bank/v1/account.proto\" -> \"bank/v1/account.proto\" [PROTO_COMPILE]", files: importing("bank/v1/account.proto"), code: 3},
		{name: "backslashes", want: "proto/bank/v1/account.proto:5:8: error: import \"dir.proto\\\\x.proto\" is not found [PROTO_COMPILE]", files: importing(`dir.proto\\x.proto`), code: 3},
		{name: "nothing", want: "proto/bank/v1/account.proto:5:8: error: import \"\" is not a path below a proto root [PROTO_COMPILE]", files: importing(""), code: 3},
		{name: "dot", want: "proto/bank/v1/account.proto:5:8: error: import \".\" is not a path below a proto root [PROTO_COMPILE]", files: importing("."), code: 3},
		{name: "directory", want: "proto/bank/v1/account.proto:5:8: error: import \"dir.proto\" is not found [PROTO_COMPILE]", files: importing("dir.proto"), code: 3},
		{name: "twice the slash", want: "proto/bank/v1/account.proto:5:8: error: import \"dir.proto//x.proto\" is not a path below a proto root [PROTO_COMPILE]", files: importing("dir.proto//x.proto"), code: 3},
		{name: "URL", want: "proto/bank/v1/account.proto:5:8: error: import \"https://example.com/x.proto\" is not a path below a proto root [PROTO_COMPILE]", files: importing("https://example.com/x.proto"), code: 3},
		{name: "NUL", want: "proto/bank/v1/account.proto:5:8: error: import \"a\\x00b.proto\" is not found [PROTO_COMPILE]", files: importing(`a\000b.proto`), code: 3},
		{name: "not UTF-8", want: "proto/bank/v1/account.proto:5:8: error: import \"a\\xffb.proto\" is not found [PROTO_COMPILE]", files: importing(`a\377b.proto`), code: 3},
	})
}

// Go packages that no Go code could be in.
func TestHostile_goPackages(t *testing.T) {
	t.Parallel()
	var trials []trial
	for _, tc := range []struct{ name, option, want string }{
		{"space", "example.com/my bank", "proto/bank/v1/account.proto:4:1: error: the Go package \"example.com/my bank\" of \"bank/v1/account.proto\" is not an import path: invalid char ' ' [GO_PACKAGE_INVALID]"},
		{"empty element", "example.com//bank", "proto/bank/v1/account.proto:4:1: error: the Go package \"example.com//bank\" of \"bank/v1/account.proto\" is not an import path: double slash [GO_PACKAGE_INVALID]"},
		{"upwards", "example.com/../../bank", "proto/bank/v1/account.proto:4:1: error: the Go package \"example.com/../../bank\" of \"bank/v1/account.proto\" is not an import path: invalid path element \"..\" [GO_PACKAGE_INVALID]"},
		{"relative", "./bank", "proto/bank/v1/account.proto:4:1: error: the Go package \"./bank\" of \"bank/v1/account.proto\" is not an import path: invalid path element \".\" [GO_PACKAGE_INVALID]"},
		{"absolute", "/bank", "proto/bank/v1/account.proto:4:1: error: the Go package \"/bank\" of \"bank/v1/account.proto\" is not an import path: empty path element [GO_PACKAGE_INVALID]"},
		{"backslash", `example.com\\bank`, "proto/bank/v1/account.proto:4:1: error: the Go package \"example.com\\\\bank\" of \"bank/v1/account.proto\" is not an import path: invalid char '\\\\' [GO_PACKAGE_INVALID]"},
		{"line break", `example.com/bank\n//`, "proto/bank/v1/account.proto:4:1: error: the Go package \"example.com/bank\\n//\" of \"bank/v1/account.proto\" is not an import path: double slash [GO_PACKAGE_INVALID]"},
		{"quote", `example.com/\"bank`, "proto/bank/v1/account.proto:4:1: error: the Go package \"example.com/\\\"bank\" of \"bank/v1/account.proto\" is not an import path: invalid char '\"' [GO_PACKAGE_INVALID]"},
		{"not ASCII", "example.com/bänk", "proto/bank/v1/account.proto:4:1: error: the Go package \"example.com/bänk\" of \"bank/v1/account.proto\" is not an import path: invalid char 'ä' [GO_PACKAGE_INVALID]"},
		{"name that is none", "example.com/bank;9 lives", "proto/bank/v1/account.proto:4:1: error: the Go package of \"bank/v1/account.proto\" cannot be called \"9 lives\" [GO_PACKAGE_INVALID]"},
		{"keyword", "example.com/bank;func", "proto/bank/v1/account.proto:4:1: error: the Go package of \"bank/v1/account.proto\" cannot be called \"func\" [GO_PACKAGE_INVALID]"},
		{"blank", "example.com/bank;_", "proto/bank/v1/account.proto:4:1: error: the Go package of \"bank/v1/account.proto\" cannot be called \"_\" [GO_PACKAGE_INVALID]"},
		{"reserved", "example.com/con", "proto/bank/v1/account.proto:4:1: error: the Go package \"example.com/con\" of \"bank/v1/account.proto\" is not an import path: \"con\" disallowed as path element component on Windows [GO_PACKAGE_INVALID]"},
	} {
		trials = append(trials, trial{
			name: tc.name, code: 3, want: tc.want,
			files: source(strings.Replace(usualHeader+usualBody, "example.com/bank/gen/bank/v1;bankv1", tc.option, 1)),
		})
	}
	hostile(t, trials)
}
