// Package bench measures esgen against what one would use instead. It is a
// module of its own, so that those libraries stay out of esgen's go.mod.
//
//	go run ./cmd/compare          # as tables of ratios
//	go run ./cmd/page             # docs/benchmarks.md, from what was measured
//	go test -bench . ./replay     # folding and loading, the usual way
package bench

//go:generate go run -C .. ./cmd/esgen generate -C bench
