package vet

import (
	"golang.org/x/tools/go/analysis"

	"github.com/esgen-dev/esgen/vet/internal/flow"
)

// Keep reports Apply methods that keep memory of the event in the state, and
// methods of behaviours that keep memory of their arguments beyond the call.
var Keep = &analysis.Analyzer{
	Name: "eskeep",
	Doc: `behaviours keep no memory of what they are given

The caller of a command gets the very event that was applied, so an Apply method
that stores a pointer, a slice or a map of it lets the caller change the state.
Store copies: proto.CloneOf for messages; slices.Clone and maps.Clone as far as
the elements are numbers or strings. A copy of a slice of pointers still shares
what they point to.

No method of a behaviour may store the state or an event in its receiver or in a
variable of the package.`,
	URL:      docURL + "#Keep",
	Requires: []*analysis.Analyzer{behavior},
	Run:      runKeep,
}

func runKeep(pass *analysis.Pass) (any, error) {
	messages := map[flow.Kind]string{
		flow.Keep:    " keeps memory of the event in the state: store a copy, for example of proto.CloneOf",
		flow.Outlive: " keeps memory of its arguments in what outlives the call: keep it in the state, as a copy",
	}
	reportLeaks(pass, messages)
	return nil, nil
}
