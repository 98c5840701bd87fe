//go:build race

package kafka_test

// raceEnabled says that everything takes many times as long.
const raceEnabled = true
