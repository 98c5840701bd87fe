package replay_test

import (
	"strings"
	"testing"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/esgen-dev/esgen/compat/replay"
)

// FuzzCompare holds that no two texts make Link or Compare panic, that a
// schema may always replace itself, whether or not it was linked anew, that
// answers do not change, and that every change is complete.
func FuzzCompare(f *testing.F) {
	for _, c := range changes() {
		f.Add(whole(c.was), whole(c.is))
	}
	ids := map[string]bool{}
	for _, r := range replay.Rules() {
		ids[r.ID] = true
	}
	f.Fuzz(func(t *testing.T, was, is string) {
		original, update := first(was), first(is)
		if original == nil {
			return
		}
		for _, json := range []bool{false, true} {
			o := replay.Options{JSON: json}
			if changes := replay.Compare(original, original, o); len(changes) > 0 {
				t.Errorf("not safe to itself: %v", changes)
			}
			if changes := replay.Compare(original, first(was), o); len(changes) > 0 {
				t.Errorf("not safe to its copy: %v", changes)
			}
			if update == nil {
				continue
			}
			changes := replay.Compare(original, update, o)
			if summary(changes) != summary(replay.Compare(original, update, o)) {
				t.Error("two answers to one question")
			}
			for _, c := range changes {
				if !ids[c.Rule] || c.Symbol == "" || c.Message == "" || c.Help == "" || c.Old == "" && c.New == "" || c.OldAt.IsZero() || c.NewAt.IsZero() {
					t.Errorf("incomplete: %+v", c)
				}
			}
		}
	})
}

func whole(text string) string {
	if strings.HasPrefix(text, "syntax") || strings.HasPrefix(text, "edition") {
		return text
	}
	return `syntax = "proto3";` + text
}

// first returns the first message of a text, or nil.
func first(text string) protoreflect.MessageDescriptor {
	file, err := replay.Link(replay.Source{Text: text})
	if err != nil || file.Messages().Len() == 0 {
		return nil
	}
	return file.Messages().Get(0)
}
