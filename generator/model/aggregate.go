package model

import (
	"fmt"
	"regexp"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/generator/load"
	esgenv1 "github.com/esgen-dev/esgen/proto/esgen/v1"
)

// defaultPartitions is what a topic gets that does not say: enough to spread
// over the nodes of a small cluster, few enough to own on one.
const defaultPartitions = 12

// maxPartitions bounds what a declaration may ask for. More than this on one
// topic is a slip of the keyboard.
const maxPartitions = 10_000

func (b *builder) buildAggregates() {
	for _, d := range b.decls {
		if d.aggregateOpt != nil {
			b.buildAggregate(d)
		}
	}
}

func (b *builder) buildAggregate(d *decl) {
	o := d.aggregateOpt
	a := &Aggregate{
		Message:       b.message(d),
		Names:         NewNames(d.msg.GoIdent.GoName),
		File:          d.file.Desc.Path(),
		Output:        d.file.GeneratedFilenamePrefix,
		SnapshotEvery: int(o.GetSnapshot().GetEvery()),
		StateVersion:  o.GetStateVersion(),
		Fingerprint:   fingerprint(d.msg.Desc),
		Topic: Topic{
			Name:       o.GetTopic().GetName(),
			Partitions: int(o.GetTopic().GetPartitions()),
			Retention:  o.GetTopic().GetRetention().AsDuration(),
		},
	}
	if a.Topic.Name == "" {
		a.Topic.Name = topicName(a.FullName)
	}
	if a.Topic.Partitions == 0 {
		a.Topic.Partitions = defaultPartitions
	}
	d.aggregate = a
	b.checkTopic(d)
}

// Paths of values inside the aggregate option, and inside its topic.
const (
	pathAggregateTopic  = 1
	pathTopicName       = 1
	pathTopicPartitions = 2
	pathTopicRetention  = 3
)

// topicName returns the default name of a topic: the full name of the
// aggregate, its last part in kebab case.
func topicName(full protoreflect.FullName) string {
	name := kebab(string(full.Name()))
	if parent := full.Parent(); parent != "" {
		return string(parent) + "." + name
	}
	return name
}

// kebab turns "ShoppingCart" into "shopping-cart" and "HTTPRoute" into
// "http-route".
func kebab(name string) string {
	words := splitWords(name)
	for i, w := range words {
		words[i] = strings.ToLower(w)
	}
	return strings.Join(words, "-")
}

// Kafka allows these characters in topic names, up to 249 of them.
var topicPattern = regexp.MustCompile(`^[a-zA-Z0-9._-]{1,249}$`)

func (b *builder) checkTopic(d *decl) {
	topic := d.aggregate.Topic
	if !topicPattern.MatchString(topic.Name) || topic.Name == "." || topic.Name == ".." {
		b.report(d, diag.Finding{
			Rule:     ruleTopicName,
			Message:  fmt.Sprintf("%q is not a valid topic name", topic.Name),
			Position: b.at(d, pathAggregateTopic, pathTopicName),
			Help:     "use letters, digits, dots, dashes and underscores, at most 249 of them",
		})
	}
	if topic.Partitions > maxPartitions {
		b.report(d, diag.Finding{
			Rule:     ruleTopicPartitions,
			Message:  fmt.Sprintf("topic %s asks for %d partitions", topic.Name, topic.Partitions),
			Position: b.at(d, pathAggregateTopic, pathTopicPartitions),
			Help:     fmt.Sprintf("use at most %d; keys map to partitions, so the number is fixed for life", maxPartitions),
		})
	}
	if d.aggregateOpt.GetTopic().GetRetention() != nil && topic.Retention <= 0 {
		b.report(d, diag.Finding{
			Rule:     ruleTopicRetentionInvalid,
			Message:  fmt.Sprintf("topic %s has a retention of %v", topic.Name, topic.Retention),
			Position: b.at(d, pathAggregateTopic, pathTopicRetention),
			Help:     "leave it out to keep events for ever, or give a positive duration:\nretention: { seconds: 31536000 }",
		})
	}
}

// checkTopics finds two aggregates that would share a topic.
func (b *builder) checkTopics() {
	first := map[string]*decl{}
	for _, d := range b.decls {
		if d.aggregate == nil {
			continue
		}
		name := d.aggregate.Topic.Name
		other, taken := first[name]
		if !taken {
			first[name] = d
			continue
		}
		b.report(d, diag.Finding{
			Rule:     ruleTopicShared,
			Message:  fmt.Sprintf("aggregates %s and %s share the topic %q", other.aggregate.FullName, d.aggregate.FullName, name),
			Position: b.at(d, pathAggregateTopic, pathTopicName),
			Previous: previous(other.aggregate.Position, "%s has the topic first", other.aggregate.FullName),
			Help:     "give one of them another topic.name: a topic belongs to one aggregate type",
		})
	}
}

