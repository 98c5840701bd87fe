package simulation

import (
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var mutate = flag.Bool("mutations", false, "take parts out of the engine, one after the other, and see that a test fails")

// mutation takes a part out of the engine, by a text of its source that is there
// exactly once.
type mutation struct {
	name     string
	old, new string
	more     string // added to the same file
	test     string // that has to fail
	real     bool   // the test needs Kafka itself
}

func mutations() []mutation {
	return []mutation{
		{
			name: "no fence: the producer of a partition shuts out nobody",
			test: "TestFence",
			old:  `kgo.TransactionalID(id),`,
			new:  `kgo.TransactionalID(fmt.Sprint(id, time.Now().UnixNano())),`,
		},
		{
			name: "no deduplication",
			test: "TestRetry",
			old:  `o, found = recent.find(hash)`,
			new:  `o, found = recent.find(hash); found = false`,
		},
		{
			name: "commits are acknowledged although they failed",
			test: "TestLostEnd",
			old:  `err := w.client.EndTransaction(ctx, end); err != nil {`,
			new:  `err := w.client.EndTransaction(ctx, end); err != nil && end == kgo.TryAbort {`,
		},
		{
			name: "refusals are not confirmed",
			test: "TestSleeper",
			old:  `if !b.confirm {`,
			new:  `if true {`,
		},
		{
			name: "no proof of ownership",
			test: "TestProof",
			old:  `return o.prove()`,
			new:  `return nil`,
		},
		{
			name: "the log is not read when a commit is in doubt",
			test: "TestLostEnd",
			old:  "if err == nil {\n\t\terr = r.events(ctx)",
			new:  "if err == nil && !r.warm {\n\t\terr = r.events(ctx)",
		},
		{
			name: "what was in doubt and is stored is taken for a duplicate",
			test: "TestLostEnd",
			old:  `if r.staged.became(o) {`,
			new:  `if false {`,
		},
		{
			name: "another process's event is taken for the own attempt's",
			test: "TestTwins",
			old:  "\n\t\t(a.producer == o.Producer || o.Producer == 0)",
			new:  " true",
		},
		{
			name: "what was not committed stays in memory",
			test: "TestLostEnd",
			old:  `b.rollback()`,
			new:  `_ = b`,
		},
		{
			name: "a reader believes the first broker that the log is short",
			test: "TestConsumeFromDeposed",
			old:  "return since(l.since) > lagBudgets*budget",
			new:  "return true",
		},
		{
			name: "readers do not check the sequence of the partition",
			test: "TestDamagedLog",
			old:  `case s.Partition != l.Partition+1:`,
			new:  `case false:`,
		},
		{
			name: "owners do not check the sequence of the partition",
			test: "TestLogBegins",
			old:  `if ev.Sequence.Partition != x.seq+1 {`,
			new:  `if false {`,
		},
		{
			name: "owners do not check the sequence of the aggregate",
			test: "TestDamagedLog",
			old:  `if ev.Version != a.version+1 {`,
			new:  `if false {`,
		},
		{
			name: "owners do not check the links between events",
			test: "TestDamagedLog",
			old:  `last := a.last(); previous != last {`,
			new:  `last := a.last(); previous != last && false {`,
		},
		{
			name: "a command that is torn in the middle is not noticed",
			test: "TestDamagedLog",
			old:  `case inside != (s.Index > 0):`,
			new:  `case false:`,
		},
		{
			name: "a command that is torn at the end is not noticed",
			test: "TestDamagedLog",
			old:  `if c.inside() {`,
			new:  `if false {`,
		},
		{
			name: "an index with holes is trusted",
			test: "TestStateLost",
			old:  `if r.checkpoint != nil && uint64(len(x.aggregates)) != r.checkpoint.Aggregates+r.begun {`,
			new:  `if false {`,
		},
		{
			name: "an owner that was idle does not look after its last commit",
			test: "TestIdle",
			old:  `if !o.writer.rested(calm) {`,
			new:  `if true {`,
		},
		{
			name: "an owner that was idle does not look before it confirms an answer",
			test: "TestIdle",
			old:  "if err := o.awaitCommitted(o.ctx); err != nil {\n\t\treturn err",
			new:  "if err := error(nil); err != nil {\n\t\treturn err",
		},
		{
			name: "an owner that was idle does not look before a checkpoint",
			test: "TestIdle_part",
			old:  `if err := p.owner.awaitCommitted(ctx); err != nil {`,
			new:  `if err := error(nil); err != nil {`,
		},
		{
			name: "what was not sent is in doubt",
			test: "TestIdle_stop",
			old:  "b.withdraw()",
			new:  "_ = b",
		},
		noBarrier("TestBarrier", false),
		noBarrier("TestRealBarrier", true),
	}
}

// noBarrier asks a broker where the log ends, in place of writing to it.
func noBarrier(test string, onKafka bool) mutation {
	return mutation{
		name: "no barrier: the end of the log is asked for",
		test: test, real: onKafka,
		old: `return o.bar()`,
		new: `return o.look()`,
		more: `
func (o *owner) look() error {
	found, err := o.domain.engine.bounds(o.ctx, o.domain.events)
	if err == nil && found[o.id].end == 0 {
		return o.bar()
	}
	o.barrier = found[o.id].end - 1
	return err
}
`,
	}
}

// TestMutations holds that the tests hold: whatever is taken out of the engine,
// some test notices. It runs the go command.
func TestMutations(t *testing.T) {
	t.Parallel()
	if !*mutate {
		t.Skip("run with -mutations")
	}
	for _, m := range mutations() {
		t.Run(m.name, func(t *testing.T) {
			if m.real && os.Getenv("ESGEN_REAL_KAFKA") == "" {
				t.Skip("SKIPPED, NOT TESTED: a real Kafka: set ESGEN_REAL_KAFKA=1")
			}
			began := time.Now()
			out, err := m.run(t)
			if !strings.Contains(out, "--- FAIL: "+m.test) {
				t.Fatalf("%s did not notice: %v\n%s", m.test, err, out)
			}
			t.Logf("%s noticed in %s: %s", m.test, time.Since(began).Round(100*time.Millisecond), complaint(out))
		})
	}
}

// complaint returns the first thing that a test complained of.
func complaint(out string) string {
	for line := range strings.Lines(out) {
		if strings.Contains(line, "_test.go:") {
			return strings.TrimSpace(line)
		}
	}
	return "nothing"
}

// run runs the test on the engine without the part.
func (m mutation) run(t *testing.T) (string, error) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "test", "-overlay", m.overlay(t), "-vet=off", "-count=1", "-timeout=3m",
		"-v", "-run", "^"+m.test+"$", ".").CombinedOutput()
	return string(out), err
}

