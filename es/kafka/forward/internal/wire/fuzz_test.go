package wire_test

import (
	"errors"
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
	pb "github.com/esgen-dev/esgen/es/kafka/forward/internal/esgen/forward/v1"
	"github.com/esgen-dev/esgen/es/kafka/forward/internal/wire"
)

// FuzzRequest reads what may have come from anybody. What can be read is what
// is read from its own encoding.
func FuzzRequest(f *testing.F) {
	for _, r := range requests(f) {
		f.Add(r)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := wire.DecodeRequest(data)
		if err != nil {
			return
		}
		if e := r.GetExecute(); e != nil {
			checkExecute(t, e)
		}
		if l := r.GetLoad(); l != nil {
			checkLoad(t, l)
		}
	})
}

func checkExecute(t *testing.T, e *pb.Execute) {
	t.Helper()
	c, o, err := wire.Command(ledger(), e)
	if err != nil {
		return
	}
	again, err := wire.DecodeRequest(must(t)(wire.EncodeExecute(ledger(), c, o)))
	if err != nil {
		t.Fatal(err)
	}
	c2, o2, err := wire.Command(ledger(), again.GetExecute())
	if err != nil || !proto.Equal(c, c2) || !sameOptions(o, o2) {
		t.Errorf("%v %+v, %v; want %v %+v", c2, o2, err, c, o)
	}
}

func sameOptions(a, b es.CommandOptions) bool {
	if (a.Expect == nil) != (b.Expect == nil) || a.Expect != nil && *a.Expect != *b.Expect {
		return false
	}
	a.Expect, b.Expect = nil, nil
	return a == b
}

func checkLoad(t *testing.T, l *pb.Load) {
	t.Helper()
	spec := ledger().Spec()
	id, o, err := wire.Read(spec, l)
	if err != nil {
		return
	}
	again, err := wire.DecodeRequest(must(t)(wire.EncodeLoad(ledger(), id, o)))
	if err != nil {
		t.Fatal(err)
	}
	id2, o2, err := wire.Read(spec, again.GetLoad())
	if err != nil || id != id2 || o != o2 {
		t.Errorf("%q %+v, %v; want %q %+v", id2, o2, err, id, o)
	}
}

// FuzzResponse reads what may have come from anybody. What can be read is what
// is read from its own encoding.
func FuzzResponse(f *testing.F) {
	for _, r := range responses(f) {
		f.Add(r, "a")
	}
	f.Fuzz(func(t *testing.T, data []byte, id string) {
		if len(data) > 8<<10 {
			return // texts for people are cut
		}
		r, err := wire.DecodeResponse(data)
		if err != nil {
			return
		}
		checkExecuted(t, id, r.GetExecuted())
		checkLoaded(t, id, r.GetLoaded())
		checkFailure(t, r.GetFailure())
	})
}

func checkExecuted(t *testing.T, id string, e *pb.Executed) {
	t.Helper()
	o := es.CommandOptions{CommandID: string(e.GetCommandId())}
	receipt, events, err := wire.Executed(ledger(), id, o, e)
	if err != nil {
		return
	}
	if uint64(len(events)) != receipt.Version+1-receipt.First {
		return // a duplicate, or some of the events were upcast
	}
	again, err := wire.DecodeResponse(must(t)(wire.EncodeExecuted(ledger(), receipt, events)))
	if err != nil {
		t.Fatal(err)
	}
	receipt2, events2, err := wire.Executed(ledger(), id, o, again.GetExecuted())
	if err != nil || receipt != receipt2 || !slices.EqualFunc(events, events2, equal) {
		t.Errorf("%+v %v, %v; want %+v %v", receipt2, events2, err, receipt, events)
	}
}

func equal(a, b proto.Message) bool { return proto.Equal(a, b) }

func checkLoaded(t *testing.T, id string, l *pb.Loaded) {
	t.Helper()
	rev, err := wire.Loaded(ledger(), id, l)
	if err != nil {
		return
	}
	again, err := wire.DecodeResponse(must(t)(wire.EncodeLoaded(rev)))
	if err != nil {
		t.Fatal(err)
	}
	rev2, err := wire.Loaded(ledger(), id, again.GetLoaded())
	if err != nil || rev.Version != rev2.Version || !rev.Time.Equal(rev2.Time) || !proto.Equal(rev.State, rev2.State) {
		t.Errorf("%+v, %v; want %+v", rev2, err, rev)
	}
}

func checkFailure(t *testing.T, f *pb.Failure) {
	t.Helper()
	causes := wire.Causes(f, domain())
	if len(causes) == 0 {
		return
	}
	again, err := wire.DecodeResponse(must(t)(wire.EncodeFailure(errors.Join(causes...), domain())))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range wire.Causes(again.GetFailure(), domain()) {
		if !slices.ContainsFunc(causes, func(before error) bool { return before.Error() == c.Error() }) && !errors.Is(errors.Join(causes...), c) {
			t.Errorf("%v came out of %v", c, causes)
		}
	}
}
