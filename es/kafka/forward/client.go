package forward

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
	pb "github.com/esgen-dev/esgen/es/kafka/forward/internal/esgen/forward/v1"
	"github.com/esgen-dev/esgen/es/kafka/forward/internal/wire"
)

// Client is a [kafka.Forwarder] over HTTP. Make one with [NewClient]. Safe for
// concurrent use.
type Client struct {
	config

	transport *http.Transport
}

// NewClient returns a client. It fails when an option makes no sense.
func NewClient(opts ...ClientOption) (*Client, error) {
	c := &Client{config: defaults()}
	for _, opt := range opts {
		opt.applyClient(&c.config)
	}
	if err := c.check(); err != nil {
		return nil, err
	}
	c.transport = newTransport(&c.config)
	return c, nil
}

// What one process has of connections to another one.
const (
	maxConns     = 512 // further calls wait for one of these
	maxIdle      = 64
	idleTimeout  = 30 * time.Second
	dialTimeout  = 5 * time.Second
	maxHeaderLen = 64 << 10
)

func newTransport(c *config) *http.Transport {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true) // alone: see the package comment
	return &http.Transport{
		Protocols:              protocols,
		DialContext:            (&net.Dialer{Timeout: dialTimeout}).DialContext,
		TLSClientConfig:        c.tls,
		TLSHandshakeTimeout:    dialTimeout,
		MaxConnsPerHost:        maxConns,
		MaxIdleConnsPerHost:    maxIdle,
		IdleConnTimeout:        idleTimeout,
		MaxResponseHeaderBytes: maxHeaderLen,
		DisableCompression:     true,
	}
}

// CloseIdleConnections closes the connections that no call uses. The client can
// still be used. Call it when the engine is closed.
func (c *Client) CloseIdleConnections() { c.transport.CloseIdleConnections() }

// Execute implements [kafka.Forwarder]. Beside what the engine at the address
// returns, as a [*RemoteError], it returns an [*UndeliveredError], or an
// [es.ErrOutcomeUnknown].
func (c *Client) Execute(
	ctx context.Context, address string, a es.Aggregate, command proto.Message, o es.CommandOptions,
) (es.Receipt, []proto.Message, error) {
	target, ok := a.Target(command)
	if !ok {
		return es.Receipt{}, nil, es.NotACommand(a.Spec().Name, "", command)
	}
	request, err := wire.EncodeExecute(a, command, o)
	if err != nil {
		name := string(command.ProtoReflect().Descriptor().FullName())
		return es.Receipt{}, nil, &es.InvalidCommandError{Command: name, AggregateID: target.ID, Err: err}
	}
	response, err := c.call(ctx, address, request)
	if err != nil {
		return es.Receipt{}, nil, about(a, target.ID, uncertain(err))
	}
	if f := response.GetFailure(); f != nil {
		return es.Receipt{}, nil, c.remote(address, f)
	}
	receipt, events, err := wire.Executed(a, target.ID, o, response.GetExecuted())
	if err != nil {
		return es.Receipt{}, nil, about(a, target.ID, uncertain(unreadable(address, err)))
	}
	return receipt, events, nil
}

// Load implements [kafka.Forwarder]. Beside what the engine at the address
// returns, as a [*RemoteError], it returns an [*UndeliveredError], or another
// error when the answer did not come or cannot be read.
func (c *Client) Load(
	ctx context.Context, address string, a es.Aggregate, id string, o es.ReadOptions,
) (es.Revision[proto.Message], error) {
	none := es.Revision[proto.Message]{}
	request, err := wire.EncodeLoad(a, id, o)
	if err != nil {
		return none, about(a, id, err)
	}
	response, err := c.call(ctx, address, request)
	if err != nil {
		return none, about(a, id, err)
	}
	if f := response.GetFailure(); f != nil {
		return none, c.remote(address, f)
	}
	revision, err := wire.Loaded(a, id, response.GetLoaded())
	if err != nil {
		return none, about(a, id, unreadable(address, err))
	}
	return revision, nil
}

// remote is the error that an engine returned.
func (c *Client) remote(address string, f *pb.Failure) error {
	return &RemoteError{Address: address, Text: f.GetText(), causes: wire.Causes(f, c.domain)}
}

// uncertain says of an error that the command may have been executed, unless it
// is certain that it was not.
func uncertain(err error) error {
	if _, certain := errors.AsType[*UndeliveredError](err); certain {
		return err
	}
	return fmt.Errorf("%w: %w", es.ErrOutcomeUnknown, err)
}

func unreadable(address string, err error) error {
	return fmt.Errorf("the answer of %s cannot be read: %w", address, err)
}

// about adds the aggregate to an error.
func about(a es.Aggregate, id string, err error) error {
	return fmt.Errorf("%s %q: %w", a.Spec().Name, id, err)
}
