package topics

import (
	"fmt"
	"slices"
	"strings"
)

// command returns a line for one of Kafka's own tools.
func (i inspector) command(tool, arguments string) string {
	servers := `"$KAFKA_BROKERS"`
	if len(i.brokers) > 0 {
		servers = strings.Join(i.brokers, ",")
	}
	return tool + " --bootstrap-server " + servers + " " + arguments
}

// createCommand returns the command that creates a topic.
func (i inspector) createCommand(t Topic) string {
	var out strings.Builder
	fmt.Fprintf(&out, "--create --topic %s --partitions %d --replication-factor %d", t.Name, t.Partitions, t.ReplicationFactor)
	for _, s := range t.Settings {
		fmt.Fprintf(&out, " --config %s=%s", s.Name, s.Value)
	}
	return i.command("kafka-topics.sh", out.String())
}

// alterCommand returns the command that sets a setting.
func (i inspector) alterCommand(topic, setting, value string) string {
	return i.command("kafka-configs.sh", fmt.Sprintf("--alter --entity-type topics --entity-name %s --add-config %s=%s", topic, setting, value))
}

// reassignCommand returns the commands that give each partition enough
// replicas: those that it has, and others in turn. It returns "" if there are
// not enough brokers.
func (i inspector) reassignCommand(t Topic, at found, brokers []int32) string {
	if len(brokers) < t.ReplicationFactor {
		return ""
	}
	var rows []string
	for p, replicas := range at.assignment {
		replicas = slices.Clone(replicas)
		for n := 0; len(replicas) < t.ReplicationFactor; n++ {
			if next := brokers[(p+n)%len(brokers)]; !slices.Contains(replicas, next) {
				replicas = append(replicas, next)
			}
		}
		list := strings.Join(strings.Fields(strings.Trim(fmt.Sprint(replicas), "[]")), ",")
		rows = append(rows, fmt.Sprintf(`{"topic":%q,"partition":%d,"replicas":[%s]}`, t.Name, p, list))
	}
	return fmt.Sprintf("echo '{\"version\":1,\"partitions\":[%s]}' > %s.json && ", strings.Join(rows, ","), t.Name) +
		i.command("kafka-reassign-partitions.sh", "--reassignment-json-file "+t.Name+".json --execute")
}
