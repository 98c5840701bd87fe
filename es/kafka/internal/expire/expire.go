// Package expire removes the members of consumer groups that kfake, the fake
// cluster of franz-go, keeps for ever.
//
// A member that does not send heartbeats in time is no longer one. kfake begins
// to count when it has answered a request to join, and that answer never
// arrives if the process was killed while it waited for it. Such a member stays,
// with a share of the partitions that nobody serves. Kafka counts whether the
// answer arrives or not.
//
// Only the classic protocol of groups is looked at: kfake counts from the first
// heartbeat in that of KIP-848.
package expire

import (
	"context"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// Members removes members of the groups of a cluster from now on, until the
// function that it returns is called. They are those that have asked to join, and
// then nothing for as long as the group may take to let them join and a session
// after that. The options are those of a client of the cluster, beside its
// address.
func Members(cluster *kfake.Cluster, options ...kgo.Opt) (stop func()) {
	w := &watch{cluster: cluster, options: options, joining: make(map[member]*time.Timer)}
	for _, key := range []kmsg.Key{kmsg.JoinGroup, kmsg.SyncGroup, kmsg.Heartbeat} {
		cluster.ControlKey(int16(key), func(r kmsg.Request) (kmsg.Response, error, bool) {
			cluster.KeepControl()
			w.hear(r)
			return nil, nil, false
		})
	}
	return w.stop
}

type member struct{ group, id string }

// watch knows who has asked to join and was not heard of since.
type watch struct {
	cluster *kfake.Cluster
	options []kgo.Opt

	mu      sync.Mutex
	stopped bool
	joining map[member]*time.Timer
	wg      sync.WaitGroup
}

func (w *watch) hear(r kmsg.Request) {
	switch req := r.(type) {
	case *kmsg.JoinGroupRequest:
		w.joins(req)
	case *kmsg.SyncGroupRequest:
		w.lives(member{req.Group, req.MemberID})
	case *kmsg.HeartbeatRequest:
		w.lives(member{req.Group, req.MemberID})
	}
}

func (w *watch) joins(req *kmsg.JoinGroupRequest) {
	if req.MemberID == "" {
		return // it is told who it is, and asks again
	}
	m := member{req.Group, req.MemberID}
	limit := time.Duration(req.RebalanceTimeoutMillis+req.SessionTimeoutMillis) * time.Millisecond
	w.lives(m)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.stopped {
		return
	}
	w.joining[m] = time.AfterFunc(limit, func() {
		if w.begin(m) {
			defer w.wg.Done()
			w.remove(m)
		}
	})
}

func (w *watch) lives(m member) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if t := w.joining[m]; t != nil {
		t.Stop()
		delete(w.joining, m)
	}
}

// begin reports whether a member is still to be removed.
func (w *watch) begin(m member) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.stopped || w.joining[m] == nil {
		return false
	}
	delete(w.joining, m)
	w.wg.Add(1)
	return true
}

// patience is how long a cluster in this process may take to remove a member.
const patience = 5 * time.Second

// remove says goodbye for a member. If that fails, the cluster is being closed.
func (w *watch) remove(m member) {
	client, err := kgo.NewClient(append([]kgo.Opt{kgo.SeedBrokers(w.cluster.ListenAddrs()...)}, w.options...)...)
	if err != nil {
		return
	}
	defer client.Close()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
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
	for _, t := range w.joining {
		t.Stop()
	}
	w.mu.Unlock()
	w.wg.Wait()
}
