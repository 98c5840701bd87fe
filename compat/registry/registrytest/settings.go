package registrytest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/esgen-dev/esgen/compat/confluent"
)

// settings are those of a subject, or with the name "" of all subjects. Empty
// fields are not set.
type settings struct {
	level confluent.Level
	alias string
	mode  string
	rest  map[string]json.RawMessage // other settings, kept but without effect
}

// effective returns the settings that hold for a subject. s.mu is held.
func (s *Server) effective(subject string) settings {
	own, global := s.settings[subject], s.settings[""]
	if own.level == "" {
		own.level = global.level
	}
	if own.mode == "" {
		own.mode = global.mode
	}
	return own
}

// target returns the subject that requests for a subject are about.
func (s *Server) target(subject string) string {
	if alias := s.settings[subject].alias; alias != "" {
		return alias
	}
	return subject
}

// SetLevel sets the compatibility level of a subject, or with "" of all that
// have none of their own.
func (s *Server) SetLevel(subject string, level confluent.Level) {
	s.change(subject, func(own *settings) { own.level = level })
}

// SetMode sets the mode of a subject, or with "" of all that have none of their
// own: READWRITE, READONLY or IMPORT.
func (s *Server) SetMode(subject, mode string) {
	s.change(subject, func(own *settings) { own.mode = mode })
}

// SetAlias makes a subject another name of another one.
func (s *Server) SetAlias(subject, alias string) {
	s.change(subject, func(own *settings) { own.alias = alias })
}

// Level returns the level that is in effect for a subject.
func (s *Server) Level(subject string) confluent.Level {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.effective(subject).level
}

func (s *Server) change(subject string, f func(*settings)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	own := s.settings[subject]
	f(&own)
	s.settings[subject] = own
}

// getConfig answers GET /config and /config/{subject}.
func (s *Server) getConfig(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	subject := r.PathValue("subject")
	shown := s.settings[subject]
	switch {
	case r.URL.Query().Get("defaultToGlobal") == "true":
		shown = s.effective(subject)
	case shown.level == "" && shown.alias == "" && shown.rest == nil:
		refuse(w, http.StatusNotFound, 40408, noLevel(subject))
		return
	}
	answer := map[string]any{}
	for key, value := range shown.rest {
		answer[key] = value
	}
	if shown.level != "" {
		answer["compatibilityLevel"] = shown.level
	}
	if shown.alias != "" {
		answer["alias"] = shown.alias
	}
	respond(w, http.StatusOK, answer)
}

func noLevel(subject string) string {
	return fmt.Sprintf("Subject '%s' does not have subject-level compatibility configured", subject)
}

// putConfig answers PUT /config and /config/{subject}. As in old versions, what
// is not sent is forgotten.
func (s *Server) putConfig(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sent := map[string]json.RawMessage{}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody)).Decode(&sent); err != nil {
		refuse(w, http.StatusUnprocessableEntity, 42203, "Invalid compatibility level. "+err.Error())
		return
	}
	subject := r.PathValue("subject")
	own := settings{mode: s.settings[subject].mode}
	var level string
	if raw, ok := sent["compatibility"]; ok {
		_ = json.Unmarshal(raw, &level) // what is no text is no level
		if !slices.Contains(confluent.Levels(), confluent.Level(level)) {
			refuse(w, http.StatusUnprocessableEntity, 42203,
				"Invalid compatibility level. Valid values are none, backward, forward, full, "+
					"backward_transitive, forward_transitive, and full_transitive")
			return
		}
		own.level = confluent.Level(level)
	}
	_ = json.Unmarshal(sent["alias"], &own.alias) // without one it stays empty
	answer := map[string]json.RawMessage{}
	for key, value := range sent {
		answer[key] = value
		if key != "compatibility" && key != "alias" {
			if own.rest == nil {
				own.rest = map[string]json.RawMessage{}
			}
			own.rest[key] = value
		}
	}
	s.settings[subject] = own
	s.wrote(Write{Kind: "level", Subject: subject, Value: level})
	respond(w, http.StatusOK, answer)
}

// deleteConfig answers DELETE /config/{subject}.
func (s *Server) deleteConfig(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	subject := r.PathValue("subject")
	was := s.settings[subject]
	if was.level == "" {
		refuse(w, http.StatusNotFound, 40408, noLevel(subject))
		return
	}
	s.settings[subject] = settings{mode: was.mode}
	s.wrote(Write{Kind: "config", Subject: subject})
	respond(w, http.StatusOK, map[string]any{"compatibilityLevel": was.level})
}

// getMode answers GET /mode and /mode/{subject}.
func (s *Server) getMode(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	subject := r.PathValue("subject")
	mode := s.settings[subject].mode
	if r.URL.Query().Get("defaultToGlobal") == "true" {
		mode = s.effective(subject).mode
	}
	if mode == "" {
		refuse(w, http.StatusNotFound, 40409, fmt.Sprintf("Subject '%s' does not have subject-level mode configured", subject))
		return
	}
	respond(w, http.StatusOK, map[string]any{"mode": mode})
}

// putMode answers PUT /mode and /mode/{subject}.
func (s *Server) putMode(w http.ResponseWriter, r *http.Request) {
	var sent struct {
		Mode string `json:"mode"`
	}
	err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody)).Decode(&sent)
	if err != nil || !slices.Contains([]string{"READWRITE", "READONLY", "IMPORT"}, strings.ToUpper(sent.Mode)) {
		refuse(w, http.StatusUnprocessableEntity, 42204, "Invalid mode. Valid values are READWRITE, READONLY, IMPORT")
		return
	}
	subject := r.PathValue("subject")
	s.SetMode(subject, strings.ToUpper(sent.Mode))
	s.wrote(Write{Kind: "mode", Subject: subject, Value: strings.ToUpper(sent.Mode)})
	respond(w, http.StatusOK, map[string]any{"mode": strings.ToUpper(sent.Mode)})
}
