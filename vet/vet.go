// Package vet finds the mistakes in services that the compiler cannot see: what
// a service writes for an aggregate has to be pure, and code that looks at
// events has to look at all of them. It holds analyzers for
// golang.org/x/tools/go/analysis:
//
//   - [Determinism]: Handle, Apply and Upcast methods depend on their arguments
//     alone, and change nothing but the state.
//   - [Keep]: Apply methods keep no memory of the event.
//   - [ReadOnly]: Handle methods neither change the state nor return events that
//     share memory with it.
//   - [Exhaustive]: a type switch over a sealed set names every case, or has a
//     default.
//
// They run in four ways. All use the same analyzers and find the same:
//
//	go tool esgen vet ./...
//	go vet -vettool=$(go tool -n esgen) ./...
//	multichecker.Main(vet.Analyzers()...)
//	golangci-lint with the module plugin of vet/golangci
//
// # What is looked at
//
// A method is one of a behaviour if an interface of the generated code has a
// method with its name and signature, for example
// ApplyDeposited(es.Meta, *bankv1.Account, *bankv1.Deposited). The type need
// not implement the whole interface, so behaviours that are put together by
// embedding are found too. Calls are followed to functions, methods and
// variables of the same package.
//
// # What cannot be seen
//
//   - What a function of another package does, unless it is one of a list: the
//     standard library's clock, random numbers, files, network, locks and logs;
//     timestamppb.Now; constructors of random ids. Copies in a helper package
//     are believed to be copies.
//   - What stands behind an interface or a function value, except that a
//     function without parameters that returns a time is taken for a clock.
//   - What a variable holds that is set elsewhere: reading one is not reported,
//     changing one is.
//   - A map whose order matters for a reason that does not stand in the body of
//     the loop, such as a sort that leaves equals in the order of the map.
//   - What becomes of the memory of a command: its events may share it.
//   - Aliases that go through reflection, unsafe, channels or an iterator of
//     the same package. The analysis does not know which branch is taken, so an
//     alias on a branch that never runs is reported as well.
//
// The test kit of the generated code sees some of this at run time: it replays
// twice, overwrites events after their Apply and compares the state around
// Handle, as far as the tests go. The analyzers see all code, as far as the
// list above allows. Use both.
//
// No analyzer uses facts, so no dependency has to be analyzed for them. All
// are safe for concurrent use.
package vet

import "golang.org/x/tools/go/analysis"

// Analyzers returns all analyzers, by name.
func Analyzers() []*analysis.Analyzer {
	return []*analysis.Analyzer{Determinism, Exhaustive, Keep, ReadOnly}
}
