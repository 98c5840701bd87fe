package registry

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// placeholder is the address that requests carry until the transport knows
// which node they go to. It is never looked up.
const placeholder = "http://registry.invalid"

// transport sends a request, again where that helps, and reads the whole
// answer. What is no good answer becomes an error here, because the client
// above drops the headers and cannot count attempts.
type transport struct {
	base    http.RoundTripper
	urls    []*url.URL
	retry   Retry
	timeout time.Duration
	limit   int64
}

func newHTTPTransport(config *tls.Config) *http.Transport {
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		TLSClientConfig:       config,
		TLSHandshakeTimeout:   10 * time.Second,
		ForceAttemptHTTP2:     true,
		MaxIdleConnsPerHost:   parallel,
		IdleConnTimeout:       30 * time.Second,
		ExpectContinueTimeout: time.Second,
	}
}

func newHTTPClient(t *transport) *http.Client { return &http.Client{Transport: t} }

// RoundTrip implements http.RoundTripper.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	attempts := max(t.retry.Attempts, 1)
	for attempt := 1; ; attempt++ {
		node := t.urls[(attempt-1)%len(t.urls)]
		resp, err := t.once(req, node)
		if err == nil {
			return resp, nil
		}
		failed := &requestError{address: node.String(), attempts: attempt, timeout: t.timeout, err: err}
		// What comes from below may hide that the caller gave up.
		if given := req.Context().Err(); given != nil {
			return nil, failed.because(given)
		}
		if attempt >= attempts || !retryable(err) {
			return nil, failed
		}
		if err := wait(req.Context(), t.retry, attempt); err != nil {
			return nil, failed.because(err)
		}
	}
}

// once sends a request to one node and reads the answer.
func (t *transport) once(req *http.Request, node *url.URL) (*http.Response, error) {
	ctx, cancel := context.WithTimeout(req.Context(), t.timeout)
	defer cancel()
	req = req.Clone(ctx)
	if req.GetBody != nil {
		body, err := req.GetBody()
		if err != nil {
			return nil, fmt.Errorf("read the body again: %w", err)
		}
		req.Body = body
	}
	req.URL = at(node, req.URL)
	req.Host = ""

	resp, err := t.base.RoundTrip(req)
	if err != nil {
		return nil, err //nolint:wrapcheck // it is wrapped with its address by the caller
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, t.limit+1))
	closeErr := resp.Body.Close()
	switch {
	case err != nil:
		return nil, fmt.Errorf("the answer ended early: %w", err)
	case closeErr != nil:
		return nil, fmt.Errorf("the answer could not be closed: %w", closeErr)
	case int64(len(body)) > t.limit:
		return nil, &answerError{reason: fmt.Sprintf("it is longer than %d bytes", t.limit)}
	case resp.StatusCode < 200 || resp.StatusCode >= 300:
		return nil, newStatusError(resp, body)
	case !json.Valid(body):
		return nil, &answerError{reason: "it is " + describe(resp.Header.Get("Content-Type"), body)}
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

// at returns a request's address on a node.
func at(node, request *url.URL) *url.URL {
	base := *node
	if base.Path == "" {
		base.Path = "/" // else the joined path would be a relative one
	}
	joined := base.JoinPath(strings.TrimPrefix(request.EscapedPath(), "/"))
	joined.RawQuery = request.RawQuery
	return joined
}

// retryable reports whether the same request may succeed later: after an error
// of the server, a broken connection or a time-out of this attempt.
func retryable(err error) bool {
	if e := status(err); e != nil {
		return e.status >= 500
	}
	var answer *answerError
	var name *net.DNSError
	switch {
	case errors.As(err, &answer), isTLS(err):
		return false
	case errors.As(err, &name) && name.IsNotFound:
		return false
	}
	return true
}
