// Command shop is the life of an order as an event-sourced service, and the
// stock that it draws on. It runs in memory and prints a story: what happened
// to the orders, what was refused, what the log says about it, and what has to
// be bought.
//
//	go run ./examples/shop
//
// proto/shop/v1 declares two aggregates, in order.proto and stock.proto.
// Packages orders and stock are the behaviour that belongs to them. Package
// reservations carries facts from the one to the other, package demand is a
// read model over both, and package lastyear writes events that are no longer
// emitted. Everything in gen is generated.
package main

//go:generate go run github.com/esgen-dev/esgen/cmd/esgen generate
