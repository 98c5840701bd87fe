package parity_test

import (
	"bytes"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/pluginpb"

	"github.com/esgen-dev/esgen/generator/load"
	esgenv1 "github.com/esgen-dev/esgen/proto/esgen/v1"
)

const (
	// everything makes the plugin write what esgen generate writes.
	everything = "paths=source_relative,messages=true"
	// alongside leaves the messages to protoc-gen-go.
	alongside = "paths=source_relative"
)

// schema is a declaration that has to give the same code by every way.
type schema struct {
	name      string
	dir       string   // below the repository
	only      []string // directories below dir; empty for all
	compilers []string
}

func schemas() []schema {
	both := []string{"protoc", "buf"}
	return []schema{
		{name: "bank", dir: "testdata/golang", only: []string{"bank"}, compilers: both},
		{name: "fates", dir: "testdata/golang", only: []string{"fates"}, compilers: both},
		{name: "two aggregates", dir: "testdata/golang", only: []string{"pair"}, compilers: both},
		{name: "comments", dir: "testdata/golang", only: []string{"comments"}, compilers: both},
		{name: "other packages", dir: "testdata/golang", only: []string{"enums", "named"}, compilers: both},
		{name: "proto2", dir: "testdata/golang", only: []string{"legacy"}, compilers: both},
		{name: "edition 2023", dir: "testdata/golang", only: []string{"editions"}, compilers: []string{"buf"}},
		{name: "shop", dir: "examples/shop/proto", compilers: both},
	}
}

// One schema gives the same code by esgen generate, by protoc and by buf.
func TestThreeWays(t *testing.T) {
	t.Parallel()
	for _, s := range schemas() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			files := s.files(t)
			want := esgenGenerate(t, layOut(t, files, nil, ""))
			for _, name := range s.compilers {
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					compile := map[string]func(string) compiler{"protoc": protoc, "buf": buf}[name](tool(t, name))
					w := layOut(t, files, map[string]string{esgenv1.Path: esgenv1.Source}, "")
					got, err := compile(t, w, plugin{name: "esgen", file: built.plugin, parameter: everything})
					if err != nil {
						t.Fatal(err)
					}
					same(t, want, got)
					got, err = compile(t, w, plugin{name: "esgen", file: built.plugin, parameter: alongside})
					if err != nil {
						t.Fatal(err)
					}
					same(t, behaviour(want), got)
				})
			}
		})
	}
}

// Edition 2024 is beyond esgen's own compiler, but not beyond its plugin. The
// event-sourcing code of a declaration does not depend on the edition.
func TestEdition2024(t *testing.T) {
	t.Parallel()
	compile := buf(tool(t, "buf"))
	s := schema{dir: "testdata/golang", only: []string{"editions"}}
	files := s.files(t)
	want := esgenGenerate(t, layOut(t, files, nil, ""))
	for name, text := range files {
		files[name] = strings.Replace(text, `edition = "2023"`, `edition = "2024"`, 1)
	}
	w := layOut(t, files, map[string]string{esgenv1.Path: esgenv1.Source}, "")
	got, err := compile(t, w, plugin{name: "esgen", file: built.plugin, parameter: alongside})
	if err != nil {
		t.Fatal(err)
	}
	same(t, behaviour(want), got)
}

// Managed mode writes the go_package of the user's files, and leaves that of
// the options file alone where the recipe says so.
func TestBufManagedMode(t *testing.T) {
	t.Parallel()
	compile := buf(tool(t, "buf"))
	const goPackage = `option go_package = "github.com/esgen-dev/esgen/testdata/golang/pair";`
	s := schema{dir: "testdata/golang", only: []string{"pair"}}
	want, managed := s.files(t), s.files(t)
	for name, text := range managed {
		if !strings.Contains(text, goPackage) {
			t.Fatalf("%s has another go_package", name)
		}
		managed[name] = strings.Replace(text, goPackage, "", 1)
		want[name] = strings.Replace(text, goPackage, `option go_package = "example.com/gen/pair";`, 1)
	}
	w := layOut(t, managed, map[string]string{esgenv1.Path: esgenv1.Source}, "")
	p := plugin{name: "esgen", file: built.plugin, parameter: everything, managed: `managed:
  enabled: true
  disable:
    - path: esgen/v1
  override:
    - file_option: go_package_prefix
      value: example.com/gen
`}
	got, err := compile(t, w, p)
	if err != nil {
		t.Fatal(err)
	}
	same(t, behaviour(esgenGenerate(t, layOut(t, want, nil, ""))), behaviour(got))
	if text := got["pair/both.pb.go"]; !strings.Contains(text, `_ "github.com/esgen-dev/esgen/proto/esgen/v1"`) {
		t.Errorf("the messages do not import the options:\n%.1000s", text)
	}
}

