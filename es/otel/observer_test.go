package otel_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/kafka"
	"github.com/esgen-dev/esgen/es/otel"
)

func partition(id int32) kafka.Partition {
	return kafka.Partition{Aggregate: "bank.v1.Account", Topic: "bank.v1.account", ID: id}
}

// work tells an observer of everything once, and of failures.
func work(ctx context.Context, o kafka.Observer) {
	p, failed := partition(3), fmt.Errorf("end: %w", kerr.InvalidProducerEpoch)
	o.Entered(p, kafka.Fencing, nil)
	o.Fenced(p, 20*time.Millisecond, nil)
	o.Fenced(p, time.Second, context.DeadlineExceeded)
	o.Restored(p, kafka.Restore{Took: 2 * time.Second, Events: 70, Aggregates: 9, Checkpoint: time.Minute})
	o.Restored(p, kafka.Restore{Took: time.Second, Events: 5, Warm: true})
	o.Entered(p, kafka.Serving, nil)
	o.Committed(p, kafka.Commit{Took: 8 * time.Millisecond, Events: 5, Bytes: 700, Commands: []context.Context{ctx, ctx}})
	o.Committed(p, kafka.Commit{Took: time.Second, Events: 1, Bytes: 100, Commands: []context.Context{ctx}, Err: failed})
	o.Checkpointed(p, kafka.CheckpointInfo{Took: time.Second, Entries: 12, Snapshots: 4})
	o.Entered(p, kafka.Proving, failed)
	o.Entered(partition(4), kafka.Over, context.Canceled) // no failure
	for _, outcome := range []kafka.Outcome{kafka.Succeeded, kafka.Succeeded, kafka.Conflict} {
		o.Executed(ctx, execution(outcome, es.ErrConflict))
	}
	o.Executed(ctx, execution(kafka.Unknown, es.ErrOutcomeUnknown))
}

func execution(outcome kafka.Outcome, err error) kafka.Execution {
	return kafka.Execution{
		Partition: partition(-1), AggregateID: "acc-1", Command: "bank.v1.Withdraw",
		Took: 500 * time.Millisecond, Outcome: outcome, Receipt: es.Receipt{CommandID: "c-1"}, Err: err,
	}
}

func TestObserver_metrics(t *testing.T) {
	t.Parallel()
	r := record(t)
	work(t.Context(), otel.Observer(r.options...))
	const (
		account = "esgen.aggregate.type=bank.v1.Account"
		p       = account + " messaging.destination.partition.id=3"
		sending = "messaging.destination.name=bank.v1.account messaging.destination.partition.id=3 " +
			"messaging.operation.name=send messaging.operation.type=send messaging.system=kafka"
		command = account + " esgen.command.outcome=%s esgen.command.type=bank.v1.Withdraw"
	)
	wantLines(t, r.metricLines(t), []string{
		"messaging.client.operation.duration s {" + sending + "} 1 values, 0.008",
		"messaging.client.operation.duration s {error.type=INVALID_PRODUCER_EPOCH " + sending + "} 1 values, 1",
		"messaging.client.sent.messages {message} {" + sending + "} 5, monotonic true",
		"messaging.client.sent.messages {message} {error.type=INVALID_PRODUCER_EPOCH " + sending + "} 1, monotonic true",
		"esgen.command.duration s {" + fmt.Sprintf(command, "succeeded") + "} 2 values, 1",
		"esgen.command.duration s {" + fmt.Sprintf(command, "conflict") + "} 1 values, 0.5",
		"esgen.command.duration s {error.type=outcome_unknown " + fmt.Sprintf(command, "unknown") + "} 1 values, 0.5",
		"esgen.transaction.commands {command} {" + p + "} 2 values, 3",
		"esgen.transaction.size By {" + p + "} 2 values, 800",
		"esgen.partition.count {partition} {" + account + " esgen.partition.phase=proving} 1, monotonic false",
		"esgen.partition.failures {failure} {error.type=INVALID_PRODUCER_EPOCH " + account +
			" esgen.partition.phase=proving messaging.destination.partition.id=3} 1, monotonic true",
		"esgen.fence.duration s {" + p + "} 1 values, 0.02",
		"esgen.fence.duration s {error.type=timeout " + p + "} 1 values, 1",
		"esgen.restore.duration s {" + account + " esgen.restore.warm=false messaging.destination.partition.id=3} 1 values, 2",
		"esgen.restore.duration s {" + account + " esgen.restore.warm=true messaging.destination.partition.id=3} 1 values, 1",
		"esgen.restore.events {event} {" + account + " esgen.restore.warm=false messaging.destination.partition.id=3} 1 values, 70",
		"esgen.restore.events {event} {" + account + " esgen.restore.warm=true messaging.destination.partition.id=3} 1 values, 5",
		"esgen.checkpoint.age s {" + p + "} 0",
		"esgen.checkpoint.duration s {" + p + "} 1 values, 1",
		"esgen.checkpoint.entries {entry} {" + p + "} 12, monotonic true",
		"esgen.checkpoint.snapshots {snapshot} {" + p + "} 4, monotonic true",
	})
}

