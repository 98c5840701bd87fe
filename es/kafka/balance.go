package kafka

import (
	"cmp"
	"maps"
	"slices"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// balancer shares out the partitions of a topic among the processes of a group:
// evenly, with as few moves as that takes, and so that no member has a
// partition that it declines, because it has found events there that its code
// does not know, while another one does not.
//
// To the group it is the cooperative-sticky balancer. Each member says what it
// declines in the guise of partitions that it owns of a topic which cannot exist.
type balancer struct {
	kgo.GroupBalancer

	topic    string
	declined func() []int32 // in order
}

func newBalancer(topic string, declined func() []int32) *balancer {
	return &balancer{GroupBalancer: kgo.CooperativeStickyBalancer(), topic: topic, declined: declined}
}

const declinedTopic = "declined:" // no name of a topic may have a colon

// JoinGroupMetadata implements [kgo.GroupBalancer].
func (b *balancer) JoinGroupMetadata(topics []string, current map[string][]int32, generation int32) []byte {
	if declined := b.declined(); len(declined) > 0 {
		current[declinedTopic] = declined
	}
	return b.GroupBalancer.JoinGroupMetadata(topics, current, generation)
}

// MemberBalancer implements [kgo.GroupBalancer].
func (b *balancer) MemberBalancer(members []kmsg.JoinGroupResponseMember) (kgo.GroupMemberBalancer, map[string]struct{}, error) {
	c, err := kgo.NewConsumerBalancer(b, members)
	return c, c.MemberTopics(), err
}

// Balance implements [kgo.ConsumerBalancerBalance]. What is taken from a member
// is given to another one in the next round. In that, it is made room for among
// what nobody has before anything else is moved, so there is no third one.
func (b *balancer) Balance(c *kgo.ConsumerBalancer, topics map[string]int32) kgo.IntoSyncAssignment {
	all := sharesOf(c, b.topic)
	free := all.keep(topics[b.topic])
	for _, p := range free {
		all.place(p)
	}
	for all.level(func(p int32) bool { return slices.Contains(free, p) }) {
	}
	for all.level(func(int32) bool { return true }) {
	}
	plan := c.NewPlan()
	for _, s := range all {
		plan.AddPartitions(s.member, b.topic, s.has)
	}
	plan.AdjustCooperative(c)
	return plan
}

// share is what one member of the group has, and will have.
type share struct {
	member     *kmsg.JoinGroupResponseMember
	generation int32
	had        []int32
	declines   []int32
	has        []int32
}

// shares are those of all members, in an order that does not change.
type shares []*share

func sharesOf(c *kgo.ConsumerBalancer, topic string) shares {
	var all shares
	c.EachMember(func(member *kmsg.JoinGroupResponseMember, meta *kmsg.ConsumerMemberMetadata) {
		s := &share{member: member, generation: meta.Generation}
		for _, o := range meta.OwnedPartitions {
			switch o.Topic {
			case topic:
				s.had = o.Partitions
			case declinedTopic:
				s.declines = o.Partitions
			}
		}
		all = append(all, s)
	})
	slices.SortFunc(all, func(a, b *share) int { return cmp.Compare(a.member.MemberID, b.member.MemberID) })
	return all
}

// keep leaves partitions with the members that had them, unless they decline
// them and others do not. It returns the rest.
func (all shares) keep(partitions int32) (rest []int32) {
	for p := range partitions {
		last := all.last(p)
		if last == nil || slices.Contains(last.declines, p) && len(all.takers(p)) > 0 {
			rest = append(rest, p)
			continue
		}
		last.has = append(last.has, p)
	}
	return rest
}

// place gives a partition to the member with the fewest that does not decline
// it, if there is one: somebody has to have it.
func (all shares) place(partition int32) {
	takers := all.takers(partition)
	if len(takers) == 0 {
		takers = all
	}
	to := slices.MinFunc(takers, fewer)
	to.has = append(to.has, partition)
}

func fewer(a, b *share) int { return cmp.Compare(len(a.has), len(b.has)) }

// last returns the member that had a partition, or nil. A member that was away
// may still think so: the latest generation knows.
func (all shares) last(partition int32) *share {
	var last *share
	for _, s := range all {
		if slices.Contains(s.had, partition) && (last == nil || s.generation > last.generation) {
			last = s
		}
	}
	return last
}

// takers returns the members that do not decline a partition.
func (all shares) takers(partition int32) shares {
	return slices.DeleteFunc(slices.Clone(all), func(s *share) bool { return slices.Contains(s.declines, partition) })
}

// level moves a partition from a member to one that has two less, perhaps by way
// of others that take one and give one, and reports whether there was a way.
// Where there is none, no shares are more even.
func (all shares) level(movable func(partition int32) bool) bool {
	for _, from := range slices.SortedStableFunc(slices.Values(all), func(a, b *share) int { return fewer(b, a) }) {
		if all.relieve(from, movable) {
			return true
		}
	}
	return false
}

func (all shares) relieve(from *share, movable func(partition int32) bool) bool {
	ways := map[*share]way{from: {}}
	for queue := (shares{from}); len(queue) > 0 && len(ways) < len(all); queue = queue[1:] {
		for _, p := range slices.DeleteFunc(slices.Clone(queue[0].has), func(p int32) bool { return !movable(p) }) {
			for _, to := range all.takers(p) {
				if _, seen := ways[to]; seen {
					continue
				}
				ways[to] = way{from: queue[0], partition: p}
				if len(to.has)+1 < len(from.has) {
					follow(ways, to)
					return true
				}
				queue = append(queue, to)
			}
		}
	}
	return false
}

// way is a partition that a member could take from another one.
type way struct {
	from      *share
	partition int32
}

// follow moves partitions along the way to a member.
func follow(ways map[*share]way, to *share) {
	for w := ways[to]; w.from != nil; to, w = w.from, ways[w.from] {
		w.from.has = slices.DeleteFunc(w.from.has, func(p int32) bool { return p == w.partition })
		to.has = append(to.has, w.partition)
	}
}

// decline tells the group that this process cannot serve a partition.
func (d *domain) decline(partition int32) {
	d.mu.Lock()
	_, known := d.declined[partition]
	d.declined[partition] = struct{}{}
	member := d.member
	d.mu.Unlock()
	if !known && !d.engine.serverSide {
		member.ForceRebalance()
	}
}

func (d *domain) declines() []int32 {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Sorted(maps.Keys(d.declined))
}
