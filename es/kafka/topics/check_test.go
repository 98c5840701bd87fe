package topics_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kversion"

	"github.com/esgen-dev/esgen/es/kafka/topics"
)

// reassign carries out a reassignment. The cluster of this process takes it and
// does nothing, so the topic is made anew.
func (c cluster) reassign(t *testing.T, line string) {
	t.Helper()
	text, _, _ := strings.Cut(strings.TrimPrefix(line, "echo '"), "'")
	var file struct {
		Version    int
		Partitions []struct {
			Topic     string
			Partition int32
			Replicas  []int32
		}
	}
	if err := json.Unmarshal([]byte(text), &file); err != nil || file.Version != 1 {
		t.Fatal(err, text)
	}
	request := kadm.AlterPartitionAssignmentsReq{}
	for _, p := range file.Partitions {
		if len(slices.Compact(slices.Sorted(slices.Values(p.Replicas)))) != len(p.Replicas) {
			t.Errorf("a broker twice: %v", p)
		}
		request.Assign(p.Topic, p.Partition, p.Replicas)
	}
	responses, err := c.admin.AlterPartitionAssignments(t.Context(), request)
	if err != nil || responses.Error() != nil {
		t.Fatal(err, responses.Error())
	}
	c.recreate(t, file.Partitions[0].Topic, len(file.Partitions), len(file.Partitions[0].Replicas))
}

// violation breaks one requirement.
type violation struct {
	topic, setting, value string // of a setting
	name                  string
	harm                  func(*testing.T, cluster)
	want                  string // the problem, without what mends it
	apply                 bool   // esgen topics apply --alter mends it
}

func violations() []violation {
	return []violation{
		{topic: "orders", setting: "cleanup.policy", value: "compact", want: "orders cleanup.policy is compact, wanted delete", apply: true},
		{topic: "orders", setting: "cleanup.policy", value: "compact,delete", want: "orders cleanup.policy is compact,delete, wanted delete", apply: true},
		{topic: "orders.state", setting: "cleanup.policy", value: "delete", want: "orders.state cleanup.policy is delete, wanted compact"},
		{
			topic: "orders.state", setting: "cleanup.policy", value: "delete, compact",
			want: "orders.state cleanup.policy is delete, compact, wanted compact", apply: true,
		},
		{topic: "orders.routes", setting: "cleanup.policy", value: "delete", want: "orders.routes cleanup.policy is delete, wanted compact"},
		{
			topic: "orders", setting: "retention.ms", value: "604800000",
			want: "orders retention.ms is 604800000 (7 days), wanted -1 (no limit)", apply: true,
		},
		{topic: "orders", setting: "retention.ms", value: "90000", want: "orders retention.ms is 90000 (1m30s), wanted -1 (no limit)", apply: true},
		{topic: "orders", setting: "retention.bytes", value: "1", want: "orders retention.bytes is 1, wanted -1 (no limit)", apply: true},
		{topic: "orders", setting: "min.insync.replicas", value: "1", want: "orders min.insync.replicas is 1, wanted 2", apply: true},
		{topic: "orders.state", setting: "min.insync.replicas", value: "1", want: "orders.state min.insync.replicas is 1, wanted 2", apply: true},
		{topic: "orders", setting: "min.insync.replicas", value: "4", want: "orders min.insync.replicas is 4, wanted 2"},
		{
			topic: "orders", setting: "unclean.leader.election.enable", value: "true",
			want: "orders unclean.leader.election.enable is true, wanted false", apply: true,
		},
		{topic: "orders", setting: "max.message.bytes", value: "1048587", want: "orders max.message.bytes is 1048587, wanted 1048588", apply: true},
		{
			topic: "orders.state", setting: "delete.retention.ms", value: "86400000",
			want: "orders.state delete.retention.ms is 86400000 (1 days), wanted 604800000 (7 days)", apply: true,
		},
		{
			name: "replication factor", harm: func(t *testing.T, c cluster) { t.Helper(); c.recreate(t, "orders", 4, 2) },
			want: "orders replication.factor is 2, wanted 3",
		},
		{
			name: "a topic is missing", harm: func(t *testing.T, c cluster) {
				t.Helper()
				must(t)(c.admin.DeleteTopic(t.Context(), "orders.routes"))
			},
			want: "orders.routes topic.exists is false, wanted true", apply: true,
		},
		{
			name: "old transactions", harm: func(t *testing.T, c cluster) {
				t.Helper()
				must(t)(c.admin.UpdateFeatures(t.Context(), false, kadm.FeatureUpdate{Feature: "transaction.version", MaxVersionLevel: 1, UpgradeType: 3}))
			},
			want: " transaction.version is 1, wanted 2",
		},
	}
}

func must(t *testing.T) func(any, error) {
	t.Helper()
	return func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
}

