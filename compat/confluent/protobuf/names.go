package protobuf

import "strings"

// origin says where a type comes from. Two types with the same origin are the
// same text, so that they are not compared again.
type origin struct {
	known   bool // false for what is reached through an import, and built in
	subject string
	version int // 0 is the root file
}

// typeInfo is a message or an enum with what the comparison wants to know.
type typeInfo struct {
	origin  origin
	node    *node
	home    *node    // of the package
	message *message // nil for an enum
}

// node is a part of a full name: a package, a message, an enum, or several of
// them. Names are a tree, so that deep ones take no more memory than their
// text.
type node struct {
	name     string
	parent   *node
	children map[string]*node
	info     *typeInfo // nil for what is only a package
	builtin  *node     // the node of the same name among the built-in types, or nil
}

// child returns the node of a name inside, or nil.
func (n *node) child(name string) *node {
	if c := n.children[name]; c != nil {
		return c
	}
	if n.builtin != nil {
		return n.builtin.children[name]
	}
	return nil
}

// grow returns the node of a name inside, which is made if it is not there.
func (n *node) grow(name string) *node {
	c := n.children[name]
	if c == nil {
		c = &node{name: name, parent: n}
		if n.builtin != nil {
			c.builtin = n.builtin.children[name]
		}
		if n.children == nil {
			n.children = map[string]*node{}
		}
		n.children[name] = c
	}
	return c
}

// find returns the type of a dotted name inside, or nil.
func (n *node) find(name string) *typeInfo {
	for n != nil && name != "" {
		var first string
		first, name, _ = strings.Cut(name, ".")
		n = n.child(first)
	}
	switch {
	case n == nil:
		return nil
	case n.info == nil && n.builtin != nil:
		return n.builtin.info
	default:
		return n.info
	}
}

// add adds the types of a file to the tree whose root is n, and returns the
// node of its package. A name that is taken stays what it is.
func (n *node) add(f *file, from origin) *node {
	home := n
	for rest := f.pkg; rest != ""; {
		var first string
		first, rest, _ = strings.Cut(rest, ".")
		home = home.grow(first)
	}
	home.addScope(typeInfo{origin: from, home: home}, f.messages, f.enums)
	return home
}

func (n *node) addScope(common typeInfo, messages []*message, enums []*enum) {
	put := func(name string, m *message) *node {
		c := n.grow(name)
		if c.info == nil {
			info := common
			info.node, info.message = c, m
			c.info = &info
		}
		return c
	}
	for _, m := range messages {
		put(m.name, m).addScope(common, m.messages, m.enums)
	}
	for _, e := range enums {
		put(e.name, nil)
	}
}

// sameLocal reports whether two types have the same name within their
// packages.
func sameLocal(a, b *typeInfo) bool {
	x, y := a.node, b.node
	for x != a.home && y != b.home {
		if x.name != y.name {
			return false
		}
		x, y = x.parent, y.parent
	}
	return x == a.home && y == b.home
}

// scope is where a name is looked for: a package with enclosing messages.
type scope struct {
	node *node
	lost bool // the innermost messages are no node; nothing is found in them
}

// enter returns the scope of a message inside.
func (s scope) enter(name string) scope {
	if c := s.node.child(name); c != nil && !s.lost {
		return scope{node: c}
	}
	return scope{node: s.node, lost: true}
}

// resolve returns the type that a name means in a scope, or nil. A leading dot
// makes a name absolute; any other is tried in the scope and in each one
// around it.
func (s *Schema) resolve(in scope, name string) *typeInfo {
	if strings.HasPrefix(name, ".") {
		return s.names.find(name[1:])
	}
	for n := in.node; n != nil; n = n.parent {
		if info := n.find(name); info != nil {
			return info
		}
	}
	return nil
}

// join puts a dot between two parts of a name, if there are two.
func join(scope, name string) string {
	if scope == "" {
		return name
	}
	return scope + "." + name
}

// mapTypes returns key and value of a map's type.
func mapTypes(typ string) (key, value string, ok bool) {
	inner, ok := strings.CutPrefix(typ, "map<")
	if !ok {
		return "", "", false
	}
	key, value, _ = strings.Cut(strings.TrimSuffix(inner, ">"), ", ")
	return key, value, true
}
