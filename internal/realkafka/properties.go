//go:build unix

package realkafka

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/esgen-dev/esgen/internal/jvm"
)

// place is where a node listens.
type place struct {
	id                 int32
	broker, controller int // ports
}

func (p place) name() string   { return fmt.Sprintf("node%d", p.id) }
func (p place) client() string { return loopback(p.broker) }

func loopback(port int) string { return fmt.Sprintf("127.0.0.1:%d", port) }

// layout finds ports for nodes.
func layout(nodes int) ([]place, error) {
	places := make([]place, nodes)
	for i := range places {
		broker, err := jvm.FreePort()
		if err != nil {
			return nil, err
		}
		controller, err := jvm.FreePort()
		if err != nil {
			return nil, err
		}
		places[i] = place{id: int32(i + 1), broker: broker, controller: controller}
	}
	return places, nil
}

// clusterID returns a new id in the form that Kafka wants.
func clusterID() (string, error) {
	id := make([]byte, 16)
	_, err := rand.Read(id)
	return base64.RawURLEncoding.EncodeToString(id), err
}

// text returns the properties of a node.
func (p place) text(all []place, w *network, data string, more map[string]string) string {
	var voters []string
	for _, v := range all {
		voters = append(voters, fmt.Sprintf("%d@%s", v.id, w.voter(p, v)))
	}
	settings := defaults(len(all))
	maps.Copy(settings, map[string]string{
		"node.id":                   fmt.Sprint(p.id),
		"process.roles":             "broker,controller",
		"controller.quorum.voters":  strings.Join(voters, ","),
		"controller.listener.names": "CONTROLLER",
		"log.dirs":                  data,
	})
	maps.Copy(settings, w.listeners(p))
	maps.Copy(settings, more)
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		fmt.Fprintf(&b, "%s=%s\n", name, settings[name])
	}
	return b.String()
}

// defaults are the settings that differ from those of Kafka: short time-outs,
// little memory, few threads.
func defaults(nodes int) map[string]string {
	replicas, inSync := "1", "1"
	if nodes >= 3 {
		replicas, inSync = "3", "2"
	}
	return map[string]string{
		"auto.create.topics.enable":                "false",
		"default.replication.factor":               replicas,
		"min.insync.replicas":                      inSync,
		"offsets.topic.replication.factor":         replicas,
		"offsets.topic.num.partitions":             "3",
		"transaction.state.log.replication.factor": replicas,
		"transaction.state.log.min.isr":            inSync,
		"transaction.state.log.num.partitions":     "3",

		"broker.heartbeat.interval.ms":                                "500",
		"broker.session.timeout.ms":                                   "3000",
		"group.initial.rebalance.delay.ms":                            "0",
		"group.min.session.timeout.ms":                                "500",
		"group.consumer.session.timeout.ms":                           "3000",
		"group.consumer.heartbeat.interval.ms":                        "200",
		"group.consumer.min.session.timeout.ms":                       "1000",
		"group.consumer.min.heartbeat.interval.ms":                    "100",
		"transaction.abort.timed.out.transaction.cleanup.interval.ms": "500",

		"log.cleaner.dedupe.buffer.size": "8388608",
		"log.index.size.max.bytes":       "1048576",
		"num.io.threads":                 "4",
		"num.network.threads":            "2",
	}
}
