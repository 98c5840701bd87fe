// Package parity holds tests only: that esgen writes, byte for byte, what the
// tools write that it stands in for or plugs into.
//
//   - The Go messages of .proto trees that others published are those of
//     protoc-gen-go over protoc, or over buf for the editions that protoc does
//     not know. The trees are listed in testdata/parity/real.
//   - One schema gives the same event-sourcing code three ways: esgen
//     generate, protoc with protoc-gen-esgen, and buf generate.
//
// The tests look for protoc and buf on the PATH, or where PROTOC and BUF
// point, and for modules in the Go module cache, which go mod download fills.
// Without a tool they are skipped, and say so; with ESGEN_REQUIRE_TOOLS=1, as
// in CI, that is a failure.
package parity
