package model

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/esgen-dev/esgen/diag"
)

// Paths of values inside the event option.
const (
	pathEventAggregate  = 1
	pathEventType       = 2
	pathEventAliases    = 3
	pathEventReplacedBy = 4
	pathEventUpcast     = 5
	pathEventRetired    = 6
)

func (b *builder) buildEvents() {
	for _, d := range b.decls {
		if d.eventOpt == nil {
			continue
		}
		owner := b.aggregateOf(d, d.eventOpt.GetAggregate(), b.at(d, pathEventAggregate))
		if owner == nil || owner.aggregate == nil || !b.checkHome(d, owner) {
			continue
		}
		b.buildEvent(d, owner)
	}
}

func (b *builder) buildEvent(d, owner *decl) {
	a := owner.aggregate
	e := &Event{
		Message:    b.message(d),
		Aggregate:  a,
		StoredType: d.eventOpt.GetType(),
		Aliases:    d.eventOpt.GetAliases(),
		Fate:       b.fate(d),
		PII:        b.personalData(d),
		Registry:   b.registry(d, owner),
	}
	if e.StoredType == "" {
		e.StoredType = string(e.FullName)
	}
	d.event = e
	a.Events = append(a.Events, e)
}

// fate reads what became of an event, of which there can be only one thing.
func (b *builder) fate(d *decl) Fate {
	type way struct {
		fate  Fate
		name  string
		field int32
		set   bool
	}
	o := d.eventOpt
	fate, first := Current, way{}
	for _, w := range []way{
		{Replaced, "replaced_by", pathEventReplacedBy, o.GetReplacedBy() != ""},
		{Split, "upcast", pathEventUpcast, o.GetUpcast() != 0},
		{Retired, "retired", pathEventRetired, o.GetRetired()},
	} {
		switch {
		case !w.set:
		case !first.set:
			fate, first = w.fate, w
		default:
			b.report(d, diag.Finding{
				Rule:     ruleTwoFates,
				Message:  fmt.Sprintf("%s has both %s and %s", d.msg.Desc.Name(), first.name, w.name),
				Position: b.at(d, w.field),
				Previous: previous(b.at(d, first.field), "%s is set here", first.name),
				Help:     "keep the one that says how stored events are read: replaced_by for one to one, upcast for one to many, retired for none",
			})
		}
	}
	return fate
}

// checkStoredNames finds names in the log that two events would share, and
// names that cannot be stored.
func (b *builder) checkStoredNames() {
	type owner struct {
		d  *decl
		at diag.Position
	}
	taken := map[*Aggregate]map[string]owner{}
	for _, d := range b.decls {
		if d.event == nil {
			continue
		}
		names := taken[d.event.Aggregate]
		if names == nil {
			names = map[string]owner{}
			taken[d.event.Aggregate] = names
		}
		for i, name := range append([]string{d.event.StoredType}, d.event.Aliases...) {
			at := b.at(d, pathEventType)
			if i > 0 {
				at = b.at(d, pathEventAliases, int32(i-1))
			}
			b.checkStoredName(d, name, at)
			if first, ok := names[name]; ok {
				b.report(d, diag.Finding{
					Rule:     ruleStoredNameTaken,
					Message:  fmt.Sprintf("the stored name %q of %s belongs to %s already", name, d.msg.Desc.Name(), first.d.msg.Desc.Name()),
					Position: at,
					Previous: previous(first.at, "%s has the name first", first.d.msg.Desc.Name()),
					Help:     "a stored name leads to one event: remove it from one of the two",
				})
				continue
			}
			names[name] = owner{d, at}
		}
	}
}

// maxStoredName bounds names in the log, where they stand with every event.
const maxStoredName = 255

func (b *builder) checkStoredName(d *decl, name string, at diag.Position) {
	unprintable := strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsGraphic(r) || unicode.IsSpace(r) })
	if name != "" && len(name) <= maxStoredName && !unprintable {
		return
	}
	b.report(d, diag.Finding{
		Rule:     ruleStoredName,
		Message:  fmt.Sprintf("%q cannot be the stored name of %s", name, d.msg.Desc.Name()),
		Position: at,
		Help:     fmt.Sprintf("use 1 to %d bytes of printable text without spaces, best the full name of the message", maxStoredName),
	})
}
