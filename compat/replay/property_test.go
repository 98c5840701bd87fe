package replay_test

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/esgen-dev/esgen/compat/replay"
)

var (
	pairsFlag    = flag.Int("replay.pairs", 0, "compare this many random pairs in each form and print a table by rule")
	seedFlag     = flag.Uint64("replay.seed", 1, "where the random pairs start")
	showFlag     = flag.Bool("replay.show", false, "print the pairs that are refused though harmless")
	messagesFlag = flag.Int("replay.messages", 200, "how many messages the oracle tries of each pair")
)

// aside are the rules that refuse what no value of the original shows: numbers
// and names that stand for something older, or that look like another field.
var aside = []string{"REPLAY_RESERVED_NUMBER", "REPLAY_RESERVED_NAME", "REPLAY_NUMBER_REUSED", "REPLAY_EXTENSION_RANGE"}

// TestCompare_random holds, over random schemas, mutations and messages, that
// what Compare calls safe keeps every value, and that it seldom refuses what
// the oracle finds nothing against.
func TestCompare_random(t *testing.T) {
	t.Parallel()
	pairs, messages := *pairsFlag, *messagesFlag
	if pairs == 0 {
		pairs, messages = 1500, 30
	}
	for _, json := range []bool{false, true} {
		t.Run(map[bool]string{false: "binary", true: "json"}[json], func(t *testing.T) {
			t.Parallel()
			table := tryPairs(t, *seedFlag, pairs, messages, json)
			if *pairsFlag > 0 {
				t.Logf("seed %d\n%s", *seedFlag, table)
			}
			if share := table.share(); share > 0.05 {
				t.Errorf("%.1f%% of the harmless pairs are refused\n%s", 100*share, table)
			}
			if table.harmless < pairs/10 || table.harmful < pairs/10 {
				t.Errorf("the pairs are too much alike to say anything\n%s", table)
			}
		})
	}
}

// outcome counts what was found over many pairs.
type outcome struct {
	tried, invalid, harmful, harmless int
	refused                           int // although harmless, and not for a rule that is put aside
	unsound                           int
	rules                             map[string]*ruleOutcome
	mutations                         map[string]int // harmless but refused, by mutation
}

type ruleOutcome struct{ pairs, harmless, alone int }

func (o *outcome) share() float64 { return float64(o.refused) / float64(max(o.harmless, 1)) }

func (o *outcome) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d pairs, %d of them no schema; oracle: %d harmful, %d harmless, of which %d (%.2f%%) refused; unsound: %d\n",
		o.tried, o.invalid, o.harmful, o.harmless, o.refused, 100*o.share(), o.unsound)
	for _, id := range slices.Sorted(maps.Keys(o.rules)) {
		r := o.rules[id]
		fmt.Fprintf(&b, "%-30s reported %6d  harmless %5d  alone %5d\n", id, r.pairs, r.harmless, r.alone)
	}
	for _, name := range slices.SortedFunc(maps.Keys(o.mutations), func(a, b string) int { return cmp.Compare(o.mutations[b], o.mutations[a]) }) {
		fmt.Fprintf(&b, "  refused though harmless after %s: %d\n", name, o.mutations[name])
	}
	return b.String()
}

func tryPairs(t *testing.T, seed uint64, pairs, messages int, json bool) *outcome {
	t.Helper()
	out := &outcome{rules: map[string]*ruleOutcome{}, mutations: map[string]int{}}
	var mu sync.Mutex
	var wg sync.WaitGroup
	next := make(chan int)
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := range next {
				p := newPair(seed, i)
				if p == nil {
					mu.Lock()
					out.tried++
					out.invalid++
					mu.Unlock()
					continue
				}
				changes := replay.Compare(p.original, p.update, replay.Options{JSON: json})
				lost := p.oracle(messages, json)
				if len(changes) == 0 && lost != nil {
					t.Errorf("pair %d of seed %d (%s): called safe, but %v\n%s\n--- became\n%s",
						i, seed, strings.Join(p.done, ", "), lost, p.was, p.is)
				}
				if *showFlag && lost == nil && len(changes) > 0 && !slices.Contains(aside, changes[0].Rule) {
					t.Logf("pair %d (%s): harmless, but %v\n%s\n--- became\n%s", i, strings.Join(p.done, ", "), changes, p.was, p.is)
				}
				mu.Lock()
				out.count(p, changes, lost)
				mu.Unlock()
			}
		})
	}
	for i := range pairs {
		next <- i
	}
	close(next)
	wg.Wait()
	return out
}

func (o *outcome) count(p *pair, changes []replay.Change, lost error) {
	o.tried++
	if lost != nil {
		o.harmful++
	} else {
		o.harmless++
	}
	if len(changes) == 0 && lost != nil {
		o.unsound++
	}
	ids := map[string]bool{}
	refused := false
	for _, c := range changes {
		ids[c.Rule] = true
		refused = refused || !slices.Contains(aside, c.Rule)
	}
	for id := range ids {
		if o.rules[id] == nil {
			o.rules[id] = &ruleOutcome{}
		}
		o.rules[id].pairs++
		if lost == nil {
			o.rules[id].harmless++
			if len(ids) == 1 {
				o.rules[id].alone++
			}
		}
	}
	if lost == nil && refused {
		o.refused++
		for _, name := range p.done {
			o.mutations[name]++
		}
	}
}

// pair is a random schema and what became of it.
type pair struct {
	original, update protoreflect.MessageDescriptor
	was, is          string
	done             []string // the mutations
	seed             uint64
	number           int
}

// newPair returns the same pair for the same numbers, or nil where a text is
// no schema.
func newPair(seed uint64, number int) *pair {
	r := rand.New(rand.NewPCG(seed, uint64(number)))
	g := &generator{Rand: r}
	was := g.schema()
	is := was.clone()
	all := mutations()
	var done []string
	for range 1 + r.IntN(3) {
		m := pick(r, all)
		before := is.text()
		m.apply(g, is)
		if is.text() != before {
			done = append(done, m.name)
		}
	}
	p := &pair{was: was.text(), is: is.text(), done: done, seed: seed, number: number}
	original, err := replay.Link(replay.Source{Text: p.was})
	if err != nil {
		return nil
	}
	update, err := replay.Link(replay.Source{Text: p.is})
	if err != nil {
		return nil
	}
	root := func(f protoreflect.FileDescriptor, name string) protoreflect.MessageDescriptor {
		return f.Messages().ByName(protoreflect.Name(name))
	}
	p.original, p.update = root(original, was.messages[0].name), root(update, is.messages[0].name)
	return p
}

// oracle returns why a message does not survive, or nil if all do.
func (p *pair) oracle(messages int, json bool) error {
	v := &values{Rand: rand.New(rand.NewPCG(p.seed+1, uint64(p.number)))}
	for i := range messages {
		v.density, v.zeros = pick(v.Rand, []int{0, 30, 60, 90, 100}), pick(v.Rand, []int{0, 20, 100})
		m := v.message(p.original)
		if i%3 == 0 {
			m = v.only(p.original, i/3)
		}
		if err := replayBinary(m, p.update); err != nil && !errors.Is(err, errUnstorable) {
			return err
		}
		if !json {
			continue
		}
		if err := replayJSON(m, p.update); err != nil && !errors.Is(err, errUnstorable) {
			return fmt.Errorf("json: %w", err)
		}
	}
	return nil
}