// aggregateOf finds the aggregate that a command or event belongs to: the one
// it names, the default of its file, the only one of its file, or the only
// one of its package.
func (b *builder) aggregateOf(d *decl, named string, at diag.Position) *decl {
	if named != "" {
		return b.lookup(d, aggregateKind(), named, at)
	}
	if o, ok := load.Option[*esgenv1.FileOptions](load.Decode(d.file.Desc), esgenv1.E_File); ok && o.GetAggregate() != "" {
		pos := b.set.OptionPosition(d.file.Desc, int32(esgenv1.E_File.TypeDescriptor().Number()), 1)
		return b.lookup(d, aggregateKind(), o.GetAggregate(), pos)
	}
	candidates := b.aggregatesWhere(func(a *decl) bool { return a.file == d.file })
	if len(candidates) == 0 {
		candidates = b.aggregatesWhere(func(a *decl) bool { return a.file.Desc.Package() == d.file.Desc.Package() })
	}
	switch len(candidates) {
	case 1:
		return candidates[0]
	case 0:
		b.report(d, diag.Finding{
			Rule:     ruleAggregateMissing,
			Message:  fmt.Sprintf("%s is %s, but package %s declares no aggregate", d.msg.Desc.Name(), d.role(), d.file.Desc.Package()),
			Position: at,
			Help:     "give the message that is the state the option (esgen.v1.aggregate) = {}, or name an aggregate here",
		})
		return nil
	}
	b.reportAmbiguous(d, candidates, at)
	return nil
}

func (b *builder) reportAmbiguous(d *decl, candidates []*decl, at diag.Position) {
	var names []string
	f := diag.Finding{Rule: ruleAggregateAmbiguous, Position: at}
	for _, c := range candidates {
		names = append(names, string(c.msg.Desc.Name()))
		f.Previous = append(f.Previous, diag.Previous{
			Position: b.set.Position(c.msg.Desc),
			Text:     fmt.Sprintf("%s is declared here", c.msg.Desc.Name()),
		})
	}
	f.Message = fmt.Sprintf("%s could belong to %s", d.msg.Desc.Name(), strings.Join(names, " or "))
	f.Help = fmt.Sprintf("say which, with aggregate: %q in the option, or for the whole file:\n"+
		"option (esgen.v1.file) = { aggregate: %q };", names[0], names[0])
	b.report(d, f)
}

func (b *builder) aggregatesWhere(suits func(*decl) bool) []*decl {
	var found []*decl
	for _, d := range b.aggregates {
		if suits(d) {
			found = append(found, d)
		}
	}
	return found
}

// checkHome reports a command or event that does not live in the Go package
// of its aggregate, where the sealed interfaces need it.
func (b *builder) checkHome(d, aggregate *decl) bool {
	if d.file.GoImportPath == aggregate.file.GoImportPath {
		if d.own() && !aggregate.own() {
			b.reportIncomplete(d, aggregate)
			return false
		}
		return true
	}
	b.report(d, diag.Finding{
		Rule: ruleOtherGoPackage,
		Message: fmt.Sprintf("%s is in Go package %s, but its aggregate %s is in %s",
			d.msg.Desc.Name(), d.file.GoImportPath, aggregate.msg.Desc.Name(), aggregate.file.GoImportPath),
		Position: b.set.Position(d.msg.Desc),
		Previous: previous(b.set.Position(aggregate.msg.Desc), "%s is declared here", aggregate.msg.Desc.Name()),
		Help:     "move the message to the aggregate's package; the types of its fields may stay where they are",
	})
	return false
}

// reportIncomplete is for a plugin request that generates only a part of a Go
// package. The other way round, a part that the request does not even mention,
// cannot be seen from here.
func (b *builder) reportIncomplete(d, aggregate *decl) {
	b.report(d, diag.Finding{
		Rule: rulePackageIncomplete,
		Message: fmt.Sprintf("%s with aggregate %s belongs to Go package %s, but is not generated in this run",
			aggregate.file.Desc.Path(), aggregate.msg.Desc.Name(), aggregate.file.GoImportPath),
		Position: b.set.Position(d.msg.Desc),
		Previous: previous(b.set.Position(aggregate.msg.Desc), "%s is declared here", aggregate.msg.Desc.Name()),
		Help:     "pass all .proto files of a Go package in one request; with buf, keep them in one directory or set strategy: all",
	})
}