// Each requirement is violated, found, and mended: by the command of Kafka's
// own tools, and by applying where the problem says that this does it.
func TestCheck(t *testing.T) {
	t.Parallel()
	for _, v := range violations() {
		if v.harm == nil {
			v.name = v.topic + " " + v.setting + "=" + v.value
			v.harm = func(t *testing.T, c cluster) {
				t.Helper()
				c.set(t, v.topic, v.setting, v.value)
			}
		}
		t.Run(v.name, func(t *testing.T) {
			t.Parallel()
			c := start(t)
			want := orders(t)
			c.apply(t, want, topics.Options{})
			wantProblems(t, c.check(t, want))

			v.harm(t, c)
			report := c.check(t, want)
			wantProblems(t, report, v.want)
			problem := report.Problems[0]
			if len(problem.Why) < 20 || strings.Contains(problem.Command, "\n") || (problem.Apply != "") != v.apply {
				t.Errorf("%+v", problem)
			}
			if (report.Err() == nil) != problem.Warning {
				t.Errorf("warning %v, verdict %v", problem.Warning, report.Err())
			}
			c.run(t.Context(), t, problem.Command)
			wantProblems(t, c.check(t, want))

			v.harm(t, c)
			c.apply(t, want, topics.Options{Alter: strings.HasSuffix(problem.Apply, "--alter") || problem.Apply == ""})
			if v.apply {
				wantProblems(t, c.check(t, want))
			} else {
				wantProblems(t, c.check(t, want), v.want)
			}
		})
	}
}

// wantProblems compares a report with lines of topic, requirement and values.
// Nothing may be unknown.
func wantProblems(t *testing.T, report topics.Report, want ...string) {
	t.Helper()
	var got []string
	for _, p := range report.Problems {
		got = append(got, fmt.Sprintf("%s %s is %s, wanted %s", p.Topic, p.Requirement, p.Found, p.Wanted))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if len(report.Unknown) > 0 {
		t.Errorf("unknown: %v", report.Unknown)
	}
}

func TestCheck_partitions(t *testing.T) {
	t.Parallel()
	c := start(t)
	c.apply(t, orders(t), topics.Options{})
	for _, change := range []struct {
		aggregate topics.Aggregate
		want      []string
	}{
		{topics.Aggregate{Topic: "orders", Partitions: 4, Recorded: 4}, nil},
		{topics.Aggregate{Topic: "orders", Partitions: 5, Recorded: 4}, []string{
			"orders partitions is 4, wanted 5", "orders.state partitions is 4, wanted 5",
		}},
		{topics.Aggregate{Topic: "orders", Partitions: 4, Recorded: 3}, []string{
			"orders recorded.partitions is 4, wanted 3", "orders.state recorded.partitions is 4, wanted 3",
		}},
	} {
		want := wanted(t, topics.Production(), change.aggregate)
		report := c.check(t, want)
		wantProblems(t, report, change.want...)
		for _, p := range report.Problems {
			if p.Advice == "" || p.Command != "" || p.Apply != "" {
				t.Errorf("no command may change partitions: %+v", p)
			}
		}
		for _, done := range c.apply(t, want, topics.Options{Alter: true}) {
			if !strings.HasPrefix(done, "differs ") && !strings.HasPrefix(done, "unchanged ") {
				t.Errorf("%s with %+v", done, change.aggregate)
			}
		}
		wantProblems(t, c.check(t, want), change.want...)
	}

	c.recreate(t, "orders.routes", 2, 3)
	report := c.check(t, orders(t))
	wantProblems(t, report, "orders.routes partitions is 2, wanted 1")
	if !strings.Contains(report.Problems[0].Advice, "delete the topic") {
		t.Error(report.Problems[0])
	}
}

// What is not told is unknown, and no problem.
func TestCheck_unknown(t *testing.T) {
	t.Parallel()
	c := start(t)
	for _, topic := range orders(t) {
		configs := map[string]*string{}
		for _, s := range topic.Settings {
			if s.Name != "unclean.leader.election.enable" {
				configs[s.Name] = &s.Value
			}
		}
		must(t)(c.admin.CreateTopic(t.Context(), int32(topic.Partitions), 3, configs, topic.Name))
	}
	report := c.check(t, orders(t))
	want := topics.Report{Unknown: []topics.Unknown{
		{Topic: "orders", Setting: "unclean.leader.election.enable"},
		{Topic: "orders.state", Setting: "unclean.leader.election.enable"},
		{Topic: "orders.routes", Setting: "unclean.leader.election.enable"},
	}}
	if diff := cmp.Diff(want, report); diff != "" {
		t.Error(diff)
	}
	plan, err := topics.MakePlan(t.Context(), c.admin, orders(t), topics.Options{Alter: true})
	if err != nil || plan.Count(topics.Unchanged) != 3 || !slices.Equal(plan.Steps[0].Unknown, []string{"unclean.leader.election.enable"}) {
		t.Error(plan, err)
	}
}

// Older clusters do not tell their features, or do not have this one.
func TestCheck_olderKafka(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		version  *kversion.Versions
		problems []string
		unknown  int
	}{
		{kversion.V2_4_0(), nil, 1},
		{kversion.V3_6_0(), []string{" transaction.version is 0, wanted 2"}, 0},
		{kversion.V4_0_0(), nil, 0},
	} {
		cluster := start(t, kfake.MaxVersions(c.version))
		cluster.apply(t, orders(t), topics.Options{})
		cluster.set(t, "orders", "retention.ms", "1000")
		cluster.apply(t, orders(t), topics.Options{Alter: true})
		report := cluster.check(t, orders(t))
		if len(report.Unknown) != c.unknown {
			t.Errorf("%v", report.Unknown)
		}
		report.Unknown = nil
		wantProblems(t, report, c.problems...)
		if report.Err() != nil {
			t.Error(report.Err())
		}
	}
}

