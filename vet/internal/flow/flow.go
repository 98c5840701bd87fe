// Package flow follows memory through the functions of one package: where does
// a reference into an argument end up, and is something written through it?
//
// It computes for each value what it may point into, and what objects that are
// made along the way hold. Branches are not told apart, nor are the calls of a
// function; the fields of an object that is made on the way are. Functions of
// the package are followed; those of others are known by name (known.go) or
// believed to return fresh memory. Values without references, such as strings
// and numbers, carry nothing.
package flow

import (
	"cmp"
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// Query says what to follow.
type Query struct {
	Func    *ssa.Function
	Source  *ssa.Parameter // whose memory is followed
	Target  *ssa.Parameter // into which it must not get; may be nil
	Outside *ssa.Parameter // outlives the call, as variables of packages do; may be nil
	Returns bool           // whether the first result must not share memory with the source
}

// Kind says what happened.
type Kind int8

// The kinds.
const (
	Write   Kind = iota + 1 // the memory of the source is written to
	Keep                    // the target refers to the source
	Outlive                 // what outlives the call refers to the source or the target
	Lend                    // the first result refers to the source
)

// Leak is something that must not happen.
type Leak struct {
	Kind Kind
	Site
}

// Site is a place in the source text.
type Site struct {
	Pos  token.Pos
	Func *ssa.Function
}

// Follow returns what happens to the source, by position.
func Follow(q Query) []Leak {
	f := newFollower(q)
	for f.changed = true; f.changed; {
		f.changed = false
		for _, fn := range f.reached { // what step adds has its turn next time
			each(fn, f.step)
		}
	}
	for _, fn := range f.reached {
		each(fn, f.judge)
	}
	slices.SortStableFunc(f.leaks, func(a, b Leak) int {
		return cmp.Or(cmp.Compare(a.Pos, b.Pos), cmp.Compare(a.Kind, b.Kind))
	})
	return slices.Compact(f.leaks)
}

func each(fn *ssa.Function, do func(ssa.Instruction)) {
	for _, block := range fn.Blocks {
		for _, instruction := range block.Instrs {
			do(instruction)
		}
	}
}
