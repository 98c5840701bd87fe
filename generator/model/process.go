package model

import (
	"fmt"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/esgen-dev/esgen/diag"
)

// Paths of values inside the process option.
const (
	pathProcessEvents = 1
	pathProcessSends  = 2
	pathProcessKey    = 3
	pathProcessTimers = 4
)

func (b *builder) buildProcesses() {
	for _, d := range b.decls {
		if d.processOpt == nil {
			continue
		}
		p := &Process{Message: b.message(d), Key: d.processOpt.GetKey()}
		p.Events = b.events(d, d.processOpt.GetEvents(), pathProcessEvents)
		p.Sends = b.sends(d)
		p.Timers = b.timers(d)
		b.checkProcess(d)
		d.process = p
	}
}

func (b *builder) sends(d *decl) []*Command {
	var commands []*Command
	for i, name := range d.processOpt.GetSends() {
		target := b.lookup(d, commandKind(), name, b.at(d, pathProcessSends, int32(i)))
		if target != nil && target.command != nil {
			commands = append(commands, target.command)
		}
	}
	return commands
}

func (b *builder) timers(d *decl) []Timer {
	var timers []Timer
	seen := map[string]bool{}
	for i, t := range d.processOpt.GetTimers() {
		at := b.at(d, pathProcessTimers, int32(i))
		after := t.GetAfter().AsDuration()
		complain := func(help, format string, args ...any) {
			b.report(d, diag.Finding{Rule: ruleProcessTimer, Message: fmt.Sprintf(format, args...), Position: at, Help: help})
		}
		switch {
		case t.GetName() == "":
			complain(`give it one, e.g. name: "PaymentOverdue"`, "a timer of process %s has no name", d.msg.Desc.Name())
		case seen[t.GetName()]:
			complain("give each timer a name of its own", "process %s has two timers named %q", d.msg.Desc.Name(), t.GetName())
		case after < 0:
			complain("give a positive duration", "timer %s of process %s fires %v before its start", t.GetName(), d.msg.Desc.Name(), -after)
		}
		seen[t.GetName()] = true
		timers = append(timers, Timer{Name: t.GetName(), After: after})
	}
	return timers
}

func (b *builder) checkProcess(d *decl) {
	if len(d.processOpt.GetEvents()) == 0 {
		b.report(d, diag.Finding{
			Rule:     ruleProcessWithoutEvents,
			Message:  fmt.Sprintf("process %s lists no event, so it would never start", d.msg.Desc.Name()),
			Position: b.at(d),
			Help:     `list the events that it reacts to: events: ["OrderPlaced"]`,
		})
	}
	key := d.msg.Desc.Fields().ByName(protoreflect.Name(d.processOpt.GetKey()))
	if key == nil || key.Kind() != protoreflect.StringKind || key.Cardinality() == protoreflect.Repeated {
		b.report(d, diag.Finding{
			Rule:     ruleProcessKey,
			Message:  fmt.Sprintf("process %s has no string field %q that could be its key", d.msg.Desc.Name(), d.processOpt.GetKey()),
			Position: b.at(d, pathProcessKey),
			Help:     "name the singular string field that tells one process from another",
		})
	}
}
