//go:build unix

package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// link returns a setup that makes a symbolic link.
func link(target, name string) func(*testing.T, string) {
	return func(t *testing.T, dir string) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(target, path); err != nil {
			t.Fatal(err)
		}
	}
}

// fifo returns a setup that makes a pipe with a name, which nobody writes to.
func fifo(name string) func(*testing.T, string) {
	return func(t *testing.T, dir string) {
		t.Helper()
		_ = os.Remove(filepath.Join(dir, name))
		if err := syscall.Mkfifo(filepath.Join(dir, name), 0o644); err != nil {
			t.Skipf("SKIPPED, no named pipes here: %v", err)
		}
	}
}

// Directories that hold what is no plain file.
func TestHostile_roots(t *testing.T) {
	t.Parallel()
	withConfig := func(text string) map[string]string { return map[string]string{"esgen.yaml": text} }
	hostile(t, []trial{
		{name: "link to the root itself", setup: link(".", "proto/loop"), left: generated},
		{name: "link to itself", code: 3, want: "proto/self.proto: error: cannot read the file: too many levels of symbolic links [PROTO_COMPILE]", setup: link("self.proto", "proto/self.proto")},
		{name: "links in a circle", code: 3, want: "proto/a.proto: error: cannot read the file: too many levels of symbolic links [PROTO_COMPILE]", setup: func(t *testing.T, dir string) {
			t.Helper()
			link("b.proto", "proto/a.proto")(t, dir)
			link("a.proto", "proto/b.proto")(t, dir)
		}},
		{name: "dangling link", code: 3, want: "proto/gone.proto: error: cannot read the file: no such file or directory [PROTO_COMPILE]", setup: link("nowhere", "proto/gone.proto")},
		{name: "link to a directory", code: 3, want: "proto/dir.proto: error: cannot read the file: it is not a regular file [PROTO_COMPILE]", setup: link("bank", "proto/dir.proto")},
		{name: "link to a device", code: 3, want: "proto/zero.proto: error: cannot read the file: it is not a regular file [PROTO_COMPILE]", setup: link("/dev/zero", "proto/zero.proto")},
		{
			name: "root is a link", left: generated, setup: link("proto", "linked"),
			files: withConfig("version: v1\nproto: { roots: [linked] }\ngenerate: { go: { out: gen } }\n"),
		},
		{name: "root is a link to itself", code: 2, want: "esgen.yaml:2:18: error: proto root \"linked\" is not a directory [CONFIG_PATH]", setup: link("linked", "linked"), files: withConfig("version: v1\nproto: { roots: [linked] }\n")},
		{name: "pipe", code: 3, want: "proto/pipe.proto: error: cannot read the file: it is not a regular file [PROTO_COMPILE]", setup: fifo("proto/pipe.proto")},
		{name: "pipe as an import", code: 3, want: "proto/bank/v1/account.proto:5:8: error: cannot read pipe.proto: it is not a regular file [PROTO_COMPILE]", setup: fifo("pipe.proto"), files: map[string]string{
			"esgen.yaml": "version: v1\nproto: { roots: [proto], imports: [.] }\n",
			usualPath:    usualHeader + "import \"pipe.proto\";\n" + usualBody,
		}},
		{name: "pipe as a descriptor set", code: 2, want: "error: load the .proto files: read the descriptor set of proto.imports: cannot read set.binpb: it is not a regular file", setup: fifo("set.binpb"), files: withConfig("version: v1\nproto: { imports: [set.binpb] }\n")},
		{name: "pipe as the configuration", code: 2, want: "esgen.yaml: error: cannot read the configuration: it is not a regular file [CONFIG_MISSING]", setup: fifo("esgen.yaml")},
		{name: "stream as the configuration", code: 2, want: "/dev/stdin: error: proto root \"proto\" is not a directory [CONFIG_PATH]", args: []string{"generate", "-c", "/dev/stdin"}, stdin: []byte(usualConfig)},
		{name: "device as the configuration", code: 2, want: "/dev/zero: error: cannot read the configuration: it is larger than 8 MiB [CONFIG_MISSING]", args: []string{"generate", "-c", "/dev/zero"}},
		{name: "root is a file", want: "esgen.yaml:2:18: error: proto root \"go.mod\" is not a directory [CONFIG_PATH]", files: withConfig("version: v1\nproto: { roots: [go.mod] }\n"), code: 2},
		{name: "root is the project", left: []string{"proto/bank/v1/account.es.go", "proto/bank/v1/account.pb.go", "proto/bank/v1/bankv1test/account.es.go"}, files: withConfig("version: v1\nproto: { roots: [.] }\ngenerate: { go: { out: gen } }\n")},
		{name: "roots overlap", code: 3, want: "proto/bank/v1/account.proto:1:1: error: the file has two names, \"bank/v1/account.proto\" and \"v1/account.proto\", because one proto root lies in another [PROTO_FILE_SHADOWED]", files: withConfig("version: v1\nproto: { roots: [proto, proto/bank] }\ngenerate: { go: { out: gen } }\n")},
		{name: "root twice", left: generated, files: withConfig("version: v1\nproto: { roots: [proto, ./proto/, proto/../proto] }\ngenerate: { go: { out: gen } }\n")},
		{name: "root with an empty name", code: 2, want: "esgen.yaml:2:18: error: invalid value \"\" for proto.roots[0] [CONFIG_VALUE]", files: withConfig("version: v1\nproto: { roots: [''] }\n")},
		{name: "root with NUL", code: 2, want: "esgen.yaml:2:18: error: proto root \"a\\x00b\" is not a directory [CONFIG_PATH]", files: withConfig("version: v1\nproto: { roots: [\"a\\0b\"] }\n")},
		{name: "root is an import too", left: generated, files: withConfig("version: v1\nproto: { roots: [proto], imports: [proto] }\ngenerate: { go: { out: gen } }\n")},
		{name: "descriptor set is empty", left: generated, files: map[string]string{"set.binpb": "", "esgen.yaml": "version: v1\nproto: { imports: [set.binpb] }\ngenerate: { go: { out: gen } }\n"}},
		{name: "descriptor set is text", code: 2, want: "error: load the .proto files: set.binpb does not hold a FileDescriptorSet: proto: cannot parse invalid wire-format data", files: map[string]string{"set.binpb": "name: x", "esgen.yaml": "version: v1\nproto: { imports: [set.binpb] }\n"}},
		{name: "out is the project", made: "bank/v1/account.es.go", files: withConfig("version: v1\ngenerate: { go: { out: . } }\n")},
		{name: "out is the root", made: "proto/bank/v1/account.es.go", files: withConfig("version: v1\ngenerate: { go: { out: proto } }\n")},
		{name: "out below node_modules", made: "node_modules/gen/bank/v1/account.es.go", files: withConfig("version: v1\ngenerate: { go: { out: node_modules/gen } }\n")},
		{name: "out is absolute", code: 2, want: "esgen.yaml:2:24: error: invalid value \"/tmp/gen\" for generate.go.out [CONFIG_VALUE]", files: withConfig("version: v1\ngenerate: { go: { out: /tmp/gen } }\n")},
		{name: "out goes up", code: 2, want: "esgen.yaml:2:24: error: generate.go.out leaves the project: \"gen/../../gen\" [CONFIG_VALUE]", files: withConfig("version: v1\ngenerate: { go: { out: gen/../../gen } }\n")},
		{name: "out with NUL", code: 2, want: "esgen.yaml:2:24: error: invalid value \"gen\\x00\" for generate.go.out [CONFIG_VALUE]", files: withConfig("version: v1\ngenerate: { go: { out: \"gen\\0\" } }\n")},
		{name: "out with a line break", code: 2, want: "esgen.yaml:2:24: error: invalid value \"gen\\nmore\" for generate.go.out [CONFIG_VALUE]", files: withConfig("version: v1\ngenerate: { go: { out: \"gen\\nmore\" } }\n")},
		{name: "out is the configuration", code: 2, want: "error: esgen.yaml/bank/v1/account.es.go: a file stands where a directory is needed", files: withConfig("version: v1\ngenerate: { go: { out: esgen.yaml } }\n")},
	})
}

