// Package ledgerv1 is the aggregate that the tests of the runtime share. Its
// state remembers everything an engine tells it, so that a wrong fold shows.
package ledgerv1

//go:generate go run github.com/esgen-dev/esgen/cmd/esgen generate -C ../..

import (
	"bytes"
	"errors"
	"strconv"

	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
)

// ErrOverdrawn is the domain error of a ledger: its balance may not become
// negative.
var ErrOverdrawn = errors.New("ledger would be overdrawn")

// Behavior is the behaviour of a ledger.
type Behavior struct{}

var _ LedgerBehavior = Behavior{}

// HandleOpenLedger implements [LedgerBehavior].
func (Behavior) HandleOpenLedger(_ es.Meta, _ *Ledger, c *OpenLedger) ([]OpenLedgerOutcome, error) {
	return []OpenLedgerOutcome{&LedgerOpened{Owner: c.GetOwner()}}, nil
}

// HandlePost implements [LedgerBehavior].
func (Behavior) HandlePost(_ es.Meta, s *Ledger, c *Post) ([]PostOutcome, error) {
	switch amount := c.GetEntry().GetAmount(); {
	case amount == 0:
		return nil, nil
	case s.GetBalance()+amount < 0:
		return nil, ErrOverdrawn
	}
	return []PostOutcome{posted(c.GetEntry())}, nil
}

// HandlePostBatch implements [LedgerBehavior].
func (Behavior) HandlePostBatch(_ es.Meta, s *Ledger, c *PostBatch) ([]PostBatchOutcome, error) {
	balance := s.GetBalance()
	events := make([]PostBatchOutcome, len(c.GetEntries()))
	for i, entry := range c.GetEntries() {
		if balance += entry.GetAmount(); balance < 0 {
			return nil, ErrOverdrawn
		}
		events[i] = posted(entry)
	}
	return events, nil
}

// HandleAttach implements [LedgerBehavior].
func (Behavior) HandleAttach(m es.Meta, _ *Ledger, c *Attach) ([]AttachOutcome, error) {
	attached := &Attached{Data: c.GetData()}
	if m.Version == 0 {
		return []AttachOutcome{&LedgerOpened{}, attached}, nil
	}
	return []AttachOutcome{attached}, nil
}

// HandleCloseLedger implements [LedgerBehavior].
func (Behavior) HandleCloseLedger(es.Meta, *Ledger, *CloseLedger) ([]CloseLedgerOutcome, error) {
	return []CloseLedgerOutcome{&LedgerClosed{}}, nil
}

// ApplyLedgerOpened implements [LedgerBehavior].
func (Behavior) ApplyLedgerOpened(m es.Meta, s *Ledger, e *LedgerOpened) {
	s.Id = m.AggregateID
	s.Status = Ledger_STATUS_OPEN
	s.Owner = e.GetOwner()
	s.Digest = digestOf(s, m, 1).text(e.GetOwner()).sum()
}

// ApplyPosted implements [LedgerBehavior].
func (Behavior) ApplyPosted(m es.Meta, s *Ledger, e *Posted) {
	amount, tag := e.GetEntry().GetAmount(), e.GetEntry().GetTag()
	s.Balance += amount
	if s.ByTag == nil {
		s.ByTag = make(map[string]int64)
	}
	s.ByTag[tag] += amount
	s.Last = &Entry{Amount: amount, Tag: tag}
	s.Digest = digestOf(s, m, 2).number(uint64(amount)).text(tag).sum() //nolint:gosec // any bits will do
}

// ApplyAttached implements [LedgerBehavior].
func (Behavior) ApplyAttached(m es.Meta, s *Ledger, e *Attached) {
	s.Attachment = bytes.Clone(e.GetData())
	s.Digest = digestOf(s, m, 3).bytes(e.GetData()).sum()
}

// ApplyLedgerClosed implements [LedgerBehavior].
func (Behavior) ApplyLedgerClosed(m es.Meta, s *Ledger, _ *LedgerClosed) {
	s.Status = Ledger_STATUS_CLOSED
	s.Digest = digestOf(s, m, 4).sum()
}

// UpcastEntryMade implements [LedgerUpcasts]. It returns nil for an amount that
// is no number, which is how the tests get an event that cannot be read.
func (Behavior) UpcastEntryMade(_ es.Meta, e *EntryMade) *EntryMadeV2 {
	amount, err := strconv.ParseInt(e.GetAmount(), 10, 64)
	if err != nil {
		return nil
	}
	return &EntryMadeV2{Amount: amount}
}

// UpcastEntryMadeV2 implements [LedgerUpcasts].
func (Behavior) UpcastEntryMadeV2(_ es.Meta, e *EntryMadeV2) *Posted {
	return &Posted{Entry: &Entry{Amount: e.GetAmount()}}
}

// UpcastBatchMade implements [LedgerUpcasts].
func (Behavior) UpcastBatchMade(_ es.Meta, e *BatchMade) []LedgerEvent {
	events := make([]LedgerEvent, len(e.GetEntries()))
	for i, entry := range e.GetEntries() {
		events[i] = posted(entry)
	}
	return events
}

// posted copies the entry: an event may outlive the command.
func posted(e *Entry) *Posted { return &Posted{Entry: proto.CloneOf(e)} }
