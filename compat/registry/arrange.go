package registry

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/generator/schema"
)

// arrange returns the schemas in an order in which each comes behind those that
// it refers to, and otherwise as they were given. What appears twice, word for
// word, stays once.
func arrange(schemas []schema.Schema) ([]schema.Schema, []diag.Finding) {
	bySubject := map[string]schema.Schema{}
	var unique []schema.Schema
	var findings []diag.Finding
	for _, s := range schemas {
		if reason := badSubject(s.Subject); reason != "" {
			findings = append(findings, about(s, ruleSubject,
				fmt.Sprintf("invalid subject %q: %s", s.Subject, reason), "choose another name for the topic or the file"))
			continue
		}
		first, twice := bySubject[s.Subject]
		switch {
		case !twice:
			bySubject[s.Subject] = s
			unique = append(unique, s)
		case first.Text != s.Text || first.Type != s.Type || !slices.Equal(first.References, s.References):
			findings = append(findings, about(s, ruleSubject, fmt.Sprintf("%s and %s share the subject %s", first.Key, s.Key, s.Subject),
				"name subjects after topic and record (registry.subject: topic_record in esgen.yaml), or register whole files"))
		}
	}
	if len(findings) > 0 {
		return nil, findings
	}
	sorter := &sorter{bySubject: bySubject, state: map[string]visit{}}
	for _, s := range unique {
		if circle := sorter.visit(s, nil); circle != "" {
			return nil, []diag.Finding{about(s, ruleReference,
				"schemas refer to each other in a circle: "+circle, "move what they share into a file of its own")}
		}
	}
	return sorter.sorted, nil
}

func about(s schema.Schema, rule, message, help string) diag.Finding {
	f := finding(rule, message, help)
	f.Position = s.Position
	if s.Event != nil {
		f.Symbol = s.Key
	}
	return f
}

// badSubject says why a subject cannot be used. A colon in front would lead
// into a context that was not configured, and a path of dots out of the
// interface.
func badSubject(subject string) string {
	switch {
	case subject == "":
		return "it is empty"
	case subject == "." || subject == "..":
		return "it cannot stand in an address"
	case strings.HasPrefix(subject, ":"):
		return "it names a context; set the context of the registry instead"
	case strings.ContainsFunc(subject, unicode.IsControl):
		return "it holds a control character"
	}
	return ""
}

type visit int8

const (
	unseen visit = iota
	open
	finished
)

// sorter brings schemas into the order of their references.
type sorter struct {
	bySubject map[string]schema.Schema
	state     map[string]visit
	sorted    []schema.Schema
}

// visit appends a schema behind those that it refers to. It returns a circle,
// if there is one.
func (o *sorter) visit(s schema.Schema, path []string) (circle string) {
	path = append(path, s.Subject)
	switch o.state[s.Subject] {
	case finished:
		return ""
	case open:
		return strings.Join(path[slices.Index(path, s.Subject):], " -> ")
	case unseen:
	}
	o.state[s.Subject] = open
	for _, ref := range s.References {
		subject := ref.Subject
		if subject == "" {
			subject = ref.Name
		}
		if next, ok := o.bySubject[subject]; ok && ref.Version == 0 {
			if circle := o.visit(next, path); circle != "" {
				return circle
			}
		}
	}
	o.state[s.Subject] = finished
	o.sorted = append(o.sorted, s)
	return ""
}
