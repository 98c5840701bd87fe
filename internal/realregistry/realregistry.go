//go:build unix

// Package realregistry starts Apicurio Registry on loopback, for tests that
// want a schema registry that somebody else wrote. It is spoken to through its
// Confluent-compatible interface.
//
//	func TestSomething(t *testing.T) {
//		server := realregistry.ForTest(t, realregistry.Options{})
//		client, err := registry.Open(registry.Config{URLs: []string{server.URL}})
//		...
//	}
//
// It takes Java 17 and an archive of 142 MB, which Maven fetches once:
//
//	go run ./internal/realregistry/cmd fetch
//
// It goes to esgen-registry in the user's cache directory, or to the directory
// that ESGEN_REGISTRY_DIR names. Such tests run when ESGEN_REAL_REGISTRY is 1,
// or the version to take, or the address of a registry that runs already, such
// as http://localhost:8080/apis/ccompat/v7; otherwise they are skipped, and say
// so. For other programs, and people, this starts a registry that lives until
// it is interrupted, and prints its address:
//
//	go run ./internal/realregistry/cmd start
//
// What is registered is in memory, or with [Options.Durable] in a file that
// survives a kill; either is gone at the end. The process dies with the one that
// started it, however that ends. The compatibility level is the one of Apicurio,
// NONE, until it is set. Versions 2.6 and 3.3 are known to start, the latter
// with Java 21 or newer in JAVA_HOME. There is no TLS and nobody logs in.
package realregistry

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/esgen-dev/esgen/internal/jvm"
)

// Options are what a registry is like.
type Options struct {
	// Durable keeps what is registered when the registry is killed and started
	// again: everything that it has answered for is there.
	Durable bool
	// Environment are further settings, such as "REGISTRY_LOG_LEVEL=DEBUG".
	Environment []string
	// JVM are further arguments of the virtual machine, such as -Xmx1g.
	JVM []string
	// Logs is the directory for what the registry prints. The default is that
	// of its data, and goes with it.
	Logs string
}

// Registry is a running registry. Its methods are not safe for concurrent use.
// The methods of its process end it and leave what it stored.
type Registry struct {
	URL string // of the Confluent-compatible interface

	*jvm.Process

	dir string // of what it stores
}

// path is where Apicurio has its Confluent-compatible interface.
const path = "/apis/ccompat/v7"

// Start starts a registry, and waits until it answers. What was started is
// stopped again when it fails, or ctx ends.
func Start(ctx context.Context, in Installation, o Options) (*Registry, error) {
	dir, err := os.MkdirTemp("", "esgen-registry-")
	if err != nil {
		return nil, fmt.Errorf("realregistry: %w", err)
	}
	port, err := jvm.FreePort()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("realregistry: %w", err), os.RemoveAll(dir))
	}
	logs := o.Logs
	if logs == "" {
		logs = dir
	}
	r := &Registry{
		URL: fmt.Sprintf("http://127.0.0.1:%d%s", port, path), dir: dir,
		Process: jvm.NewProcess(filepath.Join(logs, "registry.log"), in.environment(port, dir, o), in.command(dir, o)...),
	}
	if err := r.Start(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("realregistry: %w", err), r.Close())
	}
	return r, nil
}

// readyWithin is how long a registry may take to start, on a busy machine.
const readyWithin = 90 * time.Second

// Start starts the registry again, which is not running, at the same address,
// and waits until it answers.
func (r *Registry) Start(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	if err := r.Launch(); err != nil {
		return fmt.Errorf("starting the registry: %w", err)
	}
	if err := r.ready(ctx); err != nil {
		r.Kill()
		return fmt.Errorf("the registry did not get ready: %w\n%s", err, r.Tail())
	}
	return nil
}

// ready waits until the registry lists its subjects.
func (r *Registry) ready(ctx context.Context) error {
	transport := &http.Transport{DisableKeepAlives: true}
	for {
		err := list(ctx, transport, r.URL)
		if err == nil {
			return nil
		}
		select {
		case <-r.Ended():
			return errors.New("it ended")
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

func list(ctx context.Context, transport http.RoundTripper, url string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/subjects", nil)
	if err != nil {
		return err //nolint:wrapcheck // says enough
	}
	resp, err := transport.RoundTrip(req)
	if err != nil {
		return err //nolint:wrapcheck // says enough
	}
	defer resp.Body.Close() //nolint:errcheck // it was not read
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("it answers %s", resp.Status)
	}
	return nil
}

// Close stops the registry and removes what it stored. One that does not end
// within ten seconds is killed.
func (r *Registry) Close() error {
	r.Stop(10 * time.Second)
	if err := os.RemoveAll(r.dir); err != nil {
		return fmt.Errorf("realregistry: %w", err)
	}
	return nil
}
