package cli_test

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/pluginpb"

	"github.com/esgen-dev/esgen/cmd/esgen/internal/cli"
)

// env is a world without a terminal, input or environment.
type env struct {
	cli.Env
	out, err bytes.Buffer
}

func newEnv(args ...string) *env {
	e := &env{}
	e.Env = cli.Env{
		Name: "esgen", Args: args,
		Stdin: strings.NewReader(""), Stdout: &e.out, Stderr: &e.err,
		Getenv: func(string) string { return "" }, Now: func() time.Time { return time.Time{} },
	}
	return e
}

func TestRun_bug(t *testing.T) {
	t.Parallel()
	e := newEnv("version")
	e.Getenv = func(string) string { panic("the sky is falling") }
	code := cli.Run(t.Context(), e.Env)
	text := e.err.String()
	if code != 70 || e.out.Len() > 0 {
		t.Errorf("exit code %d, standard output %q", code, e.out.String())
	}
	for _, part := range []string{
		"error: this looks like a bug in esgen: the sky is falling\n", "issues", "cli_test.go",
	} {
		if !strings.Contains(text, part) {
			t.Errorf("%q is not in\n%s", part, text)
		}
	}
}

// TestRun_interrupted runs every command that does some work after Ctrl-C.
func TestRun_interrupted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	config := "../../testdata/interrupted/esgen.yaml"
	for _, args := range [][]string{{"generate", "-c", config}, {"verify", "-c", config}, {"lint", "-c", config}, {"plugin"}} {
		e := newEnv(args...)
		reader, writer := io.Pipe() // an input that never comes
		t.Cleanup(func() { _ = writer.Close() })
		e.Stdin = reader
		code := cli.Run(ctx, e.Env)
		if code != 130 || e.out.Len() > 0 || e.err.String() != "error: interrupted\n" {
			t.Errorf("%v: exit code %d, %q, %q", args, code, e.out.String(), e.err.String())
		}
	}
}

func TestPlugin_declaresWhatItReads(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		request *pluginpb.CodeGeneratorRequest
		failure string
	}{
		"fine": {request: edition2024()},
		"failed": {
			request: &pluginpb.CodeGeneratorRequest{Parameter: new("nonsense=1")},
			failure: `unknown parameter "nonsense": the parameters are messages, kit and those of protoc-gen-go (paths, module, M...)`,
		},
	} {
		data, err := proto.Marshal(c.request)
		if err != nil {
			t.Fatal(err)
		}
		e := newEnv("plugin")
		e.Stdin = bytes.NewReader(data)
		if code := cli.Run(t.Context(), e.Env); code != 0 {
			t.Fatalf("%s: exit code %d: %s", name, code, e.err.String())
		}
		got := &pluginpb.CodeGeneratorResponse{}
		if err := proto.Unmarshal(e.out.Bytes(), got); err != nil {
			t.Fatal(err)
		}
		want := &pluginpb.CodeGeneratorResponse{
			SupportedFeatures: proto.Uint64(3),
			MinimumEdition:    proto.Int32(998),
			MaximumEdition:    proto.Int32(1001),
		}
		if c.failure != "" {
			want.Error = &c.failure
		}
		if diff := cmp.Diff(want, got, protocmp.Transform()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func edition2024() *pluginpb.CodeGeneratorRequest {
	return &pluginpb.CodeGeneratorRequest{
		FileToGenerate: []string{"a.proto"},
		ProtoFile: []*descriptorpb.FileDescriptorProto{{
			Name: new("a.proto"), Package: new("a"),
			Syntax: new("editions"), Edition: descriptorpb.Edition_EDITION_2024.Enum(),
			Options: &descriptorpb.FileOptions{GoPackage: new("example.com/a")},
		}},
	}
}

// TestRun_fullDisk reports that the report could not be written.
func TestRun_fullDisk(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"version"}, {"rules"}, {"rules", "EVENT_UNKNOWN"}, {"options"}, {"config", "schema"}} {
		e := newEnv(args...)
		e.Stdout = full{}
		if code := cli.Run(t.Context(), e.Env); code != 2 || !strings.Contains(e.err.String(), "no space left") {
			t.Errorf("%v: exit code %d, %q", args, code, e.err.String())
		}
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }

type fullError struct{}

func (fullError) Error() string { return "no space left" }

var errFull = fullError{}
