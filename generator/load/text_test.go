package load_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/pluginpb"

	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/generator/load"
)

// What is not text in a comment would be Go code that does not compile.
func TestComments_notText(t *testing.T) {
	t.Parallel()
	for comment, want := range map[string]string{
		"caf\xe9":                 "note.proto:3:7: error: the file holds the byte 0xe9, which is not UTF-8 [PROTO_COMPILE]",
		"a\x00":                   "note.proto:3:5: error: the file holds a NUL byte [PROTO_COMPILE]",
		"é \ufeff b":              "note.proto:3:7: error: the file holds a byte order mark [PROTO_COMPILE]",
		"café \ufffd \a \v naïve": "",
	} {
		text := "\ufeffsyntax = \"proto3\"; option go_package = \"example.com/note\";\n\n// " + comment + "\nmessage Note {}\n"
		root := t.TempDir()
		if err := os.WriteFile(filepath.Join(root, "note.proto"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, findings, err := load.Sources(t.Context(), load.Options{Roots: []string{root}})
		if err != nil {
			t.Fatal(err)
		}
		var got strings.Builder
		if err := (diag.Text{}).Print(&got, findings); err != nil {
			t.Fatal(err)
		}
		line, _, _ := strings.Cut(strings.TrimPrefix(got.String(), root+string(filepath.Separator)), "\n")
		if line != want {
			t.Errorf("%q: found %q, want %q", comment, line, want)
		}

		_, err = load.Request(commented(t, comment), nil)
		if (err != nil) != (want != "") || err != nil && !strings.Contains(err.Error(), `a comment of "note.proto" holds `) {
			t.Errorf("%q in a request: %v", comment, err)
		}
	}
}

// commented returns a request with a comment in every place that there is.
func commented(t *testing.T, comment string) []byte {
	t.Helper()
	request := &pluginpb.CodeGeneratorRequest{
		FileToGenerate: []string{"note.proto"},
		ProtoFile: []*descriptorpb.FileDescriptorProto{{
			Name: new("note.proto"), Options: &descriptorpb.FileOptions{GoPackage: new("example.com/note")},
			MessageType: []*descriptorpb.DescriptorProto{{Name: new("Note")}},
			SourceCodeInfo: &descriptorpb.SourceCodeInfo{Location: []*descriptorpb.SourceCodeInfo_Location{
				{Path: []int32{4, 0}, Span: []int32{1, 1, 2}, LeadingDetachedComments: []string{"fine", comment}},
			}},
		}},
	}
	data, err := proto.Marshal(request)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
