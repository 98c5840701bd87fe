package generation

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Cost is what a run took.
type Cost struct {
	Wall time.Duration
	CPU  time.Duration // user and system, of the process and all that it started
}

// Contender is one way to generate code.
type Contender struct {
	Name  string
	Files int    // that a run wrote
	Costs []Cost // one per run
}

// Median returns the median of the wall times and that of the processor times.
func (c Contender) Median() Cost {
	wall, cpu := make([]time.Duration, len(c.Costs)), make([]time.Duration, len(c.Costs))
	for i, cost := range c.Costs {
		wall[i], cpu[i] = cost.Wall, cost.CPU
	}
	slices.Sort(wall)
	slices.Sort(cpu)
	return Cost{Wall: wall[len(wall)/2], CPU: cpu[len(cpu)/2]}
}

// Race lets the contenders take turns, runs times each, over one schema below
// dir. Esgen comes first.
func Race(ctx context.Context, dir string, s Schema, tools Tools, runs int) ([]Contender, error) {
	names, err := s.Write(filepath.Join(dir, "proto"))
	if err != nil {
		return nil, err
	}
	if err := configure(ctx, dir, tools); err != nil {
		return nil, err
	}
	protoc := []string{
		tools.Protoc, "--plugin=protoc-gen-go=" + tools.ProtocGenGo,
		"-Iproto", "-Ithird_party", "--go_out=gen", "--go_opt=paths=source_relative",
	}
	contenders := []Contender{{Name: "esgen generate"}, {Name: "protoc + protoc-gen-go"}, {Name: "buf generate"}}
	commands := [][]string{{tools.Esgen, "generate"}, append(protoc, names...), {tools.Buf, "generate"}}
	for run := range runs {
		for i := range contenders {
			cost, files, err := generate(ctx, dir, commands[i], fmt.Sprintf("done-%d-%d", run, i))
			if err != nil {
				return nil, fmt.Errorf("%s: %w", contenders[i].Name, err)
			}
			contenders[i].Files = files
			contenders[i].Costs = append(contenders[i].Costs, cost)
		}
	}
	return contenders, nil
}

// configure writes what esgen and buf want to know, and the options file for
// those that do not bring it along.
func configure(ctx context.Context, dir string, tools Tools) error {
	options, err := exec.CommandContext(ctx, tools.Esgen, "options").Output()
	if err != nil {
		return fmt.Errorf("esgen options: %w", err)
	}
	for name, text := range map[string]string{
		"third_party/esgen/v1/options.proto": string(options),
		"go.mod":                             "module example.com/generation\n\ngo 1.26.0\n",
		"esgen.yaml": "version: v1\nproto: {roots: [proto]}\n" +
			"generate: {go: {out: gen, paths: source_relative}}\n",
		"buf.yaml": "version: v2\nmodules:\n  - path: proto\n  - path: third_party\n",
		"buf.gen.yaml": "version: v2\ninputs:\n  - directory: proto\nplugins:\n  - local: " + tools.ProtocGenGo +
			"\n    out: gen\n    opt: [paths=source_relative]\n",
	} {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
			return err
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// generate runs a command in dir with an empty directory gen, and returns what
// it cost and how many files it wrote there. What it wrote is moved out of the
// way and not deleted: some file systems are slow to create files for a while
// after others were deleted, and the next contender would pay for that.
func generate(ctx context.Context, dir string, command []string, done string) (Cost, int, error) {
	gen := filepath.Join(dir, "gen")
	if err := os.Mkdir(gen, 0o750); err != nil {
		return Cost{}, 0, err
	}
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "BUF_CACHE_DIR="+filepath.Join(dir, ".cache"))
	var output strings.Builder
	cmd.Stdout, cmd.Stderr = &output, &output
	start := time.Now()
	err := cmd.Run()
	wall := time.Since(start)
	if err != nil {
		return Cost{}, 0, fmt.Errorf("%w\n%s", err, output.String())
	}
	files, err := count(gen)
	if err == nil {
		err = os.Rename(gen, filepath.Join(dir, done))
	}
	return Cost{Wall: wall, CPU: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()}, files, err
}

func count(dir string) (int, error) {
	n := 0
	err := filepath.WalkDir(dir, func(_ string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			n++
		}
		return err
	})
	return n, err
}