// The order in which files are listed for the plugin changes nothing.
func TestPluginIgnoresOrder(t *testing.T) {
	t.Parallel()
	s := schema{dir: "testdata/golang"}
	w := layOut(t, s.files(t), nil, "")
	want := esgenGenerate(t, w)
	set, findings, err := load.Sources(t.Context(), load.Options{Roots: []string{w.root()}, Parameter: everything})
	if err != nil || set == nil {
		t.Fatal(err, findings)
	}
	req := set.Plugin.Request
	random := rand.New(rand.NewPCG(1, 2))
	for range 3 {
		names := req.GetFileToGenerate()
		random.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
		same(t, want, respond(t, req))
	}
}

// The options file has to pass the linter of those who use buf.
func TestOptionsFilePassesBufLint(t *testing.T) {
	t.Parallel()
	bin := tool(t, "buf")
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, filepath.FromSlash(esgenv1.Path)), esgenv1.Source)
	writeFile(t, filepath.Join(dir, "buf.yaml"), "version: v2\nlint:\n  use: [STANDARD, COMMENTS]\n")
	if err := run(t, dir, bin, "lint"); err != nil {
		t.Error(err)
	}
}

// esgenGenerate runs esgen generate over a workspace. It brings the options file
// along, so it needs no imports.
func esgenGenerate(t *testing.T, w workspace) map[string]string {
	t.Helper()
	writeFile(t, filepath.Join(w.dir, "esgen.yaml"), "version: v1\nproto:\n  roots: [root]\ngenerate:\n  go:\n    out: out\n")
	if err := run(t, w.dir, built.esgen, "generate"); err != nil {
		t.Fatal(err)
	}
	return readDir(t, filepath.Join(w.dir, "out"))
}

// respond runs the plugin and returns the files of its response.
func respond(t *testing.T, req *pluginpb.CodeGeneratorRequest) map[string]string {
	t.Helper()
	data, err := proto.Marshal(req)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), built.plugin)
	var stderr strings.Builder
	cmd.Stdin, cmd.Stderr = bytes.NewReader(data), &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, &stderr)
	}
	resp := &pluginpb.CodeGeneratorResponse{}
	if err := proto.Unmarshal(out, resp); err != nil {
		t.Fatal(err)
	}
	if resp.Error != nil {
		t.Fatal(resp.GetError())
	}
	files := map[string]string{}
	for _, f := range resp.GetFile() {
		files[f.GetName()] = f.GetContent()
	}
	return files
}

// behaviour returns the files without the messages.
func behaviour(files map[string]string) map[string]string {
	files = maps.Clone(files)
	maps.DeleteFunc(files, func(name, _ string) bool { return strings.HasSuffix(name, ".pb.go") })
	return files
}

// files returns the .proto files of a schema by the path under which they are
// imported.
func (s schema) files(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	root := filepath.Join("..", "..", filepath.FromSlash(s.dir))
	for name, text := range readTexts(t, root, ".proto") {
		if len(s.only) == 0 {
			all[name] = text
		}
		for _, dir := range s.only {
			if strings.HasPrefix(name, dir+"/") {
				all[name] = text
			}
		}
	}
	return all
}

func readTexts(t *testing.T, root, suffix string) map[string]string {
	t.Helper()
	texts := map[string]string{}
	err := fs.WalkDir(os.DirFS(root), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, suffix) {
			return err
		}
		data, err := fs.ReadFile(os.DirFS(root), name)
		texts[name] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return texts
}
