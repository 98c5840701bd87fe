// Package simulation holds the fault tests of es/kafka. It has no code but
// tests, and they use nothing of the engine but what services use.
//
// # The world
//
// Everything runs in this process, in bubbles of testing/synctest: an hour
// passes in a second, and no timeout costs time. A cluster is the fake Kafka of
// franz-go on a virtual network. A process is an engine with a link, which is
// its network, and a clock of its own. A link carries whole requests, and can
// freeze, reset, slow down, lose, hold up, or deliver once more what is on it.
// A process that crashes says nothing to anybody from then on.
//
// # Simulations
//
// TestSimulation lets clients execute and load at three processes, while one
// nemesis after the other harms processes, networks and brokers. The clients
// try again under the same command id until they know what became of a command.
// A follower reads the feed as a read model does. In the end everything works
// again and has to do so, and then
//
//   - an audit reads the committed log, as any program could: numbers without
//     gaps, no command twice, none torn, each event linked to the one before,
//     each acknowledged command where it was said to be, no refused one at all;
//   - porcupine looks for an order of the operations on each aggregate that
//     explains all answers;
//   - every state and history that was read is compared with the log;
//   - the follower has seen what the log holds, once and in order.
//
// A seed fixes the cluster and what the nemeses do, but not the scheduler: a
// seed that failed may pass the next time. To look at one:
//
//	go test ./es/kafka/internal/simulation -run TestSimulation -v \
//		-sim.first=17 -sim.seeds=1 -sim.duration=60s -sim.only=zombie,doubt
//
// # Failing each request
//
// TestFailNth fails each request of some work once, in each way; a sample of
// them unless -sim.thorough is set.
//
// # Tests of the tests
//
// TestMutations, with -mutations, takes one part after the other out of the
// engine, by a text in its source, and runs the test that has to fail then. The
// table is in mutation_test.go: who changes the engine changes it there.
//
// # Kafka itself
//
// The fake brokers have no replicas, elect no wrong leaders, and make a commit
// visible before they answer it. TestReal runs a simulation on three nodes of
// Apache Kafka in the time of the wall clock: its nodes are killed, put to sleep,
// cut off from each other, and restarted one after the other. TestRealBarrier has
// a leader that was deposed, and does not know it, tell a new owner about the log.
//
//	go run ./internal/realkafka/cmd fetch
//	ESGEN_REAL_KAFKA=1 go test ./es/kafka/internal/simulation -run TestReal -v -sim.real=10m
//
// # What this does not show
//
// No disk is lost or full, no leader is elected that was not in sync, and all
// nodes share one machine and one clock.
package simulation
