package registry

import (
	"context"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/esgen-dev/esgen/compat/confluent"
	"github.com/esgen-dev/esgen/compat/confluent/protobuf"
	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/generator/schema"
)

// Request is what shall be in the registry.
type Request struct {
	// Schemas are brought into an order in which each comes behind those that
	// it refers to. A reference without a version means the version that this
	// run registers, else the latest one that is there.
	Schemas []schema.Schema
	// Level is the configured level, unless a schema names its own. With ""
	// levels are not compared.
	Level confluent.Level
	// SetLevel sets the levels of the subjects of this request where they
	// differ, each before its schema is registered.
	SetLevel bool
	// Local is a second opinion, computed without the registry. With nil there
	// is none. It is called from one goroutine.
	Local func(Question) Verdict
	// Accepted are the texts that were accepted, oldest first, by subject.
	// Where it is nil, drift is not looked for.
	Accepted map[string][]Accepted
}

// Accepted is a version that was accepted in the source repository.
type Accepted struct {
	Type schema.Type
	Text string
}

// Question is what a second opinion is asked for.
type Question struct {
	Schema  schema.Schema      // with the versions of its references as far as they are known
	Imports []confluent.Import // of the schema
	History []Stored           // the live versions in the registry, oldest first
	Level   confluent.Level    // the one under which the registry will check
	Profile protobuf.Profile
}

// Verdict is an answer to a [Question].
type Verdict struct {
	Compatible bool
	Messages   []string // what is incompatible
}

// Action says what a plan does about a subject.
type Action string

// The actions.
const (
	Create    Action = "create"    // the subject has no live version
	Update    Action = "update"    // the subject gets a new version
	Unchanged Action = "unchanged" // a live version holds the schema
	Refused   Action = "refused"   // the registry would not take it, see the findings
)

// Step is what a plan does about one subject.
type Step struct {
	Action Action
	Schema schema.Schema // References have versions where these are known already
	// ID, Version and GUID are those of the version that holds the schema, if
	// it is unchanged.
	ID, Version int
	GUID        string
	// Latest is the latest live version as the plan saw it; 0 is none. Against
	// are the versions that the schema is compared with under Level, newest
	// first.
	Latest  int
	Against []int
	// Level is in effect now. SetLevel is what it will be set to; "" leaves it.
	Level, SetLevel confluent.Level
	// Server and Local are the two answers; nil was not asked.
	Server, Local *Verdict
	// Pending says that the server could not be asked, because the schema
	// refers to what this run has yet to register. The server is asked when
	// that is there; until then Local counts.
	Pending bool

	latestID int
}

// Plan is what will be done, in the order in which it will be done.
type Plan struct {
	Registry string // the address
	Server   Server
	Steps    []Step
}

// Count returns how many steps have an action.
func (p Plan) Count(action Action) int {
	count := 0
	for _, step := range p.Steps {
		if step.Action == action {
			count++
		}
	}
	return count
}

// Plan asks the registry what would happen, and changes nothing. Findings say
// why schemas are refused and what else is worth a look; the error says why
// there is no plan.
func (c *Client) Plan(ctx context.Context, request Request) (Plan, []diag.Finding, error) {
	schemas, findings := arrange(request.Schemas)
	if len(findings) > 0 {
		return Plan{}, findings, &Error{Finding: findings[0]}
	}
	server, err := c.Server(ctx)
	if err != nil {
		return Plan{}, nil, err
	}
	planner := &planner{
		client: c, request: request, server: server,
		resolver: c.newResolver(), done: map[string]int{}, texts: map[string]schema.Schema{}, levels: map[otherLevel][]schema.Schema{},
	}
	states, err := planner.states(ctx, schemas)
	if err != nil {
		return Plan{}, nil, err
	}
	plan := Plan{Registry: c.address, Server: server}
	for i, s := range schemas {
		step, err := planner.step(ctx, s, states[i])
		if err != nil {
			return Plan{}, nil, err
		}
		plan.Steps = append(plan.Steps, step)
	}
	planner.reportLevels()
	planner.reportProduct(plan.Steps)
	return plan, planner.findings, nil
}

// planner makes one plan.
type planner struct {
	client   *Client
	request  Request
	server   Server
	resolver *resolver
	// done maps the subjects of earlier steps to the versions that hold their
	// schemas; pending if that is not known before they are registered.
	done     map[string]int
	texts    map[string]schema.Schema // the schemas of earlier steps, by subject
	findings []diag.Finding
	levels   map[otherLevel][]schema.Schema
	others   []otherLevel // the keys of levels, in the order in which they were met
}

// pending is the version of a subject that will have been registered.
const pending = 0

// states reads the subjects, several at a time.
func (p *planner) states(ctx context.Context, schemas []schema.Schema) ([]*state, error) {
	states := make([]*state, len(schemas))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(parallel)
	for i, s := range schemas {
		group.Go(func() error {
			var err error
			states[i], err = p.state(ctx, s.Subject)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err //nolint:wrapcheck // an *Error of this package
	}
	return states, nil
}

// step decides what happens to one subject.
func (p *planner) step(ctx context.Context, s schema.Schema, at *state) (Step, error) {
	step := Step{Schema: s, Latest: at.latest.Version, latestID: at.latest.ID, Level: at.level}
	step.Schema.References = slices.Clone(s.References)
	if err := p.decide(ctx, &step, at); err != nil {
		return Step{}, err
	}
	p.texts[s.Subject], p.done[s.Subject] = s, step.Version
	p.drift(s, at)
	return step, nil
}

// decide fills a step.
func (p *planner) decide(ctx context.Context, step *Step, at *state) error {
	step.Action = Update
	if at.latest.Version == 0 {
		step.Action = Create
	}
	if ok, err := p.resolve(ctx, step); err != nil || !ok {
		return err
	}
	if !p.allowed(step, at) {
		return nil
	}
	if err := p.unchanged(ctx, step, at); err != nil {
		return err
	}
	p.level(step, at)
	if step.Action == Unchanged || step.Action == Refused {
		return nil
	}
	if !p.writable(step, at) {
		return nil
	}
	step.Against = against(step.effective(), at.versions)
	return p.judge(ctx, step, at)
}

// effective returns the level under which the registry will check the schema.
func (s *Step) effective() confluent.Level {
	if s.SetLevel != "" {
		return s.SetLevel
	}
	return s.Level
}

// against returns the versions that a level asks about, newest first.
func against(level confluent.Level, versions []int) []int {
	switch {
	case level == confluent.None || len(versions) == 0:
		return nil
	case level.Transitive():
		all := slices.Clone(versions)
		slices.Reverse(all)
		return all
	}
	return versions[len(versions)-1:]
}

// refuse ends a step with a finding.
func (p *planner) refuse(step *Step, rule, message, help string) {
	step.Action = Refused
	p.report(step.Schema, rule, message, help)
}

// report adds a finding about a schema.
func (p *planner) report(s schema.Schema, rule, message, help string) {
	f := finding(rule, message, help)
	f.Position = s.Position
	if s.Event != nil {
		f.Symbol = s.Key
	}
	p.findings = append(p.findings, f)
}
