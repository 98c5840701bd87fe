// Command bank is a bank account as an event-sourced service. It runs in
// memory and prints a story: what was asked for, what was refused, what the
// log says about it, and what the account looked like before.
//
//	go run ./examples/bank
//
// proto/bank/v1/account.proto declares the account. Package accounts is the
// behaviour that belongs to it, package balances a read model that is built
// from its events, and package lastyear the service as it was before amounts
// were counted in cents. Everything in gen is generated.
package main

//go:generate go run ./internal/exportprotos third_party/protovalidate.binpb
//go:generate go run github.com/esgen-dev/esgen/cmd/esgen generate
