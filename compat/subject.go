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
}

// checker is what all schemas of a request share. It is not changed after it
// was made.
type checker struct {
	Request
	declared map[string]schema.Schema // the Protobuf schemas of today, by key
	numbers  map[string]int           // and the numbers of their versions
	renamed  map[string]string        // from an event of today to what it was called when it was accepted
}

func newChecker(r Request) *checker {
	c := &checker{Request: r, declared: map[string]schema.Schema{}, numbers: map[string]int{}, renamed: renames(r)}
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
	return s.Text == v.Schema.Text && slices.EqualFunc(s.References, v.Schema.References, func(now, then schema.Reference) bool {
		return now.Name == then.Name && now.Subject == then.Subject && c.numbers[now.Name] == then.Version
	})
}

// subject compares a schema with every version that was accepted before it.
func (c *checker) subject(s schema.Schema) judged {
	out := judged{Subject: Subject{Schema: s, State: New, Accepted: c.Accepted.Versions(s.Key, s.Type)}, rules: c.Rules}
	if versions := out.Accepted; len(versions) > 0 {
		out.State = Changed
		if c.same(s, versions[len(versions)-1]) {
			out.State = Unchanged
			// It was accepted, but that is no proof: it may have been
			// accepted without this check.
			out.Accepted = versions[:len(versions)-1]
		}
	}
	update, err := confluent.Parse(c.source(s))
	if err != nil {
		out.failed = []diag.Finding{c.invalid(s, confluent.Invalid(err))}
		return out
	}
	accepted := make([]*confluent.Schema, len(out.Accepted))
	for i, v := range out.Accepted {
		if accepted[i], err = confluent.ParseStored(c.stored(v)); err != nil {
			out.failed = []diag.Finding{c.invalidStored(s, v, confluent.Invalid(err))}
			return out
		}
	}
	if s.Level != "" {
		out.rules.Level = confluent.Level(s.Level)
	}
	out.Registry = out.rules.Check(update, accepted)
	if out.Replay, err = c.replay(s, out.Accepted); err != nil {
		out.failed = []diag.Finding{c.unlinked(s, err)}
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
	update, err := link(c.source(s), s.Event.FullName)
	if err != nil {
		return nil, err
	}
	var all []Unsafe
	for _, v := range slices.Backward(accepted) {
		original, err := link(c.stored(v), protoreflect.FullName(v.Schema.Key))
		if err != nil {
			return nil, err
		}
		for _, change := range replay.Compare(original, update, replay.Options{JSON: s.Event.Registry.JSON}) {
			if !slices.ContainsFunc(all, func(u Unsafe) bool { return u.Rule == change.Rule && u.Symbol == change.Symbol }) {
				all = append(all, Unsafe{Change: change, Since: v})
			}
		}
	}
	return all, nil
}

// past returns the versions under the name that a renamed event had before.
func (c *checker) past(s schema.Schema) []history.Version {
	if was, ok := c.renamed[s.Key]; ok {
		return c.Accepted.Versions(was, s.Type)
	}
	return nil
}
