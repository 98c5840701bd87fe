package kafka

import "time"

// windowLimits bound what is remembered of the commands of an aggregate.
type windowLimits struct {
	size   int           // commands
	age    time.Duration // 0 is no limit
	refuse bool          // a command whose id may have been forgotten
}
