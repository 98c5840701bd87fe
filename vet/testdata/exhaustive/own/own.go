// Package own has a sealed set with a name like one of generated code.
package own

// PetEvent is sealed by hand.
type PetEvent interface{ isPetEvent() }

// Born is a PetEvent.
type Born struct{}

func (*Born) isPetEvent() {}

func look(e PetEvent) {
	switch e.(type) {
	}
}

var _ = look
