package compat

import (
	"slices"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/esgen-dev/esgen/compat/confluent"
	"github.com/esgen-dev/esgen/compat/history"
	"github.com/esgen-dev/esgen/compat/replay"
	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/generator/schema"
)

// Unsafe is a change that keeps today's code from reading what was stored.
type Unsafe struct {
	replay.Change
	Since history.Version // the newest accepted version that it is a change from

	oneof protoreflect.FullName // of today that a change of the rule [oneofMerged] is about
	also  []string              // what else changed by the same cause, to tell it from others
}

// same reports whether two changes are one, seen from two versions. Versions
// under another name of the event call its fields by that name.
func (u Unsafe) same(change Unsafe) bool {
	switch {
	case u.Rule != change.Rule:
		return false
	case u.oneof != "" && u.oneof == change.oneof, u.Symbol == change.Symbol:
		return true
	}
	return u.Now == change.Now && u.Old == change.Old && u.New == change.New
}

// checker is what all schemas of a request share. It is not changed after it
// was made.
type checker struct {
	Request
	declared map[string]schema.Schema // the Protobuf schemas of today, by key
	numbers  map[string]int           // and the numbers of their versions
	renamed  map[string][]string      // from an event of today to the names under which it was accepted
	subjects map[subject][]history.Version
}

// subject is what the versions of a subject are looked up by.
type subject struct {
	name string
	kind schema.Type
}

func newChecker(r Request) *checker {
	c := &checker{
		Request: r, declared: map[string]schema.Schema{}, numbers: map[string]int{}, renamed: renames(r),
		subjects: map[subject][]history.Version{},
	}
	for _, key := range r.Accepted.Keys() {
		for _, kind := range []schema.Type{schema.Protobuf, schema.JSON} {
			for _, v := range r.Accepted.Versions(key, kind) {
				at := subject{v.Schema.Subject, kind}
				c.subjects[at] = append(c.subjects[at], v)
			}
		}
	}
	for _, s := range r.Schemas { // what is referred to comes first
		if s.Type != schema.Protobuf {
			continue
		}
		c.declared[s.Key] = s
		versions := r.Accepted.Versions(s.Key, s.Type)
		c.numbers[s.Key] = len(versions)
		if len(versions) == 0 || !c.same(s, versions[len(versions)-1]) {
			c.numbers[s.Key]++
		}
	}
	return c
}

// same reports whether a schema is what was accepted as a version.
func (c *checker) same(s schema.Schema, v history.Version) bool {
	return s.Text == v.Schema.Text && c.sameReferences(s, v)
}

// sameReferences reports whether both refer to the same versions.
func (c *checker) sameReferences(s schema.Schema, v history.Version) bool {
	return slices.EqualFunc(s.References, v.Schema.References, func(now, then schema.Reference) bool {
		return now.Name == then.Name && now.Subject == then.Subject && c.numbers[now.Name] == then.Version
	})
}

// subject compares a schema with every version that was accepted before it.
func (c *checker) subject(s schema.Schema) judged {
	out := judged{Subject: Subject{Schema: s, State: New, Accepted: c.Accepted.Versions(s.Key, s.Type), names: c.renamed[s.Key]}, rules: c.Rules}
	if versions := out.Accepted; len(versions) > 0 {
		out.State = Changed
		if c.same(s, versions[len(versions)-1]) {
			out.State = Unchanged
			// It was accepted, but that is no proof: it may have been
			// accepted without this check.
			out.Accepted = versions[:len(versions)-1]
		}
	} else {
		out.RenamedFrom = out.names
	}
	update, err := confluent.Parse(c.source(s))
	if err != nil {
		out.failed, out.unread = []diag.Finding{c.invalid(s, confluent.Invalid(err))}, true
		return out
	}
	accepted := make([]*confluent.Schema, len(out.Accepted))
	for i, v := range out.Accepted {
		if accepted[i], err = confluent.ParseStored(c.stored(v)); err != nil {
			out.failed, out.unread = []diag.Finding{c.invalidStored(s, v, confluent.Invalid(err))}, true
			return out
		}
	}
	if s.Level != "" {
		out.rules.Level = confluent.Level(s.Level)
	}
	out.Registry = out.rules.Check(update, accepted)
	if out.rules.Level != confluent.None {
		if out.failed = c.typeChanged(s); len(out.failed) > 0 {
			out.Registry.Compatible = false
		}
	}
	if out.Replay, err = c.replay(s, out.Accepted); err != nil {
		out.failed, out.unread = append(out.failed, c.unlinked(s, err)), true
		return out
	}
	out.refusals = c.refusals(out)
	return out
}

// replay compares an event with its versions, the newest first. A change that
// several versions show is kept once.
func (c *checker) replay(s schema.Schema, accepted []history.Version) ([]Unsafe, error) {
	if s.Event == nil || s.Type != schema.Protobuf {
		return nil, nil
	}
	accepted = append(c.past(s), accepted...)
	if len(accepted) == 0 {
		return nil, nil
	}
	var update protoreflect.MessageDescriptor // linked when it is needed first
	var all []Unsafe
	for _, v := range slices.Backward(accepted) {
		if c.additive(v, s) {
			continue
		}
		if update == nil {
			var err error
			if update, err = link(c.source(s), s.Event.FullName); err != nil {
				return nil, err
			}
		}
		original, err := link(c.stored(v), protoreflect.FullName(v.Schema.Key))
		if err != nil {
			return nil, err
		}
		for _, change := range gather(replay.Compare(original, update, replay.Options{JSON: s.Event.Registry.JSON}), original, update) {
			if !slices.ContainsFunc(all, func(u Unsafe) bool { return u.same(change) }) {
				change.Since = v
				all = append(all, change)
			}
		}
	}
	return all, nil
}

// additive reports whether a schema is an accepted version and more, which most
// are, so that nothing has to be linked.
func (c *checker) additive(v history.Version, s schema.Schema) bool {
	return c.sameReferences(s, v) && replay.Additive(v.Schema.Text, s.Text)
}

// past returns the versions under the names that a renamed event had before.
func (c *checker) past(s schema.Schema) []history.Version {
	var versions []history.Version
	for _, was := range c.renamed[s.Key] {
		versions = append(versions, c.Accepted.Versions(was, s.Type)...)
	}
	return versions
}
