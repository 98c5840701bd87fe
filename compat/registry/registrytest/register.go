package registrytest

import (
	"fmt"
	"net/http"

	"github.com/twmb/franz-go/pkg/sr"
)

// register answers POST /subjects/{subject}/versions.
func (s *Server) register(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	subject := s.target(r.PathValue("subject"))
	stored, err := s.add(w, r, subject)
	if err != nil {
		fail(w, err)
		return
	}
	if s.options.OldCodes {
		respond(w, http.StatusOK, map[string]int{"id": stored.ID})
		return
	}
	respond(w, http.StatusOK, shown(stored))
}

// add registers a schema if it is valid, new and compatible. s.mu is held.
func (s *Server) add(w http.ResponseWriter, r *http.Request, subject string) (sr.SubjectSchema, error) {
	var none sr.SubjectSchema
	if mode := s.effective(subject).mode; mode != "READWRITE" {
		return none, &refusal{http.StatusUnprocessableEntity, 42205, fmt.Sprintf("Subject %s is in %s mode", subject, mode)}
	}
	update, body, err := s.candidate(w, r)
	if err != nil {
		return none, err
	}
	history, stored, err := s.history(r, subject)
	if err != nil {
		return none, err
	}
	answer := s.ask(subject, update, history)
	if answer.Invalid != nil {
		return none, invalid("Invalid schema, details: %v", answer.Invalid)
	}
	if found, ok := same(stored, answer.Canonical, body); ok {
		return found, nil // what is there is never compared
	}
	if !answer.Compatible {
		return none, s.incompatible(subject, answer)
	}
	body.Schema = answer.Canonical
	return s.put(subject, body)
}

func (s *Server) incompatible(subject string, answer Answer) error {
	code := 40901
	if s.options.OldCodes {
		code = 409
	}
	return &refusal{
		http.StatusConflict, code,
		fmt.Sprintf("Schema being registered is incompatible with an earlier schema for subject \"%s\", details: %v", subject, answer.Messages),
	}
}

// put stores a schema as the next version.
func (s *Server) put(subject string, body sr.Schema) (sr.SubjectSchema, error) {
	id, number, err := s.fake.RegisterSchema(subject, body)
	if err != nil {
		return sr.SubjectSchema{}, &refusal{http.StatusUnprocessableEntity, 42201, err.Error()}
	}
	stored, ok := s.fake.GetSchema(subject, number)
	if !ok {
		return sr.SubjectSchema{}, fmt.Errorf("version %d of %s with id %d was stored and is not there", number, subject, id)
	}
	s.guids[shown(stored).GUID] = stored.GUID
	s.wrote(Write{Kind: "register", Subject: subject, Version: number, ID: id, Value: body.Schema})
	return stored, nil
}

// shown returns a stored version as the interface shows it.
func shown(v sr.SubjectSchema) version {
	return version{
		Subject: v.Subject, Version: v.Version, ID: v.ID, Type: v.Type.String(), References: v.References, Schema: v.Schema.Schema,
	}.withGUID()
}

// lookup answers POST /subjects/{subject}.
func (s *Server) lookup(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	subject := s.target(r.PathValue("subject"))
	history, stored, err := s.history(r, subject)
	if err != nil {
		fail(w, err)
		return
	}
	if len(history) == 0 {
		noSubject(w, subject)
		return
	}
	update, body, err := s.candidate(w, r)
	if err != nil {
		fail(w, err)
		return
	}
	answer := s.ask(subject, update, nil)
	if answer.Invalid != nil {
		fail(w, invalid("Invalid schema, details: %v", answer.Invalid))
		return
	}
	found, ok := same(stored, answer.Canonical, body)
	if !ok {
		refuse(w, http.StatusNotFound, 40403, "Schema not found")
		return
	}
	respond(w, http.StatusOK, shown(found))
}

// compatibility answers POST /compatibility/subjects/{subject}/versions, with
// one version or against all.
func (s *Server) compatibility(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	verbose := r.URL.Query().Get("verbose") == "true"
	subject := s.target(r.PathValue("subject"))
	answer, err := s.compare(w, r, subject)
	if answer.Invalid != nil {
		err = invalid("Invalid schema, details: %v", answer.Invalid)
	}
	if no, ok := err.(*refusal); ok && verbose && no.code == 42201 { //nolint:errorlint // it is never wrapped
		answer, err = Answer{Messages: []string{no.message}}, nil
	}
	if err != nil {
		fail(w, err)
		return
	}
	body := map[string]any{"is_compatible": answer.Compatible}
	if verbose {
		body["messages"] = append([]string{}, answer.Messages...)
	}
	respond(w, http.StatusOK, body)
}

// compare asks the checker. s.mu is held.
func (s *Server) compare(w http.ResponseWriter, r *http.Request, subject string) (Answer, error) {
	update, _, err := s.candidate(w, r)
	if err != nil {
		return Answer{}, err
	}
	history, _, err := s.history(r, subject)
	if err != nil {
		return Answer{}, err
	}
	if history, err = only(history, r.PathValue("version")); err != nil {
		return Answer{}, err
	}
	return s.ask(subject, update, history), nil
}

// Seed registers a schema without asking whether it is valid or compatible, as
// if it had always been there: it is not among [Server.Writes]. The error says
// what the store does not take.
func (s *Server) Seed(subject string, body sr.Schema) (id, number int, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id, number, err = s.fake.RegisterSchema(subject, body)
	if err != nil {
		return 0, 0, fmt.Errorf("seed %s: %w", subject, err)
	}
	if stored, ok := s.fake.GetSchema(subject, number); ok {
		s.guids[shown(stored).GUID] = stored.GUID
	}
	return id, number, nil
}
