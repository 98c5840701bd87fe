package main

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/esgen-dev/esgen/bench/figures"
	"github.com/esgen-dev/esgen/bench/gate"
	"github.com/esgen-dev/esgen/bench/generation"
)

// gate measures what it costs to check schemas, and how that grows.
func (s settings) gate(ctx context.Context) (all measured, err error) {
	err = withTools(ctx, func(dir string, tools generation.Tools) error {
		if all.versions, err = tools.Versions(ctx); err != nil {
			return err
		}
		for _, files := range s.files {
			p := gate.Project{Files: files, Events: s.types, Fields: 8, Versions: 1}
			contenders, err := gate.Race(ctx, filepath.Join(dir, fmt.Sprint(files)), p, tools, s.runs)
			if err != nil {
				return err
			}
			for _, c := range contenders {
				all.measurements = append(all.measurements, checked("check", c.Name, p, c.Median()))
			}
		}
		grown, err := s.gateGrowth(ctx, dir, tools.Esgen)
		all.measurements = append(all.measurements, grown...)
		return err
	})
	return all, err
}

// gateGrowth gives esgen more versions to check, and more fields.
func (s settings) gateGrowth(ctx context.Context, dir, esgen string) ([]figures.Measurement, error) {
	files := min(12, s.files[0])
	var all []figures.Measurement
	check := func(what string, p gate.Project) error {
		project := filepath.Join(dir, fmt.Sprintf("%s-%d-%d", what, p.Versions, p.Fields))
		cost, err := gate.Check(ctx, project, p, esgen, s.runs)
		all = append(all, checked(what, "esgen compat", p, cost))
		return err
	}
	for _, versions := range s.versions {
		if err := check("versions", gate.Project{Files: files, Events: s.types, Fields: 8, Versions: versions}); err != nil {
			return nil, err
		}
	}
	for _, fields := range s.fields {
		if err := check("fields", gate.Project{Files: files, Events: s.types, Fields: fields, Versions: 5}); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func checked(what, contender string, p gate.Project, cost gate.Cost) figures.Measurement {
	return figures.Measurement{
		What: what, Contender: contender,
		Size: map[string]int{"subjects": p.Subjects(), "versions": p.Versions, "fields": p.Fields},
		Medians: figures.Medians{
			figures.Wall: figures.Decimal(cost.Wall), figures.CPU: figures.Decimal(cost.CPU),
			figures.Memory: figures.Decimal(cost.Memory),
		},
	}
}