func TestCheck_keptLongerThanDeclared(t *testing.T) {
	t.Parallel()
	c := start(t)
	c.apply(t, orders(t), topics.Options{})
	want := wanted(t, topics.Production(), topics.Aggregate{Topic: "orders", Partitions: 4, Retention: time.Hour})
	report := c.check(t, want)
	wantProblems(t, report, "orders retention.ms is -1 (no limit), wanted 3600000 (1h0m0s)")
	if p := report.Problems[0]; !p.Warning || p.Apply != "" || p.Advice == "" || report.Err() != nil {
		t.Errorf("events that stay are a warning that only a human ends: %+v", p)
	}
	c.apply(t, want, topics.Options{Alter: true})
	if got := c.settings(t, "orders")["retention.ms"]; got != "-1" {
		t.Errorf("retention was cut to %s", got)
	}

	c.set(t, "orders", "retention.ms", "1000")
	report = c.check(t, want)
	wantProblems(t, report, "orders retention.ms is 1000 (1s), wanted 3600000 (1h0m0s)")
	if report.Err() == nil {
		t.Error("events that go too early are no warning")
	}
}

func TestCheck_overrides(t *testing.T) {
	t.Parallel()
	c := start(t, kfake.NumBrokers(1))
	want := orders(t)
	c.apply(t, wanted(t, topics.SingleBroker(), topics.Aggregate{Topic: "orders", Partitions: 4}), topics.Options{})
	report := c.check(t, want)
	wantProblems(t, report,
		"orders replication.factor is 1, wanted 3", "orders min.insync.replicas is 1, wanted 2",
		"orders.state replication.factor is 1, wanted 3", "orders.state min.insync.replicas is 1, wanted 2",
		"orders.routes replication.factor is 1, wanted 3", "orders.routes min.insync.replicas is 1, wanted 2")
	var refused *topics.RequirementsError
	if !errors.As(report.Err(), &refused) || len(refused.Problems) != 6 {
		t.Fatalf("%v", report.Err())
	}
	for _, text := range []string{"topic orders: replication.factor is 1, wanted 3", "why: ", "add brokers, there are 1", "or override: replication.factor"} {
		if !strings.Contains(refused.Error(), text) {
			t.Errorf("no %q in:\n%v", text, refused)
		}
	}
	if err := c.check(t, want, "replication.factor").Err(); !errors.As(err, &refused) || len(refused.Problems) != 3 {
		t.Errorf("with one of two overridden: %v", err)
	}
	report = c.check(t, want, "replication.factor", "min.insync.replicas")
	if report.Err() != nil || len(report.Problems) != 6 || !report.Problems[0].Overridden {
		t.Errorf("overridden problems are still told: %+v", report)
	}
}

func TestCheck_unknownOverride(t *testing.T) {
	t.Parallel()
	admin := connect(t, []string{"127.0.0.1:1"}) // it is not asked
	for name, want := range map[string]string{
		"min.insync.replica": "did you mean min.insync.replicas?",
		"everything":         "there are topic.exists, settings.readable, partitions, ",
	} {
		_, err := topics.Check(t.Context(), admin, nil, topics.CheckOptions{Override: []string{name}})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Every requirement has a reason, and some violation in these tests.
func TestRequirements(t *testing.T) {
	t.Parallel()
	violated := map[topics.Requirement]bool{
		topics.Partitions: true, topics.RecordedPartitions: true, topics.SettingsReadable: true, // in tests of their own
	}
	for _, v := range violations() {
		violated[topics.Requirement(strings.Fields(strings.TrimPrefix(v.want, v.topic))[0])] = true
		violated[topics.Requirement(strings.Fields(v.want)[min(1, len(strings.Fields(v.want))-1)])] = true
	}
	for _, r := range topics.Requirements() {
		if !violated[r.Requirement] || r.Why == "" {
			t.Errorf("%s is not violated in a test, or has no reason", r.Requirement)
		}
	}
}
