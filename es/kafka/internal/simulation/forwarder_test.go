package simulation

import (
	"context"

	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/kafka"
)

// postman forwards commands between the processes of a simulation. Their
// addresses are the numbers of their slots.
type postman struct{ *simulation }

var _ kafka.Forwarder = postman{}

// Execute implements [kafka.Forwarder].
func (m postman) Execute(ctx context.Context, address string, a es.Aggregate, c proto.Message, o es.CommandOptions) (
	r es.Receipt, events []proto.Message, err error,
) {
	p := m.at(address)
	err = p.visit(ctx, func(ctx context.Context) error {
		_, store, ok := p.engine.Local(a.Spec().Name)
		if !ok {
			return es.ErrClosed
		}
		r, events, err = store.Execute(ctx, c, o)
		return err
	})
	return r, events, err
}

// Load implements [kafka.Forwarder].
func (m postman) Load(ctx context.Context, address string, a es.Aggregate, id string, o es.ReadOptions) (
	r es.Revision[proto.Message], err error,
) {
	p := m.at(address)
	err = p.visit(ctx, func(ctx context.Context) error {
		_, store, ok := p.engine.Local(a.Spec().Name)
		if !ok {
			return es.ErrClosed
		}
		r, err = store.Load(ctx, id, o)
		return err
	})
	return r, err
}

func (m postman) at(address string) *process { return m.process(int(address[0] - '0')) }
