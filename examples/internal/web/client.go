package web

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
)

// RefusedError says that a command was refused. It would be refused again.
type RefusedError struct {
	Status int // of HTTP
	Reason string
}

func (e *RefusedError) Error() string { return e.Reason }

// Client sends commands to the processes of a service, to any of them, until
// one says what became of the command. Safe for concurrent use.
type Client struct {
	http      http.Client
	addresses []string
}

const (
	tryFor = 3 * time.Second       // one process
	pause  = 50 * time.Millisecond // before the next one
)

// NewClient returns a client of the processes at some addresses.
func NewClient(addresses ...string) *Client { return &Client{addresses: addresses} }

// Execute executes a command that is served at a path such as "accounts", once,
// however often it is sent. It returns a [*RefusedError], or the error of the
// context: then the outcome is not known, and calling again with the same
// command id will tell.
func (c *Client) Execute(ctx context.Context, path string, command proto.Message, opts ...es.CommandOption) (es.Receipt, error) {
	body, err := protojson.Marshal(command)
	if err != nil {
		return es.Receipt{}, err
	}
	o := es.NewCommandOptions(opts...)
	if o.CommandID == "" {
		o.CommandID = rand.Text()
	}
	path += "/" + string(command.ProtoReflect().Descriptor().FullName())
	var outcome Outcome
	err = c.try(ctx, &outcome, func(ctx context.Context, address string) (*http.Request, error) {
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+address+"/"+path, bytes.NewReader(body))
		if err != nil {
			return nil, err
		}
		r.Header.Set(headerCommand, o.CommandID)
		r.Header.Set(headerCorrelation, o.CorrelationID)
		r.Header.Set(headerActor, o.Actor)
		return r, nil
	})
	return es.Receipt(outcome.Receipt), err
}

// Load returns the state of an aggregate. It fails as Execute does.
func (c *Client) Load(ctx context.Context, path, id string) (State, error) {
	var state State
	err := c.try(ctx, &state, func(ctx context.Context, address string) (*http.Request, error) {
		return http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/"+path+"/"+url.PathEscape(id), nil)
	})
	return state, err
}

// try makes one request after the other until there is an answer. If the
// context ends first, it says what the last process said, and not that a
// request was cut short by that end.
func (c *Client) try(ctx context.Context, answer any, request func(context.Context, string) (*http.Request, error)) error {
	var last error
	for n := 0; ; n++ {
		err := c.once(ctx, answer, func(ctx context.Context) (*http.Request, error) {
			return request(ctx, c.addresses[n%len(c.addresses)])
		})
		if _, refused := errors.AsType[*RefusedError](err); err == nil || refused {
			return err
		}
		if last == nil || ctx.Err() == nil {
			last = err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%w: %w", ctx.Err(), last)
		case <-time.After(pause):
		}
	}
}

func (c *Client) once(ctx context.Context, answer any, request func(context.Context) (*http.Request, error)) error {
	ctx, cancel := context.WithTimeout(ctx, tryFor)
	defer cancel()
	r, err := request(ctx)
	if err != nil {
		return err
	}
	resp, err := c.http.Do(r) // it follows redirects to the owner
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	switch {
	case err != nil:
		return err
	case resp.StatusCode == http.StatusOK:
		return json.Unmarshal(body, answer)
	case resp.StatusCode < http.StatusInternalServerError:
		return &RefusedError{Status: resp.StatusCode, Reason: strings.TrimSpace(string(body))}
	}
	return fmt.Errorf("%s: %s", resp.Status, bytes.TrimSpace(body))
}
