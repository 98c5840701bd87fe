package model

import (
	"slices"
	"strings"

	"google.golang.org/protobuf/compiler/protogen"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// ignores are the rules that comments in the source switch off:
//
//	// esgen:ignore EVENT_NAME_PAST_TENSE the name is a term of the trade
//
// above a message or a field, for that element and what is in it.
type ignores map[protoreflect.FullName][]string

const ignoreMarker = "esgen:ignore "

func newIgnores(files []*protogen.File) ignores {
	i := ignores{}
	for _, file := range files {
		i.addMessages(file.Messages)
	}
	return i
}

func (i ignores) addMessages(messages []*protogen.Message) {
	for _, msg := range messages {
		i.add(msg.Desc.FullName(), msg.Comments)
		for _, field := range msg.Fields {
			i.add(field.Desc.FullName(), field.Comments)
		}
		i.addMessages(msg.Messages)
	}
}

func (i ignores) add(name protoreflect.FullName, comments protogen.CommentSet) {
	for line := range strings.Lines(string(comments.Leading) + string(comments.Trailing)) {
		if rest, ok := strings.CutPrefix(strings.TrimSpace(line), ignoreMarker); ok {
			rule, _, _ := strings.Cut(rest, " ")
			i[name] = append(i[name], rule)
		}
	}
}

// covers reports whether a rule is switched off for an element or for what it
// is in.
func (i ignores) covers(name protoreflect.FullName, rule string) bool {
	for ; name != ""; name = name.Parent() {
		if slices.Contains(i[name], rule) {
			return true
		}
	}
	return false
}
