package main

import (
	"bytes"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/pluginpb"
)

// request returns the bytes of a request for one file, changed.
func request(t *testing.T, change func(*pluginpb.CodeGeneratorRequest)) []byte {
	t.Helper()
	req := &pluginpb.CodeGeneratorRequest{
		FileToGenerate: []string{"a.proto"}, Parameter: new("paths=source_relative"),
		ProtoFile: []*descriptorpb.FileDescriptorProto{{
			Name: new("a.proto"), Package: new("a"), Syntax: new("proto3"),
			Options:     &descriptorpb.FileOptions{GoPackage: new("example.com/a")},
			MessageType: []*descriptorpb.DescriptorProto{{Name: new("A")}},
		}},
	}
	change(req)
	data, err := proto.MarshalOptions{AllowPartial: true}.Marshal(req)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// Requests that no compiler makes. What is wrong with the files or parameters
// is the answer; what is no request at all is an error.
func TestHostile_requests(t *testing.T) {
	t.Parallel()
	type change = func(*pluginpb.CodeGeneratorRequest)
	parameter := func(text string) change {
		return func(r *pluginpb.CodeGeneratorRequest) { r.Parameter = &text }
	}
	for _, tc := range []struct {
		name   string
		change change
		data   func([]byte) []byte
		code   int
		want   string // the first line of the answer, or of standard error
	}{
		{name: "as it should be"},
		{name: "truncated", want: "error: standard input is not a CodeGeneratorRequest: proto: cannot parse invalid wire-format data", data: func(b []byte) []byte { return b[:len(b)-3] }, code: 1},
		{name: "one byte", want: "error: standard input is not a CodeGeneratorRequest: proto: cannot parse invalid wire-format data", data: func([]byte) []byte { return []byte{0x0a} }, code: 1},
		{name: "twice", data: func(b []byte) []byte { return append(b, b...) }},
		{name: "64 MB of nothing", want: "error: standard input is not a CodeGeneratorRequest: proto: cannot parse invalid wire-format data", data: func([]byte) []byte { return make([]byte, 64<<20) }, code: 1},
		{name: "64 MB of comments", change: func(r *pluginpb.CodeGeneratorRequest) {
			r.ProtoFile[0].SourceCodeInfo = &descriptorpb.SourceCodeInfo{Location: []*descriptorpb.SourceCodeInfo_Location{
				{Path: []int32{4, 0}, Span: []int32{0, 0, 1}, LeadingComments: new(strings.Repeat("comment\n", 8<<20))},
			}}
		}},
		{name: "unknown fields", data: func(b []byte) []byte { return append(b, 0xfa, 0x7f, 0x01, 'x') }},
		{name: "no files", change: func(r *pluginpb.CodeGeneratorRequest) { r.FileToGenerate, r.ProtoFile = nil, nil }},
		{name: "nothing to generate", change: func(r *pluginpb.CodeGeneratorRequest) { r.FileToGenerate = nil }},
		{name: "file that is not there", want: "no descriptor for generated file: b.proto", change: func(r *pluginpb.CodeGeneratorRequest) { r.FileToGenerate = []string{"b.proto"} }},
		{name: "file twice", change: func(r *pluginpb.CodeGeneratorRequest) { r.FileToGenerate = []string{"a.proto", "a.proto"} }},
		{name: "file declared twice", change: func(r *pluginpb.CodeGeneratorRequest) { r.ProtoFile = append(r.GetProtoFile(), r.GetProtoFile()...) }},
		{name: "file without a name", want: "no descriptor for generated file: a.proto", change: func(r *pluginpb.CodeGeneratorRequest) { r.ProtoFile[0].Name = nil }},
		{name: "file that goes up", want: "a .proto file cannot be called \"../../a.proto\"", change: func(r *pluginpb.CodeGeneratorRequest) {
			r.ProtoFile[0].Name, r.FileToGenerate = new("../../a.proto"), []string{"../../a.proto"}
		}},
		{name: "file with a line break", want: "a .proto file cannot be called \"a\\nb.proto\"", change: func(r *pluginpb.CodeGeneratorRequest) {
			r.ProtoFile[0].Name, r.FileToGenerate = new("a\nb.proto"), []string{"a\nb.proto"}
		}},
		{name: "no Go package", want: "unable to determine Go import path for \"a.proto\"", change: func(r *pluginpb.CodeGeneratorRequest) { r.ProtoFile[0].Options = nil }},
		{name: "missing import", want: "invalid FileDescriptorProto \"a.proto\": proto: could not resolve import \"gone.proto\": not found", change: func(r *pluginpb.CodeGeneratorRequest) { r.ProtoFile[0].Dependency = []string{"gone.proto"} }},
		{name: "import of itself", want: "invalid FileDescriptorProto \"a.proto\": proto: could not resolve import \"a.proto\": not found", change: func(r *pluginpb.CodeGeneratorRequest) { r.ProtoFile[0].Dependency = []string{"a.proto"} }},
		{name: "unknown syntax", want: "invalid FileDescriptorProto \"a.proto\": proto: invalid syntax: \"proto9\"", change: func(r *pluginpb.CodeGeneratorRequest) { r.ProtoFile[0].Syntax = new("proto9") }},
		{name: "message without a name", want: "invalid FileDescriptorProto \"a.proto\": proto: descriptor \"a\" has an invalid nested name: \"\"", change: func(r *pluginpb.CodeGeneratorRequest) { r.ProtoFile[0].MessageType[0].Name = nil }},
		{name: "message with a name that is none", want: "invalid FileDescriptorProto \"a.proto\": proto: descriptor \"a\" has an invalid nested name: \"A{}\\nfunc init(){}\"", change: func(r *pluginpb.CodeGeneratorRequest) {
			r.ProtoFile[0].MessageType[0].Name = new("A{}\nfunc init(){}")
		}},
		{name: "unknown parameter", want: "unknown parameter \"pahts\": did you mean \"paths\"?", change: parameter("pahts=import")},
		{name: "parameter twice", change: parameter("paths=import,paths=source_relative")},
		{name: "parameter of esgen twice", change: parameter("kit=true,kit=false")},
		{name: "empty parameters", change: parameter(",,,")},
		{name: "parameter without a value", want: "invalid value \"\" for the parameter kit: the values are true and false", change: parameter("kit")},
		{name: "mapping of nothing", change: parameter("M=")},
		{name: "mapping upwards", want: "the Go package \"../../b\" of \"a.proto\" is not an import path: invalid path element \"..\"", change: parameter("Ma.proto=../../b")},
		{name: "module that is none", change: parameter("module=")},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if tc.change == nil {
				tc.change = func(*pluginpb.CodeGeneratorRequest) {}
			}
			data := request(t, tc.change)
			if tc.data != nil {
				data = tc.data(data)
			}
			cmd := esgen(t, t.TempDir(), "plugin")
			cmd.Stdin = bytes.NewReader(data)
			got := run(t, cmd)
			said := got.stderr
			if got.code == 0 {
				said = answer(t, got.stdout)
			}
			line, _, _ := strings.Cut(said, "\n")
			line = strings.ReplaceAll(line, "\u00a0", " ") // protobuf-go puts either here
			if got.code != tc.code || line != tc.want {
				t.Errorf("exit code %d, want %d; said\n%s\nwant\n%s", got.code, tc.code, line, tc.want)
			}
		})
	}
}

// answer returns the error of a response. One without has no files that leave
// the directory.
func answer(t *testing.T, data string) string {
	t.Helper()
	var response pluginpb.CodeGeneratorResponse
	if err := proto.Unmarshal([]byte(data), &response); err != nil {
		t.Fatal(err)
	}
	for _, file := range response.GetFile() {
		if strings.Contains(file.GetName(), "..") {
			t.Errorf("file %s", file.GetName())
		}
	}
	return response.GetError()
}
