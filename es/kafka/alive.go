package kafka

import (
	"context"
	"net"
	"strconv"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// options returns the options of a client that is made for one purpose. It
// starts from the brokers that the cluster holds for alive: among those that
// the engine was given may be one that takes connections and never answers,
// which costs a client that is new a good part of its budget each time.
func (e *Engine) options() []kgo.Opt {
	opts := e.config.options()
	if brokers := e.alive(); len(brokers) > 0 {
		opts = append(opts, kgo.SeedBrokers(brokers...))
	}
	return opts
}

// alive returns the addresses of the brokers, or none when nobody says which
// there are.
func (e *Engine) alive() []string {
	ctx, cancel := context.WithTimeout(e.ctx, e.budget/2)
	defer cancel()
	req := kmsg.NewPtrMetadataRequest()
	req.Topics = []kmsg.MetadataRequestTopic{}
	resp, err := req.RequestWith(ctx, e.client)
	if err != nil {
		return nil
	}
	brokers := make([]string, len(resp.Brokers))
	for i, b := range resp.Brokers {
		brokers[i] = net.JoinHostPort(b.Host, strconv.Itoa(int(b.Port)))
	}
	return brokers
}
