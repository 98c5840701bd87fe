// Package replay gives the stricter of the two verdicts on a change: may code
// that is generated from the new schema read everything that code of the old
// schema stored, and does it mean the same?
//
// [Compare] looks at two linked messages, the one whose values were stored and
// the one that is to read them, and at every message and enum that they reach.
// It returns what is unsafe; an empty answer says that every value keeps its
// worth. [Link] turns the text that a registry holds into such messages.
//
// # What safe means
//
// Take any value of the original message, encoded as its generated code does,
// and decoded as the update. The change is safe if then
//
//   - decoding succeeds, and nothing ends up as an unknown field;
//   - every field holds the value that was set: the same number, text, bytes,
//     list, map or message;
//   - a field that was not set reads as the same default, and one that could
//     tell "not set" from "set to the default" still can;
//   - an enum value still has a name;
//   - what code of the original called N is not something else that the update
//     calls N.
//
// A field under another name but the same number is a rename, and safe. With
// [Options.JSON] the same must hold for the protojson form as well, where names
// are what is stored.
//
// A number or name that the original reserves stands for something that was
// stored before the original: to use it again is unsafe, although no value of
// the original shows it.
//
// # What it does not do
//
// It says nothing about old code that reads new values, about source
// compatibility of the generated code, about services and custom options, or
// about what a google.protobuf.Any holds. Unknown fields that an original
// carried along are not looked at. Values that only exist against the rules
// of the language, such as a message without its required fields, are not
// thought of. Whether a message may vanish at all is for the caller to say.
//
// All functions are pure, and safe for use by several goroutines.
package replay

import (
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/esgen-dev/esgen/diag"
)

// Options say how values are stored.
type Options struct {
	// JSON says that values are stored or published as protojson too, so that
	// names and the JSON form of types matter.
	JSON bool
}

// Change is one difference that makes stored values unreadable, or mean
// something else.
type Change struct {
	Rule     string                // id of a rule of [Rules], e.g. "REPLAY_FIELD_TYPE"
	Symbol   protoreflect.FullName // the field, enum or enum value, as the original calls it; if it is new, as the update does
	Now      protoreflect.FullName // the same as the update calls it; if it is gone, what it stood in
	Message  string                // one sentence, worded as package diag asks for
	Old, New string                // what stood and stands there, e.g. "string currency = 4"; "" if there is nothing
	OldAt    diag.Position         // where Old stands; if there is none, the message or enum around it
	NewAt    diag.Position         // the same for New; columns as the compiler counts them
	Help     string                // what to do instead
	Registry string                // why the rules of the registry allow it all the same; "" if they refuse it
}

// Compare returns what keeps code built from update from reading, with the
// same meaning, everything that code built from original stored. Changes come
// message by message, depth first, and in each in the order of declarations in
// original; what is new in a message comes behind. Each pair of types is
// compared once, wherever it is used. Neither descriptor may be nil.
func Compare(original, update protoreflect.MessageDescriptor, o Options) []Change {
	c := comparer{json: o.JSON, originalRoot: original, updateRoot: update}
	c.reach(original, update)
	return c.changes
}

// comparer is the state of one comparison.
type comparer struct {
	json         bool
	originalRoot protoreflect.MessageDescriptor
	updateRoot   protoreflect.MessageDescriptor
	changes      []Change
	seenEnums    map[enumPair]struct{}
	reached      []messagePair // by the fields of the messages at hand
	replaced     bool          // the messages at hand, or some on the way to them, are not of the same name
	originalExts extensions
	updateExts   extensions
}

// messagePair is two messages of which one has to read what is stored as the
// other.
type messagePair struct {
	original, update protoreflect.MessageDescriptor
	replaced         bool // on the way to them a type of another name took the place of one
}

type enumPair struct{ original, update protoreflect.EnumDescriptor }

// report adds a change. Both sides are given by the descriptor that stands
// there; where one is gone, around is what it stood in.
func (c *comparer) report(change Change, original, update, around protoreflect.Descriptor) {
	switch {
	case original == nil:
		change.Symbol, change.Now = update.FullName(), update.FullName()
		change.New, change.NewAt = Describe(update), Position(update)
		change.OldAt = Position(around)
	case update == nil:
		change.Symbol = original.FullName()
		change.Old, change.OldAt = Describe(original), Position(original)
		change.Now, change.NewAt = around.FullName(), Position(around)
	default:
		change.Symbol, change.Now = original.FullName(), update.FullName()
		change.Old, change.OldAt = Describe(original), Position(original)
		change.New, change.NewAt = Describe(update), Position(update)
	}
	if c.replaced {
		change.Registry = "" // it refuses a type of another name, whatever it holds
	}
	c.changes = append(c.changes, change)
}
