package model

import (
	"fmt"
	"strings"

	"github.com/esgen-dev/esgen/diag"
)

// linkFates connects replaced events with what took their place, and checks
// that every chain ends in an event of today.
func (b *builder) linkFates() {
	for _, d := range b.decls {
		if d.event == nil || d.event.Fate != Replaced {
			continue
		}
		at := b.at(d, pathEventReplacedBy)
		next := b.lookup(d, eventKind(), d.eventOpt.GetReplacedBy(), at)
		if next == nil || next.event == nil {
			continue
		}
		if next.event.Aggregate != d.event.Aggregate {
			b.report(d, diag.Finding{
				Rule: ruleForeignEvent,
				Message: fmt.Sprintf("%s belongs to %s, but %s that should replace it belongs to %s", d.msg.Desc.Name(),
					d.event.Aggregate.FullName.Name(), next.msg.Desc.Name(), next.event.Aggregate.FullName.Name()),
				Position: at,
				Previous: previous(next.event.Position, "%s is declared here", next.msg.Desc.Name()),
				Help:     "name an event of the same aggregate: a stored event never moves to another log",
			})
			continue
		}
		d.event.ReplacedBy = next.event
	}
	for _, d := range b.decls {
		if d.event != nil && d.event.ReplacedBy != nil {
			b.checkChain(d)
		}
	}
}

// checkChain follows the replacements of one event.
func (b *builder) checkChain(d *decl) {
	at := b.at(d, pathEventReplacedBy)
	chain := []string{string(d.event.FullName.Name())}
	seen := map[*Event]bool{d.event: true}
	first := d.event // of the chain, in order of declaration
	for e := d.event.ReplacedBy; e != nil; e = e.ReplacedBy {
		chain = append(chain, string(e.FullName.Name()))
		if seen[e] {
			if e != d.event || first != d.event {
				return // the first event on the circle reports it, once
			}
			b.report(d, diag.Finding{
				Rule:     ruleUpcastCycle,
				Message:  fmt.Sprintf("%s is replaced in a circle: %s", chain[0], strings.Join(chain, " -> ")),
				Position: at,
				Help:     "the last of a chain has no replaced_by: remove it from the event that is emitted today",
			})
			return
		}
		seen[e] = true
		if e.Position.Compare(first.Position) < 0 {
			first = e
		}
		if e.Fate == Retired {
			b.report(d, diag.Finding{
				Rule: ruleUpcastGap,
				Message: fmt.Sprintf("%s is replaced by %s, which is retired: %s reaches no event of today",
					chain[len(chain)-2], e.FullName.Name(), chain[0]),
				Position: at,
				Previous: previous(e.Position, "%s is retired here", e.FullName.Name()),
				Help:     fmt.Sprintf("retire %s too if it no longer matters, or replace it by an event that is still emitted", chain[0]),
			})
			return
		}
	}
}