// The manual lists the metrics that there are, with their units.
func TestObserver_manual(t *testing.T) {
	t.Parallel()
	manual, err := os.ReadFile("otel.go")
	if err != nil {
		t.Fatal(err)
	}
	r := record(t)
	work(t.Context(), otel.Observer(r.options...))
	var measured []string
	for _, m := range r.collect(t) {
		measured = append(measured, m.Name+" "+m.Unit)
	}
	var listed []string
	row := regexp.MustCompile(`(?m)^//\t((?:esgen|messaging)\.\S+) +(s|By|\{\w+\}) `)
	for _, m := range row.FindAllStringSubmatch(string(manual), -1) {
		listed = append(listed, m[1]+" "+m[2])
	}
	wantLines(t, listed, measured)
}

// What grows with the data would end the life of a metrics store.
func TestObserver_noIdsInMetrics(t *testing.T) {
	t.Parallel()
	r := record(t)
	work(t.Context(), otel.Observer(r.options...))
	for _, l := range r.metricLines(t) {
		if strings.Contains(l, "acc-1") || strings.Contains(l, "c-1") {
			t.Error(l)
		}
	}
}

func TestObserver_partitions(t *testing.T) {
	t.Parallel()
	r := record(t)
	o := otel.Observer(r.options...)
	const series = "{partition} {esgen.aggregate.type=bank.v1.Account esgen.partition.phase="
	for _, step := range []struct {
		id    int32
		phase kafka.Phase
		want  []string
	}{
		{1, kafka.Restoring, []string{series + "restoring} 1, monotonic false"}},
		{2, kafka.Restoring, []string{series + "restoring} 2, monotonic false"}},
		{1, kafka.Serving, []string{series + "restoring} 1, monotonic false", series + "serving} 1, monotonic false"}},
		{2, kafka.Over, []string{series + "serving} 1, monotonic false"}},
		{2, kafka.Over, []string{series + "serving} 1, monotonic false"}},
		{1, kafka.Over, nil},
		{1, kafka.Proving, []string{series + "proving} 1, monotonic false"}},
	} {
		o.Entered(partition(step.id), step.phase, nil)
		if got := seriesOf(r.metricLines(t), "esgen.partition.count"); !slices.Equal(got, step.want) {
			t.Errorf("partition %d in phase %s: %q, want %q", step.id, step.phase, got, step.want)
		}
	}
}

func TestObserver_ageOfCheckpoints(t *testing.T) {
	t.Parallel()
	r := record(t)
	o, p := otel.Observer(r.options...), partition(3)
	for _, step := range []struct {
		name string
		do   func()
		want string // seconds
	}{
		{"not owned", func() { o.Checkpointed(p, kafka.CheckpointInfo{}) }, ""},
		{"none", func() { o.Entered(p, kafka.Serving, nil) }, ""},
		{"restored from one", func() { o.Restored(p, kafka.Restore{Checkpoint: time.Minute}) }, "60"},
		{"time goes by", func() { r.now = r.now.Add(5 * time.Second) }, "65"},
		{"warm", func() { o.Restored(p, kafka.Restore{Warm: true}) }, "65"},
		{"written", func() { o.Checkpointed(p, kafka.CheckpointInfo{}) }, "0"},
		{"another phase", func() { r.now = r.now.Add(time.Second); o.Entered(p, kafka.Proving, nil) }, "1"},
		{"restored without one", func() { o.Restored(p, kafka.Restore{}) }, ""},
		{"written again", func() { o.Checkpointed(p, kafka.CheckpointInfo{}) }, "0"},
		{"over", func() { o.Entered(p, kafka.Over, nil) }, ""},
		{"written too late", func() { o.Checkpointed(p, kafka.CheckpointInfo{}) }, ""},
	} {
		step.do()
		var want []string
		if step.want != "" {
			want = []string{"s {esgen.aggregate.type=bank.v1.Account messaging.destination.partition.id=3} " + step.want}
		}
		if got := seriesOf(r.metricLines(t), "esgen.checkpoint.age"); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", step.name, got, want)
		}
	}
}

// A command whose caller went away is measured as well.
func TestObserver_contextThatEnded(t *testing.T) {
	t.Parallel()
	r := record(t)
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("the caller went away"))
	work(ctx, otel.Observer(r.options...))
	if n := len(seriesOf(r.metricLines(t), "esgen.command.duration")); n != 3 {
		t.Errorf("%d series, want 3", n)
	}
}

// The goroutines of all partitions share an observer.
func TestObserver_concurrent(t *testing.T) {
	t.Parallel()
	r := record(t)
	o := otel.Observer(r.options...)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 50 {
				work(t.Context(), o)
			}
		})
	}
	for range 10 {
		r.collect(t)
	}
	wg.Wait()
	want := []string{"{partition} {esgen.aggregate.type=bank.v1.Account esgen.partition.phase=proving} 1, monotonic false"}
	if got := seriesOf(r.metricLines(t), "esgen.partition.count"); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
