package registrytest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
)

// maxBody is the largest request that is read, in bytes.
const maxBody = 8 << 20

// routes returns what answers requests: this package, and srfake for the rest.
func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/metadata/version", s.getVersion)
	mux.HandleFunc("GET /schemas/types", s.getTypes)
	mux.HandleFunc("GET /schemas/ids/{id}", s.getSchema)
	mux.HandleFunc("GET /schemas/guids/{guid}", s.getGUID)
	mux.HandleFunc("GET /schemas/guids/{guid}/ids", s.getGUID)

	mux.HandleFunc("GET /subjects", s.getSubjects)
	mux.HandleFunc("POST /subjects/{subject}", s.lookup)
	mux.HandleFunc("DELETE /subjects/{subject}", s.deleteSubject)
	mux.HandleFunc("GET /subjects/{subject}/versions", s.getVersions)
	mux.HandleFunc("POST /subjects/{subject}/versions", s.register)
	mux.HandleFunc("GET /subjects/{subject}/versions/{version}", s.getVersionOf)
	mux.HandleFunc("DELETE /subjects/{subject}/versions/{version}", s.deleteVersion)
	mux.HandleFunc("POST /compatibility/subjects/{subject}/versions", s.compatibility)
	mux.HandleFunc("POST /compatibility/subjects/{subject}/versions/{version}", s.compatibility)

	for _, path := range []string{"", "/{subject}"} {
		mux.HandleFunc("GET /config"+path, s.getConfig)
		mux.HandleFunc("PUT /config"+path, s.putConfig)
		mux.HandleFunc("DELETE /config"+path, s.deleteConfig)
		mux.HandleFunc("GET /mode"+path, s.getMode)
		mux.HandleFunc("PUT /mode"+path, s.putMode)
	}
	mux.Handle("/", s.fake.Handler())
	return s.logged(s.authorized(mux))
}

func (s *Server) getVersion(w http.ResponseWriter, _ *http.Request) {
	if s.options.Version == "-" {
		refuse(w, http.StatusNotFound, 404, "HTTP 404 Not Found")
		return
	}
	respond(w, http.StatusOK, map[string]string{"version": s.options.Version, "commitId": "0000000000000000000000000000000000000000"})
}

func (s *Server) getTypes(w http.ResponseWriter, _ *http.Request) {
	respond(w, http.StatusOK, s.options.Types)
}

// getSubjects leaves out subjects without a live version.
func (s *Server) getSubjects(w http.ResponseWriter, r *http.Request) {
	var names []string
	status := s.store(r, http.MethodGet, r.URL.RequestURI(), &names)
	if r.URL.Query().Get("deleted") != "true" {
		names = slices.DeleteFunc(names, func(name string) bool { return len(s.live(r, name)) == 0 })
	}
	respond(w, status, names)
}

// getVersions answers that a subject without live versions is not there.
func (s *Server) getVersions(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	subject := s.target(r.PathValue("subject"))
	s.mu.Unlock()
	versions := []int{}
	s.store(r, http.MethodGet, versionsPath(subject)+"?"+r.URL.RawQuery, &versions)
	if len(versions) == 0 {
		noSubject(w, subject)
		return
	}
	respond(w, http.StatusOK, versions)
}

// getVersionOf answers with the id that the registry itself would compute.
func (s *Server) getVersionOf(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	subject := s.target(r.PathValue("subject"))
	s.mu.Unlock()
	var raw json.RawMessage
	status := s.store(r, http.MethodGet, versionsPath(subject)+"/"+r.PathValue("version")+"?"+r.URL.RawQuery, &raw)
	var stored version
	if status != http.StatusOK || json.Unmarshal(raw, &stored) != nil {
		respond(w, status, raw)
		return
	}
	identified, err := json.Marshal(stored.withGUID())
	if err != nil {
		refuse(w, http.StatusInternalServerError, 500, err.Error())
		return
	}
	answerIn(w, r, http.StatusOK, identified)
}

// getGUID translates a GUID to the one of the store.
func (s *Server) getGUID(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	guid := s.guids[r.PathValue("guid")]
	s.mu.Unlock()
	path := "/schemas/guids/" + guid
	if r.URL.Path[len(r.URL.Path)-4:] == "/ids" {
		path += "/ids"
	}
	var raw json.RawMessage
	status := s.store(r, http.MethodGet, path, &raw)
	var stored version
	if status == http.StatusOK && json.Unmarshal(raw, &stored) == nil {
		respond(w, status, stored.withGUID())
		return
	}
	respond(w, status, raw)
}

// deleteSubject marks all versions of a subject as deleted, or removes them.
// The store would not let a subject come back that it deleted itself.
func (s *Server) deleteSubject(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	subject := r.PathValue("subject")
	if r.URL.Query().Get("permanent") == "true" {
		var raw json.RawMessage
		status := s.store(r, http.MethodDelete, r.URL.RequestURI(), &raw)
		if status == http.StatusOK {
			s.wrote(Write{Kind: "delete", Subject: subject})
		}
		respond(w, status, raw)
		return
	}
	versions := s.live(r, subject)
	if len(versions) == 0 {
		noSubject(w, subject)
		return
	}
	for _, version := range versions {
		var raw json.RawMessage
		status := s.store(r, http.MethodDelete, fmt.Sprintf("%s/%d", versionsPath(subject), version), &raw)
		if status != http.StatusOK {
			respond(w, status, raw)
			return
		}
		s.wrote(Write{Kind: "delete", Subject: subject, Version: version})
	}
	respond(w, http.StatusOK, versions)
}

func (s *Server) deleteVersion(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var raw json.RawMessage
	status := s.store(r, http.MethodDelete, r.URL.RequestURI(), &raw)
	if status == http.StatusOK {
		var number int
		_ = json.Unmarshal(raw, &number) // 0 says as much as can be said
		s.wrote(Write{Kind: "delete", Subject: r.PathValue("subject"), Version: number})
	}
	respond(w, status, raw)
}

func noSubject(w http.ResponseWriter, subject string) {
	refuse(w, http.StatusNotFound, 40401, fmt.Sprintf("Subject '%s' not found.", subject))
}

// refuse answers with the registry's form of an error.
func refuse(w http.ResponseWriter, status, code int, message string) {
	respond(w, status, map[string]any{"error_code": code, "message": message})
}

func respond(w http.ResponseWriter, status int, answer any) {
	w.Header().Set("Content-Type", "application/vnd.schemaregistry.v1+json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(answer) //nolint:errchkjson // the client is gone
}
