package registrytest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/twmb/franz-go/pkg/sr"

	"github.com/esgen-dev/esgen/compat/confluent"
	"github.com/esgen-dev/esgen/compat/registry"
	"github.com/esgen-dev/esgen/generator/schema"
)

// version is a stored version, as the interface shows it.
type version struct {
	Subject    string               `json:"subject,omitempty"`
	Version    int                  `json:"version,omitempty"`
	ID         int                  `json:"id"`
	GUID       string               `json:"guid,omitempty"`
	Type       string               `json:"schemaType,omitempty"`
	References []sr.SchemaReference `json:"references,omitempty"`
	Schema     string               `json:"schema"`
}

// withGUID returns the version with the GUID that registries compute.
func (v version) withGUID() version {
	var references []schema.Reference
	for _, ref := range v.References {
		references = append(references, schema.Reference(ref))
	}
	v.GUID = confluent.GUID(v.Schema, references)
	return v
}

func versionsPath(subject string) string {
	return "/subjects/" + url.PathEscape(subject) + "/versions"
}

// store asks the store, and returns the status of its answer.
func (s *Server) store(r *http.Request, method, target string, into any) int {
	recorder := httptest.NewRecorder()
	request := httptest.NewRequestWithContext(context.WithoutCancel(r.Context()), method, target, http.NoBody)
	s.fake.Handler().ServeHTTP(recorder, request)
	_ = json.Unmarshal(recorder.Body.Bytes(), into) // an error has another form, and a status
	return recorder.Code
}

// live returns the live versions of a subject, ascending.
func (s *Server) live(r *http.Request, subject string) []int {
	var versions []int
	s.store(r, http.MethodGet, versionsPath(subject), &versions)
	return versions
}

// refusal is an answer that says no.
type refusal struct {
	status, code int
	message      string
}

// Error returns the message.
func (e *refusal) Error() string { return e.message }

func invalid(format string, values ...any) *refusal {
	return &refusal{http.StatusUnprocessableEntity, 42201, fmt.Sprintf(format, values...)}
}

// candidate reads the schema of a request and what it imports.
func (s *Server) candidate(w http.ResponseWriter, r *http.Request) (Candidate, sr.Schema, error) {
	var sent struct {
		Schema     string               `json:"schema"`
		Type       string               `json:"schemaType"`
		References []sr.SchemaReference `json:"references"`
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		return Candidate{}, sr.Schema{}, &refusal{http.StatusRequestEntityTooLarge, 42209, "Schema too large"}
	}
	if err := json.Unmarshal(body, &sent); err != nil {
		return Candidate{}, sr.Schema{}, invalid("Invalid request: %v", err)
	}
	if sent.Type == "" {
		sent.Type = "AVRO"
	}
	stored := sr.Schema{Schema: sent.Schema, References: sent.References}
	if err := stored.Type.UnmarshalText([]byte(sent.Type)); err != nil || stored.Type == sr.TypeAvro {
		return Candidate{}, sr.Schema{}, invalid("Invalid schema type %s", sent.Type)
	}
	for i, ref := range stored.References {
		if ref.Version != -1 {
			continue
		}
		if versions := s.live(r, ref.Subject); len(versions) > 0 {
			stored.References[i].Version = versions[len(versions)-1]
		}
	}
	imports, err := s.imports(stored.References)
	return Candidate{Type: schema.Type(stored.Type.String()), Text: sent.Schema, Imports: imports}, stored, err
}

// imports resolves references from the store: depth first, and of two files
// with one name the first counts.
func (s *Server) imports(direct []sr.SchemaReference) ([]confluent.Import, error) {
	var imports []confluent.Import
	seen := map[string]bool{}
	var visit func(references []sr.SchemaReference) error
	visit = func(references []sr.SchemaReference) error {
		for _, ref := range references {
			if seen[ref.Name] {
				continue
			}
			seen[ref.Name] = true
			stored, ok := s.fake.GetSchema(ref.Subject, ref.Version)
			if !ok {
				return invalid("No schema reference found for subject \"%s\" and version %d", ref.Subject, ref.Version)
			}
			if err := visit(stored.References); err != nil {
				return err
			}
			imports = append(imports, confluent.Import{Name: ref.Name, Text: stored.Schema.Schema})
		}
		return nil
	}
	if err := visit(direct); err != nil {
		return nil, err
	}
	for _, ref := range direct {
		for i := range imports {
			if imports[i].Name == ref.Name {
				imports[i].Subject, imports[i].Version = ref.Subject, ref.Version
			}
		}
	}
	return imports, nil
}

// history returns the live versions of a subject, oldest first. s.mu is held.
func (s *Server) history(r *http.Request, subject string) ([]Candidate, []sr.SubjectSchema, error) {
	var history []Candidate
	var stored []sr.SubjectSchema
	for _, number := range s.live(r, subject) {
		v, ok := s.fake.GetSchema(subject, number)
		if !ok {
			continue
		}
		imports, err := s.imports(v.References)
		if err != nil {
			return nil, nil, err
		}
		stored = append(stored, v)
		history = append(history, Candidate{
			Version: v.Version, Type: schema.Type(v.Type.String()), Text: v.Schema.Schema, Imports: imports,
		})
	}
	return history, stored, nil
}

// ask checks a schema against versions of a subject.
func (s *Server) ask(subject string, update Candidate, history []Candidate) Answer {
	profile, _ := registry.ProfileOf(s.options.Version)
	return s.options.Check(Question{Level: s.effective(subject).level, Profile: profile, Update: update, History: history})
}

// fail answers with an error.
func fail(w http.ResponseWriter, err error) {
	var no *refusal
	if !errors.As(err, &no) {
		no = &refusal{http.StatusInternalServerError, 50001, err.Error()}
	}
	refuse(w, no.status, no.code, no.message)
}

// only returns the versions that a path asks for: all, the latest or one.
func only(history []Candidate, path string) ([]Candidate, error) {
	if path == "" {
		return history, nil
	}
	if path == "latest" || path == "-1" {
		return history[max(0, len(history)-1):], nil
	}
	number, err := strconv.Atoi(path)
	if err != nil {
		return nil, &refusal{http.StatusUnprocessableEntity, 42202, fmt.Sprintf("The specified version '%s' is not a valid version id.", path)}
	}
	for _, c := range history {
		if c.Version == number {
			return []Candidate{c}, nil
		}
	}
	return nil, &refusal{http.StatusNotFound, 40402, fmt.Sprintf("Version %d not found.", number)}
}

// same returns the live version that holds a schema. Of several the latest.
func same(stored []sr.SubjectSchema, canonical string, update sr.Schema) (sr.SubjectSchema, bool) {
	for _, v := range slices.Backward(stored) {
		if v.Type == update.Type && slices.Equal(v.References, update.References) &&
			(v.Schema.Schema == canonical || strings.TrimSpace(v.Schema.Schema) == strings.TrimSpace(canonical)) {
			return v, true
		}
	}
	return sr.SubjectSchema{}, false
}
