package otel

import (
	"strconv"

	"go.opentelemetry.io/otel/attribute"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"

	"github.com/esgen-dev/esgen/es/kafka"
)

// The attributes that are not of the semantic conventions. Those with an id are
// for spans alone.
const (
	aggregateType  = attribute.Key("esgen.aggregate.type")
	aggregateID    = attribute.Key("esgen.aggregate.id")
	version        = attribute.Key("esgen.aggregate.version")
	commandType    = attribute.Key("esgen.command.type")
	commandID      = attribute.Key("esgen.command.id")
	commandOutcome = attribute.Key("esgen.command.outcome")
	commandCount   = attribute.Key("esgen.transaction.command_count")
	eventCount     = attribute.Key("esgen.event_count")
	phase          = attribute.Key("esgen.partition.phase")
	warm           = attribute.Key("esgen.restore.warm")
)

// ofPartition returns the attributes of what is measured for each partition.
// The rest is appended to them.
func ofPartition(p kafka.Partition, rest ...attribute.KeyValue) []attribute.KeyValue {
	return append(rest, aggregateType.String(p.Aggregate), partitionID(p))
}

// ofSending returns the attributes by which the conventions describe that a
// transaction was sent.
func ofSending(p kafka.Partition, err error) []attribute.KeyValue {
	return withError([]attribute.KeyValue{
		semconv.MessagingSystemKafka,
		semconv.MessagingOperationName("send"),
		semconv.MessagingOperationTypeSend,
		semconv.MessagingDestinationName(p.Topic),
		partitionID(p),
	}, err)
}

func partitionID(p kafka.Partition) attribute.KeyValue {
	return semconv.MessagingDestinationPartitionID(strconv.Itoa(int(p.ID)))
}

// withError appends the type of an error, if there is one.
func withError(attributes []attribute.KeyValue, err error) []attribute.KeyValue {
	if err == nil {
		return attributes
	}
	return append(attributes, errorType(err))
}
