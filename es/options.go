package es

import "time"

// CommandOptions are the options of one execution, as engines see them. The
// zero value is a command without expectations.
type CommandOptions struct {
	CommandID     string  // at most 64 bytes; empty: the engine makes one
	CorrelationID string  // e.g. the id of the request that led to the command
	Actor         string  // who asked for it
	Expect        *uint64 // the version that the aggregate must have
}

// CommandOption sets one of the [CommandOptions].
type CommandOption func(*CommandOptions)

// CommandID sets the id of the command, at most 64 bytes. Executing a command
// again under its id is safe: the first outcome is returned. A caller that may
// retry has to set it.
//
// An id belongs to one aggregate: the same id on another aggregate is another
// command. For commands that answer an event see [Event.FollowUpID].
func CommandID(id string) CommandOption {
	return func(o *CommandOptions) { o.CommandID = id }
}

// CorrelationID sets the correlation id that is stored with the events.
func CorrelationID(id string) CommandOption {
	return func(o *CommandOptions) { o.CorrelationID = id }
}

// Actor sets who asked for the command. It is stored with the events.
func Actor(name string) CommandOption {
	return func(o *CommandOptions) { o.Actor = name }
}

// ExpectVersion refuses the command with a [*ConflictError] unless the
// aggregate has exactly this version. Version 0 means that it has no events.
func ExpectVersion(v uint64) CommandOption {
	return func(o *CommandOptions) { o.Expect = &v }
}

// NewCommandOptions applies the options in order.
func NewCommandOptions(opts ...CommandOption) CommandOptions {
	if len(opts) == 0 {
		return CommandOptions{} // without the memory that an option may keep
	}
	var o CommandOptions
	for _, opt := range opts {
		opt(&o)
	}
	return o
}

// ReadOptions are the options of Load and History, as engines see them. The
// zero value reads everything that is stored.
type ReadOptions struct {
	AtVersion   uint64    // the last version to read; 0 is no bound
	AtTime      time.Time // the last time to read; zero is no bound
	FromVersion uint64    // the first version that History yields
	Fresh       bool      // for Load: confirm that nothing newer exists
}

// LoadOption is an option of Load.
type LoadOption interface{ applyLoad(*ReadOptions) }

// HistoryOption is an option of History.
type HistoryOption interface{ applyHistory(*ReadOptions) }

// ReadOption is an option of both Load and History.
type ReadOption interface {
	LoadOption
	HistoryOption
}

type readOption func(*ReadOptions)

func (f readOption) applyLoad(o *ReadOptions)    { f(o) }
func (f readOption) applyHistory(o *ReadOptions) { f(o) }

// AtVersion reads the aggregate as it was at version v: the events 1 to v.
// Load returns [ErrNotFound] when it has not come to v yet.
func AtVersion(v uint64) ReadOption {
	return readOption(func(o *ReadOptions) { o.AtVersion = v })
}

// AtTime reads the aggregate as it was at time t: all events whose time is not
// after t. Load returns [ErrNotFound] when there is none. Together with
// AtVersion, the bound that comes first counts.
func AtTime(t time.Time) ReadOption {
	return readOption(func(o *ReadOptions) { o.AtTime = t })
}

// FromVersion starts History at version v.
func FromVersion(v uint64) HistoryOption {
	return readOption(func(o *ReadOptions) { o.FromVersion = v })
}

// Fresh makes Load confirm with the log that nothing newer exists. Engines
// whose Load is always fresh ignore it.
func Fresh() LoadOption {
	return readOption(func(o *ReadOptions) { o.Fresh = true })
}

// NewLoadOptions applies the options in order.
func NewLoadOptions(opts ...LoadOption) ReadOptions {
	var o ReadOptions
	for _, opt := range opts {
		opt.applyLoad(&o)
	}
	return o
}

// NewHistoryOptions applies the options in order.
func NewHistoryOptions(opts ...HistoryOption) ReadOptions {
	var o ReadOptions
	for _, opt := range opts {
		opt.applyHistory(&o)
	}
	return o
}

// FeedOptions are the options of Feed, as engines see them. The zero value
// reads what is stored and ends.
type FeedOptions struct {
	Follow bool // wait for further events until the context ends
}

// FeedOption sets one of the [FeedOptions].
type FeedOption func(*FeedOptions)

// Follow makes Feed wait for further events until its context ends; the
// context's error is then the last thing it yields.
func Follow() FeedOption {
	return func(o *FeedOptions) { o.Follow = true }
}

// NewFeedOptions applies the options in order.
func NewFeedOptions(opts ...FeedOption) FeedOptions {
	var o FeedOptions
	for _, opt := range opts {
		opt(&o)
	}
	return o
}
