package protobuf

import "slices"

// RepeatsTags reports whether a message has two fields of one number. The
// registry takes such a schema, and finds it different from itself, because it
// sees the fields one after the other.
func (s *Schema) RepeatsTags() bool { return repeatTags(s.root.messages) }

func repeatTags(messages []*message) bool {
	for _, m := range messages {
		seen := map[int32]bool{}
		fields := m.fields
		for _, o := range m.oneofs {
			fields = append(slices.Clip(fields), o.fields...)
		}
		for _, f := range fields {
			if seen[f.tag] {
				return true
			}
			seen[f.tag] = true
		}
		if repeatTags(m.messages) {
			return true
		}
	}
	return false
}
