package model

import (
	"fmt"
	"strings"
	"unicode"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/generator/load"
	esgenv1 "github.com/esgen-dev/esgen/proto/esgen/v1"
)

// Registry says how the schema of an event is registered, where the
// declaration has a word on it.
type Registry struct {
	Subject string // "" is by the configured naming
	Level   string // the compatibility level in the registry's words, e.g. "BACKWARD"; "" is the configured one
	JSON    bool   // register a JSON Schema, too

	Position diag.Position // of the subject, where there is one
}

// Paths of the registry settings inside the options that have them, and of
// values inside the settings.
const (
	pathFileRegistry      = 2
	pathAggregateRegistry = 4
	pathEventRegistry     = 7

	pathRegistrySubject = 1
	pathRegistryLevel   = 2
)

// registryLayer is a place that may set how schemas are registered.
type registryLayer struct {
	desc    protoreflect.Descriptor
	path    []int32 // of the settings
	options *esgenv1.RegistryOptions
}

// registry puts together what the file of an event, its aggregate and the
// event itself say, each overriding the ones before, setting by setting. The
// setting json cannot be taken back: false is the same as nothing.
func (b *builder) registry(d, aggregate *decl) Registry {
	file, _ := load.Option[*esgenv1.FileOptions](load.Decode(d.file.Desc), esgenv1.E_File)
	var r Registry
	for _, l := range []registryLayer{
		{d.file.Desc, []int32{int32(esgenv1.E_File.TypeDescriptor().Number()), pathFileRegistry}, file.GetRegistry()},
		{aggregate.msg.Desc, []int32{aggregate.extension(), pathAggregateRegistry}, aggregate.aggregateOpt.GetRegistry()},
		{d.msg.Desc, []int32{d.extension(), pathEventRegistry}, d.eventOpt.GetRegistry()},
	} {
		if l.options.GetSubject() != "" {
			r.Subject, r.Position = l.options.GetSubject(), b.set.OptionPosition(l.desc, append(l.path, pathRegistrySubject)...)
			b.checkSubjectName(d, r)
		}
		if l.options.GetCompatibility() != 0 {
			r.Level = b.level(d, l)
		}
		r.JSON = r.JSON || l.options.GetJson()
	}
	return r
}

// maxSubject bounds the name of a subject. It leaves room for what a file
// system or a URL adds.
const maxSubject = 255

func (b *builder) checkSubjectName(d *decl, r Registry) {
	control := strings.ContainsFunc(r.Subject, func(c rune) bool { return unicode.IsControl(c) || c == unicode.ReplacementChar })
	blank := strings.TrimSpace(r.Subject) != r.Subject
	reserved := r.Subject == "__GLOBAL" || r.Subject == "__EMPTY" // a registry keeps them for itself
	if !control && !blank && !reserved && len(r.Subject) <= maxSubject {
		return
	}
	b.report(d, diag.Finding{
		Rule:     ruleSubject,
		Message:  fmt.Sprintf("%q cannot be a subject", r.Subject),
		Position: r.Position,
		Help: fmt.Sprintf("use at most %d bytes of printable text, or leave it out: "+
			"the subject is then made from the topic and the event", maxSubject),
	})
}

// level returns the compatibility level of a layer in the registry's words.
func (b *builder) level(d *decl, l registryLayer) string {
	value := l.options.GetCompatibility()
	if _, ok := esgenv1.Compatibility_name[int32(value)]; !ok {
		b.report(d, diag.Finding{
			Rule:     ruleLevel,
			Message:  fmt.Sprintf("%d is no compatibility level", value),
			Position: b.set.OptionPosition(l.desc, append(l.path, pathRegistryLevel)...),
			Help:     "write the level by its name, e.g. COMPATIBILITY_BACKWARD",
		})
		return ""
	}
	return strings.TrimPrefix(value.String(), "COMPATIBILITY_")
}