// Names of files that are allowed, and that nobody expects.
func TestHostile_names(t *testing.T) {
	t.Parallel()
	named := func(file string) map[string]string {
		return map[string]string{"proto/" + file: "syntax = \"proto3\";\npackage x;\n" + usualPackage}
	}
	with := func(file string) []string { return slices.Sorted(slices.Values(append(slices.Clone(generated), file))) }
	hostile(t, []trial{
		{name: "spaces", files: named("my file.proto"), left: with("my file.pb.go")},
		{name: "not ASCII", files: named("größe – µ.proto"), left: with("größe – µ.pb.go")},
		{name: "line break", code: 3, want: "\"proto/a\\nfunc init(){panic(1)}/.proto\": error: \"a\\nfunc init(){panic(1)}/.proto\" cannot be imported [PROTO_COMPILE]", files: named("a\nfunc init(){panic(1)}//.proto")},
		{name: "dash", files: named("-rf.proto"), left: with("-rf.pb.go")},
		{name: "quotes", files: named(`"';.proto`), left: with(`"';.pb.go`)},
		{name: "percent", files: named("%s%d.proto"), left: with("%s%d.pb.go")},
		{name: "backslash", code: 3, want: "\"proto/a\\\\b.proto\": error: \"a\\\\b.proto\" cannot be imported [PROTO_COMPILE]", files: named(`a\b.proto`)},
		{name: "only the ending", want: "proto/.proto:1:1: warning: the Go files made from this one are left out of most builds, because of its name [GO_FILE_IGNORED]", files: named(".proto"), left: with(".pb.go")},
		{name: "dots", want: "proto/...proto:1:1: warning: the Go files made from this one are left out of most builds, because of its name [GO_FILE_IGNORED]", files: named("...proto"), left: with("...pb.go")},
		{name: "escape sequence", code: 3, want: "\"proto/\\x1b[31m.proto\": error: \"\\x1b[31m.proto\" cannot be imported [PROTO_COMPILE]", files: named("\x1b[31m.proto")},
		{name: "not UTF-8", code: 3, want: "\"proto/a\\xff.proto\": error: \"a\\xff.proto\" cannot be imported [PROTO_COMPILE]", files: named("a\xff.proto")},
		{name: "colon", files: named("C:.proto"), left: with("C:.pb.go")},
		{name: "dollar", files: named("$HOME.proto"), left: with("$HOME.pb.go")},
		{name: "star", files: named("*.proto"), left: with("*.pb.go")},
		{name: "upper case ending", files: named("a.PROTO"), left: generated},
		{name: "long", code: 2, want: "error: gen/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.pb.go: file name too long", files: named(strings.Repeat("a", 249) + ".proto")},
		{name: "operating system", want: "proto/order_windows.proto:1:1: warning: the Go files made from this one are left out of most builds, because of its name [GO_FILE_IGNORED]", files: named("order_windows.proto"), left: with("order_windows.pb.go")},
		{name: "underscore", want: "proto/_order.proto:1:1: warning: the Go files made from this one are left out of most builds, because of its name [GO_FILE_IGNORED]", files: named("_order.proto"), left: with("_order.pb.go")},
		{name: "test", files: named("order_test.proto"), left: with("order_test.pb.go")},
		{name: "space at the end", files: named("order.proto "), left: generated},
	})
}

