package forward

import "fmt"

// UndeliveredError says that a call did not come to the engine of the process
// at an address. Nothing was done.
type UndeliveredError struct {
	Address string
	Status  int   // of the HTTP answer; 0 when there was none
	Err     error // e.g. that of the context, or of the network
}

func (e *UndeliveredError) Error() string {
	return fmt.Sprintf("not delivered to %s, so nothing was done: %v", e.Address, e.Err)
}

// Unwrap returns the cause.
func (e *UndeliveredError) Unwrap() error { return e.Err }

// RemoteError is an error that the engine of the process at an address
// returned: [es.ErrClosed] in it is about that engine. Nothing was done, unless
// it is an [es.ErrOutcomeUnknown] too. With [errors.Is] and [errors.As] it is all
// of the errors of packages es and kafka that were in it, and those of
// [DomainErrors]; of any other error the text is left.
type RemoteError struct {
	Address string
	Text    string

	causes []error
}

func (e *RemoteError) Error() string { return e.Text }

// Unwrap returns what was in the error.
func (e *RemoteError) Unwrap() []error { return e.causes }
