package topics

import (
	"context"
	"errors"
	"fmt"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// CommitHanging writes the marker of a transaction that [FindHanging] has found to
// be committed, and does nothing about others. After that readers go on. The
// broker refuses it when the producer has written anything since. It takes Kafka
// 4.2 or later and the right ClusterAction on the cluster; errors are those of
// FindHanging.
func CommitHanging(ctx context.Context, client *kgo.Client, h Hanging, options HangingOptions) error {
	if h.Outcome != Committed {
		return nil
	}
	i := inspector{client: kadm.NewClient(client), brokers: options.Brokers}
	if err := i.marks(ctx); err != nil {
		return err
	}
	topic := kmsg.NewWriteTxnMarkersRequestMarkerTopic()
	topic.Topic, topic.Partitions = h.Topic, []int32{h.Partition}
	marker := kmsg.NewWriteTxnMarkersRequestMarker()
	marker.ProducerID, marker.ProducerEpoch, marker.CoordinatorEpoch = h.producer, h.epoch+1, h.coordinatorEpoch
	marker.Committed, marker.TransactionVersion = true, wantedTransactionVersion // an epoch that is not newer is refused
	marker.Topics = append(marker.Topics, topic)
	req := kmsg.NewPtrWriteTxnMarkersRequest()
	req.Markers = append(req.Markers, marker)
	resp, err := req.RequestWith(ctx, client)
	if err == nil {
		err = markerError(resp)
	}
	if err != nil {
		return i.failure(err, actMark, h.Topic)
	}
	return nil
}

// markerVersion is the first version of the request in which brokers are told that
// transactions have epochs of their own (KIP-1228).
const markerVersion = 2

// marks fails unless all brokers refuse a marker whose epoch is not newer than
// that of what was written last.
func (i inspector) marks(ctx context.Context) error {
	versions, err := i.client.ApiVersions(ctx)
	if err != nil {
		return i.failure(err, actVersions, "")
	}
	for _, broker := range versions.Sorted() {
		if broker.Err != nil {
			return i.failure(broker.Err, actVersions, "")
		}
		if newest, _ := broker.KeyMaxVersion(int16(kmsg.WriteTxnMarkers)); newest < markerVersion {
			return fmt.Errorf("broker %d may write a marker over a later transaction: it takes Kafka 4.2 to write one safely", broker.NodeID)
		}
	}
	return nil
}

// markerError returns what kept a marker from being written.
func markerError(resp *kmsg.WriteTxnMarkersResponse) error {
	err := errors.New("the broker did not answer for the partition")
	for _, m := range resp.Markers {
		for _, t := range m.Topics {
			for _, p := range t.Partitions {
				err = kerr.ErrorForCode(p.ErrorCode)
			}
		}
	}
	if errors.Is(err, kerr.InvalidProducerEpoch) {
		return fmt.Errorf("its producer has gone on since, so nothing was written: %w", err)
	}
	return err //nolint:wrapcheck // the caller says what it was about
}
