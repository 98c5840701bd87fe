package topics

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
)

// AccessError says that the cluster does not let the client do something.
type AccessError struct {
	Action  string // in words, e.g. "create"
	Topic   string // "" is the cluster
	Command string // what an administrator can do about it
	err     error
}

// Error returns the error with the way out.
func (e *AccessError) Error() string {
	return fmt.Sprintf("may not %s %s: %v\n  allow it: %s", e.Action, subject(e.Topic), e.err, e.Command)
}

// Unwrap returns the error of the client.
func (e *AccessError) Unwrap() error { return e.err }

// UnreachableError says that no broker answered.
type UnreachableError struct {
	Brokers []string // the addresses, as far as they were given
	err     error
}

// Error returns the error with the addresses.
func (e *UnreachableError) Error() string {
	at := "Kafka"
	if len(e.Brokers) > 0 {
		at += " at " + strings.Join(e.Brokers, ", ")
	}
	return fmt.Sprintf("no answer from %s: %v", at, e.err)
}

// Unwrap returns the error of the client, which is that of a context that ended.
func (e *UnreachableError) Unwrap() error { return e.err }

// failure says what an error kept from happening. What the cluster answered is
// told from what kept it from answering.
func (i inspector) failure(err error, action, topic string) error {
	var answer *kerr.Error
	switch {
	case denied(err):
		return &AccessError{Action: action, Topic: topic, Command: i.allow(action, topic), err: err}
	case errors.Is(err, context.Canceled):
		return fmt.Errorf("%s %s: %w", action, subject(topic), err)
	case !errors.As(err, &answer):
		return &UnreachableError{Brokers: i.brokers, err: err}
	default:
		return fmt.Errorf("%s %s: %w", action, subject(topic), err)
	}
}

func subject(topic string) string {
	if topic == "" {
		return "the cluster"
	}
	return "topic " + topic
}

// denied reports whether an error is a lack of rights.
func denied(err error) bool {
	var access *kadm.AuthError
	return errors.As(err, &access) || errors.Is(err, kerr.TopicAuthorizationFailed) || errors.Is(err, kerr.ClusterAuthorizationFailed)
}

// What is done about topics and the cluster, for errors.
const (
	actProducers    = "read the producers of"
	actTransactions = "describe the transactions of"
	actMark         = "end a transaction of"
	actVersions     = "ask for the versions of"
)

// allow returns the command that gives the right to an action. The principal
// is for the reader to fill in: only the brokers know who the client is.
func (i inspector) allow(action, topic string) string {
	operation, on := "DescribeConfigs", "--topic "+topic
	switch {
	case action == actMark:
		operation, on = "ClusterAction", "--cluster"
	case action == actTransactions:
		operation, on = "Describe", "--transactional-id '*'"
	case topic == "":
		operation, on = "Describe", "--cluster"
	case action == "create":
		operation = "Create"
	case action == "alter":
		operation = "AlterConfigs"
	case action == "describe":
		operation = "Describe"
	case action == actProducers:
		operation = "Read"
	}
	return i.command("kafka-acls.sh", `--add --allow-principal "User:$PRINCIPAL" --operation `+operation+" "+on)
}