// overlay writes the engine without the part, and returns the name of the file
// that tells the go command about it.
func (m mutation) overlay(t *testing.T) string {
	t.Helper()
	file, source := m.find(t)
	mutated := filepath.Join(t.TempDir(), filepath.Base(file))
	write(t, mutated, []byte(strings.Replace(source, m.old, m.new, 1)+m.more))
	overlay, err := json.Marshal(map[string]map[string]string{"Replace": {file: mutated}})
	if err != nil {
		t.Fatal(err)
	}
	write(t, mutated+".json", overlay)
	return mutated + ".json"
}

// find returns the file of the engine that has the text.
func (m mutation) find(t *testing.T) (file, source string) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join("..", "..", "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	times := 0
	for _, name := range names {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		n := strings.Count(string(content), m.old)
		if n == 0 || strings.HasSuffix(name, "_test.go") {
			continue
		}
		times += n
		source = string(content)
		if file, err = filepath.Abs(name); err != nil {
			t.Fatal(err)
		}
	}
	if times != 1 {
		t.Fatalf("the engine has this %d times, and should once: change the table of mutations\n%s", times, m.old)
	}
	return file, source
}

func write(t *testing.T, name string, content []byte) {
	t.Helper()
	if err := os.WriteFile(name, content, 0o600); err != nil {
		t.Fatal(err)
	}
}
