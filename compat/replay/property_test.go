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
	binary, json := tryPairs(t, *seedFlag, pairs, messages)
	if *pairsFlag > 0 {
		t.Logf("seed %d, up to %d messages\nbinary: %s\nand JSON: %s", *seedFlag, messages, binary, json)
	}
	for _, o := range []*outcome{binary, json} {
		if share := o.share(); share > 0.05 {
			t.Errorf("%.1f%% of the harmless pairs are refused\n%s", 100*share, o)
		}
		if o.harmless < pairs/10 || o.harmful < pairs/10 {
			t.Errorf("the pairs are too much alike to say anything\n%s", o)
		}
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

// tryPairs compares many pairs as values are stored in the wire format, and as
// they are stored in that and in JSON.
func tryPairs(t *testing.T, seed uint64, pairs, messages int) (binary, json *outcome) {
	t.Helper()
	binary = &outcome{rules: map[string]*ruleOutcome{}, mutations: map[string]int{}}
	json = &outcome{rules: map[string]*ruleOutcome{}, mutations: map[string]int{}}
	var mu sync.Mutex
	var wg sync.WaitGroup
	next := make(chan int)
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := range next {
				p := newPair(seed, i)
				if p == nil {
					mu.Lock()
					binary.tried, binary.invalid = binary.tried+1, binary.invalid+1
					json.tried, json.invalid = json.tried+1, json.invalid+1
					mu.Unlock()
					continue
				}
				lost, lostInJSON := p.oracle(messages)
				mu.Lock()
				binary.count(t, p, replay.Options{}, lost)
				json.count(t, p, replay.Options{JSON: true}, cmp.Or(lost, lostInJSON))
				mu.Unlock()
			}
		})
	}
	for i := range pairs {
		next <- i
	}
	close(next)
	wg.Wait()
	return binary, json
}

func (o *outcome) count(t *testing.T, p *pair, options replay.Options, lost error) {
	t.Helper()
	changes := replay.Compare(p.original, p.update, options)
	o.tried++
	if lost != nil {
		o.harmful++
	} else {
		o.harmless++
	}
	if len(changes) == 0 && lost != nil {
		o.unsound++
		t.Errorf("%s: %+v calls it safe, but %v", p, options, lost)
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
		if *showFlag {
			t.Logf("%s: harmless, but %v", p, changes)
		}
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

func (p *pair) String() string {
	return fmt.Sprintf("pair %d of seed %d (%s)\n%s\n--- became\n%s\n", p.number, p.seed, strings.Join(p.done, ", "), p.was, p.is)
}

// oracle returns why a message does not survive in the wire format and in
// JSON, each nil if all do.
func (p *pair) oracle(messages int) (lost, lostInJSON error) {
	v := &values{Rand: rand.New(rand.NewPCG(p.seed+1, uint64(p.number)))}
	for i := range messages {
		v.density, v.zeros = pick(v.Rand, []int{0, 30, 60, 90, 100}), pick(v.Rand, []int{0, 20, 100})
		m := v.message(p.original)
		if i%3 == 0 {
			m = v.only(p.original, i/3)
		}
		if err := replayBinary(m, p.update); err != nil && !errors.Is(err, errUnstorable) {
			return err, nil // what is lost is lost
		}
		if lostInJSON != nil {
			continue
		}
		if err := replayJSON(m, p.update); err != nil && !errors.Is(err, errUnstorable) {
			lostInJSON = err
		}
	}
	return nil, lostInJSON
}
