package registrytest

import (
	"net/http"
	"slices"
	"strings"
	"sync"
)

// Request is a request that reached the registry, in the order of arrival.
type Request struct {
	Method string
	Path   string // decoded, without the query
	Query  string
	Header http.Header
	Status int // of the answer; 0 if an interceptor answered, or none came
}

// Write is a change of the registry's state.
type Write struct {
	Kind    string // "register", "level", "mode", "config" or "delete"
	Subject string // "" for all subjects
	Version int    // that was registered or deleted; 0 otherwise
	ID      int    // of the registered version
	Value   string // the level or mode, or the text that was registered
}

// log is what happened. It is safe for concurrent use.
type log struct {
	mu           sync.Mutex
	requests     []Request
	writes       []Write
	interceptors []func(http.ResponseWriter, *http.Request) bool
}

// Intercept lets a function see each request before the registry, to inject
// faults. If it returns true it has answered, or broken the connection, and the
// registry does nothing. Functions are asked in the order of their addition,
// and may be called from several goroutines.
func (s *Server) Intercept(f func(w http.ResponseWriter, r *http.Request) bool) {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	s.log.interceptors = append(s.log.interceptors, f)
}

// ClearInterceptors removes all interceptors.
func (s *Server) ClearInterceptors() {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	s.log.interceptors = nil
}

// Requests returns what reached the registry.
func (s *Server) Requests() []Request {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	return slices.Clone(s.log.requests)
}

// Writes returns all changes of the state since the start, those of [Server.Seed]
// left out.
func (s *Server) Writes() []Write {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	return slices.Clone(s.log.writes)
}

// wrote records a change.
func (s *Server) wrote(w Write) {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	s.log.writes = append(s.log.writes, w)
}

// logged records requests and asks the interceptors.
func (s *Server) logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.log.mu.Lock()
		index := len(s.log.requests)
		s.log.requests = append(s.log.requests, Request{
			Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery, Header: r.Header.Clone(),
		})
		interceptors := slices.Clone(s.log.interceptors)
		s.log.mu.Unlock()
		for _, f := range interceptors {
			if f(w, r) {
				return
			}
		}
		recorder := &statusRecorder{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(recorder, r)
		s.log.mu.Lock()
		s.log.requests[index].Status = recorder.status
		s.log.mu.Unlock()
	})
}

// statusRecorder remembers the status of an answer.
type statusRecorder struct {
	http.ResponseWriter

	status int
}

// WriteHeader implements http.ResponseWriter.
func (r *statusRecorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

// authorized asks for user or token.
func (s *Server) authorized(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, password, _ := r.BasicAuth()
		token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
		switch {
		case s.options.Token != "" && token != s.options.Token,
			s.options.User != "" && (user != s.options.User || password != s.options.Password):
			w.Header().Set("WWW-Authenticate", `Basic realm="registry"`)
			refuse(w, http.StatusUnauthorized, 401, "Unauthorized")
		default:
			next.ServeHTTP(w, r)
		}
	})
}
