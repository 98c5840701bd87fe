package registry

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"github.com/esgen-dev/esgen/compat/confluent"
	"github.com/esgen-dev/esgen/generator/schema"
)

// Outcome is what became of one step.
type Outcome struct {
	Action   Action // Unchanged also if somebody registered the same schema after the plan
	Subject  string
	ID       int
	Version  int
	GUID     string          // "" when the registry has none
	SetLevel confluent.Level // the level that was set; "" if none was
	Index    int             // of the step, counting from 1
	Total    int
}

// String returns one line for people.
func (o Outcome) String() string {
	line := fmt.Sprintf("%-9s %s version %d, id %d", o.Action, o.Subject, o.Version, o.ID)
	if o.SetLevel != "" {
		line += ", level " + string(o.SetLevel)
	}
	return line
}

// Result is what a run did.
type Result struct {
	Done []Outcome
	// Left are the subjects that were not reached, in order.
	Left []string
}

// Apply does what a plan says, in its order, and reports each subject as it is
// finished, from this goroutine. It does nothing if a step is refused.
//
// Before each write it looks whether the subject's latest version is still the
// one that the plan saw. In the moment between the look and the write another
// client may still write; then the registry itself compares with that version.
//
// After an error, planning and applying again does what is left. An error while
// a schema is registered may mean that it was: the next plan sees it.
func (c *Client) Apply(ctx context.Context, plan Plan, report func(Outcome)) (Result, error) {
	run := &run{client: c, plan: plan, versions: map[string]int{}}
	if refused := plan.Count(Refused); refused > 0 {
		return Result{Left: run.left(0)}, &Error{Finding: finding(ruleRefused,
			fmt.Sprintf("the plan has %s, so nothing is registered", count(refused, "refused schema")), "mend what the plan reports, and plan again")}
	}
	var result Result
	for i, step := range plan.Steps {
		outcome, err := run.step(ctx, step)
		if err != nil {
			result.Left = run.left(i)
			return result, c.failure("register "+step.Schema.Subject, err)
		}
		outcome.Index, outcome.Total = i+1, len(plan.Steps)
		result.Done = append(result.Done, outcome)
		if report != nil {
			report(outcome)
		}
	}
	return result, nil
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// run is one application of a plan.
type run struct {
	client   *Client
	plan     Plan
	versions map[string]int // of the subjects that are finished
}

// left returns the subjects of the steps from an index on.
func (r *run) left(from int) []string {
	var subjects []string
	for _, step := range r.plan.Steps[from:] {
		subjects = append(subjects, step.Schema.Subject)
	}
	return subjects
}

// step does one step.
func (r *run) step(ctx context.Context, step Step) (Outcome, error) {
	s := step.Schema
	s.References = slices.Clone(s.References) // the plan stays as it is
	for i, ref := range s.References {
		if ref.Version == pending {
			s.References[i].Version = r.versions[ref.Subject]
		}
	}
	outcome := Outcome{Action: step.Action, Subject: s.Subject, ID: step.ID, Version: step.Version, GUID: step.GUID, SetLevel: step.SetLevel}
	if step.Action != Unchanged {
		already, err := r.look(ctx, step, s)
		if err != nil {
			return Outcome{}, err
		}
		if already != nil {
			outcome.Action, outcome.ID, outcome.Version, outcome.GUID = Unchanged, already.ID, already.Version, already.GUID
		}
	}
	late, err := r.level(ctx, step)
	if err != nil {
		return Outcome{}, err
	}
	if outcome.Action != Unchanged {
		stored, err := r.client.register(ctx, s)
		if err != nil {
			return Outcome{}, err
		}
		outcome.ID, outcome.Version, outcome.GUID = stored.ID, stored.Version, stored.GUID
	}
	if late {
		if err := r.client.setLevel(ctx, s.Subject, step.SetLevel); err != nil {
			return Outcome{}, err
		}
	}
	r.versions[s.Subject] = outcome.Version
	return outcome, nil
}

// level sets the level of a step before its schema is registered. That a new
// subject has none, Apicurio 2 takes in only when the subject is there: late.
func (r *run) level(ctx context.Context, step Step) (late bool, err error) {
	if step.SetLevel == "" {
		return false, nil
	}
	err = r.client.setLevel(ctx, step.Schema.Subject, step.SetLevel)
	if step.Action == Create && step.SetLevel == confluent.None && absent(err) {
		return true, nil
	}
	return false, err
}

// look checks that a subject still is what the plan saw. If it changed and now
// holds the schema, there is nothing to do, and the version is returned.
func (r *run) look(ctx context.Context, step Step, s schema.Schema) (*Stored, error) {
	latest, err := r.client.latest(ctx, s.Subject)
	if err != nil {
		return nil, err
	}
	if latest.Version == step.Latest && latest.ID == step.latestID {
		return nil, nil
	}
	found, err := r.client.lookup(ctx, s)
	switch {
	case err == nil:
		return &found, nil
	case !absent(err):
		return nil, r.client.failure("look up the schema of subject "+s.Subject, err)
	}
	return nil, &Error{Finding: finding(ruleChanged,
		fmt.Sprintf("subject %s was changed by somebody else: the plan saw %s, now it has %s",
			s.Subject, versionName(step.Latest), versionName(latest.Version)),
		"nothing was registered there; plan again to see what the registry says now")}
}

func versionName(version int) string {
	if version == 0 {
		return "no version"
	}
	return fmt.Sprintf("version %d", version)
}

// latest returns the latest live version of a subject, or the zero value.
func (c *Client) latest(ctx context.Context, subject string) (Stored, error) {
	const latestVersion = -1
	answer, err := c.sr.SchemaByVersion(ctx, c.qualify(subject), latestVersion)
	switch {
	case absent(err):
		return Stored{}, nil
	case err != nil:
		return Stored{}, c.failure("read the latest version of subject "+subject, err)
	}
	return c.stored(subject, answer), nil
}

// register writes a schema and looks it up again: the answer to the writing
// holds no version.
func (c *Client) register(ctx context.Context, s schema.Schema) (Stored, error) {
	body, err := c.body(s)
	if err != nil {
		return Stored{}, err
	}
	const anyID, nextVersion = -1, -1
	id, err := c.sr.RegisterSchema(ctx, c.qualify(s.Subject), body, anyID, nextVersion)
	if err != nil {
		return Stored{}, c.failure("register "+s.Subject, err)
	}
	stored, err := c.confirm(ctx, s)
	switch {
	case err != nil:
		return Stored{}, err
	case stored.ID != id:
		return Stored{}, &Error{Finding: finding(ruleUnverified,
			fmt.Sprintf("the registry gave the schema of %s the id %d, but finds it under id %d", s.Subject, id, stored.ID),
			"look whether two registries share a name or a topic, and plan again")}
	}
	return stored, nil
}

// confirm looks a registered schema up. A node that follows the leader may
// know it a moment later.
func (c *Client) confirm(ctx context.Context, s schema.Schema) (Stored, error) {
	for attempt := 1; ; attempt++ {
		stored, err := c.lookup(ctx, s)
		switch {
		case err == nil:
			return stored, nil
		case !absent(err):
			return Stored{}, c.failure("confirm that "+s.Subject+" is registered", err)
		case attempt >= c.config.Retry.Attempts:
			return Stored{}, &Error{cause: err, Finding: finding(ruleUnverified,
				fmt.Sprintf("the registry took the schema of %s, but does not find it", s.Subject),
				"it was registered; plan again, and if it is not unchanged then, look into the log of the registry")}
		}
		if err := wait(ctx, c.config.Retry, attempt); err != nil {
			return Stored{}, c.failure("confirm that "+s.Subject+" is registered", err)
		}
	}
}

// setLevel sets the compatibility level of a subject and keeps its other
// settings, which some servers would drop otherwise.
func (c *Client) setLevel(ctx context.Context, subject string, level confluent.Level) error {
	what := "set the compatibility level of subject " + subject
	path := "/config/" + url.PathEscape(c.qualify(subject))
	settings := map[string]json.RawMessage{}
	if err := c.sr.Do(ctx, http.MethodGet, path, nil, &settings); err != nil && !absent(err) {
		return c.failure(what, err)
	}
	for key, value := range settings {
		if string(value) == "null" {
			delete(settings, key)
		}
	}
	delete(settings, "compatibilityLevel")
	settings["compatibility"], _ = json.Marshal(level) //nolint:errchkjson // a string
	if err := c.sr.Do(ctx, http.MethodPut, path, settings, nil); err != nil {
		return c.failure(what, err)
	}
	var now subjectConfig
	if err := c.sr.Do(ctx, http.MethodGet, path, nil, &now); err != nil {
		return c.failure(what, err)
	}
	if now.Level != string(level) {
		return &Error{Finding: finding(ruleUnverified,
			fmt.Sprintf("the level of subject %s was set to %s, but is %q", subject, level, clean(now.Level, 40)),
			"nothing was registered there; set the level on the registry itself")}
	}
	return nil
}
