package registry

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/twmb/franz-go/pkg/sr"

	"github.com/esgen-dev/esgen/compat/confluent"
	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/generator/schema"
)

// informed is the severity of what a plan is about to mend.
const informed = diag.Info

// allVersions asks for the comparison with all versions. Asked for the latest
// one, the registry does not look further back, whatever the level.
const allVersions = -2

// judge asks server and second opinion, and refuses what the one that counts
// refuses.
func (p *planner) judge(ctx context.Context, step *Step, at *state) error {
	if err := p.local(ctx, step, at); err != nil {
		return err
	}
	if !step.Pending {
		verdict, rejected, err := p.client.check(ctx, step)
		switch {
		case err != nil:
			return err
		case rejected != nil && !p.unresolved(step):
			p.refuse(step, rejected.Rule, rejected.Message, rejected.Help)
			return nil
		}
		step.Server = verdict
	}
	counts := step.Server
	if counts == nil || (step.SetLevel != "" && step.Local != nil) {
		counts = step.Local
	}
	if counts != nil && !counts.Compatible {
		p.refuse(step, ruleRefused, p.refusal(step, counts), "")
		reasons := readable(counts.Messages)
		if len(reasons) == 0 {
			reasons = []string{"the registry does not say why"}
		}
		p.findings[len(p.findings)-1].Help = strings.Join(append(reasons, p.wayOut(step)), "\n")
	}
	p.differs(step, at)
	return nil
}

// unresolved reports whether the server calls a schema invalid only because this
// question does not lead it to what the schema refers to, as with Apicurio 3.
// It is asked when the schema is registered; until then the second opinion counts.
func (p *planner) unresolved(step *Step) bool {
	return p.server.Product == apicurio && len(step.Schema.References) > 0
}

// refusal words which verdict stands in the way.
func (p *planner) refusal(step *Step, verdict *Verdict) string {
	who := "the registry refuses"
	if verdict == step.Local {
		who = "the registry will refuse"
	}
	return fmt.Sprintf("%s the schema of %s as incompatible with %s under %s",
		who, step.Schema.Subject, versionList(step.Against), step.effective())
}

func versionList(versions []int) string {
	switch len(versions) {
	case 0:
		return "its subject"
	case 1:
		return fmt.Sprintf("version %d", versions[0])
	}
	return fmt.Sprintf("versions %d to %d", versions[len(versions)-1], versions[0])
}

func (p *planner) wayOut(step *Step) string {
	if step.Schema.Event == nil {
		return "take the change back, or put it into a new file"
	}
	return "take the change back, or declare a new event that replaces this one; esgen compat shows the lines"
}

// local asks for the second opinion.
func (p *planner) local(ctx context.Context, step *Step, at *state) error {
	if p.request.Local == nil {
		return nil
	}
	imports, err := p.imports(ctx, step.Schema)
	if err != nil {
		return err
	}
	verdict := p.request.Local(Question{
		Schema: step.Schema, Imports: imports, History: at.history,
		Level: step.effective(), Profile: p.server.Profile,
	})
	step.Local = &verdict
	return nil
}

// imports returns what a schema of this run reaches: schemas of the run as it
// has them, others as the registry has them.
func (p *planner) imports(ctx context.Context, s schema.Schema) ([]confluent.Import, error) {
	var imports []confluent.Import
	seen := map[string]bool{}
	var visit func(references []schema.Reference) error
	visit = func(references []schema.Reference) error {
		for _, ref := range references {
			if seen[ref.Name] {
				continue
			}
			seen[ref.Name] = true
			file, err := p.file(ctx, ref)
			if err != nil {
				return err
			}
			if err := visit(file.References); err != nil {
				return err
			}
			imports = append(imports, confluent.Import{Name: ref.Name, Text: file.Text})
		}
		return nil
	}
	if err := visit(s.References); err != nil {
		return nil, err
	}
	return withSubjects(imports, s.References), nil
}

// file returns what a reference leads to.
func (p *planner) file(ctx context.Context, ref schema.Reference) (Stored, error) {
	if own, ok := p.texts[ref.Subject]; ok && (ref.Version == pending || ref.Version == p.done[ref.Subject]) {
		return Stored{Text: own.Text, References: own.References}, nil
	}
	return p.resolver.read(ctx, ref.Subject, ref.Version)
}

