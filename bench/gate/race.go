package gate

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/esgen-dev/esgen/bench/generation"
)

// Cost is what a run took.
type Cost struct {
	Wall   time.Duration
	CPU    time.Duration // user and system, of the process and all that it started
	Memory int64         // the largest resident set, in bytes; 0 where the system does not tell
}

// Contender is one way to check.
type Contender struct {
	Name  string
	Costs []Cost // one per run
}

// Median returns the medians of all costs, each for itself.
func (c Contender) Median() Cost {
	wall, cpu, memory := make([]time.Duration, len(c.Costs)), make([]time.Duration, len(c.Costs)), make([]int64, len(c.Costs))
	for i, cost := range c.Costs {
		wall[i], cpu[i], memory[i] = cost.Wall, cost.CPU, cost.Memory
	}
	slices.Sort(wall)
	slices.Sort(cpu)
	slices.Sort(memory)
	return Cost{Wall: wall[len(wall)/2], CPU: cpu[len(cpu)/2], Memory: memory[len(memory)/2]}
}

// Race lets the contenders take turns, runs times each, over one project below
// dir. Esgen comes first.
func Race(ctx context.Context, dir string, p Project, tools generation.Tools, runs int) ([]Contender, error) {
	if err := p.Write(ctx, dir, tools.Esgen); err != nil {
		return nil, err
	}
	if _, err := run(ctx, filepath.Join(dir, "before"), []string{tools.Buf, "build", "-o", "../before.binpb"}); err != nil {
		return nil, err
	}
	contenders := []Contender{
		{Name: "esgen compat"},
		{Name: "buf breaking, against sources"},
		{Name: "buf breaking, against an image"},
	}
	commands := [][]string{
		{tools.Esgen, "compat", "--quiet"},
		{tools.Buf, "breaking", "--against", "before"},
		{tools.Buf, "breaking", "--against", "before.binpb"},
	}
	for range runs {
		for i, command := range commands {
			cost, err := run(ctx, dir, command)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", contenders[i].Name, err)
			}
			contenders[i].Costs = append(contenders[i].Costs, cost)
		}
	}
	return contenders, nil
}

// Check returns the median cost of checking a project with esgen.
func Check(ctx context.Context, dir string, p Project, esgen string, runs int) (Cost, error) {
	if err := p.Write(ctx, dir, esgen); err != nil {
		return Cost{}, err
	}
	c := Contender{}
	for range runs {
		cost, err := run(ctx, dir, []string{esgen, "compat", "--quiet"})
		if err != nil {
			return Cost{}, err
		}
		c.Costs = append(c.Costs, cost)
	}
	return c.Median(), nil
}

func run(ctx context.Context, dir string, command []string) (Cost, error) {
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "BUF_CACHE_DIR="+filepath.Join(dir, ".cache"), "GITHUB_ACTIONS=")
	var output strings.Builder
	cmd.Stdout, cmd.Stderr = &output, &output
	start := time.Now()
	if err := cmd.Run(); err != nil {
		return Cost{}, fmt.Errorf("%v: %w\n%s", command, err, output.String())
	}
	cost := Cost{Wall: time.Since(start), CPU: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()}
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		cost.Memory = usage.Maxrss * kilobyte
	}
	return cost, nil
}

// kilobyte is what Linux counts a resident set in.
const kilobyte = 1024
