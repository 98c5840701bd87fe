package registry

import (
	"fmt"
	"strings"

	"github.com/esgen-dev/esgen/compat/confluent"
	"github.com/esgen-dev/esgen/generator/schema"
)

// drift compares the versions of the registry with the accepted ones.
func (p *planner) drift(s schema.Schema, at *state) {
	if p.request.Accepted == nil {
		return
	}
	accepted := map[string]bool{canonical(s.Type, s.Text): true}
	for _, a := range p.request.Accepted[s.Subject] {
		accepted[canonical(a.Type, a.Text)] = true
	}
	var unknown []string
	for _, stored := range at.history {
		if !accepted[canonical(stored.Type, stored.Text)] {
			unknown = append(unknown, fmt.Sprint(stored.Version))
		}
	}
	if len(unknown) > 0 {
		p.report(s, ruleDrift,
			fmt.Sprintf("the registry holds %s of %s, which %s never accepted", plural("version", unknown), s.Subject, be(unknown)),
			"look at it, and run esgen lock pull to accept it; no offline check has seen it")
	}
	p.behind(s, at)
}

// behind reports accepted versions that are not in the registry. The schema
// that is to be registered does not count.
func (p *planner) behind(s schema.Schema, at *state) {
	live := map[string]bool{canonical(s.Type, s.Text): true}
	for _, stored := range at.history {
		live[canonical(stored.Type, stored.Text)] = true
	}
	var missing []string
	for i, a := range p.request.Accepted[s.Subject] {
		if !live[canonical(a.Type, a.Text)] {
			missing = append(missing, fmt.Sprint(i+1))
		}
	}
	if len(missing) > 0 {
		p.report(s, ruleBehind,
			fmt.Sprintf("%s of %s %s never registered, or deleted", plural("accepted version", missing), s.Subject, be(missing)),
			"nothing has to be done, unless events were written with it")
	}
}

func be(numbers []string) string {
	if len(numbers) == 1 {
		return "was"
	}
	return "were"
}

func plural(noun string, numbers []string) string {
	if len(numbers) == 1 {
		return noun + " " + numbers[0]
	}
	return noun + "s " + strings.Join(numbers, ", ")
}

// canonical returns the text that the registry keeps of a schema, so that
// comments and spaces do not count. What cannot be read without its imports
// stays as it is: both sides hold the registry's form of it.
func canonical(typ schema.Type, text string) string {
	parsed, err := confluent.Parse(confluent.Source{Type: typ, Text: text})
	if err != nil {
		return string(typ) + "\n" + strings.TrimSpace(text)
	}
	return string(typ) + "\n" + parsed.Canonical()
}
