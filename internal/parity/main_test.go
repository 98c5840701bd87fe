package parity_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// built are the binaries that the tests run, set by TestMain.
var built struct { //nolint:gochecknoglobals // building them takes longer than any test
	esgen       string
	plugin      string // the same as protoc-gen-esgen
	protocGenGo string // of the version in go.mod
}

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "esgen-parity-")
	if err == nil {
		err = buildAll(dir)
	}
	code := 1
	if err == nil {
		code = m.Run()
	}
	if err = errors.Join(err, os.RemoveAll(dir)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func buildAll(dir string) error {
	built.esgen = filepath.Join(dir, "esgen")
	built.plugin = filepath.Join(dir, "protoc-gen-esgen")
	built.protocGenGo = filepath.Join(dir, "protoc-gen-go")
	return errors.Join(
		build(built.esgen, "github.com/esgen-dev/esgen/cmd/esgen"),
		os.Symlink(built.esgen, built.plugin),
		build(built.protocGenGo, "google.golang.org/protobuf/cmd/protoc-gen-go"),
	)
}

func build(file, pkg string) error {
	if out, err := exec.Command("go", "build", "-o", file, pkg).CombinedOutput(); err != nil {
		return fmt.Errorf("go build %s: %w\n%s", pkg, err, out)
	}
	return nil
}
