package registry

import (
	"context"
	"net/http"
	"net/url"

	"github.com/twmb/franz-go/pkg/sr"

	"github.com/esgen-dev/esgen/compat/confluent"
)

// state is what the registry says about a subject.
type state struct {
	level    confluent.Level
	alias    string
	group    string // the compatibility group, a setting that no offline check knows
	mode     string // "" when the server does not tell
	versions []int  // live ones, ascending
	deleted  int    // the highest version of a subject that is deleted; else 0
	latest   Stored // without imports; the zero value when there is none
	history  []Stored
}

// state reads a subject.
func (p *planner) state(ctx context.Context, subject string) (*state, error) {
	c := p.client
	at := &state{}
	var err error
	if at.versions, err = c.versions(ctx, subject); err != nil {
		return nil, err
	}
	if err := c.readConfig(ctx, subject, at); err != nil {
		return nil, err
	}
	if at.mode, err = c.mode(ctx, subject); err != nil {
		return nil, err
	}
	if len(at.versions) == 0 {
		at.deleted, err = c.lastDeleted(ctx, subject)
		return at, err
	}
	if at.latest, err = p.resolver.read(ctx, subject, at.versions[len(at.versions)-1]); err != nil {
		return nil, err
	}
	if p.request.Local != nil || p.request.Accepted != nil {
		at.history, err = p.resolver.history(ctx, subject, at.versions)
	}
	return at, err
}

// lastDeleted returns the highest version of a subject whose versions are all
// marked as deleted, or 0.
func (c *Client) lastDeleted(ctx context.Context, subject string) (int, error) {
	versions, err := c.sr.SubjectVersions(sr.WithParams(ctx, sr.ShowDeleted), c.qualify(subject))
	if err != nil && !absent(err) {
		return 0, c.failure("read the deleted versions of subject "+subject, err)
	}
	last := 0
	for _, version := range versions {
		last = max(last, version)
	}
	return last, nil
}

// subjectConfig is the part of a subject's settings that is looked at.
type subjectConfig struct {
	Level string `json:"compatibilityLevel"`
	Alias string `json:"alias"`
	Group string `json:"compatibilityGroup"`
}

// readConfig reads the settings in effect for a subject.
func (c *Client) readConfig(ctx context.Context, subject string, at *state) error {
	var config subjectConfig
	global := sr.WithParams(ctx, sr.DefaultToGlobal)
	err := c.sr.Do(global, http.MethodGet, "/config/"+url.PathEscape(c.qualify(subject)), nil, &config)
	if absent(err) { // a server that does not know defaultToGlobal
		err = c.sr.Do(ctx, http.MethodGet, "/config", nil, &config)
	}
	if err != nil {
		return c.failure("read the compatibility level of subject "+subject, err)
	}
	at.level, at.alias, at.group = confluent.Level(config.Level), config.Alias, config.Group
	return nil
}

// mode returns the mode in effect for a subject; "" when the server has none.
func (c *Client) mode(ctx context.Context, subject string) (string, error) {
	var answer struct {
		Mode string `json:"mode"`
	}
	global := sr.WithParams(ctx, sr.DefaultToGlobal)
	err := c.sr.Do(global, http.MethodGet, "/mode/"+url.PathEscape(c.qualify(subject)), nil, &answer)
	if absent(err) {
		err = c.sr.Do(ctx, http.MethodGet, "/mode", nil, &answer)
	}
	if err != nil && !unsupported(err) {
		return "", c.failure("read the mode of subject "+subject, err)
	}
	return answer.Mode, nil
}
