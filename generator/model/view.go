package model

import (
	"fmt"
	"slices"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/esgen-dev/esgen/diag"
)

// Paths of values inside the view option.
const (
	pathViewEvents  = 1
	pathViewIgnores = 2
	pathViewKey     = 3
)

func (b *builder) buildViews() {
	for _, d := range b.decls {
		if d.viewOpt == nil {
			continue
		}
		v := &View{Message: b.message(d), Key: d.viewOpt.GetKey(), Version: d.viewOpt.GetVersion()}
		v.Events = b.events(d, d.viewOpt.GetEvents(), pathViewEvents)
		v.Ignores = b.events(d, d.viewOpt.GetIgnores(), pathViewIgnores)
		b.checkView(d, v)
		d.view = v
	}
}

func (b *builder) checkView(d *decl, v *View) {
	if len(d.viewOpt.GetEvents()) == 0 {
		b.report(d, diag.Finding{
			Rule:     ruleViewWithoutEvents,
			Message:  fmt.Sprintf("view %s lists no event, so it would stay empty", d.msg.Desc.Name()),
			Position: b.at(d),
			Help:     `list the events that it is built from: events: ["AccountOpened"]`,
		})
	}
	for i, e := range v.Ignores {
		if slices.Contains(v.Events, e) {
			b.report(d, diag.Finding{
				Rule:     ruleViewEventTwice,
				Message:  fmt.Sprintf("view %s both takes and ignores %s", d.msg.Desc.Name(), e.FullName.Name()),
				Position: b.at(d, pathViewIgnores, int32(i)),
				Help:     "remove it from one of the lists",
			})
		}
	}
	if len(v.Key) == 0 {
		b.report(d, diag.Finding{
			Rule:     ruleViewKey,
			Message:  fmt.Sprintf("view %s has no key", d.msg.Desc.Name()),
			Position: b.at(d),
			Help:     `name the fields that identify a row: key: "account_id"`,
		})
	}
	for i, name := range v.Key {
		field := d.msg.Desc.Fields().ByName(protoreflect.Name(name))
		if field == nil || field.Cardinality() == protoreflect.Repeated || field.Message() != nil {
			b.report(d, diag.Finding{
				Rule:     ruleViewKey,
				Message:  fmt.Sprintf("view %s has no field %q that could be a key", d.msg.Desc.Name(), name),
				Position: b.at(d, pathViewKey, int32(i)),
				Help:     "name singular fields of the view that are no messages",
			})
		}
	}
}

// events resolves a list of event names.
func (b *builder) events(d *decl, names []string, path int32) []*Event {
	var events []*Event
	for i, name := range names {
		target := b.lookup(d, eventKind(), name, b.at(d, path, int32(i)))
		if target != nil && target.event != nil {
			events = append(events, target.event)
		}
	}
	return events
}
