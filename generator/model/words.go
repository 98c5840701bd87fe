package model

import (
	"slices"
	"strings"
	"unicode"
)

// splitWords splits a name at capitals and underscores: "HTTPRouteAdded" is
// HTTP, Route, Added. Digits stay with the word before them.
func splitWords(name string) []string {
	var words []string
	runes := []rune(name)
	start := 0
	flush := func(end int) {
		if end > start {
			words = append(words, string(runes[start:end]))
		}
	}
	for i, r := range runes {
		switch {
		case r == '_' || r == '-':
			flush(i)
			start = i + 1
		case i > start && unicode.IsUpper(r) &&
			(!unicode.IsUpper(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1])):
			flush(i)
			start = i
		}
	}
	flush(len(runes))
	return words
}

// isPast reports whether an English word looks like a past participle.
func isPast(word string) bool {
	word = strings.ToLower(word)
	if strings.HasSuffix(word, "ed") {
		return !slices.Contains(notPast(), word)
	}
	return slices.Contains(irregularPast(), word)
}

// notPast are words in -ed that are no participles.
func notPast() []string {
	return []string{"bed", "embed", "feed", "need", "proceed", "red", "seed", "shed", "speed", "weed", "bleed", "breed", "exceed", "succeed"}
}

// irregularPast are the participles in which events are commonly named.
func irregularPast() []string {
	return []string{
		"become", "begun", "bought", "brought", "broken", "built", "caught", "chosen", "cut", "dealt", "done", "drawn",
		"driven", "fallen", "fed", "fell", "felt", "forgotten", "fought", "found", "frozen", "given", "gone", "grown",
		"heard", "held", "hidden", "hit", "hurt", "kept", "known", "laid", "led", "left", "lent", "let", "lit", "lost", "made",
		"meant", "met", "overdrawn", "overridden", "paid", "put", "quit", "read", "rebuilt", "redone", "repaid", "reset",
		"resent", "rewritten", "run", "rung", "said", "seen", "sent", "set", "shown", "shut", "sold", "spent", "split",
		"spread", "stolen", "struck", "sunk", "swept", "taken", "taught", "thought", "thrown", "told", "torn", "undone",
		"understood", "unset", "upheld", "went", "withdrawn", "withheld", "won", "worn", "written",
	}
}

// marking are verbs that a command may begin with although it ends in a
// participle: "MarkOrderShipped".
func marking() []string {
	return []string{"acknowledge", "confirm", "declare", "flag", "get", "keep", "leave", "make", "mark", "note", "record", "report", "set"}
}

// isImperative reports whether a command is named like an order: it begins
// with a verb, as far as spelling can tell.
func isImperative(words []string) bool {
	if len(words) == 0 {
		return true
	}
	first, last := strings.ToLower(words[0]), words[len(words)-1]
	if len(words) == 1 {
		return !isPast(first) || slices.Contains([]string{"cut", "hit", "let", "put", "quit", "read", "reset", "run", "set", "shut", "split"}, first)
	}
	if strings.HasSuffix(first, "ing") && !slices.Contains([]string{"bring", "ping", "ring", "sing", "string"}, first) {
		return false
	}
	if strings.HasSuffix(first, "ed") && isPast(first) {
		return false
	}
	return !isPast(last) || slices.Contains(marking(), first)
}
