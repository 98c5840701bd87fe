// Command shop is the life of an order as an event-sourced service, and the
// stock that it draws on. It runs in memory and prints a story: what happened
// to the orders, what was refused, what the log says about it, and what has to
// be bought.
//
//	go run ./examples/shop
//
// It runs on Kafka too, and serves orders and stock over HTTP, as the bank does;
// one of the processes is given a file to keep in it how far it has come with
// carrying facts from the one to the other:
//
//	go run ./cmd/esgen -C examples/shop dev
//	go run ./examples/shop -engine kafka -brokers 127.0.0.1:9092 -serve 127.0.0.1:8001 -reservations cursor
//	go run ./examples/shop -engine kafka -brokers 127.0.0.1:9092 -serve 127.0.0.1:8002
//
// proto/shop/v1 declares two aggregates, in order.proto and stock.proto.
// Packages orders and stock are the behaviour that belongs to them. Package
// reservations carries facts from the one to the other, package demand is a
// read model over both, and package lastyear writes events that are no longer
// emitted. Everything in gen is generated.
package main

//go:generate go run github.com/esgen-dev/esgen/cmd/esgen generate
