package reservations_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/memory"
	shopv1 "github.com/esgen-dev/esgen/examples/shop/gen/shop/v1"
	"github.com/esgen-dev/esgen/examples/shop/lastyear"
	"github.com/esgen-dev/esgen/examples/shop/orders"
	"github.com/esgen-dev/esgen/examples/shop/reservations"
	"github.com/esgen-dev/esgen/examples/shop/stock"
)

// shop is a shop with ten mugs and ten trays.
type shop struct {
	t       *testing.T
	engine  *memory.Engine
	orders  *shopv1.OrderAggregate
	stock   *shopv1.StockItemAggregate
	process *reservations.Process
}

func newShop(t *testing.T, opts ...memory.Option) *shop {
	t.Helper()
	engine := memory.New(opts...)
	s := &shop{
		t:      t,
		engine: engine,
		orders: shopv1.NewOrderAggregate(engine, orders.Order{}),
		stock:  shopv1.NewStockItemAggregate(engine, stock.Item{}),
	}
	s.process = s.newProcess(es.Start())
	for _, sku := range []string{"mug", "tray"} {
		_, err := s.stock.ReceiveStock(t.Context(), &shopv1.ReceiveStock{Sku: sku, Quantity: 10})
		s.must(err)
	}
	return s
}

func (s *shop) newProcess(from es.Cursor) *reservations.Process {
	return reservations.New(shopv1.NewOrderReader(s.engine, orders.Order{}), s.stock, from)
}

// place orders two mugs and a tray.
func (s *shop) place() {
	s.t.Helper()
	_, err := s.orders.PlaceOrder(s.t.Context(), &shopv1.PlaceOrder{OrderId: "o", Lines: []*shopv1.Line{
		{Sku: "mug", Quantity: 2}, {Sku: "tray", Quantity: 1},
	}})
	s.must(err)
}

func (s *shop) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *shop) catchUp(p *reservations.Process, want reservations.Tally) {
	s.t.Helper()
	got, err := p.CatchUp(s.t.Context())
	s.must(err)
	if diff := cmp.Diff(want, got); diff != "" {
		s.t.Errorf("tally (-want +got):\n%s", diff)
	}
}

func (s *shop) has(sku string, want *shopv1.StockItem) {
	s.t.Helper()
	got, err := s.stock.Load(s.t.Context(), sku)
	s.must(err)
	if diff := cmp.Diff(want, got.State, protocmp.Transform()); diff != "" {
		s.t.Errorf("%s (-want +got):\n%s", sku, diff)
	}
}

func TestProcess_followsAnOrder(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.place()
	_, err := s.orders.RemoveItem(t.Context(), &shopv1.RemoveItem{OrderId: "o", Sku: "tray"})
	s.must(err)
	s.catchUp(s.process, reservations.Tally{Sent: 3})
	s.has("mug", &shopv1.StockItem{OnHand: 10, Reserved: map[string]int64{"o": 2}})
	s.has("tray", &shopv1.StockItem{OnHand: 10})

	_, err = s.orders.PayOrder(t.Context(), &shopv1.PayOrder{OrderId: "o"})
	s.must(err)
	_, err = s.orders.ShipOrder(t.Context(), &shopv1.ShipOrder{OrderId: "o"})
	s.must(err)
	s.catchUp(s.process, reservations.Tally{Sent: 1})
	s.has("mug", &shopv1.StockItem{OnHand: 8})
}

func TestProcess_givesBackWhatIsCancelled(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.place()
	_, err := s.orders.CancelOrder(t.Context(), &shopv1.CancelOrder{OrderId: "o"})
	s.must(err)
	s.catchUp(s.process, reservations.Tally{Sent: 4})
	s.has("mug", &shopv1.StockItem{OnHand: 10})
	s.has("tray", &shopv1.StockItem{OnHand: 10})
}

// Both events that a swap is read as are answered: their commands have ids of
// their own, although they are one stored event.
func TestProcess_answersEveryPartOfAnOldEvent(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.place()
	_, err := lastyear.Store(t.Context(), s.engine, "o",
		&shopv1.ItemSwapped{FromSku: "mug", ToSku: "mug", Quantity: 2, ToUnitCents: 12_00})
	s.must(err)
	s.catchUp(s.process, reservations.Tally{Sent: 4})
	s.has("mug", &shopv1.StockItem{OnHand: 10, Reserved: map[string]int64{"o": 2}})
}

func TestProcess_withoutItsCursor(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.place()
	s.catchUp(s.process, reservations.Tally{Sent: 2})
	s.catchUp(s.newProcess(es.Start()), reservations.Tally{Sent: 2, Duplicates: 2})
	s.catchUp(s.newProcess(s.process.Cursor()), reservations.Tally{})
	s.has("mug", &shopv1.StockItem{OnHand: 10, Reserved: map[string]int64{"o": 2}})
}

// The answer to an event is several commands. When the second fails, both are
// sent again, and the first counts once.
func TestProcess_thatFailsHalfWay(t *testing.T) {
	t.Parallel()
	broken := true
	errBroken := errors.New("the forklift is broken")
	s := newShop(t, memory.Validate(func(c proto.Message) error {
		if c, ok := c.(*shopv1.ReserveStock); ok && c.GetSku() == "tray" && broken {
			return errBroken
		}
		return nil
	}))
	s.place()
	if _, err := s.process.CatchUp(t.Context()); !errors.Is(err, errBroken) {
		t.Fatalf("CatchUp: %v, want %v", err, errBroken)
	}
	broken = false
	s.catchUp(s.process, reservations.Tally{Sent: 2, Duplicates: 1})
	s.has("mug", &shopv1.StockItem{OnHand: 10, Reserved: map[string]int64{"o": 2}})
	s.has("tray", &shopv1.StockItem{OnHand: 10, Reserved: map[string]int64{"o": 1}})
}
