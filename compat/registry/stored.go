package registry

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/twmb/franz-go/pkg/sr"
	"golang.org/x/sync/errgroup"

	"github.com/esgen-dev/esgen/compat/confluent"
	"github.com/esgen-dev/esgen/generator/schema"
)

// parallel is how many requests are under way at most.
const parallel = 8

// Stored is a version that is in a registry.
type Stored struct {
	Subject    string // without the context of the client
	Version    int
	ID         int
	GUID       string // "" when the registry has none
	Type       schema.Type
	Text       string
	References []schema.Reference
	// Imports are all files that the text reaches, those that they import
	// before them. One that the text imports itself has its subject.
	Imports []confluent.Import
}

// Fetch returns all live versions of subjects, by subject in the order given,
// then by version, with their references resolved. A subject that is not there
// has no versions.
func (c *Client) Fetch(ctx context.Context, subjects []string) ([]Stored, error) {
	resolver := c.newResolver()
	histories := make([][]Stored, len(subjects))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(parallel)
	for i, subject := range subjects {
		group.Go(func() error {
			versions, err := c.versions(ctx, subject)
			if err != nil {
				return err
			}
			histories[i], err = resolver.history(ctx, subject, versions)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err //nolint:wrapcheck // an *Error of this package
	}
	return slices.Concat(histories...), nil
}

// Subjects returns the names of the live subjects of the client's context that
// start with a prefix, sorted.
func (c *Client) Subjects(ctx context.Context, prefix string) ([]string, error) {
	all, err := c.sr.Subjects(sr.WithParams(ctx, sr.SubjectPrefix(c.qualify(prefix))))
	if err != nil {
		return nil, c.failure("list the subjects", err)
	}
	var names []string
	for _, name := range all {
		name = c.unqualify(name)
		// Without a prefix the registry lists all contexts.
		if strings.HasPrefix(name, prefix) && !strings.HasPrefix(name, ":") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, nil
}

// versions returns the live versions of a subject, ascending.
func (c *Client) versions(ctx context.Context, subject string) ([]int, error) {
	versions, err := c.sr.SubjectVersions(ctx, c.qualify(subject))
	if err != nil && !absent(err) {
		return nil, c.failure("read the versions of subject "+subject, err)
	}
	slices.Sort(versions)
	return versions, nil
}

// resolver reads versions and what they refer to, each once. It is safe for
// concurrent use.
type resolver struct {
	client *Client
	mu     sync.Mutex
	known  map[versionKey]Stored // without imports
}

type versionKey struct {
	subject string
	version int
}

func (c *Client) newResolver() *resolver {
	return &resolver{client: c, known: map[versionKey]Stored{}}
}

// history reads versions of a subject with their imports.
func (r *resolver) history(ctx context.Context, subject string, versions []int) ([]Stored, error) {
	history := make([]Stored, len(versions))
	for i, version := range versions {
		stored, err := r.read(ctx, subject, version)
		if err != nil {
			return nil, err
		}
		if stored.Imports, err = r.imports(ctx, stored.References); err != nil {
			return nil, err
		}
		history[i] = stored
	}
	return history, nil
}

// read reads one version, without its imports.
func (r *resolver) read(ctx context.Context, subject string, version int) (Stored, error) {
	key := versionKey{subject, version}
	r.mu.Lock()
	stored, ok := r.known[key]
	r.mu.Unlock()
	if ok {
		return stored, nil
	}
	answer, err := r.client.sr.SchemaByVersion(sr.WithParams(ctx, sr.ShowDeleted), r.client.qualify(subject), version)
	if err != nil {
		return Stored{}, r.client.failure(fmt.Sprintf("read version %d of subject %s", version, subject), err)
	}
	stored = r.client.stored(subject, answer)
	if stored.Version != version || stored.Text == "" {
		return Stored{}, r.client.failure(fmt.Sprintf("read version %d of subject %s", version, subject),
			&answerError{reason: "it is not the version that was asked for"})
	}
	r.mu.Lock()
	r.known[key] = stored
	r.mu.Unlock()
	return stored, nil
}

// imports resolves references as the registry does: depth first, and of two
// files with one name the first counts.
func (r *resolver) imports(ctx context.Context, references []schema.Reference) ([]confluent.Import, error) {
	var imports []confluent.Import
	seen := map[string]bool{}
	var visit func(references []schema.Reference) error
	visit = func(references []schema.Reference) error {
		for _, ref := range references {
			if seen[ref.Name] {
				continue
			}
			seen[ref.Name] = true
			stored, err := r.read(ctx, ref.Subject, ref.Version)
			if err != nil {
				return err
			}
			if err := visit(stored.References); err != nil {
				return err
			}
			imports = append(imports, confluent.Import{Name: ref.Name, Text: stored.Text})
		}
		return nil
	}
	if err := visit(references); err != nil {
		return nil, err
	}
	return withSubjects(imports, references), nil
}

// withSubjects sets the subjects of what a schema imports itself.
func withSubjects(imports []confluent.Import, direct []schema.Reference) []confluent.Import {
	for _, ref := range direct {
		for i := range imports {
			if imports[i].Name == ref.Name {
				imports[i].Subject, imports[i].Version = ref.Subject, ref.Version
			}
		}
	}
	return imports
}

// stored turns an answer into a version. The registry may answer with the
// qualified name of the subject, or with the name behind an alias.
func (c *Client) stored(subject string, answer sr.SubjectSchema) Stored {
	stored := Stored{
		Subject: subject, Version: answer.Version, ID: answer.ID, GUID: answer.GUID,
		Type: schema.Type(answer.Type.String()), Text: answer.Schema.Schema,
	}
	for _, ref := range answer.References {
		stored.References = append(stored.References, schema.Reference{
			Name: ref.Name, Subject: c.unqualify(ref.Subject), Version: ref.Version,
		})
	}
	return stored
}
