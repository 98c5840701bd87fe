package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/esgen-dev/esgen/bench/figures"
	"github.com/esgen-dev/esgen/internal/realkafka"
)

// kafka returns a part for each Kafka that is asked for.
func (s settings) kafka() []part {
	if s.brokers != "" {
		return []part{{"kafka-brokers", s.command("kafka"), func(ctx context.Context) (measured, error) {
			return s.onKafka(ctx, strings.Split(s.brokers, ","))
		}}}
	}
	var all []part
	for _, nodes := range s.clusters {
		command := s.command("kafka", "-real", fmt.Sprint(nodes))
		if nodes == 0 {
			all = append(all, part{"kfake", command, func(ctx context.Context) (measured, error) {
				return s.onKafka(ctx, nil)
			}})
			continue
		}
		all = append(all, part{fmt.Sprintf("kafka-%d", nodes), command, func(ctx context.Context) (measured, error) {
			return s.onNodes(ctx, nodes)
		}})
	}
	return all
}

// onNodes measures on nodes of Apache Kafka that live as long.
func (s settings) onNodes(ctx context.Context, nodes int) (all measured, err error) {
	in, err := realkafka.Find("")
	if err != nil {
		return all, err
	}
	cluster, err := realkafka.Start(ctx, in, realkafka.Options{Nodes: nodes})
	if err != nil {
		return all, err
	}
	defer func() { err = errors.Join(err, cluster.Stop()) }()
	if all, err = s.onKafka(ctx, cluster.Brokers()); err == nil {
		all.versions["Apache Kafka"] = in.Version
	}
	return all, err
}

// onKafka measures commands, reading and taking over on brokers; none is kfake.
func (s settings) onKafka(ctx context.Context, brokers []string) (measured, error) {
	all := measured{versions: figures.ModuleVersions("github.com/twmb/franz-go", "github.com/twmb/franz-go/pkg/kfake")}
	m := kafkaMeasuring{settings: s, brokers: brokers}
	m.runs = min(s.runs, 3)
	if len(brokers) > 0 {
		m.stored = nil
		for _, n := range s.stored {
			m.stored = append(m.stored, n/10)
		}
	}
	for _, measure := range []func(context.Context) ([]figures.Measurement, error){m.commands, m.reading, m.takeovers} {
		ms, err := measure(ctx)
		if err != nil {
			return measured{}, err
		}
		all.measurements = append(all.measurements, ms...)
	}
	return all, nil
}
