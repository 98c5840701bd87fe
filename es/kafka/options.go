package kafka

import (
	"log/slog"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/kafka/topics"
)

// config is what the options of an engine set.
type config struct {
	kafka      []kgo.Opt
	address    string
	clock      func() time.Time
	validate   es.Validator
	budget     time.Duration
	session    time.Duration
	serverSide bool

	profile  topics.Profile
	override []string

	checkpointEvery int
	piece           pieceLimits
	memory          int64
	window          windowLimits

	compact   bool
	framing   framing
	forwarder Forwarder
	tracer    Propagator
	observer  Observer
	log       *slog.Logger
}

func defaults() config {
	return config{
		clock:           time.Now, //nolint:forbidigo // the default of Clock
		budget:          5 * time.Second,
		session:         10 * time.Second,
		profile:         topics.Production(),
		checkpointEvery: 10_000,
		piece:           pieceLimits{entries: 1000, bytes: 512 << 10},
		memory:          256 << 20,
		window:          windowLimits{size: 1024},
		observer:        NoObserver{},
		log:             slog.New(slog.DiscardHandler),
	}
}

// Option sets up an [Engine].
type Option func(*config)

// Clock sets the clock that events take their time from. The default is
// [time.Now]. The clock may go backwards; the events of one aggregate do not.
// It has to be safe for concurrent use.
func Clock(now func() time.Time) Option {
	return func(c *config) { c.clock = now }
}

// Validate sets a check that every command passes before it is decided. The
// default is none.
func Validate(v es.Validator) Option {
	return func(c *config) { c.validate = v }
}

// Client sets options of every client that the engine makes: the brokers to
// start from, TLS, SASL, a dialer, hooks. Options of consumers, producers and
// transactions are the engine's own business.
func Client(opts ...kgo.Opt) Option {
	return func(c *config) { c.kafka = append(c.kafka, opts...) }
}

// Advertise sets the address at which other processes can reach this one. It
// is what they find in a [NotOwnerError], and what a [Forwarder] is given.
func Advertise(address string) Option {
	return func(c *config) { c.address = address }
}

// Budget sets how long one step may take: a commit, a fence, an answer of a
// broker. What takes longer is given up and resolved by reading the log. The
// default is 5 seconds.
func Budget(d time.Duration) Option {
	return func(c *config) { c.budget = d }
}

// Session sets how long the group waits for a sign of life of a process before
// it gives its partitions to others. The default is 10 seconds; brokers accept
// 6 seconds to 30 minutes unless told otherwise.
func Session(d time.Duration) Option {
	return func(c *config) { c.session = d }
}

// ServerSideAssignment lets the brokers assign partitions (KIP-848) instead of
// one of the processes. It takes Kafka 4.0, and 4.3 to be sound in every
// rebalance; the session is then a setting of the broker,
// group.consumer.session.timeout.ms, and [Session] is not looked at.
func ServerSideAssignment() Option {
	return func(c *config) { c.serverSide = true }
}

// Profile sets what the cluster has to give, as checked when the engine begins
// with an aggregate type. The default is [topics.Production].
func Profile(p topics.Profile) Option {
	return func(c *config) { c.profile = p }
}

// Override names requirements of package topics that are not insisted on.
func Override(names ...topics.Requirement) Option {
	return func(c *config) {
		for _, n := range names {
			c.override = append(c.override, string(n))
		}
	}
}

// CheckpointEvery sets after how many events of a partition its owner writes
// what makes them unnecessary for a restore. Fewer make a takeover quicker and
// commands dearer. The default is 10,000.
func CheckpointEvery(events int) Option {
	return func(c *config) { c.checkpointEvery = max(events, 1) }
}

// Memory sets how many bytes the decoded aggregates of an engine may take,
// about. What has not been used for the longest time is dropped, and comes back
// from its snapshot and its events. The default is 256 MiB. The index, with an
// entry for each aggregate, is not part of it.
func Memory(bytes int64) Option {
	return func(c *config) { c.memory = bytes }
}

// Window sets for how many commands of each aggregate, and for how long, the
// engine remembers command ids: a command id that it remembers is answered with
// its first outcome. No age, 0, is no limit. The default is 1024 commands of
// any age. What becomes of a command id that was forgotten says [RefuseForgotten].
func Window(commands int, age time.Duration) Option {
	return func(c *config) { c.window.size, c.window.age = max(commands, 1), age }
}

// RefuseForgotten refuses a command with [ErrForgotten] when its id may have
// been forgotten: it is a UUID of version 7, which tells its age, and is older
// than what the engine remembers of the aggregate. Without this option, and
// with other ids, such a command is executed, perhaps for a second time.
func RefuseForgotten() Option {
	return func(c *config) { c.window.refuse = true }
}

// CompactEnvelope writes short headers of the engine's own instead of the
// attributes of CloudEvents. Both are read, always.
func CompactEnvelope() Option {
	return func(c *config) { c.compact = true }
}

// Forward sets what executes commands at the process that owns their aggregate.
// Without it the caller gets a [*NotOwnerError].
func Forward(f Forwarder) Option {
	return func(c *config) { c.forwarder = f }
}

// Trace sets what carries the context of traces in the headers of events.
func Trace(p Propagator) Option {
	return func(c *config) { c.tracer = p }
}

// Observe sets who is told what the engine does.
func Observe(o Observer) Option {
	return func(c *config) { c.observer = o }
}

// Logger sets where the engine logs what becomes of its partitions. The default
// is nowhere.
func Logger(l *slog.Logger) Option {
	return func(c *config) { c.log = l }
}

// options returns the options of every client. What a client does by default
// when a leader has moved, or a broker hangs and its connections stay, takes as
// long as one budget or several.
func (c *config) options() []kgo.Opt {
	return append([]kgo.Opt{
		kgo.MetadataMinAge(250 * time.Millisecond),
		kgo.DialTimeout(c.budget / 2),
		kgo.RequestTimeoutOverhead(c.budget / 2),
	}, c.kafka...)
}
