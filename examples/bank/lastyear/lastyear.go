// Package lastyear is the bank's service as it was before amounts were counted
// in cents. It is here so that the story has something old in its log; a real
// service just has the log.
package lastyear

import (
	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/examples/bank/accounts"
	bankv1 "github.com/esgen-dev/esgen/examples/bank/gen/bank/v1"
)

// Account returns the aggregate type as last year's code knew it.
func Account() es.Aggregate {
	return account{bankv1.AccountType(accounts.Account{})}
}

type account struct{ es.Aggregate }

// Handle decides a deposit with the event of the time.
func (a account) Handle(m es.Meta, s, c proto.Message) ([]proto.Message, error) {
	if c, ok := c.(*bankv1.Deposit); ok {
		return []proto.Message{&bankv1.Deposited{Amount: float64(c.GetAmountCents()) / 100}}, nil
	}
	return a.Aggregate.Handle(m, s, c)
}

// TypeOf knows the event of the time.
func (a account) TypeOf(e proto.Message) string {
	if _, ok := e.(*bankv1.Deposited); ok {
		return "bank.v1.Deposited"
	}
	return a.Aggregate.TypeOf(e)
}
