package registry

import (
	"context"
	"fmt"
	"strings"

	"github.com/twmb/franz-go/pkg/sr"

	"github.com/esgen-dev/esgen/compat/confluent"
	"github.com/esgen-dev/esgen/generator/schema"
)

// resolve gives versions to the references of a step. It reports whether the
// step may go on.
func (p *planner) resolve(ctx context.Context, step *Step) (bool, error) {
	for i := range step.Schema.References {
		ref := &step.Schema.References[i]
		if ref.Subject == "" {
			ref.Subject = ref.Name
		}
		if ref.Version > 0 {
			continue
		}
		version, planned := p.done[ref.Subject]
		if !planned {
			versions, err := p.client.versions(ctx, ref.Subject)
			if err != nil {
				return false, err
			}
			if len(versions) == 0 {
				p.refuse(step, ruleReference,
					fmt.Sprintf("%s imports %s, which is neither in the registry nor part of this run", step.Schema.Subject, ref.Name),
					"register "+ref.Subject+" first")
				return false, nil
			}
			version = versions[len(versions)-1]
		}
		ref.Version = version
		step.Pending = step.Pending || version == pending
	}
	return true, nil
}

// allowed reports whether the subject may hold the schema at all.
func (p *planner) allowed(step *Step, at *state) bool {
	s := step.Schema
	switch {
	case at.alias != "" && p.client.unqualify(at.alias) != s.Subject:
		p.refuse(step, ruleAlias, fmt.Sprintf("subject %s is an alias of %s", s.Subject, at.alias),
			"remove the alias on the registry, or register under the name that it stands for")
		return false
	case at.latest.Version > 0 && at.latest.Type != s.Type:
		p.refuse(step, ruleType, fmt.Sprintf("subject %s holds schemas of type %s, not %s", s.Subject, at.latest.Type, s.Type),
			"register it under another subject")
		return false
	case len(p.server.Types) > 0 && !contains(p.server.Types, s.Type):
		p.refuse(step, ruleInvalid, fmt.Sprintf("the registry does not take schemas of type %s, only %v", s.Type, p.server.Types), "")
		return false
	}
	return true
}

func contains(types []schema.Type, typ schema.Type) bool {
	for _, t := range types {
		if strings.EqualFold(string(t), string(typ)) {
			return true
		}
	}
	return false
}

// unchanged looks whether a live version holds the schema.
func (p *planner) unchanged(ctx context.Context, step *Step, at *state) error {
	if step.Pending || at.latest.Version == 0 {
		return nil
	}
	found, err := p.client.lookup(ctx, step.Schema)
	switch e := status(err); {
	case absent(err):
		return nil
	case e != nil && e.status == 422:
		rule, message, help := p.client.explain(err)
		p.refuse(step, rule, fmt.Sprintf("cannot register %s: %s", step.Schema.Subject, message), help)
		return nil
	case err != nil:
		return p.client.failure("look up the schema of subject "+step.Schema.Subject, err)
	}
	step.Action, step.Version, step.ID, step.GUID = Unchanged, found.Version, found.ID, found.GUID
	if found.Version < at.latest.Version {
		p.report(step.Schema, ruleReverted,
			fmt.Sprintf("the schema of %s is version %d of the registry, which already has version %d",
				step.Schema.Subject, found.Version, at.latest.Version),
			"nothing will be registered; to make it the latest version again, change its text, or delete the newer ones by hand")
	}
	return nil
}

// lookup asks whether a live version of a subject holds a schema.
func (c *Client) lookup(ctx context.Context, s schema.Schema) (Stored, error) {
	body, err := c.body(s)
	if err != nil {
		return Stored{}, err
	}
	found, err := c.sr.LookupSchema(ctx, c.qualify(s.Subject), body)
	if err != nil {
		return Stored{}, err //nolint:wrapcheck // the caller says what failed
	}
	return c.stored(s.Subject, found), nil
}

// body returns what is sent about a schema.
func (c *Client) body(s schema.Schema) (sr.Schema, error) {
	body := sr.Schema{Schema: s.Text}
	if err := body.Type.UnmarshalText([]byte(s.Type)); err != nil {
		return sr.Schema{}, &Error{Finding: finding(ruleInvalid, fmt.Sprintf("the schema of %s has the unknown type %q", s.Subject, s.Type), "")}
	}
	for _, ref := range s.References {
		body.References = append(body.References, sr.SchemaReference{
			Name: ref.Name, Subject: c.qualify(ref.Subject), Version: ref.Version,
		})
	}
	return body, nil
}

// level compares the level in effect with the configured one.
func (p *planner) level(step *Step, at *state) {
	want := p.request.Level
	if step.Schema.Level != "" {
		want = confluent.Level(step.Schema.Level)
	}
	if step.Action == Refused || p.request.Level == "" || want == at.level {
		return
	}
	other := otherLevel{at.level, want}
	if p.request.SetLevel {
		step.SetLevel = want
	}
	if len(p.levels[other]) == 0 {
		p.others = append(p.others, other)
	}
	p.levels[other] = append(p.levels[other], step.Schema)
}

// otherLevel is a level in effect, and the one that is configured.
type otherLevel struct{ at, want confluent.Level }

// reportLevels reports levels that differ: one finding for all subjects of which
// the same is to be said, because one setting is behind it most often.
func (p *planner) reportLevels() {
	for _, other := range p.others {
		schemas := p.levels[other]
		message := fmt.Sprintf("subject %s is checked under %s, but %s is configured", schemas[0].Subject, other.at, other.want)
		if more := len(schemas) - 1; more > 0 {
			message = fmt.Sprintf("subject %s and %d more are checked under %s, but %s is configured", schemas[0].Subject, more, other.at, other.want)
		}
		help := "run esgen register --set-level, or configure the level of the registry"
		if p.request.SetLevel {
			help = fmt.Sprintf("it will be set to %s", other.want)
		}
		p.report(schemas[0], ruleLevel, message, help)
		if p.request.SetLevel {
			p.findings[len(p.findings)-1].Severity = informed
		}
	}
}

// writable looks at the mode.
func (p *planner) writable(step *Step, at *state) bool {
	if at.mode == "" || strings.EqualFold(at.mode, "READWRITE") {
		if at.deleted > 0 {
			p.report(step.Schema, ruleDeleted,
				fmt.Sprintf("subject %s was deleted; its versions up to %d are not compared with", step.Schema.Subject, at.deleted),
				fmt.Sprintf("if events of them may still be there, have the versions restored first; else it goes on as version %d", at.deleted+1))
		}
		return true
	}
	p.refuse(step, ruleReadOnly, fmt.Sprintf("subject %s is in mode %s", step.Schema.Subject, at.mode),
		"ask who runs the registry to set its mode to READWRITE")
	return false
}
