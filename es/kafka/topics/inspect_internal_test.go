package topics

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kadm"
)

// Clusters of this process give all partitions the same replicas, and leaders.
func TestLayout(t *testing.T) {
	t.Parallel()
	got := layout(kadm.TopicDetail{Partitions: kadm.PartitionDetails{
		2: {Partition: 2, Leader: -1, Replicas: []int32{3, 1, 2}},
		0: {Partition: 0, Leader: 1, Replicas: []int32{1, 2, 3}},
		1: {Partition: 1, Leader: 2, Replicas: []int32{2, 3}},
	}})
	want := found{
		partitions: 3, replicas: 2, leaderless: 1, settings: map[string]string{},
		assignment: [][]int32{{1, 2, 3}, {2, 3}, {3, 1, 2}},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(found{})); diff != "" {
		t.Error(diff)
	}
}
