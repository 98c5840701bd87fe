// Package exhaustive holds type switches over sealed sets.
package exhaustive

import (
	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
	depotv1 "github.com/esgen-dev/esgen/vet/testdata/gen/depot/v1"
)

func missing(e depotv1.BoxEvent, ev es.Event[depotv1.BoxEvent], old depotv1.BoxStoredEvent, o depotv1.PackOutcome, c depotv1.BoxCommand) {
	switch e.(type) { // want `^the type switch over BoxEvent has no case for \*depotv1.Emptied, \*depotv1.Refused: add it, or a default that says what to do with the others$`
	case *depotv1.Packed:
	}
	switch e := ev.Event.(type) { // want `BoxEvent has no case for \*depotv1.Refused:`
	case *depotv1.Packed, *depotv1.Emptied:
		_ = e
	case nil:
	}
	switch old.(type) { // want `BoxStoredEvent has no case for \*depotv1.Filled, \*depotv1.Swapped:`
	case depotv1.BoxEvent:
	}
	switch o.(type) { // want `PackOutcome has no case for \*depotv1.Packed:`
	case *depotv1.Refused:
	}
	switch c.(type) { // want `BoxCommand has no case for \*depotv1.Empty, \*depotv1.Pack:`
	}
	switch x := (e).(type) { // want `BoxEvent has no case for \*depotv1.Emptied:`
	case depotv1.PackOutcome:
		_ = x
	}
}

type alias = depotv1.BoxEvent

func aliased(e alias) {
	switch e.(type) { // want `BoxEvent has no case`
	}
}

// own is sealed, but not by generated code.
type own interface{ isOwn() }

type one struct{}

func (*one) isOwn() {}

func complete(e depotv1.BoxEvent, m proto.Message, x any, o own) {
	switch e.(type) {
	case *depotv1.Packed:
	case *depotv1.Refused, *depotv1.Emptied: // they change nothing
	}
	switch e.(type) {
	case *depotv1.Packed:
	default: // nothing else matters here
	}
	switch e.(type) {
	case depotv1.PackOutcome, depotv1.EmptyOutcome:
	}
	switch e.(type) {
	case proto.Message:
	}
	switch m.(type) {
	case *depotv1.Packed:
	}
	switch x.(type) {
	case *depotv1.Packed:
	}
	switch o.(type) {
	}
	switch {
	case e == nil:
	}
}
