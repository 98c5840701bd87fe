package jsonschema

import (
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"slices"
)

// identify gives the branches of combined schemas their identity: the registry
// collapses branches that are equal with all they say, annotations and unknown
// keywords included. References are equal when they are written alike in the
// same text. What its loader says is equal decides: it never looks into const
// and if, so that all of these are equal, and equal to false.
func identify(roots ...*node) {
	for _, n := range roots {
		n.walk(func(child *node) { identify(child) })
		if n.kind == kindCombined {
			for _, b := range n.combined.branches {
				b.sum()
			}
		}
	}
}

// walk calls f for what stands directly in a schema, without following
// references.
func (n *node) walk(f func(*node)) {
	visit := func(child *node) {
		if child != nil {
			f(child)
		}
	}
	switch n.kind {
	case kindObject:
		o := n.object
		for _, name := range o.names {
			f(o.properties[name])
		}
		for _, name := range o.schemaDependantNames {
			f(o.schemaDependencies[name])
		}
		for _, p := range o.patterns {
			f(p.schema)
		}
		visit(o.additional)
		visit(o.unevaluated)
	case kindArray:
		visit(n.array.all)
		for _, item := range n.array.items {
			f(item)
		}
		visit(n.array.additional)
		visit(n.array.unevaluated)
	case kindNot:
		f(n.not)
	case kindCombined:
		for _, b := range n.combined.branches {
			f(b)
		}
	default:
	}
}

// digest is a hash that tells its parts apart.
type digest struct{ hash.Hash }

func (d digest) int(n int) {
	var b [8]byte
	binary.LittleEndian.PutUint64(b[:], uint64(n)) //nolint:gosec // any bits will do
	_, _ = d.Write(b[:])                           // a hash never fails
}

func (d digest) text(s string) {
	d.int(len(s))
	_, _ = d.Write([]byte(s))
}

func (d digest) optional(s *string) {
	if s == nil {
		d.int(-1)
		return
	}
	d.text(*s)
}

func (d digest) count(n *int) {
	if n == nil {
		d.text("-")
		return
	}
	d.int(*n)
}

func (d digest) number(n *number) {
	if n == nil {
		d.text("-")
		return
	}
	d.text(n.key)
}

func (d digest) flags(flags ...bool) {
	for _, f := range flags {
		if f {
			d.int(1)
		} else {
			d.int(0)
		}
	}
}

func (d digest) node(n *node) {
	if n == nil {
		d.text("-")
		return
	}
	d.text(n.sum())
}

// sum returns the identity of a schema.
func (n *node) sum() string {
	if n.identity != "" {
		return n.identity
	}
	d := digest{sha256.New()}
	d.int(int(n.kind.identity()))
	d.optional(n.id)
	d.optional(n.title)
	d.optional(n.description)
	d.flags(n.hasDefault, n.connectBytes)
	d.text(n.defaultKey)
	d.text(n.ref)
	d.int(len(n.rest))
	for _, m := range n.rest {
		d.text(m.name)
		d.text(m.value.key())
	}
	d.content(n)
	n.identity = string(d.Sum(nil))
	return n.identity
}

// identity returns the kind itself, or one for all whose content does not count.
func (k kind) identity() kind {
	if k == kindConst || k == kindConditional {
		return kindFalse
	}
	return k
}

func (d digest) content(n *node) {
	switch n.kind {
	case kindString:
		d.count(n.str.minLength)
		d.count(n.str.maxLength)
		d.optional(n.str.pattern)
		d.text(n.str.format)
		d.flags(n.str.required)
	case kindNumber:
		for _, bound := range []*number{
			n.number.minimum, n.number.maximum, n.number.exclusiveMinimum, n.number.exclusiveMaximum, n.number.multipleOf,
		} {
			d.number(bound)
		}
		d.flags(n.number.integer, n.number.required, n.number.exclusiveFlags[0], n.number.exclusiveFlags[1])
	case kindEnum:
		for _, key := range n.enumOrder {
			d.text(key)
		}
	case kindNot:
		d.node(n.not)
	case kindCombined:
		d.int(int(n.combined.criterion))
		d.int(len(n.combined.branches))
		sums := make([]string, 0, len(n.combined.branches))
		for _, b := range n.combined.branches {
			sums = append(sums, b.sum())
		}
		slices.Sort(sums) // their order does not count
		for _, sum := range sums {
			d.text(sum)
		}
	case kindObject:
		d.object(n.object)
	case kindArray:
		d.array(n.array)
	default:
	}
}

func (d digest) object(o *objectNode) {
	d.int(len(o.names))
	for _, name := range slices.Sorted(slices.Values(o.names)) {
		d.text(name)
		d.node(o.properties[name])
	}
	d.int(len(o.required))
	for _, name := range o.required {
		d.text(name)
	}
	d.count(o.min)
	d.count(o.max)
	d.flags(o.closed, o.unevaluatedClosed, o.typed)
	d.node(o.additional)
	d.node(o.unevaluated)
	d.node(o.propertyNames)
	for _, name := range slices.Sorted(slices.Values(o.dependencyNames)) {
		d.text(name)
		d.int(len(o.dependencies[name]))
		for _, other := range slices.Sorted(slices.Values(o.dependencies[name])) {
			d.text(other)
		}
	}
	d.text("")
	for _, name := range slices.Sorted(slices.Values(o.schemaDependantNames)) {
		d.text(name)
		d.node(o.schemaDependencies[name])
	}
	d.text("")
	for _, p := range o.patterns {
		d.text(p.text)
		d.node(p.schema)
	}
}

func (d digest) array(a *arrayNode) {
	d.count(a.min)
	d.count(a.max)
	d.count(a.minContains)
	d.count(a.maxContains)
	d.flags(a.unique, a.typed, a.closed, a.unevaluatedClosed, a.items == nil)
	d.node(a.all)
	d.int(len(a.items))
	for _, item := range a.items {
		d.node(item)
	}
	d.node(a.additional)
	d.node(a.unevaluated)
	d.node(a.contains)
}
