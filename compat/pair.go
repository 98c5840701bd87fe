package compat

import (
	"fmt"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/esgen-dev/esgen/compat/confluent"
	"github.com/esgen-dev/esgen/compat/replay"
	"github.com/esgen-dev/esgen/generator/schema"
)

// Pair are two schemas at hand, without a subject or a history.
type Pair struct {
	Old, New confluent.Source
}

// Comparison is what there is to say about a [Pair].
type Comparison struct {
	// Invalid says that the registry would take one of the two for no schema.
	// Nothing was compared then.
	Invalid *confluent.InvalidError
	// InNew says that it is the new one.
	InNew bool

	Registry confluent.Verdict
	// ReplayDecided reports whether there is a replay verdict: between two
	// Protobuf schemas.
	ReplayDecided bool
	// Replay are the changes that keep the new schema from reading what the
	// old one wrote.
	Replay []replay.Change
	// Unread says why the replay verdict could not be made although the
	// registry takes both: no code can be generated from one of them.
	Unread error
}

// Readable reports whether everything that was written with the old schema can
// be read with the new one, and means the same.
func (c Comparison) Readable() bool {
	return c.Invalid == nil && c.Unread == nil && len(c.Replay) == 0
}

// Compare compares two schemas under the given rules. It is pure, and safe for
// concurrent use.
func Compare(rules confluent.Rules, p Pair) Comparison {
	older, err := confluent.Parse(p.Old)
	if err != nil {
		return Comparison{Invalid: confluent.Invalid(err)}
	}
	newer, err := confluent.Parse(p.New)
	if err != nil {
		return Comparison{Invalid: confluent.Invalid(err), InNew: true}
	}
	c := Comparison{Registry: rules.Check(newer, []*confluent.Schema{older})}
	if p.Old.Type == schema.Protobuf && p.New.Type == schema.Protobuf {
		c.ReplayDecided = true
		c.Replay, c.Unread = replayed(p)
	}
	return c
}

func replayed(p Pair) ([]replay.Change, error) {
	older, err := replay.Link(linkSource(p.Old))
	if err != nil {
		return nil, fmt.Errorf("the old schema does not compile: %w", err)
	}
	newer, err := replay.Link(linkSource(p.New))
	if err != nil {
		return nil, fmt.Errorf("the new schema does not compile: %w", err)
	}
	return replayedFiles(older, newer), nil
}

// replayedFiles compares the messages of two files by name, the packages aside.
// The first message is what the records of a subject are, unless they say
// otherwise, so it is compared even if it is called something else now.
func replayedFiles(older, newer protoreflect.FileDescriptor) []replay.Change {
	var all []replay.Change
	seen := map[string]bool{} // what is used by several messages is reported once
	for i := range older.Messages().Len() {
		original := older.Messages().Get(i)
		update := newer.Messages().ByName(original.Name())
		if update == nil && i == 0 && newer.Messages().Len() > 0 {
			update = newer.Messages().Get(0)
		}
		if update == nil {
			all = append(all, vanishedMessage(original))
			continue
		}
		for _, change := range replay.Compare(original, update, replay.Options{}) {
			if key := change.Rule + " " + string(change.Symbol); !seen[key] {
				seen[key] = true
				all = append(all, change)
			}
		}
	}
	return all
}

func vanishedMessage(original protoreflect.MessageDescriptor) replay.Change {
	return replay.Change{
		Rule:    ruleMessageVanished,
		Symbol:  original.FullName(),
		Message: fmt.Sprintf("message %q is gone, so stored values of it cannot be read", original.Name()),
		Old:     "message " + string(original.Name()),
		OldAt:   replay.Position(original),
		Help:    "declare it again",
	}
}

// Path is what positions of [Comparison.Replay] call a schema, and not one of
// its imports.
const Path = "schema.proto"

func linkSource(src confluent.Source) replay.Source {
	imports := make([]replay.Import, len(src.Imports))
	for i, imp := range src.Imports {
		imports[i] = replay.Import{Name: imp.Name, Text: imp.Text}
	}
	return replay.Source{Path: Path, Text: src.Text, Imports: imports}
}
