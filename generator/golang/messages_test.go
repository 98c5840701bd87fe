package golang_test

import (
	"bytes"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/compiler/protogen"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/pluginpb"

	"github.com/esgen-dev/esgen/generator/golang"
	"github.com/esgen-dev/esgen/generator/write"
)

// TestMessages_protocGenGo compares the messages with what the plugin writes
// when it is run as protoc would.
func TestMessages_protocGenGo(t *testing.T) {
	t.Parallel()
	set, m := loadGoldens(t)
	request, err := proto.Marshal(set.Plugin.Request)
	if err != nil {
		t.Fatal(err)
	}
	plugin := exec.CommandContext(t.Context(), "go", "run", "google.golang.org/protobuf/cmd/protoc-gen-go")
	plugin.Stdin = bytes.NewReader(request)
	out, err := plugin.Output()
	if err != nil {
		t.Fatal(err)
	}
	response := &pluginpb.CodeGeneratorResponse{}
	if err := proto.Unmarshal(out, response); err != nil || response.Error != nil {
		t.Fatal(err, response.GetError())
	}
	want := map[string]string{}
	for _, f := range response.GetFile() {
		want[f.GetName()] = f.GetContent()
	}

	got := map[string]string{}
	for _, f := range generate(t, set, m) {
		if strings.HasSuffix(f.Path, ".pb.go") {
			got[f.Path] = string(f.Content)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("messages differ (-protoc-gen-go +esgen):\n%s", diff)
	}
}

// TestGenerate_options leaves out what was not asked for.
func TestGenerate_options(t *testing.T) {
	t.Parallel()
	set, m := loadGoldens(t)
	count := func(o golang.Options) (messages, kits, others int) {
		files, err := golang.Generate(set.Plugin, m, o)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			switch {
			case strings.HasSuffix(f.Path, ".pb.go"):
				messages++
			case strings.Contains(f.Path, "test/"):
				kits++
			default:
				others++
			}
		}
		return messages, kits, others
	}
	if messages, kits, others := count(golang.Options{}); messages != 0 || kits != 0 || others == 0 {
		t.Errorf("no options: %d messages, %d kits, %d others", messages, kits, others)
	}
	if messages, kits, _ := count(golang.Options{Kit: true}); messages != 0 || kits == 0 {
		t.Errorf("kits: %d messages, %d kits", messages, kits)
	}
	if messages, kits, _ := count(golang.Options{Messages: true}); messages == 0 || kits != 0 {
		t.Errorf("messages: %d messages, %d kits", messages, kits)
	}
}

// TestGenerate_errors reports every file that protoc-gen-go refuses, in order.
func TestGenerate_errors(t *testing.T) {
	t.Parallel()
	set, m := loadGoldens(t)
	req := proto.CloneOf(set.Plugin.Request)
	req.Parameter = new("module=example.com/elsewhere")
	plugin, err := protogen.Options{}.New(req)
	if err != nil {
		t.Fatal(err)
	}
	files, err := golang.Generate(plugin, m, golang.Options{Messages: true})
	if err == nil || files != nil {
		t.Fatalf("%d files, error %v", len(files), err)
	}
	var named []string
	for line := range strings.Lines(err.Error()) {
		name, found := strings.CutPrefix(line, "generate the Go messages of ")
		if !found || !strings.Contains(name, `does not match prefix "example.com/elsewhere"`) {
			t.Errorf("error says %q", line)
		}
		name, _, _ = strings.Cut(name, ":")
		named = append(named, name)
	}
	var want []string
	for _, f := range set.Plugin.Files {
		if f.Generate {
			want = append(want, f.Desc.Path())
		}
	}
	if !slices.Equal(want, named) {
		t.Errorf("errors about %q, want %q", named, want)
	}
}

// TestKit_packageComment stands in one file of a package with several.
func TestKit_packageComment(t *testing.T) {
	t.Parallel()
	set, m := loadGoldens(t)
	commented := map[string]int{}
	for _, f := range kits(generate(t, set, m)) {
		dir := f.Path[:strings.LastIndexByte(f.Path, '/')]
		commented[dir] += bytes.Count(f.Content, []byte("\n// Package "))
	}
	for dir, n := range commented {
		if n != 1 {
			t.Errorf("%s has %d package comments", dir, n)
		}
	}
}

func kits(files []write.File) []write.File {
	return slices.DeleteFunc(files, func(f write.File) bool {
		return !strings.HasSuffix(f.Path, ".es.go") || !strings.Contains(f.Path, "test/")
	})
}
