package generation

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Tools are the paths of the programs.
type Tools struct {
	Esgen, Protoc, Buf, ProtocGenGo string
}

// FindTools looks for protoc and buf, on the PATH or where PROTOC and BUF
// point, and builds what is written in Go into bin. The error is an
// [exec.ErrNotFound] when protoc or buf is not there.
func FindTools(ctx context.Context, bin string) (Tools, error) {
	t := Tools{Esgen: filepath.Join(bin, "esgen"), ProtocGenGo: filepath.Join(bin, "protoc-gen-go")}
	var protocErr, bufErr error
	t.Protoc, protocErr = lookUp("protoc")
	t.Buf, bufErr = lookUp("buf")
	if err := errors.Join(protocErr, bufErr); err != nil {
		return Tools{}, err
	}
	return t, errors.Join(
		build(ctx, t.Esgen, "github.com/esgen-dev/esgen/cmd/esgen"),
		build(ctx, t.ProtocGenGo, "google.golang.org/protobuf/cmd/protoc-gen-go"),
	)
}

func lookUp(name string) (string, error) {
	if file := os.Getenv(strings.ToUpper(name)); file != "" {
		return file, nil
	}
	return exec.LookPath(name)
}

// build builds a command of the module that this one compares, with the
// versions of its go.mod.
func build(ctx context.Context, file, pkg string) error {
	cmd := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", "github.com/esgen-dev/esgen")
	dir, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("%v: %w", cmd.Args, err)
	}
	cmd = exec.CommandContext(ctx, "go", "build", "-o", file, pkg)
	cmd.Dir = strings.TrimSpace(string(dir))
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%v: %w\n%s", cmd.Args, err, out)
	}
	return nil
}

// Versions asks the programs that others wrote for their versions.
func (t Tools) Versions(ctx context.Context) (map[string]string, error) {
	versions := make(map[string]string)
	for name, program := range map[string]string{"protoc": t.Protoc, "buf": t.Buf, "protoc-gen-go": t.ProtocGenGo} {
		out, err := exec.CommandContext(ctx, program, "--version").Output()
		if err != nil {
			return nil, fmt.Errorf("%s --version: %w", name, err)
		}
		words := strings.Fields(string(out)) // the last one, behind the name
		if len(words) == 0 {
			return nil, fmt.Errorf("%s says no version", name)
		}
		versions[name] = words[len(words)-1]
	}
	return versions, nil
}
