//go:build unix

// Package jvm fetches programs for Java with Maven, and runs them for tests:
// the servers that fakes in Go cannot answer for.
//
//	cache := jvm.Cache{Name: "esgen-kafka", Variable: "ESGEN_KAFKA_DIR"}
//	dir, err := cache.Directory("4.3.1")
//	err = jvm.Fill(dir, func(work string) error { return jvm.Maven(ctx, work, os.Stderr, ...) })
//
//	java, err := jvm.Java()
//	server := jvm.NewProcess(log, nil, java, "-jar", jar)
//	err = server.Launch()
//	defer server.Stop(10 * time.Second)
//
// What is fetched stays in the user's cache directory, outside of any
// repository. A process dies with the one that launched it, however that ends.
//
// The package does not know when a server is ready, and it starts no process
// again that ended.
package jvm

import (
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Java returns the java command: that of JAVA_HOME, or else the one in the
// path. Which version it is shows when something runs.
func Java() (string, error) {
	if home := os.Getenv("JAVA_HOME"); home != "" {
		return filepath.Join(home, "bin", "java"), nil
	}
	file, err := exec.LookPath("java")
	if err != nil {
		return "", fmt.Errorf("install Java 17 or newer, or set JAVA_HOME: %w", err)
	}
	return file, nil
}

// FreePort returns a port of the loopback interface that nobody listens on. It
// lies below those that the system gives to connections, as a server that is
// down wants to find it again.
func FreePort() (int, error) {
	for range 100 {
		port := 20_000 + mathrand.IntN(12_000)                          //nolint:gosec // no secret
		l, err := net.Listen("tcp4", fmt.Sprintf("127.0.0.1:%d", port)) //nolint:noctx // at once
		if err != nil {
			continue
		}
		_ = l.Close() // nobody has connected
		return port, nil
	}
	return 0, errors.New("found no free port")
}

// Missing skips a test for which something is not there; where everything has
// to be there, with ESGEN_REQUIRE_TOOLS=1, it fails. What is the part that was
// asked for, such as "a real Kafka".
func Missing(t *testing.T, what string, why error) {
	t.Helper()
	text := "SKIPPED, NOT TESTED: " + what + ": " + why.Error()
	if os.Getenv("ESGEN_REQUIRE_TOOLS") == "1" {
		t.Fatal(text)
	}
	t.Skip(text)
}
