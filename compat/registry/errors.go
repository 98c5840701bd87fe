package registry

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"
	"unicode"

	"github.com/esgen-dev/esgen/diag"
)

// Error says why the registry could not be asked, or did not do what it was
// asked for. Unwrap leads to the cause, so that errors.Is finds a cancelled
// context.
type Error struct {
	Finding diag.Finding // with a way out; it holds no secret
	cause   error
}

// Error returns the finding's message.
func (e *Error) Error() string { return e.Finding.Message }

// Unwrap returns the cause; it may be nil.
func (e *Error) Unwrap() error { return e.cause }

// Misconfigured reports whether the registry was not asked at all, because what
// is configured makes no sense.
func (e *Error) Misconfigured() bool { return e.Finding.Rule == ruleConfig }

// requestError is a request that failed for good.
type requestError struct {
	address  string // of the node that was asked last
	attempts int
	timeout  time.Duration // of one attempt
	err      error
}

// Error says where and how often it was tried.
func (e *requestError) Error() string {
	return fmt.Sprintf("%s (%d attempts): %v", e.address, e.attempts, e.err)
}

// Unwrap returns the last attempt's error.
func (e *requestError) Unwrap() error { return e.err }

// because returns the error with another cause.
func (e *requestError) because(err error) *requestError {
	other := *e
	other.err = err
	return &other
}

// statusError is an answer that says no.
type statusError struct {
	method, path string
	status       int
	code         int    // the registry's own, e.g. 40401; 0 when the answer is not of a registry
	message      string // the registry's own
	retryAfter   string
	location     string // of a redirect, without user, password and query
	body         string // what the answer is, when it is not of a registry
}

func newStatusError(resp *http.Response, body []byte) *statusError {
	e := &statusError{
		method: resp.Request.Method, path: resp.Request.URL.EscapedPath(), status: resp.StatusCode,
		retryAfter: clean(resp.Header.Get("Retry-After"), 60),
	}
	if location, err := resp.Location(); err == nil {
		location.User, location.RawQuery, location.Fragment = nil, "", ""
		e.location = clean(location.String(), 200)
	}
	var answer struct {
		Code    int    `json:"error_code"`
		Message string `json:"message"`
	}
	if json.Unmarshal(body, &answer) == nil && answer.Code != 0 {
		e.code, e.message = answer.Code, answer.Message
	} else {
		e.body = describe(resp.Header.Get("Content-Type"), body)
	}
	return e
}

// Error returns status, code and message.
func (e *statusError) Error() string {
	if e.code == 0 {
		return fmt.Sprintf("status %d", e.status)
	}
	return fmt.Sprintf("status %d, code %d: %s", e.status, e.code, clean(e.message, 500))
}

// answerError is an answer that cannot be understood.
type answerError struct{ reason string }

// Error says why.
func (e *answerError) Error() string { return "the answer cannot be used: " + e.reason }

// describe says what an answer is that is not the registry's JSON.
func describe(contentType string, body []byte) string {
	kind, _, _ := strings.Cut(contentType, ";")
	trimmed := bytes.TrimSpace(body)
	switch {
	case len(trimmed) == 0:
		return "empty"
	case strings.Contains(kind, "html"), startsAs(trimmed, "<!doctype html"), startsAs(trimmed, "<html"):
		return "a web page"
	case json.Valid(trimmed):
		return "JSON of another kind"
	}
	return fmt.Sprintf("no JSON but %q", clean(string(trimmed[:min(len(trimmed), 200)]), 60))
}

func startsAs(body []byte, start string) bool {
	return len(body) >= len(start) && strings.EqualFold(string(body[:len(start)]), start)
}

// clean returns the first runes of a text from outside, on one line.
func clean(text string, most int) string {
	text = strings.ToValidUTF8(text, "?")
	text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "..."
	}
	return text
}

// status returns the registry's answer to a request, if it is one that says no.
func status(err error) *statusError {
	e, _ := errors.AsType[*statusError](err)
	return e
}

// absent reports whether the registry says that there is no such subject,
// version or schema. A 404 of something else is no such answer.
func absent(err error) bool {
	e := status(err)
	return e != nil && e.status == http.StatusNotFound && e.code >= 40401 && e.code <= 40409
}

// unsupported reports whether a server does not know a request at all.
func unsupported(err error) bool {
	e := status(err)
	return e != nil && (e.status == http.StatusNotFound || e.status == http.StatusMethodNotAllowed || e.status == http.StatusNotImplemented)
}

// isTLS reports whether an error is about certificates or the handshake, which
// no second attempt mends.
func isTLS(err error) bool {
	var record tls.RecordHeaderError
	var verification *tls.CertificateVerificationError
	var alert tls.AlertError
	var op *net.OpError
	return errors.As(err, &record) || errors.As(err, &verification) || errors.As(err, &alert) ||
		isCertificate(err) || plainAnswer(err) || (errors.As(err, &op) && op.Op == "remote error")
}

// isCertificate reports whether the server's certificate is not trusted.
func isCertificate(err error) bool {
	var unknown x509.UnknownAuthorityError
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	return errors.As(err, &unknown) || errors.As(err, &host) || errors.As(err, &invalid)
}

// plainAnswer reports whether a server without TLS was spoken to with TLS. The
// standard library has no type for it.
func plainAnswer(err error) bool {
	return err != nil && strings.Contains(err.Error(), "server gave HTTP response to HTTPS client")
}

// timedOut reports whether an attempt took too long.
func timedOut(err error) bool {
	var timeout net.Error
	return errors.Is(err, context.DeadlineExceeded) || (errors.As(err, &timeout) && timeout.Timeout())
}
