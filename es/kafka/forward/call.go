package forward

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	pb "github.com/esgen-dev/esgen/es/kafka/forward/internal/esgen/forward/v1"
	"github.com/esgen-dev/esgen/es/kafka/forward/internal/wire"
)

// call sends a request, once, and returns what the handler at the address
// answers. It fails with an [*UndeliveredError] when the request certainly did
// not come to an engine, and with another error when it may have.
func (c *Client) call(ctx context.Context, address string, request []byte) (*pb.Response, error) {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	b := &body{content: request}
	r, err := c.newRequest(ctx, address, b)
	if err != nil {
		return nil, &UndeliveredError{Address: address, Err: err}
	}
	response, err := c.exchange(r)
	if err == nil {
		return response, nil
	}
	answer, _ := errors.AsType[*statusError](err)
	if answer.certain() || b.withdraw() {
		return nil, &UndeliveredError{Address: address, Status: answer.code(), Err: err}
	}
	return nil, fmt.Errorf("%s: %w", address, err)
}

// newRequest makes the request. It fails when it must not be sent.
func (c *Client) newRequest(ctx context.Context, address string, b *body) (*http.Request, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if n := int64(len(b.content)); n > c.maxRequest {
		return nil, fmt.Errorf("the request has %d bytes, and may have %d: see MaxRequest", n, c.maxRequest)
	}
	if err := c.checkAddress(address); err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, b.open())
	if err != nil {
		return nil, fmt.Errorf("request: %w", err)
	}
	r.ContentLength = int64(len(b.content))
	r.GetBody = func() (io.ReadCloser, error) { return b.open(), nil }
	c.headers(ctx, r.Header)
	for _, unsafe := range []string{"Idempotency-Key", "X-Idempotency-Key"} {
		r.Header.Del(unsafe) // with them net/http would send a request again
	}
	if c.secrets != nil {
		c.secrets.show(r.Header)
	}
	r.Header.Set("Content-Type", contentType)
	r.Header.Set(versionHeader, version)
	if deadline, ok := ctx.Deadline(); ok {
		r.Header.Set(timeoutHeader, time.Until(deadline).String())
	}
	return r, nil
}

// checkAddress finds out whether an address is one that may be called.
func (c *Client) checkAddress(address string) error {
	const want = "give kafka.Advertise the URL of the handler, such as https://10.0.3.7:8443/forward"
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return fmt.Errorf("the address is no URL: %w: %s", err, want)
	case u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil:
		return fmt.Errorf("the address is no URL of a handler: %s", want)
	case u.Scheme == "http" && c.secrets == nil && !c.plain:
		return errors.New("the address is not https, and there is no secret: " +
			"give NewClient Secrets, or InsecurePlainHTTP if that is meant")
	}
	return nil
}

// exchange sends a request and reads the answer. It takes the transport as it
// is: an http.Client would follow redirects.
func (c *Client) exchange(r *http.Request) (*pb.Response, error) {
	answer, err := c.transport.RoundTrip(r)
	if err != nil {
		return nil, fmt.Errorf("no answer: %w", err)
	}
	defer answer.Body.Close() //nolint:errcheck // what was needed of it was read
	ours := answer.Header.Get(versionHeader)
	switch {
	case answer.StatusCode != http.StatusOK:
		return nil, newStatusError(answer, ours != "")
	case ours != version:
		return nil, errors.New("status 200, and not from a handler of package forward")
	}
	data, err := io.ReadAll(io.LimitReader(answer.Body, c.maxResponse+1))
	if err != nil {
		return nil, fmt.Errorf("the answer was cut: %w", err)
	}
	if int64(len(data)) > c.maxResponse {
		return nil, fmt.Errorf("the answer has more than %d bytes: see MaxResponse", c.maxResponse)
	}
	return wire.DecodeResponse(data)
}

// statusError is an HTTP answer that is none of an engine. A nil one is none at
// all.
type statusError struct {
	status int
	text   string // for people
}

// notProcessed are the answers that say that a request was not processed, in
// the words of RFC 9110 and 6585, whoever gives them: a handler, what stands in
// front of it, or another server under its address.
var notProcessed = []int{
	http.StatusMovedPermanently, http.StatusFound, http.StatusTemporaryRedirect, http.StatusPermanentRedirect,
	http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed,
	http.StatusLengthRequired, http.StatusRequestEntityTooLarge, http.StatusRequestURITooLong,
	http.StatusUnsupportedMediaType, http.StatusExpectationFailed, http.StatusMisdirectedRequest,
	http.StatusUpgradeRequired, http.StatusTooManyRequests, http.StatusRequestHeaderFieldsTooLarge,
}

// newStatusError reads what people need to know of an answer.
func newStatusError(answer *http.Response, ours bool) *statusError {
	e := &statusError{status: answer.StatusCode, text: answer.Status}
	if media, _, _ := mime.ParseMediaType(answer.Header.Get("Content-Type")); ours && media == "text/plain" {
		const enough = 1 << 10
		text, _ := io.ReadAll(io.LimitReader(answer.Body, enough)) // the status will do
		e.text += ": " + strings.TrimSpace(strings.ToValidUTF8(string(text), "\uFFFD"))
	}
	return e
}

func (e *statusError) Error() string { return "status " + e.text }

// certain reports whether the answer says that the request was not processed.
func (e *statusError) certain() bool {
	return e != nil && slices.Contains(notProcessed, e.status)
}

func (e *statusError) code() int {
	if e == nil {
		return 0
	}
	return e.status
}
