package wire

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/kafka"
	pb "github.com/esgen-dev/esgen/es/kafka/forward/internal/esgen/forward/v1"
)

// sentinels are the errors that are nothing but themselves, by their number.
var sentinels = map[pb.Sentinel]error{
	pb.Sentinel_SENTINEL_NOT_FOUND:           es.ErrNotFound,
	pb.Sentinel_SENTINEL_EXISTS:              es.ErrExists,
	pb.Sentinel_SENTINEL_CONFLICT:            es.ErrConflict,
	pb.Sentinel_SENTINEL_EMPTY_ID:            es.ErrEmptyID,
	pb.Sentinel_SENTINEL_COMMAND_ID_TOO_LONG: es.ErrCommandIDTooLong,
	pb.Sentinel_SENTINEL_OUTCOME_UNKNOWN:     es.ErrOutcomeUnknown,
	pb.Sentinel_SENTINEL_CLOSED:              es.ErrClosed,
	pb.Sentinel_SENTINEL_OVERLOADED:          kafka.ErrOverloaded,
	pb.Sentinel_SENTINEL_FORGOTTEN:           kafka.ErrForgotten,
	pb.Sentinel_SENTINEL_CANCELED:            context.Canceled,
	pb.Sentinel_SENTINEL_DEADLINE_EXCEEDED:   context.DeadlineExceeded,
}

// EncodeFailure returns the response for an error: its text, and everything in
// it that a caller may ask for. domain holds the errors of the service.
func EncodeFailure(err error, domain map[string]error) ([]byte, error) {
	failure := &pb.Failure{Text: text(err.Error()), Causes: typed(err)}
	for _, number := range slices.Sorted(maps.Keys(sentinels)) {
		if errors.Is(err, sentinels[number]) {
			failure.Causes = append(failure.Causes, &pb.Cause{Kind: &pb.Cause_Sentinel{Sentinel: number}})
		}
	}
	for _, code := range slices.Sorted(maps.Keys(domain)) {
		if errors.Is(err, domain[code]) {
			failure.Causes = append(failure.Causes, &pb.Cause{Kind: &pb.Cause_Domain{Domain: code}})
		}
	}
	return encode(&pb.Response{Outcome: &pb.Response_Failure{Failure: failure}})
}

// Causes returns the errors in a failure that are known here.
func Causes(f *pb.Failure, domain map[string]error) []error {
	var causes []error
	for _, c := range f.GetCauses() {
		if err := causeOf(c, domain); err != nil {
			causes = append(causes, err)
		}
	}
	return causes
}

func causeOf(c *pb.Cause, domain map[string]error) error {
	switch k := c.GetKind().(type) {
	case *pb.Cause_Sentinel:
		return sentinels[k.Sentinel]
	case *pb.Cause_Domain:
		return domain[k.Domain]
	}
	return typedOf(c)
}