// check asks the registry about a schema. What it rejects as invalid comes
// back as a finding.
func (c *Client) check(ctx context.Context, step *Step) (*Verdict, *diag.Finding, error) {
	s := step.Schema
	body, err := c.body(s)
	if err != nil {
		return nil, nil, err
	}
	answer, err := c.compare(ctx, step, body)
	if err == nil && !answer.Is {
		// A schema that is no schema is "incompatible" in a verbose answer, and
		// an error in a short one.
		_, err = c.sr.CheckCompatibility(ctx, c.qualify(s.Subject), allVersions, body)
		if unsupported(err) {
			err = nil
		}
		// Apicurio compares with all versions, and under BACKWARD when no level is
		// set, where it registers by the level.
		if err == nil && !step.effective().Transitive() {
			answer, err = c.compareEach(ctx, step, body)
		}
	}
	switch e := status(err); {
	case e != nil && e.status == http.StatusUnprocessableEntity:
		rule, message, help := c.explain(err)
		f := finding(rule, fmt.Sprintf("cannot register %s: %s", s.Subject, message), help)
		return nil, &f, nil
	case err != nil:
		return nil, nil, c.failure("ask whether the schema of "+s.Subject+" is compatible", err)
	}
	return &Verdict{Compatible: answer.Is, Messages: answer.Messages}, nil, nil
}

// comparison is an answer about compatibility.
type comparison struct {
	Is       bool     `json:"is_compatible"`
	Messages []string `json:"messages"`
	Reason   string   `json:"reason"` // what Apicurio has in place of messages
}

// compare asks about all versions at once. A server that does not know this
// question is asked about each version that counts.
func (c *Client) compare(ctx context.Context, step *Step, body sr.Schema) (comparison, error) {
	answer, err := c.ask(ctx, c.comparePath(step), body)
	if unsupported(err) {
		return c.compareEach(ctx, step, body)
	}
	return answer, err
}

// compareEach asks about each version that counts.
func (c *Client) compareEach(ctx context.Context, step *Step, body sr.Schema) (comparison, error) {
	for _, version := range step.Against {
		answer, err := c.ask(ctx, fmt.Sprintf("%s/%d", c.comparePath(step), version), body)
		if err != nil || !answer.Is {
			return answer, err
		}
	}
	return comparison{Is: true}, nil
}

func (c *Client) comparePath(step *Step) string {
	return "/compatibility/subjects/" + url.PathEscape(c.qualify(step.Schema.Subject)) + "/versions"
}

// ask asks about the versions that a path names.
func (c *Client) ask(ctx context.Context, path string, body sr.Schema) (comparison, error) {
	var answer comparison
	err := c.sr.Do(sr.WithParams(ctx, sr.Verbose), http.MethodPost, path, body, &answer)
	if answer.Reason != "" {
		answer.Messages = append(answer.Messages, answer.Reason)
	}
	return answer, err //nolint:wrapcheck // the caller says what failed
}

// differs reports that server and second opinion judge differently about the
// same thing.
func (p *planner) differs(step *Step, at *state) {
	if step.Server == nil || step.Local == nil || step.SetLevel != "" || step.Server.Compatible == step.Local.Compatible {
		return
	}
	word := map[bool]string{true: "compatible", false: "incompatible"}
	help := "the registry's answer counts; esgen judged by the rules of " + p.server.rules()
	if at.group != "" {
		help += fmt.Sprintf(", and the subject has the compatibility group %q, which esgen does not know", at.group)
	}
	messages := readable(append(append([]string{}, step.Server.Messages...), step.Local.Messages...))
	p.report(step.Schema, ruleDiffers,
		fmt.Sprintf("the registry calls the schema of %s %s under %s, and esgen calls it %s",
			step.Schema.Subject, word[step.Server.Compatible], step.Level, word[step.Local.Compatible]),
		strings.Join(append(messages, help), "\n"))
}

// verbose finds type and description in the registry's messages, which look
// like JSON and are not.
var verbose = regexp.MustCompile(`(?s)^\{\s*errorType:\s*"([^"]*)"\s*,\s*description:\s*"(.*)"\s*,?\s*(?:additionalInfo:.*)?\}$`)

// noise are messages that repeat what the reader has.
var noise = regexp.MustCompile(`^\{(oldSchema|validateFields|compatibility):`)

// oldVersion finds the version that the messages before it are about.
var oldVersion = regexp.MustCompile(`^\{oldSchemaVersion:\s*(\d+)\}$`)

// readable returns the registry's messages without the texts of old schemas.
func readable(messages []string) []string {
	var lines []string
	for _, message := range messages {
		trimmed := strings.TrimSpace(message)
		if noise.MatchString(trimmed) {
			continue
		}
		if match := verbose.FindStringSubmatch(trimmed); match != nil {
			trimmed = match[1] + ": " + match[2]
		}
		if match := oldVersion.FindStringSubmatch(trimmed); match != nil {
			trimmed = "compared with version " + match[1]
		}
		lines = append(lines, clean(trimmed, 300))
	}
	return lines
}
