// Package otel makes traces and metrics of engines, by the API of
// OpenTelemetry.
//
//	engine, err := kafka.Open("bank", kafka.Client(...),
//		kafka.Observe(otel.Observer()),
//		kafka.Trace(otel.Propagator()))
//	...
//	defer engine.Close()
//	accounts := bankv1.NewAccountAggregate(otel.Engine(engine), Account{})
//
// The three are independent of each other: [Engine] makes spans for the calls
// to any engine, [Observer] measures an engine on Kafka, and [Propagator] takes
// the context of traces through its log. Spans and metrics go to the global
// providers of OpenTelemetry, unless [TracerProvider] and [MeterProvider] say
// otherwise. The package is not needed by any other, so that OpenTelemetry is
// linked into programs that import it, and into no others. It imports
// es/kafka.
//
// # Spans
//
//	execute <command>      a command
//	load <aggregate type>
//	history <aggregate type>
//	feed <aggregate type>  a loop, unless it follows
//	send <topic>           a transaction of Kafka, from the Observer
//
// All but the last are of the kind internal, and children of what is in the
// context that the engine was called with. The spans of loops last as long as
// the loop, with what its body does.
//
// The span of a transaction is of the kind client. It is a child of the first
// of its commands that is sampled, so it is sampled with it. Links lead from it
// to all of its commands that are sampled, and back from them to it; an SDK
// keeps 128 of them unless told otherwise.
//
// An answer is no error: neither what a handler refused, nor a conflict of
// versions, an aggregate that does not exist or a command that is invalid. The
// status of a span is an error, and error.type is set, when the outcome of a
// command is unknown, or when it was not decided at all. [Refusals] tells more
// errors to be answers.
//
// The attributes:
//
//	esgen.aggregate.type             full name of the aggregate type
//	esgen.aggregate.id               spans only; not of a feed or transaction
//	esgen.aggregate.version          spans only; the one it was loaded at, or led to
//	esgen.command.type               full name of the message
//	esgen.command.id                 spans only
//	esgen.command.outcome            one of kafka.Outcome, for any engine
//	esgen.event_count                spans only; that the command or the loop yielded
//	esgen.transaction.command_count  spans only; commands with events
//	esgen.partition.phase            one of kafka.Phase
//	esgen.restore.warm               whether what was in memory was brought up to date
//	error.type                       a code of Kafka, or the kind of another error
//	messaging.*                      as the conventions say
//
// # Metrics
//
// Two are of the semantic conventions for messaging. They have the attributes
// messaging.system, messaging.operation.name and messaging.operation.type
// (both "send"), messaging.destination.name, messaging.destination.partition.id
// and, after an error, error.type:
//
//	messaging.client.operation.duration  s          histogram  how long transactions with events took to commit
//	messaging.client.sent.messages       {message}  counter    events that were sent, committed or not
//
// The others have the attribute esgen.aggregate.type, and those that are
// written (P) also messaging.destination.partition.id:
//
//	esgen.command.duration      s            histogram      commands; by esgen.command.type and .outcome, error.type
//	esgen.transaction.commands  {command}    histogram   P  commands that shared a transaction
//	esgen.transaction.size      By           histogram   P  of the events in it, about
//	esgen.partition.count       {partition}  up-down        owned partitions; by esgen.partition.phase
//	esgen.partition.failures    {failure}    counter     P  by error.type and the esgen.partition.phase it led to
//	esgen.fence.duration        s            histogram   P  by error.type
//	esgen.restore.duration      s            histogram   P  by esgen.restore.warm
//	esgen.restore.events        {event}      histogram   P  read behind the checkpoint; by esgen.restore.warm
//	esgen.checkpoint.age        s            gauge       P  of the last one, with its snapshots
//	esgen.checkpoint.duration   s            histogram   P
//	esgen.checkpoint.entries    {entry}      counter     P  aggregates written to the index
//	esgen.checkpoint.snapshots  {snapshot}   counter     P  states written
//
// Conflicts and unknown outcomes are counted by esgen.command.duration, with
// the outcomes "conflict" and "unknown"; fences and restores by their
// durations. An alarm belongs on partitions in the phases "corrupt" and
// "outdated", and on unknown outcomes that do not end.
//
// There are as many series as there are types of commands times outcomes, and
// partitions that the process owned. Ids of aggregates and commands, actors and
// texts of errors are in no metric. Ids and the texts of errors that are no
// refusals are in spans; the contents of commands and events are in neither.
//
// # Reading
//
// What handles an event may run years after it was written, and again. So its
// span is linked to the command that wrote the event, and not a child of it:
// see [Links].
//
// # What it does not do
//
// It exports nothing and configures no SDK. It does not measure engines other
// than that on Kafka, or what Load, History and Feed take: their spans do. It
// makes no spans for what runs inside of an engine but transactions: a handler
// has no context. It carries no trace to the process that a kafka.Forwarder
// turns to: its transport does. It logs nothing: kafka.Logger does.
package otel
