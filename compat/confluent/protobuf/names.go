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
	pkg     string
	local   string // the full name without the package
	origin  origin
	message *message // nil for an enum
}

// typeTable holds types by their full names.
type typeTable map[string]*typeInfo

// add adds the types of a file. A name that is there stays what it is.
func (t typeTable) add(f *file, from origin) {
	prefix := ""
	if f.pkg != "" {
		prefix = f.pkg + "."
	}
	t.addScope(typeInfo{pkg: f.pkg, origin: from}, prefix, "", f.messages, f.enums)
}

func (t typeTable) addScope(common typeInfo, prefix, outer string, messages []*message, enums []*enum) {
	put := func(local string, m *message) {
		info := common
		info.local, info.message = local, m
		if _, taken := t[prefix+local]; !taken {
			t[prefix+local] = &info
		}
	}
	for _, m := range messages {
		put(outer+m.name, m)
		t.addScope(common, prefix, outer+m.name+".", m.messages, m.enums)
	}
	for _, e := range enums {
		put(outer+e.name, nil)
	}
}

// lookup returns the type of a full name, or nil.
func (s *Schema) lookup(name string) *typeInfo {
	if info := s.types[name]; info != nil {
		return info
	}
	return builtins()[name]
}

// resolve returns the type that a name means in a scope, which is a package
// with the names of the enclosing messages, or nil. A leading dot makes a name
// absolute; any other is tried in the scope and in each one around it.
func (s *Schema) resolve(scope, name string) *typeInfo {
	if strings.HasPrefix(name, ".") {
		return s.lookup(name[1:])
	}
	for scope != "" {
		if info := s.lookup(scope + "." + name); info != nil {
			return info
		}
		scope = scope[:max(0, strings.LastIndexByte(scope, '.'))]
	}
	return s.lookup(name)
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
