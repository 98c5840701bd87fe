package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/esgen-dev/esgen/bench/figures"
	"github.com/esgen-dev/esgen/bench/generation"
)

// withTools does something with the programs that are compared, in a directory
// of its own.
func withTools(ctx context.Context, do func(dir string, tools generation.Tools) error) error {
	dir, err := os.MkdirTemp("", "esgen-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	tools, err := generation.FindTools(ctx, filepath.Join(dir, "bin"))
	if err != nil {
		return err
	}
	return do(dir, tools)
}

// generation measures how long the contenders take to generate code.
func (s settings) generation(ctx context.Context) (all measured, err error) {
	err = withTools(ctx, func(dir string, tools generation.Tools) error {
		if all.versions, err = tools.Versions(ctx); err != nil {
			return err
		}
		for _, files := range s.files {
			schema := generation.Schema{Files: files, Events: s.types, Commands: s.types}
			contenders, err := generation.Race(ctx, filepath.Join(dir, fmt.Sprint(files)), schema, tools, s.runs)
			if err != nil {
				return err
			}
			for _, c := range contenders {
				m := c.Median()
				all.measurements = append(all.measurements, figures.Measurement{
					What: "generate", Contender: c.Name, Size: map[string]int{"files": files, "types": s.types},
					Medians: figures.Medians{
						figures.Wall: figures.Decimal(m.Wall), figures.CPU: figures.Decimal(m.CPU),
						figures.Files: figures.Decimal(c.Files),
					},
				})
			}
		}
		return nil
	})
	return all, err
}
