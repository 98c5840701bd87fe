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
// with the states of the accounts. At last a program writes a record of its own
// into the log, and the engine has to say where.
//
//	ESGEN_REAL_KAFKA=1 ESGEN_REAL_REGISTRY=1 go test ./internal/interop
//
// That takes what packages realkafka and realregistry take, Maven, and Python
// 3.11 or newer with venv. Without ESGEN_REAL_KAFKA, or what it takes, the tests
// are skipped, and say so; with ESGEN_REQUIRE_TOOLS=1 too, what is missing fails
// them. Without ESGEN_REAL_REGISTRY the registry is package registrytest: then
// the deserializer of Python asks it for schemas, which Apicurio has in another
// form, and the one of Apicurio is not tested.
//
// What the programs are made of is fetched and built once, into esgen-interop in
// the user's cache directory, or where ESGEN_INTEROP_DIR says, under a hash of
// all sources. Nothing there is removed, and all of it may be.
//
// It does not test how quick those clients are, serializers, security, or
// versions other than those that are pinned.
package interop