// Trees that are large or deep.
func TestHostile_trees(t *testing.T) {
	t.Parallel()
	many := map[string]string{}
	for i := range 1000 {
		name := fmt.Sprintf("f%d", i)
		many["proto/many/"+name+".proto"] = "syntax = \"proto3\";\npackage many." + name + ";\noption go_package = \"example.com/many/" + name + "\";\n"
	}
	deep := strings.Repeat("d/", 200)
	hostile(t, []trial{
		{name: "many files", files: many, args: []string{"lint"}},
		{name: "deep directories", left: append(slices.Clone(generated), deep+"a.pb.go"), files: map[string]string{"proto/" + deep + "a.proto": "syntax = \"proto3\";\npackage a;\n" + usualPackage}},
	})
}

// Files and directories that nobody may read or write.
func TestHostile_permissions(t *testing.T) {
	t.Parallel()
	mode := func(name string, mode fs.FileMode) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			t.Helper()
			if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(filepath.Join(dir, name), mode); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = os.Chmod(filepath.Join(dir, name), 0o755) })
		}
	}
	hostileAsNobody(t, []trial{
		{name: "file", code: 3, want: "proto/bank/v1/account.proto: error: cannot read the file: permission denied [PROTO_COMPILE]", setup: mode(usualPath, 0)},
		{name: "directory", code: 2, want: "error: load the .proto files: read the .proto files of proto: open proto/bank: permission denied", setup: mode("proto/bank", 0)},
		{name: "directory that can be listed", code: 3, want: "proto/bank/v1/account.proto: error: cannot read the file: permission denied [PROTO_COMPILE]", setup: mode("proto/bank/v1", 0o444)},
		{name: "configuration", code: 2, want: "esgen.yaml: error: cannot read the configuration: permission denied [CONFIG_MISSING]", setup: mode("esgen.yaml", 0)},
		{name: "project", code: 2, want: "error: gen/bank/v1/account.es.go: permission denied", setup: mode(".", 0o555)},
		{name: "generated file", left: []string{"bank/v1/account.es.go"}, code: 2, want: "error: gen/bank/v1/account.es.go: permission denied", files: map[string]string{"gen/bank/v1/account.es.go": "x"}, setup: mode("gen/bank/v1/account.es.go", 0)},
		{name: "output directory", left: []string{"bank/v1/readme.txt"}, code: 2, want: "error: gen/bank/v1/bankv1test/account.es.go: permission denied", files: map[string]string{"gen/bank/v1/readme.txt": "x"}, setup: mode("gen/bank/v1", 0o555)},
		{name: "directory of somebody else", left: append(slices.Clone(generated), "data/x"), files: map[string]string{"gen/data/x": "x"}, setup: mode("gen/data", 0)},
	})
}

// hostileAsNobody runs trials as a user to whom permissions mean something.
func hostileAsNobody(t *testing.T, trials []trial) {
	t.Helper()
	if os.Geteuid() != 0 {
		hostile(t, trials)
		return
	}
	const nobody = 65534
	binary := executableForAll(t)
	for _, tr := range trials {
		t.Run(tr.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			put(t, dir, usual(tr.files))
			giveTo(t, filepath.Dir(dir), nobody)
			tr.setup(t, dir)
			cmd := esgen(t, dir, "generate")
			cmd.Path = binary
			cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
			tr.check(t, dir, run(t, cmd))
		})
	}
}

// executableForAll returns a copy of the tool that everybody may run.
func executableForAll(t *testing.T) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(self)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "esgen")
	if err := os.WriteFile(path, content, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, d := range []string{dir, filepath.Dir(dir)} {
		if err := os.Chmod(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

// giveTo makes a user the owner of everything below a directory.
func giveTo(t *testing.T, dir string, user int) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(path, user, user)
	})
	if err != nil {
		t.Fatal(err)
	}
}
