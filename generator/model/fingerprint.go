package model

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// fingerprint hashes the schema of a state: everything about the message and
// the types it reaches that decides how stored bytes are read or what they
// mean. Comments, options without effect on the bytes and the order of
// declarations do not count. Names do: a renamed field may mean something else
// now, and a needless replay costs less than a wrong state.
func fingerprint(state protoreflect.MessageDescriptor) string {
	types := map[protoreflect.FullName]string{}
	describeMessage(types, state)
	var text strings.Builder
	for _, name := range slices.Sorted(maps.Keys(types)) {
		text.WriteString(types[name])
	}
	sum := sha256.Sum256([]byte(string(state.FullName()) + "\n" + text.String()))
	return hex.EncodeToString(sum[:8])
}

func describeMessage(types map[protoreflect.FullName]string, m protoreflect.MessageDescriptor) {
	if _, done := types[m.FullName()]; done {
		return
	}
	types[m.FullName()] = "" // a message may contain itself
	fields := make([]protoreflect.FieldDescriptor, m.Fields().Len())
	for i := range fields {
		fields[i] = m.Fields().Get(i)
	}
	slices.SortFunc(fields, func(a, b protoreflect.FieldDescriptor) int { return cmp.Compare(a.Number(), b.Number()) })
	var text strings.Builder
	fmt.Fprintf(&text, "message %s\n", m.FullName())
	for _, f := range fields {
		fmt.Fprintf(&text, " %d %s %v %v presence=%t oneof=%s default=%v type=%s\n",
			f.Number(), f.Name(), f.Cardinality(), f.Kind(), f.HasPresence(), oneofName(f), f.Default().String(), typeName(f))
		switch {
		case f.Message() != nil:
			describeMessage(types, f.Message())
		case f.Enum() != nil:
			describeEnum(types, f.Enum())
		}
	}
	types[m.FullName()] = text.String()
}

func describeEnum(types map[protoreflect.FullName]string, e protoreflect.EnumDescriptor) {
	lines := make([]string, e.Values().Len())
	for i := range lines {
		v := e.Values().Get(i)
		lines[i] = fmt.Sprintf(" %d %s\n", v.Number(), v.Name())
	}
	slices.Sort(lines)
	types[e.FullName()] = fmt.Sprintf("enum %s closed=%t\n%s", e.FullName(), e.IsClosed(), strings.Join(lines, ""))
}

func oneofName(f protoreflect.FieldDescriptor) protoreflect.Name {
	if isInOneof(f) {
		return f.ContainingOneof().Name()
	}
	return ""
}

func typeName(f protoreflect.FieldDescriptor) protoreflect.FullName {
	switch {
	case f.Message() != nil:
		return f.Message().FullName()
	case f.Enum() != nil:
		return f.Enum().FullName()
	}
	return ""
}
