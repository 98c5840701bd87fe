package model_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/generator/load"
	"github.com/esgen-dev/esgen/generator/model"
)

// header begins every file of these tests.
const header = `syntax = "proto3";
package bank.v1;
import "esgen/v1/options.proto";
option go_package = "example.com/bank/gen/bank/v1;bankv1";
`

// account is a sound declaration to build upon.
const account = `
message Account {
  option (esgen.v1.aggregate) = {};
  enum Status { STATUS_UNSPECIFIED = 0; STATUS_OPEN = 1; STATUS_CLOSED = 2; }
  Status status = 1;
}
message OpenAccount {
  option (esgen.v1.command) = { mode: MODE_CREATE emits: "AccountOpened" };
  string account_id = 1 [(esgen.v1.field).id = true];
}
message AccountOpened { option (esgen.v1.event) = {}; }
`

// set loads files, given by path, that have to compile.
func set(t *testing.T, files map[string]string) *load.Set {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	set, findings, err := load.Sources(t.Context(), load.Options{Roots: []string{root}, Parameter: "paths=source_relative"})
	if err != nil || set == nil {
		t.Fatalf("load: %v %v", findings, err)
	}
	return set
}

// build builds one file that begins with the header.
func build(t *testing.T, body string) (*model.Model, []diag.Finding) {
	t.Helper()
	return model.Build(set(t, map[string]string{"bank/v1/account.proto": header + body}))
}

// sound builds a file without findings.
func sound(t *testing.T, body string) *model.Model {
	t.Helper()
	m, findings := build(t, body)
	for _, f := range findings {
		t.Errorf("unexpected finding: %s: %s [%s]", f.Position, f.Message, f.Rule)
	}
	return m
}

func rules(findings []diag.Finding) []string {
	var ids []string
	for _, f := range findings {
		ids = append(ids, f.Rule)
	}
	return ids
}
