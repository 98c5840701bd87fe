// Package interop holds the tests with clients that others wrote. It has no Go
// code but tests; the programs that they run are small, and in the languages of
// those clients:
//
//   - python reads events with confluent-kafka, its deserializer and its client
//     of the schema registry;
//   - java reads them with Kafka's own client and the deserializer of Apicurio;
//   - examples/streams is an application of Kafka Streams.
//
// All of them run against one Apache Kafka and one schema registry. The engine
// runs commands of the bank of the examples; what the programs make of the log
// is compared with the engine's own feed, event by event, header by header, and
// with the states of the accounts. Then a program writes a record of its own
// into the log, and the engine has to say where.
//
//	ESGEN_REAL_KAFKA=1 go test ./internal/interop
//
// That takes what package realkafka takes, Maven, and Python 3.11 with venv.
// What the programs are made of is fetched and built once, into esgen-interop in
// the user's cache directory, under a hash of its sources. Without
// ESGEN_REAL_KAFKA, or what it takes, the tests are skipped, and say so; with
// ESGEN_REQUIRE_TOOLS=1 too, what is missing fails them.
//
// It does not test how quick those clients are, their producers, security, or
// versions other than those that are pinned.
package interop
