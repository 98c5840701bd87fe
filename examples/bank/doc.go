// Command bank is a bank account as an event-sourced service. It runs in
// memory and prints a story: what was asked for, what was refused, what the
// log says about it, and what the account looked like before.
//
//	go run ./examples/bank
//
// The same code runs on Kafka, of which esgen dev serves one for development,
// and the bank can take commands over HTTP, in as many processes as one likes:
//
//	go run ./cmd/esgen -C examples/bank dev
//	go run ./examples/bank -engine kafka -brokers 127.0.0.1:9092 -serve 127.0.0.1:8001
//	go run ./examples/bank -engine kafka -brokers 127.0.0.1:9092 -serve 127.0.0.1:8002
//	curl -L 127.0.0.1:8001/accounts/bank.v1.OpenAccount -d '{"accountId": "a", "owner": "Ada"}'
//	curl -L 127.0.0.1:8002/accounts/bank.v1.Deposit -H 'Command-Id: 1' -d '{"accountId": "a", "amountCents": 500}'
//	curl -L 127.0.0.1:8001/accounts/a
//
// What it writes to Kafka is read by ../streams, an application of Kafka Streams.
//
// proto/bank/v1/account.proto declares the account. Package accounts is the
// behaviour that belongs to it, package balances a read model that is built
// from its events, and package lastyear the service as it was before amounts
// were counted in cents. Everything in gen is generated. service.go is all that
// it takes to serve; its test kills the processes and audits the log.
package main

//go:generate go run ./internal/exportprotos third_party/protovalidate.binpb
//go:generate go run github.com/esgen-dev/esgen/cmd/esgen generate
