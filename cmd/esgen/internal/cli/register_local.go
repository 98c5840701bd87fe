package cli

import (
	"github.com/esgen-dev/esgen/compat/confluent"
	"github.com/esgen-dev/esgen/compat/registry"
	"github.com/esgen-dev/esgen/internal/config"
)

// localVerdict returns the second opinion on what a server says: our own
// verdict, by the level and the profile that the server has.
func localVerdict(c *config.Config) func(registry.Question) registry.Verdict {
	return func(q registry.Question) registry.Verdict {
		rules := confluentRules(c.Compat.Level, c.Compat.Profile, c.Compat.Policy)
		rules.Level, rules.Profile = q.Level, q.Profile
		update, err := confluent.Parse(confluent.Source{Type: q.Schema.Type, Text: q.Schema.Text, Imports: q.Imports})
		if err != nil {
			return registry.Verdict{Messages: []string{err.Error()}}
		}
		var accepted []*confluent.Schema
		for _, v := range q.History {
			stored, err := confluent.ParseStored(confluent.Source{Type: v.Type, Text: v.Text, Imports: v.Imports})
			if err != nil {
				return registry.Verdict{Messages: []string{err.Error()}}
			}
			accepted = append(accepted, stored)
		}
		verdict := rules.Check(update, accepted)
		out := registry.Verdict{Compatible: verdict.Compatible}
		for _, d := range verdict.Differences() {
			if !d.Compatible {
				out.Messages = append(out.Messages, d.Type+" at "+d.Path)
			}
		}
		return out
	}
}
