package flow

import "go/types"

// carries reports whether a value of a type can refer to memory that somebody
// might change.
func carries(t types.Type) bool {
	switch t := t.Underlying().(type) {
	case *types.Basic:
		return t.Kind() == types.UnsafePointer
	case *types.Array:
		return carries(t.Elem())
	case *types.Struct:
		for field := range t.Fields() {
			if carries(field.Type()) {
				return true
			}
		}
		return false
	}
	return true
}

// elementsCarry reports whether the elements of a container carry references.
// What an iterator yields are its elements.
func elementsCarry(t types.Type) bool {
	switch t := t.Underlying().(type) {
	case *types.Slice:
		return carries(t.Elem())
	case *types.Map:
		return carries(t.Key()) || carries(t.Elem())
	case *types.Signature:
		for p := range t.Params().Variables() {
			if yields(p.Type()) {
				return true
			}
		}
		return false
	}
	return carries(t) // of a string none
}

// yields reports whether a function is given references.
func yields(t types.Type) bool {
	sig, ok := t.Underlying().(*types.Signature)
	if !ok {
		return false
	}
	for p := range sig.Params().Variables() {
		if carries(p.Type()) {
			return true
		}
	}
	return false
}
