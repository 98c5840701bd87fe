// Package engines opens the engine that the flags of an example name: the same
// code runs in memory and on Kafka.
package engines

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/kafka"
	"github.com/esgen-dev/esgen/es/kafka/topics"
	"github.com/esgen-dev/esgen/es/memory"
)

// Engine is an engine that is closed in the end.
type Engine interface {
	es.Engine
	Close() error
}

// Flags say which engine it is.
type Flags struct {
	engine    string
	brokers   string
	advertise string
	session   time.Duration
}

// Register adds the flags to a set.
func (f *Flags) Register(set *flag.FlagSet) {
	set.StringVar(&f.engine, "engine", "memory", "where events are kept: memory or kafka")
	set.StringVar(&f.brokers, "brokers", os.Getenv("ESGEN_KAFKA_BROKERS"), "the `addresses` of Kafka, with commas between (ESGEN_KAFKA_BROKERS)")
	set.StringVar(&f.advertise, "advertise", "", "the `address` at which others reach this process. Default: that of -serve")
	set.DurationVar(&f.session, "session", 10*time.Second, "how long Kafka waits for a sign of life of this process")
}

// Address returns the address at which others reach this process, which serves
// at another one.
func (f *Flags) Address(serves string) string {
	if f.advertise == "" {
		return serves
	}
	return f.advertise
}

// Setup is what an application has to say about its engine.
type Setup struct {
	Application string
	Address     string // at which others reach this process; "" if they do not
	Clock       func() time.Time
	Validate    es.Validator
}

// Open opens the engine.
func (f *Flags) Open(s Setup) (Engine, error) {
	switch f.engine {
	case "memory":
		return memory.New(memory.Clock(s.Clock), memory.Validate(s.Validate)), nil
	case "kafka":
		if f.brokers == "" {
			return nil, fmt.Errorf("the engine kafka needs -brokers: esgen dev prints those of a Kafka for development")
		}
		return kafka.Open(s.Application,
			kafka.Client(kgo.SeedBrokers(strings.Split(f.brokers, ",")...)),
			kafka.Profile(topics.SingleBroker()), // of a real cluster more is to be asked
			kafka.Session(f.session),
			kafka.Advertise(s.Address),
			kafka.Clock(s.Clock),
			kafka.Validate(s.Validate),
		)
	}
	return nil, fmt.Errorf("there is no engine %q: it is memory or kafka", f.engine)
}
