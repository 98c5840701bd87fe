// Package golang turns a Model into Go text: for every .proto file that
// declares aggregates one .es.go file beside the .pb.go file, and on request
// the .pb.go files themselves and typed test kits.
//
// [Generate] is the only way in. Reading the package in the order of
// emitAggregate reads an emitted file from top to bottom: there is one emit
// function per emitted declaration.
//
// The emitted code imports the runtime (package es), the Protobuf runtime and
// the standard library. It has no init function, no package-level variable and
// no reflection: dispatch is a switch on the type of a message, or on the
// stored name of an event. It reads fields through getters, so it is the same
// for the open, hybrid and opaque API of Go Protobuf.
//
// The package takes a Model that came without errors on trust. That names do
// not collide and that chains of old events end is checked by package model.
// It touches no disk.
package golang

import (
	"errors"
	"fmt"
	"iter"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"

	"google.golang.org/protobuf/compiler/protogen"

	"github.com/esgen-dev/esgen/generator/model"
	"github.com/esgen-dev/esgen/generator/write"
)

// Options say what is emitted beside the .es.go files. The zero value adds
// nothing.
type Options struct {
	// Messages adds the .pb.go files that protoc-gen-go would write.
	// Default: they are left to protoc-gen-go.
	Messages bool
	// Kit adds the package "<package>test" with the test kits of the
	// aggregates. Default: no kits.
	Kit bool
}

// Generate returns the Go files for a Model and, with [Options.Messages], for
// the files of p that are to be generated; p is not used otherwise. Files are
// sorted by path, and depend on nothing but the arguments.
//
// It fails when protoc-gen-go does, or when emitted text is not Go, which is
// always a mistake of esgen. It works on all processors, and is not safe for
// concurrent use with the same p.
func Generate(p *protogen.Plugin, m *model.Model, o Options) ([]write.File, error) {
	files, err := run(func(yield func(job) bool) {
		for job := range aggregateJobs(m, o.Kit) {
			if !yield(job) {
				return
			}
		}
		if o.Messages {
			messageJobs(p)(yield)
		}
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(files, func(a, b write.File) int { return strings.Compare(a.Path, b.Path) })
	return files, nil
}

// A job makes some of the files. Jobs share nothing that they change.
type job func() ([]write.File, error)

// safely turns a panic into an error, because a panic in a goroutine of its
// own could be caught by nobody.
func (j job) safely() (files []write.File, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return j()
}

// run runs jobs on all processors while the sequence still makes further ones,
// and returns their files, or every error, in the order of the jobs.
func run(jobs iter.Seq[job]) ([]write.File, error) {
	type result struct {
		files []write.File
		err   error
	}
	var (
		results []*result
		running sync.WaitGroup
		slots   = make(chan struct{}, runtime.GOMAXPROCS(0))
	)
	for job := range jobs {
		r := new(result)
		results = append(results, r)
		slots <- struct{}{}
		running.Go(func() {
			defer func() { <-slots }()
			r.files, r.err = job.safely()
		})
	}
	running.Wait()

	var files []write.File
	var errs []error
	for _, r := range results {
		files = append(files, r.files...)
		errs = append(errs, r.err)
	}
	return files, errors.Join(errs...)
}
