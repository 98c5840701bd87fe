package main

import (
	"fmt"

	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
	bankv1 "github.com/esgen-dev/esgen/examples/bank/gen/bank/v1"
)

func (s *story) title(text string) { fmt.Fprintf(s.w, "\n%s\n", text) }

func (s *story) line(format string, args ...any) { fmt.Fprintf(s.w, "  "+format+"\n", args...) }

// refused tells a refusal, and whether it was the expected one.
func (s *story) refused(what string, err error, expected bool) {
	if !expected {
		s.line("%s -> NOT REFUSED AS EXPECTED: %v", what, err)
		return
	}
	s.line("%s -> %v", what, err)
}

// describe says an event in words.
func describe(ev es.Event[bankv1.AccountEvent]) string {
	switch e := ev.Event.(type) {
	case *bankv1.AccountOpened:
		return fmt.Sprintf("opened for %s, overdraft %s", e.GetOwner(), euros(e.GetOverdraftCents()))
	case *bankv1.DepositedV2:
		return fmt.Sprintf("deposited %s (stored as %s)", euros(e.GetAmountCents()), ev.Type)
	case *bankv1.Withdrawn:
		return fmt.Sprintf("withdrew %s", euros(e.GetAmountCents()))
	case *bankv1.WithdrawalDeclined:
		return fmt.Sprintf("was declined %s, having %s", euros(e.GetAmountCents()), euros(e.GetAvailableCents()))
	case *bankv1.AccountFrozen:
		return fmt.Sprintf("frozen: %s", e.GetReason())
	case *bankv1.AccountClosed:
		return "closed"
	}
	return name(ev.Event)
}

func name(m proto.Message) string { return string(m.ProtoReflect().Descriptor().Name()) }

func euros(cents int64) string {
	sign := ""
	if cents < 0 {
		sign, cents = "-", -cents
	}
	return fmt.Sprintf("%s%d.%02d", sign, cents/100, cents%100)
}
