package config_test

import (
	"bytes"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/internal/config"
)

// FuzzParse reads any bytes: they are a configuration that can be shown, read
// again and checked, or there are findings with a place and a way out.
func FuzzParse(f *testing.F) {
	for _, path := range []string{"testdata/good.txtar", "testdata/bad.txtar"} {
		a, err := txtar.ParseFile(path)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range a.Files {
			f.Add(file.Data)
		}
	}
	for _, seed := range []string{
		"{", "\xef\xbb\xbfversion: v1\r\n", "\xff\xfev\x00e\x00r\x00", "version: &v v1\nesgen: *v\n", "a: &a [*a]\n",
		"version: v1\nproto: &p { roots: *p }\n", "version: v1\n<<: { esgen: '1' }\n", "? version\n: v1\n",
		"%YAML 1.1\n---\nversion: v1\n...\n", "---\n---\n", "version: !!str v1\n", "version: v1\nrules: { severity: { 1: info } }\n",
		"version: v1\nproto:\n\troots: [a]\n", "version: v1 # \x00", "{version: v1, {}: 1, [a]: b}",
	} {
		f.Add([]byte(seed))
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, content []byte) {
		kept := bytes.Clone(content)
		path := filepath.Join(dir, config.Name)
		c, findings := config.Parse(path, content)
		if (c == nil) != (diag.Worst(findings) == diag.Error) {
			t.Errorf("config %v with findings %v", c, findings)
		}
		lines := bytes.Count(content, []byte("\n")) + 1
		for _, finding := range findings {
			at := finding.Position
			if at.Path != path || at.Line < 1 || at.Line > lines || at.Column < 1 || finding.Help == "" || finding.Message == "" {
				t.Errorf("no position or no help: %+v", finding)
			}
		}
		again, repeated := config.Parse(path, content)
		if diff := cmp.Diff(findings, repeated); diff != "" || (c == nil) != (again == nil) {
			t.Errorf("found something else the second time:\n%s", diff)
		}
		if !bytes.Equal(content, kept) {
			t.Error("the text was changed")
		}
		if c != nil {
			checkShown(t, c)
			c.Check(nil, "v1.2.3")
		}
	})
}

// checkShown holds a configuration to being the same when what is shown of it
// is read.
func checkShown(t *testing.T, c *config.Config) {
	t.Helper()
	shown, err := c.YAML()
	if err != nil {
		t.Fatalf("%+v cannot be shown: %v", c, err)
	}
	again, findings := config.Parse(c.Path, shown)
	if again == nil {
		t.Fatalf("shown as\n%s\nwhich is refused:\n%s", shown, text(t, findings))
	}
	if diff := cmp.Diff(c, again, cmpopts.IgnoreUnexported(config.Config{})); diff != "" {
		t.Errorf("shown as\n%s\nwhich differs (-want +got):\n%s", shown, diff)
	}
}
