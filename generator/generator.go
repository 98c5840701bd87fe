// Package generator is the way from .proto files to generated files, on one
// page:
//
//	sources or a CodeGeneratorRequest -> load.Set -> model.Model -> []write.File
//
// [Generate] is pure: it returns files and findings, and touches nothing. A
// caller writes the files with package write, compares them with what is on
// disk, or hands them to protoc.
//
// It does not decide which findings stop a run beyond errors; that, and how
// they are shown, is up to the caller.
package generator

import (
	"fmt"

	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/generator/golang"
	"github.com/esgen-dev/esgen/generator/load"
	"github.com/esgen-dev/esgen/generator/model"
	"github.com/esgen-dev/esgen/generator/write"
)

// Result is what a run of the generator made.
type Result struct {
	Files    []write.File   // by path; empty when a finding is an error
	Findings []diag.Finding // sorted
	Model    *model.Model   // for whoever wants to know more than the files say
}

// Generate makes all files of a set. What is wrong with the declarations is a
// finding; the error is for what should never happen, such as emitted code
// that does not parse.
func Generate(set *load.Set, o golang.Options) (Result, error) {
	m, findings := model.Build(set)
	result := Result{Findings: findings, Model: m}
	if diag.Worst(findings) >= diag.Error {
		return result, nil
	}
	files, err := golang.Generate(set.Plugin, m, o)
	if err != nil {
		return Result{}, fmt.Errorf("emit Go code: %w", err)
	}
	result.Files = files
	return result, nil
}

// Rules returns every rule that a run of the generator may find broken, in the
// order in which the steps come.
func Rules() []diag.Rule {
	rules := append(load.Rules(), model.Rules()...)
	return append(rules, write.Rules()...)
}
