package kafka

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// TestBalancer lets members join, leave and decline at random. The group comes
// to rest, every partition has one owner, and none that declines it while others
// do not.
func TestBalancer(t *testing.T) {
	t.Parallel()
	for seed := range uint64(200) {
		g := &testGroup{random: rand.New(rand.NewPCG(seed, 3)), members: map[string]*testMember{}}
		g.partitions = 1 + g.random.Int32N(12)
		for range 12 {
			g.change()
			if err := g.settle(); err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
		}
	}
}

type testGroup struct {
	random     *rand.Rand
	partitions int32
	generation int32
	joined     int
	members    map[string]*testMember
}

type testMember struct {
	owned    []int32
	declined []int32 // in order
}

// change lets a member join, leave or decline a partition.
func (g *testGroup) change() {
	ids := slices.Sorted(maps.Keys(g.members))
	switch n := g.random.IntN(4); {
	case n == 0 || len(ids) == 0:
		g.joined++
		g.members[fmt.Sprint("member ", g.joined)] = &testMember{}
	case n == 1 && len(ids) > 1:
		delete(g.members, ids[g.random.IntN(len(ids))])
	default:
		m := g.members[ids[g.random.IntN(len(ids))]]
		m.declined = append(m.declined, g.random.Int32N(g.partitions))
		slices.Sort(m.declined)
		m.declined = slices.Compact(m.declined)
	}
}

// settle balances until nothing moves, and checks what came out.
func (g *testGroup) settle() error {
	for range 3 { // take, give, and nothing
		before := g.assignment()
		if err := g.balance(); err != nil {
			return err
		}
		if after := g.assignment(); reflect.DeepEqual(before, after) {
			return g.check()
		}
	}
	return fmt.Errorf("the testGroup does not come to rest: %v", g.assignment())
}

func (g *testGroup) assignment() map[int32]string {
	owners := map[int32]string{}
	for id, m := range g.members {
		for _, p := range m.owned {
			owners[p] = id
		}
	}
	return owners
}

// balance is one generation of the testGroup.
func (g *testGroup) balance() error {
	var members []kmsg.JoinGroupResponseMember
	for _, id := range slices.Sorted(maps.Keys(g.members)) {
		m := g.members[id]
		b := newBalancer("events", func() []int32 { return m.declined })
		member := kmsg.NewJoinGroupResponseMember()
		member.MemberID = id
		member.ProtocolMetadata = b.JoinGroupMetadata([]string{"events"}, map[string][]int32{"events": slices.Clone(m.owned)}, g.generation)
		members = append(members, member)
	}
	b := newBalancer("events", nil)
	balancer, _, err := b.MemberBalancer(members)
	if err != nil {
		return err
	}
	into, err := balancer.(kgo.GroupMemberBalancerOrError).BalanceOrError(map[string]int32{"events": g.partitions})
	if err != nil {
		return err
	}
	before := g.assignment()
	g.generation++
	for _, a := range into.IntoSyncAssignment() {
		assigned, err := b.ParseSyncAssignment(a.MemberAssignment)
		if err != nil {
			return err
		}
		for _, p := range assigned["events"] {
			if owner, owned := before[p]; owned && owner != a.MemberID {
				return fmt.Errorf("%s is given partition %d before %s gave it up", a.MemberID, p, owner)
			}
		}
		g.members[a.MemberID].owned = assigned["events"]
	}
	return nil
}

// check looks for a partition that nobody has, one that should be elsewhere, and
// one that could be.
func (g *testGroup) check() error {
	owners := g.assignment()
	for p := range g.partitions {
		owner, owned := owners[p]
		if !owned {
			return fmt.Errorf("nobody has partition %d", p)
		}
		for id, m := range g.members {
			switch has := len(g.members[owner].owned); {
			case slices.Contains(m.declined, p):
			case slices.Contains(g.members[owner].declined, p):
				return fmt.Errorf("%s has partition %d, which it declines, and %s does not", owner, p, id)
			case len(m.owned)+1 < has:
				return fmt.Errorf("%s has %d partitions and %s has %d, and could have %d", owner, has, id, len(m.owned), p)
			}
		}
	}
	return nil
}

// TestBalancerMoves lets members join and leave. No more moves than has to.
func TestBalancerMoves(t *testing.T) {
	t.Parallel()
	for seed := range uint64(50) {
		g := &testGroup{random: rand.New(rand.NewPCG(seed, 4)), members: map[string]*testMember{}}
		g.partitions = 1 + g.random.Int32N(30)
		for range 10 {
			before := g.assignment()
			joins := g.random.IntN(3) > 0 || len(g.members) < 2
			if joins {
				g.joined++
				g.members[fmt.Sprint(g.random.IntN(100), "/", g.joined)] = &testMember{}
			} else {
				delete(g.members, slices.Sorted(maps.Keys(g.members))[g.random.IntN(len(g.members))])
			}
			if err := g.settle(); err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			for p, owner := range g.assignment() {
				if _, stays := g.members[before[p]]; owner != before[p] && stays && (!joins || before[p] == "") {
					t.Fatalf("seed %d: partition %d moved from %q to %q", seed, p, before[p], owner)
				}
			}
			if g.moved(before) > int(g.partitions)/len(g.members)+1 && joins {
				t.Fatalf("seed %d: %d of %d partitions moved, for a member that has %d", seed, g.moved(before), g.partitions, len(g.members))
			}
		}
	}
}

// moved returns how many partitions have other owners than they had.
func (g *testGroup) moved(before map[int32]string) int {
	n := 0
	for p, owner := range g.assignment() {
		if before[p] != "" && before[p] != owner {
			n++
		}
	}
	return n
}
