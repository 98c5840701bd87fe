package cli

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/esgen-dev/esgen/compat/confluent"
	"github.com/esgen-dev/esgen/compat/registry"
	"github.com/esgen-dev/esgen/compat/registry/registrytest"
)

// devRegistry is a schema registry that is served on the loopback interface.
type devRegistry struct {
	url    string
	server *http.Server
	ended  chan error // why it is not served any more, unless it was closed
}

// startRegistry starts an empty registry, with the level that is configured.
func startRegistry(ctx context.Context, g gate, o devOptions) (*devRegistry, error) {
	var listening net.ListenConfig
	listener, err := listening.Listen(ctx, "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(o.registryPort)))
	if err != nil {
		return nil, usage("--registry-port 0 takes a port that is free", "start the schema registry: %v", err)
	}
	schemas := registrytest.New(registrytest.Options{
		Level: confluent.Level(strings.ToUpper(g.config.Compat.Level)), NoListener: true,
	})
	r := &devRegistry{
		url:    "http://" + listener.Addr().String(),
		server: &http.Server{Handler: schemas.Handler(), ReadHeaderTimeout: registryPatience},
		ended:  make(chan error, 1),
	}
	go func() { r.ended <- r.server.Serve(listener) }()
	return r, nil
}

// registryPatience is how long a request may take to come, and to be answered
// when the registry is closed.
const registryPatience = 5 * time.Second

// close stops listening, and waits a moment for requests that are being
// answered.
func (r *devRegistry) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), registryPatience)
	defer cancel()
	if err := r.server.Shutdown(ctx); err != nil {
		return fmt.Errorf("close the schema registry: %w", err)
	}
	return nil
}

// fill registers what is declared, whether it was accepted or not: what is
// tried here need not be in esgen.lock yet.
func (a *app) fill(ctx context.Context, g gate, r *devRegistry) error {
	client, err := registry.Open(registry.Config{URLs: []string{r.url}, UserAgent: "esgen/" + version()})
	if err != nil {
		return a.registryFailure(g, err)
	}
	defer client.Close()
	request := a.registerRequest(g, registerOptions{setLevel: true})
	request.Accepted = nil // it was never there
	plan, found, err := client.Plan(ctx, request)
	if err != nil {
		return a.registryFailure(g, err)
	}
	if g.found(found) || plan.Count(registry.Refused) > 0 {
		if err := a.report(a.env.Stderr, g.settled(), g.source); err != nil {
			return err
		}
		return &failure{code: codeFindings}
	}
	_, err = client.Apply(ctx, plan, nil)
	return a.registryFailure(g, err)
}
