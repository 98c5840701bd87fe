package protobuf

import "slices"

// readOptions reads "[a = 1, b = 2]", if there is one.
func (r *reader) readOptions() []option {
	if !r.accept('[') {
		return nil
	}
	var all []option
	for r.err == nil {
		all = append(all, r.readOption('='))
		if r.accept(']') {
			break
		}
		r.require(',')
	}
	return all
}

// readOption reads a name, a path behind it, a separator and a value. The
// separator is "=" in a list of options and ":" in a value between braces,
// where it may be left out in front of another brace.
func (r *reader) readOption(separator byte) option {
	first := r.peek()
	o := option{name: r.name(), parens: first == '('}
	if first == '[' {
		o.name = "[" + o.name + "]"
	}
	var path []string
	for r.accept('.') {
		path = append(path, r.subName())
	}
	if separator != ':' || r.peek() != '{' {
		r.require(separator)
	}
	o.value = r.readValue()
	for _, name := range slices.Backward(path) {
		o.value = value{kind: optionKind, sub: &option{name: name, value: o.value}}
	}
	return o
}

// subName reads a part of a path: dotted words, or a name in parentheses.
func (r *reader) subName() string {
	if r.peek() == '(' {
		return "(" + r.name() + ")"
	}
	return r.word()
}

func (r *reader) readValue() value {
	if !r.enter() {
		return value{}
	}
	defer r.leave()
	switch r.peek() {
	case '{':
		return r.readMap()
	case '[':
		return r.readList()
	case '"', '\'':
		return value{kind: stringKind, text: r.quoted()}
	default:
		return wordValue(r.word())
	}
}

func wordValue(word string) value {
	v := value{kind: enumKind, text: word}
	switch {
	case word == "true" || word == "false":
		v.kind = boolKind
	case word != "" && (word[0] == '-' || '0' <= word[0] && word[0] <= '9'):
		v.kind = numberKind
	}
	return v
}

// readMap reads "{a: 1, b {c: 2}}".
func (r *reader) readMap() value {
	v := value{kind: mapKind}
	at := map[string]int{}
	r.require('{')
	for !r.closed() {
		entry := r.readOption(':')
		if i, again := at[entry.name]; again {
			v.entries[i].value.join(entry.value)
		} else {
			at[entry.name] = len(v.entries)
			v.entries = append(v.entries, entry)
		}
		if !r.accept(',') {
			r.accept(';')
		}
	}
	return v
}

// join adds the value that a key has when it is given again: the values
// become a list.
func (v *value) join(again value) {
	if v.kind != listKind {
		*v = value{kind: listKind, items: []value{*v}}
	}
	if again.kind == listKind {
		v.items = append(v.items, again.items...)
	} else {
		v.items = append(v.items, again)
	}
}

// readList reads "[a, b]".
func (r *reader) readList() value {
	v := value{kind: listKind}
	r.require('[')
	for r.err == nil && !r.accept(']') {
		v.items = append(v.items, r.readValue())
		if r.peek() != ']' {
			r.require(',')
		}
	}
	return v
}
