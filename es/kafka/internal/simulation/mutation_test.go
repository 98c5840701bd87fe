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

// realKafka names the brokers of a real cluster, for what the fake one cannot
// show.
const realKafka = "ESGEN_TEST_KAFKA"

// mutation takes a part out of the engine, by a text of its source. The text
// has to be there exactly once.
type mutation struct {
	name     string
	file     string // of es/kafka
	old, new string
	test     string // the one that has to fail, of this package or of es/kafka
	real     bool   // whether it takes a real cluster to see it
}

func mutations() []mutation {
	return []mutation{
		{
			name: "no fence: the writer of a partition shuts out nobody",
			file: "writer.go", test: "TestFence",
			old: `kgo.TransactionalID(id),`,
			new: `kgo.TransactionalID(fmt.Sprint(id, time.Now().UnixNano())),`,
		},
		{
			name: "no deduplication",
			file: "decide.go", test: "TestRetry",
			old: `stored := st.command(r.options.CommandID); stored != nil {`,
			new: `stored := st.command(r.options.CommandID); stored != nil && false {`,
		},
		{
			name: "commits are acknowledged although they failed",
			file: "writer.go", test: "TestLostEnd",
			old: `err := w.client.EndTransaction(ctx, end); err != nil {`,
			new: `err := w.client.EndTransaction(ctx, end); err != nil && end == kgo.TryAbort {`,
		},
		{
			name: "refusals are not confirmed",
			file: "owner.go", test: "TestSleeper",
			old: `if !b.confirm {`,
			new: `if true {`,
		},
		{
			name: "no proof of ownership",
			file: "owner.go", test: "TestProof",
			old: `return o.prove()`,
			new: `return nil`,
		},
		{
			name: "commands in doubt are not looked up",
			file: "doubt.go", test: "TestLostEnd",
			old: `case len(r.staged) > 0 && sameRecords(stored, r.staged):`,
			new: `case len(r.staged) > 0 && sameRecords(stored, r.staged) && false:`,
		},
		{
			name: "the sequence of the partition is not checked",
			file: "restore.go", test: "TestDamage",
			old: `case s.Partition != l.Partition+1:`,
			new: `case false:`,
		},
		{
			name: "the start of the partition is not checked",
			file: "restore.go", test: "TestDamage",
			old: `if ev.Sequence.Partition != r.seq+1 {`,
			new: `if false {`,
		},
		{
			name: "torn commands are not noticed",
			file: "restore.go", test: "TestDamage",
			old: `if c.inside() {`,
			new: `if false {`,
		},
		{
			name: "links to the events before are not checked",
			file: "restore.go", test: "TestDamage",
			old: `if last := st.last(); last != nil && last.Position.Offset != previous || last == nil && previous != -1 {`,
			new: `if last := st.last(); last != nil && false {`,
		},
		{
			name: "no barrier", real: true,
			file: "owner.go", test: "TestBarrier",
			old: `if err := o.writer.abort(o.ctx, r); err != nil {`,
			new: `if r.Offset = 1 << 60; o.ctx.Err() != nil { var err error`,
		},
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
			if m.real && os.Getenv(realKafka) == "" {
				t.Skipf("NOT SHOWN: only a real cluster shows it: set %s to its brokers", realKafka)
			}
			began := time.Now()
			out, err := m.run(t)
			if !strings.Contains(out, "--- FAIL: "+m.test) {
				t.Errorf("%s did not notice: %v\n%s", m.test, err, out)
			}
			t.Logf("%s in %s", m.test, time.Since(began).Round(100*time.Millisecond))
		})
	}
}

// run runs the test on the engine without the part.
func (m mutation) run(t *testing.T) (string, error) {
	t.Helper()
	file, err := filepath.Abs(filepath.Join("..", "..", m.file))
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(source), m.old); n != 1 {
		t.Fatalf("%s has this %d times, and should once:\n%s", file, n, m.old)
	}
	mutated := filepath.Join(t.TempDir(), m.file)
	write(t, mutated, []byte(strings.Replace(string(source), m.old, m.new, 1)))
	overlay, err := json.Marshal(map[string]map[string]string{"Replace": {file: mutated}})
	if err != nil {
		t.Fatal(err)
	}
	write(t, mutated+".json", overlay)
	out, err := exec.CommandContext(t.Context(), "go", "test", "-overlay", mutated+".json", "-vet=off", "-count=1", "-timeout=1m",
		"-run", "^"+m.test+"$", ".", "../..").CombinedOutput()
	return string(out), err
}

func write(t *testing.T, name string, content []byte) {
	t.Helper()
	if err := os.WriteFile(name, content, 0o600); err != nil {
		t.Fatal(err)
	}
}
