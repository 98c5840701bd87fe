package main

import (
	"context"
	"encoding/json"
	"fmt"

	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/memory"
	"github.com/esgen-dev/esgen/examples/shop/demand"
	shopv1 "github.com/esgen-dev/esgen/examples/shop/gen/shop/v1"
	"github.com/esgen-dev/esgen/examples/shop/orders"
	"github.com/esgen-dev/esgen/examples/shop/stock"
)

func (s *story) auditTrail(ctx context.Context) error {
	s.title("The audit trail of Carol's order, where version 2 is retired and 3 was split")
	for ev, err := range s.orders.History(ctx, carols) {
		if err != nil {
			return err
		}
		stored := ""
		if ev.Type != string(ev.Event.ProtoReflect().Descriptor().FullName()) {
			stored = fmt.Sprintf(" (stored as %s)", ev.Type)
		}
		s.line("%d  %s  %-9s  %s%s", ev.Version, ev.Time.Format("2006-01-02 15:04"), ev.Actor, describe(ev.Event), stored)
	}
	return nil
}

func (s *story) timeTravel(ctx context.Context) error {
	s.title("Ada's order as it was")
	for _, version := range []uint64{1, 3, 5, 7, 10} {
		order, err := s.orders.Load(ctx, adas, es.AtVersion(version))
		if err != nil {
			return err
		}
		byTime, err := s.orders.Load(ctx, adas, es.AtTime(order.Time))
		if err != nil {
			return err
		}
		s.line("version %2d, at %s: %-16s %d items for %s, paid %5s (the same by time: %t)",
			version, order.Time.Format("2006-01-02 15:04"), order.State.GetStatus(), len(order.State.GetLines()),
			euros(orders.Total(order.State)), euros(order.State.GetPaidCents()), proto.Equal(order.State, byTime.State))
	}
	return nil
}

func (s *story) readModel(ctx context.Context) error {
	s.title("What sells, and what to buy")
	view := demand.New()
	n, err := view.CatchUp(ctx, s.orderReader(), s.stockReader())
	if err != nil {
		return err
	}
	s.line("took in %d events", n)
	for _, row := range view.Rows() {
		s.line("%-7s sold %2d for %6s, returned %d, available %2d, missed %d, buy %d",
			row.SKU, row.Sold, euros(row.EarnedCents), row.Returned, row.Available, row.Missed, row.Reorder())
	}
	stored, err := json.Marshal(view)
	if err != nil {
		return err
	}
	if err := s.tell(did(s.stock.ReceiveStock(ctx, &shopv1.ReceiveStock{Sku: "candle", Quantity: 20}))); err != nil {
		return err
	}
	restored := demand.New()
	if err := json.Unmarshal(stored, restored); err != nil {
		return err
	}
	if n, err = restored.CatchUp(ctx, s.orderReader(), s.stockReader()); err != nil {
		return err
	}
	s.line("stored, read back and caught up with %d event: %d candles to buy", n, restored.Items["candle"].Reorder())
	return nil
}

func (s *story) replay(ctx context.Context) error {
	s.title("A replay")
	known, err := s.stock.Load(ctx, "candle")
	if err != nil {
		return err
	}
	before := snapshotsUsed(s.engine)
	// A new store has no state in its memory: it begins with what was stored.
	replayed, err := shopv1.NewStockItemAggregate(s.engine, stock.Item{}).Load(ctx, "candle")
	if err != nil {
		return err
	}
	s.line("%d events of a candle, %d snapshot used, the state is the same: %t",
		replayed.Version, snapshotsUsed(s.engine)-before, proto.Equal(known.State, replayed.State))
	return nil
}

// snapshotsUsed returns how often a state did not have to be made of all its
// events. The engine in memory counts that.
func snapshotsUsed(engine es.Engine) uint64 {
	if m, ok := engine.(*memory.Engine); ok {
		return m.Stats().SnapshotsUsed
	}
	return 0
}
