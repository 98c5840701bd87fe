package load_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"

	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/generator/load"
)

// inFS are files with an import of every kind, one file that has a mistake only
// if it is named, and one that is none of the loader's business.
func inFS() map[string]string {
	return map[string]string{
		"svc/proto/bank/v1/bank.proto":  head("bank.v1") + "import \"money/money.proto\";\nmessage Opened { money.Money m = 1; }\n",
		"svc/proto/bank/v1/other.proto": head("bank.v1") + "message Closed {}\n",
		"svc/third/money/money.proto":   "syntax = \"proto3\";\npackage money;\noption go_package = \"example.com/money\";\nmessage Money { int64 v = 1; }\n",
		"svc/proto/notes.txt":           "no .proto",
	}
}

func head(pkg string) string {
	return "syntax = \"proto3\";\npackage " + pkg + ";\noption go_package = \"example.com/" + pkg + "\";\n"
}

func mapFS(files map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

func TestSourcesOfFS(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, text := range inFS() {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	disk, findings := sources(t, load.Options{
		Roots: []string{filepath.Join(dir, "svc/proto")}, Imports: []string{filepath.Join(dir, "svc/third")},
	})
	if disk == nil {
		t.Fatalf("findings: %v", findings)
	}
	set, findings := sources(t, load.Options{
		Roots: []string{"svc/proto/"}, Imports: []string{"./svc/third"},
		FS: mapFS(inFS()), Display: func(path string) string { return "main:" + path },
	})
	if set == nil || len(findings) > 0 {
		t.Fatalf("findings: %v", findings)
	}
	if diff := cmp.Diff(disk.Plugin.Request, set.Plugin.Request, protocmp.Transform()); diff != "" {
		t.Errorf("what was read from disk and from the FS differs:\n%s", diff)
	}
	opened := set.Plugin.FilesByPath["bank/v1/bank.proto"].Messages[0]
	want := diag.Position{Path: "main:svc/proto/bank/v1/bank.proto", Line: 5, Column: 9, EndLine: 5, EndColumn: 15}
	if diff := cmp.Diff(want, set.Position(opened.Desc)); diff != "" {
		t.Errorf("position:\n%s", diff)
	}
	if text := set.Text(want.Path); len(text) == 0 {
		t.Error("there is no text for what positions show")
	}
	if !proto.Equal(disk.Plugin.Request, set.Plugin.Request) {
		t.Error("the requests differ")
	}
}

func TestSourcesOfFS_findings(t *testing.T) {
	t.Parallel()
	shown := func(path string) string { return "main:" + path }
	for _, c := range []struct {
		name  string
		fsys  fs.FS
		roots []string
		want  diag.Finding
	}{
		{
			"no root", mapFS(inFS()),
			[]string{"svc/nowhere"},
			diag.Finding{Rule: "PROTO_ROOT_MISSING", Position: diag.Position{Path: "main:svc/nowhere"}},
		},
		{
			"nothing in it", mapFS(inFS()),
			[]string{"svc/third/money", "."},
			diag.Finding{Rule: "PROTO_FILE_SHADOWED", Position: diag.Position{Path: "main:svc/third/money/money.proto", Line: 1, Column: 1}},
		},
		{
			"syntax",
			fstest.MapFS{"p/a.proto": {Data: []byte("syntax = \"proto3\"\n")}},
			[]string{"p"},
			diag.Finding{Rule: "PROTO_COMPILE", Position: diag.Position{Path: "main:p/a.proto", Line: 2, Column: 1}},
		},
		{
			"no file",
			fstest.MapFS{"p/a.proto": {Mode: fs.ModeNamedPipe}},
			[]string{"p"},
			diag.Finding{Rule: "PROTO_COMPILE", Position: diag.Position{Path: "main:p/a.proto"}, Help: "make it a file that you may read, or remove it"},
		},
		{
			"an error that knows what to do",
			brokenFS{mapFS(inFS())},
			[]string{"svc/proto"},
			diag.Finding{Rule: "PROTO_COMPILE", Position: diag.Position{Path: "main:svc/proto/bank/v1/bank.proto"}, Help: "type: mend"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			set, findings := sources(t, load.Options{Roots: c.roots, FS: c.fsys, Display: shown})
			if set != nil || len(findings) == 0 {
				t.Fatalf("findings: %v", findings)
			}
			got := diag.Finding{Rule: findings[0].Rule, Position: findings[0].Position, Help: findings[0].Help}
			if c.want.Help == "" {
				got.Help = ""
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("finding:\n%s\n%v", diff, findings)
			}
		})
	}
}

// brokenFS cannot read files.
type brokenFS struct{ fstest.MapFS }

func (b brokenFS) ReadFile(name string) ([]byte, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: helpfulError{errors.New("the disk is gone")}}
}

type helpfulError struct{ error }

func (helpfulError) Help() string { return "type: mend" }
