package vet

import (
	"go/token"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/esgen-dev/esgen/vet/internal/flow"
)

// ReadOnly reports Handle methods that change the state, or return events that
// share memory with it.
var ReadOnly = &analysis.Analyzer{
	Name: "esreadonly",
	Doc: `deciding a command leaves the state alone

A Handle method decides; the state changes when its events are applied. What a
Handle method writes to the state is lost when the aggregate is loaded from its
events the next time, and stays when the events could not be stored. The same
holds for events that share memory with the state: they change along with it.

Read fields, and build events of copies: proto.CloneOf for messages, slices.Clone
and maps.Clone as far as the elements are numbers or strings. To try something
out, change a copy of the whole state.`,
	URL:      docURL + "#ReadOnly",
	Requires: []*analysis.Analyzer{behavior},
	Run:      runReadOnly,
}

func runReadOnly(pass *analysis.Pass) (any, error) {
	messages := map[flow.Kind]string{
		flow.Write: " changes the state: return an event, and change the state where it is applied",
		flow.Lend:  " returns an event that shares memory with the state: put a copy into it, for example of proto.CloneOf",
	}
	reportLeaks(pass, messages)
	return nil, nil
}

// reportLeaks follows the arguments of all methods, and reports each place
// where something of a kind that has a message happens.
func reportLeaks(pass *analysis.Pass, messages map[flow.Kind]string) {
	s := serviceOf(pass)
	seen := map[token.Pos]bool{}
	for _, m := range s.methods {
		for _, leak := range flow.Follow(query(s, m)) {
			message := messages[leak.Kind]
			if message == "" || seen[leak.Pos] {
				continue
			}
			seen[leak.Pos] = true
			pass.Report(analysis.Diagnostic{Pos: leak.Pos, Message: who(m, leak.Func) + message})
		}
	}
}

// query says what to follow: the event of an Apply or Upcast, the state of a
// Handle.
func query(s *service, m method) flow.Query {
	fn := s.ssa().FuncValue(m.fn)
	q := flow.Query{Func: fn, Outside: fn.Params[0]}
	switch m.role {
	case apply:
		q.Target, q.Source = fn.Params[2], fn.Params[3]
	case handle:
		q.Source, q.Returns = fn.Params[2], true
	case upcast:
		q.Source = fn.Params[2]
	}
	return q
}

// who names a method, and the function through which it does something.
func who(m method, in *ssa.Function) string {
	for in.Parent() != nil {
		in = in.Parent()
	}
	if origin := in.Origin(); origin != nil {
		in = origin
	}
	if in.Object() == m.fn {
		return m.fn.Name()
	}
	return m.fn.Name() + ", through " + in.Name() + ","
}
