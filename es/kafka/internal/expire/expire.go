// Package expire keeps the consumer groups of kfake, the fake cluster of franz-go,
// from what those of Kafka never do.
//
// A member that does not send heartbeats in time is no longer one. kfake begins
// to count when it has answered a request to join, and that answer never
// arrives if the process was killed while it waited for it. Such a member stays,
// with a share of the partitions that nobody serves. Kafka counts whether the
// answer arrives or not.
//
// A group that is being put together waits for its members no longer than they
// allow. kfake waits as long again for each that joins or leaves meanwhile. That
// matters when it has lost count of those who wait, which happens when a member
// expires that has joined and waits for its share: members that give up and come
// again, one after the other, may then never be let in.
//
// Only the classic protocol of groups is looked at: kfake counts from the first
// heartbeat in that of KIP-848, and nobody waits there.
package expire

import (
	"context"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// Members removes members of the groups of a cluster from now on, until the
// function that it returns is called. They are those that have asked to join, and
// then nothing for as long as the group may take to let them join and a session
// after that; and all members of a group that has taken so long to let anybody
// in. The options are those of a client of the cluster, beside its address.
func Members(cluster *kfake.Cluster, options ...kgo.Opt) (stop func()) {
	w := &watch{cluster: cluster, options: options, waiting: make(map[member]*deadline)}
	for _, key := range []kmsg.Key{kmsg.JoinGroup, kmsg.SyncGroup, kmsg.Heartbeat} {
		cluster.ControlKey(int16(key), func(r kmsg.Request) (kmsg.Response, error, bool) {
			cluster.KeepControl()
			w.hear(r)
			return nil, nil, false
		})
	}
	return w.stop
}

// member is a member of a group, or everybody in it when it has no id.
type member struct{ group, id string }

// deadline is until when something has to be heard.
type deadline struct{ timer *time.Timer }

// watch knows who has asked to join and was not heard of since, and which groups
// nobody was let in since somebody asked.
type watch struct {
	cluster *kfake.Cluster
	options []kgo.Opt

	mu      sync.Mutex
	stopped bool
	waiting map[member]*deadline
	wg      sync.WaitGroup
}

func (w *watch) hear(r kmsg.Request) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch req := r.(type) {
	case *kmsg.JoinGroupRequest:
		w.joins(req)
	case *kmsg.SyncGroupRequest: // only who was let in asks for its share
		w.lives(member{group: req.Group})
		w.lives(member{req.Group, req.MemberID})
	case *kmsg.HeartbeatRequest:
		w.lives(member{req.Group, req.MemberID})
	}
}

func (w *watch) joins(req *kmsg.JoinGroupRequest) {
	if req.MemberID == "" {
		return // it is told who it is, and asks again
	}
	m, all := member{req.Group, req.MemberID}, member{group: req.Group}
	limit := time.Duration(req.RebalanceTimeoutMillis+req.SessionTimeoutMillis) * time.Millisecond
	w.expect(m, limit)
	if w.waiting[all] == nil {
		w.expect(all, limit)
	}
}

// expect removes a member unless it is heard of within a time from now on.
func (w *watch) expect(m member, limit time.Duration) {
	w.lives(m)
	if w.stopped {
		return
	}
	d := new(deadline)
	d.timer = time.AfterFunc(limit, func() {
		if w.begin(m, d) {
			defer w.wg.Done()
			w.remove(m)
		}
	})
	w.waiting[m] = d
}

func (w *watch) lives(m member) {
	if d := w.waiting[m]; d != nil {
		d.timer.Stop()
		delete(w.waiting, m)
	}
}

// begin reports whether a member is still to be removed, now that the time is
// over that was set last.
func (w *watch) begin(m member, d *deadline) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.stopped || w.waiting[m] != d {
		return false
	}
	delete(w.waiting, m)
	w.wg.Add(1)
	return true
}

// patience is how long a cluster in this process may take to remove a member.
const patience = 5 * time.Second

// remove says goodbye for a member, or for everybody. If that fails, the cluster
// is being closed.
func (w *watch) remove(m member) {
	client, err := kgo.NewClient(append([]kgo.Opt{kgo.SeedBrokers(w.cluster.ListenAddrs()...)}, w.options...)...)
	if err != nil {
		return
	}
	defer client.Close()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	ids := []string{m.id}
	if m.id == "" {
		groups, _ := kadm.NewClient(client).DescribeGroups(ctx, m.group)
		ids = nil
		for _, other := range groups[m.group].Members {
			ids = append(ids, other.MemberID)
		}
	}
	for _, id := range ids {
		leave(ctx, client, member{m.group, id})
	}
}

func leave(ctx context.Context, client *kgo.Client, m member) {
	req := kmsg.NewPtrLeaveGroupRequest()
	req.Group, req.MemberID = m.group, m.id // the member is here in old versions, and below in new ones
	leaving := kmsg.NewLeaveGroupRequestMember()
	leaving.MemberID = m.id
	req.Members = append(req.Members, leaving)
	_, _ = req.RequestWith(ctx, client)
}

func (w *watch) stop() {
	w.mu.Lock()
	w.stopped = true
	for _, d := range w.waiting {
		d.timer.Stop()
	}
	w.mu.Unlock()
	w.wg.Wait()
}
