// Package simulation holds the fault tests of es/kafka. It has no code but
// tests, and they use nothing of the engine but what services can use too.
package simulation
