package compat

import (
	"maps"
	"slices"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/esgen-dev/esgen/generator/schema"
)

// What the registry says of oneofs, and not of the fields in them.
const (
	severalIntoOneof = "MULTIPLE_FIELDS_MOVED_TO_ONEOF"
	intoOtherOneof   = "FIELD_MOVED_TO_EXISTING_ONEOF"
)

// match gives each refusal to the causes that it has, and returns those that
// have none: what only the registry objects to.
func match(causes []*cause, refused map[string][]refusal) map[string][]refusal {
	alone := map[string][]refusal{}
	for _, symbol := range slices.Sorted(maps.Keys(refused)) {
		for _, r := range refused[symbol] {
			of := r.causes(causes)
			for _, u := range of {
				u.refused = append(u.refused, r)
			}
			if len(of) == 0 {
				alone[symbol] = append(alone[symbol], r)
			}
		}
	}
	return alone
}

// matchFollowing gives the causes what the registry says of JSON Schemas, which
// hold all types in one place: of a field what is wrong within its type. With
// several causes there, nobody can say which one it means.
func matchFollowing(causes []*cause, follow []refusal) {
	for _, r := range follow {
		if r.in.Schema.Type != schema.JSON {
			continue
		}
		var within []*cause
		for _, u := range causes {
			if r.reaches[u.Symbol] || r.reaches[u.Symbol.Parent()] {
				within = append(within, u)
			}
		}
		for _, u := range within {
			if u.hushed = true; len(within) == 1 && len(u.refused) == 0 {
				u.refused = append(u.refused, r)
			}
		}
	}
}

// causes returns those of a refusal, out of all.
func (r refusal) causes(all []*cause) []*cause {
	which := func(is func(u *cause) bool) []*cause {
		return slices.DeleteFunc(slices.Clone(all), func(u *cause) bool { return !is(u) })
	}
	symbol := protoreflect.FullName(r.symbol)
	var found []*cause
	switch r.difference.Type {
	case severalIntoOneof, intoOtherOneof:
		if found = which(func(u *cause) bool { return u.oneof == symbol }); len(found) == 0 {
			found = which(func(u *cause) bool { return r.members[u.Symbol] })
		}
	case messageRemoved:
		found = r.withoutType(all)
	default:
		found = which(func(u *cause) bool { return u.Symbol == symbol && u.oneof == "" })
	}
	if len(found) == 0 {
		found = which(func(u *cause) bool { return u.Symbol == symbol })
	}
	return found
}

// withoutType returns the causes that took a message out of a schema: fields
// that hold it no more, if no other field held it. Who puts them back has to put
// it back as well.
func (r refusal) withoutType(all []*cause) []*cause {
	if r.old == nil || r.check.Forward {
		return nil
	}
	root := r.old.Messages().ByName(protoreflect.FullName(r.in.Schema.Key).Name())
	if root == nil {
		return nil
	}
	gone := map[protoreflect.FullName]bool{}
	for _, u := range all {
		if u.shows(r.in) && slices.Contains([]string{fieldRemoved, fieldType, numberReused}, u.Rule) {
			gone[u.Symbol] = true
		}
	}
	symbol := protoreflect.FullName(r.symbol)
	if messagesOf(root, gone)[symbol] != nil {
		return nil // other fields hold it
	}
	var found []*cause
	held := messagesOf(root, nil)
	for _, u := range all {
		m := held[u.Symbol.Parent()]
		if m == nil || !gone[u.Symbol] {
			continue
		}
		if f := m.Fields().ByName(u.Symbol.Name()); f != nil && messageOf(f) != nil && messagesOf(messageOf(f), nil)[symbol] != nil {
			u.also = append(u.also, r.difference.Type, r.symbol)
			found = append(found, u)
		}
	}
	return found
}

// shows reports whether a cause shows in an event.
func (u cause) shows(j judged) bool {
	return slices.ContainsFunc(u.in, func(in judged) bool { return in.Schema.Key == j.Schema.Key })
}

// messagesOf returns the messages that a message leads to, by name, other than
// by some fields.
func messagesOf(m protoreflect.MessageDescriptor, without map[protoreflect.FullName]bool) map[protoreflect.FullName]protoreflect.MessageDescriptor {
	found := map[protoreflect.FullName]protoreflect.MessageDescriptor{m.FullName(): m}
	for stack := []protoreflect.MessageDescriptor{m}; len(stack) > 0; {
		m = stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		for i := range m.Fields().Len() {
			f := m.Fields().Get(i)
			if next := f.Message(); next != nil && !without[f.FullName()] && found[next.FullName()] == nil {
				found[next.FullName()] = next
				stack = append(stack, next)
			}
		}
	}
	return found
}
