package history_test

import (
	"io/fs"
	"os"
	"path"
	"strings"
	"testing"

	"github.com/esgen-dev/esgen/compat/history"
	"github.com/esgen-dev/esgen/compat/history/gitfs"
	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/generator/load"
	"github.com/esgen-dev/esgen/generator/model"
	"github.com/esgen-dev/esgen/generator/schema"
	"github.com/esgen-dev/esgen/generator/write"
	"github.com/esgen-dev/esgen/internal/config"
)

const account = `syntax = "proto3";
package bank.v1;
option go_package = "example.com/bank/v1;bankv1";
import "esgen/v1/options.proto";
message Account {
  option (esgen.v1.aggregate) = {};
  string owner = 1;
}
message OpenAccount {
  option (esgen.v1.command) = { mode: MODE_CREATE emits: "AccountOpened" };
  string account_id = 1 [(esgen.v1.field).id = true];
}
message AccountOpened {
  option (esgen.v1.event) = {};
  string owner = 1;
}
`

// baseline returns the history at a place, up to what is declared there.
func baseline(t *testing.T, fsys fs.FS, dir string, shown func(string) string) *history.History {
	t.Helper()
	text, err := fs.ReadFile(fsys, path.Join(dir, config.Name))
	if err != nil {
		t.Fatal(err)
	}
	c, findings := config.Parse(path.Join(dir, config.Name), text)
	if c == nil {
		t.Fatal(list(findings))
	}
	var roots []string
	for _, root := range c.Proto.Roots {
		roots = append(roots, path.Join(dir, root))
	}
	set, findings, err := load.Sources(t.Context(), load.Options{Roots: roots, FS: fsys, Display: shown})
	if set == nil {
		t.Fatal(err, list(findings))
	}
	m, findings := model.Build(set)
	if diag.Worst(findings) >= diag.Error {
		t.Fatal(list(findings))
	}
	below, err := fs.Sub(fsys, dir)
	if err != nil {
		t.Fatal(err)
	}
	h, findings, err := history.Read(below, func(name string) string { return shown(path.Join(dir, name)) })
	if err != nil || len(findings) > 0 {
		t.Fatal(err, list(findings))
	}
	schemas, findings := schema.Build(set, m, schema.Options{Kept: h.Kept()})
	if diag.Worst(findings) >= diag.Error {
		t.Fatal(list(findings))
	}
	u, findings := h.Update(schemas, m)
	if len(findings) > 0 {
		t.Fatal(list(findings))
	}
	return u.History
}

// Another revision is a baseline, with a lock or without one: the versions that
// were accepted there, and behind them what is declared there.
func TestBaseline_git(t *testing.T) {
	t.Parallel()
	r := newRepo(t)
	at := func(text string) []write.File {
		return []write.File{
			{Path: "svc/esgen.yaml", Content: []byte("version: v1\nproto: { roots: [../proto] }\n")},
			{Path: "proto/bank/v1/account.proto", Content: []byte(text)},
		}
	}
	put(t, r.dir, at(account))
	r.commit("no lock")
	bare := r.git("rev-parse", "HEAD")

	open := func(ref string) *gitfs.FS {
		f, err := gitfs.Open(t.Context(), r.dir, ref)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = f.Close() })
		return f
	}
	versions := func(ref string) []history.Version {
		f := open(ref)
		return baseline(t, f, "svc", f.Shown).Versions("bank.v1.AccountOpened", schema.Protobuf)
	}
	if v := versions(bare); len(v) != 1 || !strings.HasPrefix(v[0].Schema.Position.Path, bare+":proto/bank") || v[0].Schema.Position.Line != 13 {
		t.Errorf("without a lock: %v", v)
	}

	h, findings, err := history.Read(os.DirFS(r.dir+"/svc"), nil)
	if err != nil || len(findings) > 0 {
		t.Fatal(err, list(findings))
	}
	f := open(bare)
	first := baseline(t, f, "svc", f.Shown)
	accepted := first.Versions("bank.v1.AccountOpened", schema.Protobuf)[0].Schema
	accepted.Event = &model.Event{}
	u, findings := h.Update([]schema.Schema{accepted}, declared{texts: map[string]string{"bank.v1.AccountOpened": ""}}.model())
	if len(findings) > 0 {
		t.Fatal(list(findings))
	}
	for i := range u.Files {
		u.Files[i].Path = "svc/" + u.Files[i].Path
	}
	put(t, r.dir, u.Files)
	r.commit("accepted")
	if v := versions("main"); len(v) != 1 || v[0].Schema.Position.Path != "main:svc/schemas/bank.v1.AccountOpened/1.proto" || v[0].Line.Path != "main:svc/esgen.lock" {
		t.Errorf("as accepted: %+v", v)
	}

	put(t, r.dir, at(strings.ReplaceAll(account, "  string owner = 1;\n}\n", "  string owner = 1;\n  int32 age = 2;\n}\n")))
	r.commit("not accepted")
	if v := versions("main"); len(v) != 2 || !strings.Contains(v[1].Schema.Text, "age") || !v[1].Line.IsZero() {
		t.Errorf("declared but not accepted: %+v", v)
	}
}
