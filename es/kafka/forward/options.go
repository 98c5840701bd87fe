package forward

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"time"
	"unicode/utf8"
)

// ClientOption sets up a [Client].
type ClientOption interface{ applyClient(c *config) }

// HandlerOption sets up a [Handler].
type HandlerOption interface{ applyHandler(c *config) }

// Option sets up both a [Client] and a [Handler].
type Option interface {
	ClientOption
	HandlerOption
}

type (
	clientOption  func(*config)
	handlerOption func(*config)
	option        func(*config)
)

func (f clientOption) applyClient(c *config)   { f(c) }
func (f handlerOption) applyHandler(c *config) { f(c) }
func (f option) applyClient(c *config)         { f(c) }
func (f option) applyHandler(c *config)        { f(c) }

// config is what the options set.
type config struct {
	secrets     secrets // nil without
	tls         *tls.Config
	certificate func(*x509.Certificate) error // nil when none is demanded
	plain       bool                          // http without a secret
	anyCaller   bool

	timeout     time.Duration
	maxRequest  int64
	maxResponse int64
	headers     func(context.Context, http.Header)
	domain      map[string]error
}

func defaults() config {
	return config{
		timeout:     30 * time.Second,
		maxRequest:  16 << 20,
		maxResponse: 64 << 20,
		headers:     func(context.Context, http.Header) {},
	}
}

// Timeout sets how long a call may take at most, whatever its context says. The
// default is 30 seconds. The shorter one of the two sides counts.
func Timeout(d time.Duration) Option {
	return option(func(c *config) { c.timeout = d })
}

// MaxRequest sets how many bytes a request may have: the command and about a
// hundred bytes more. A handler refuses a longer one before it has read it. The
// default is 16 MiB.
func MaxRequest(bytes int64) Option {
	return option(func(c *config) { c.maxRequest = bytes })
}

// MaxResponse sets how many bytes a client reads of a response: the events of
// a command, or the state. The default is 64 MiB. What became of a command with
// a longer response is not known, and a retry gets the receipt without events.
func MaxResponse(bytes int64) ClientOption {
	return clientOption(func(c *config) { c.maxResponse = bytes })
}

// DomainErrors names errors of the service by codes, so that [errors.Is] finds
// them in what a handler at the other end of the call returned. Both sides need
// the same codes for the same errors; one that a side does not know is a text
// to it. Codes are for ever, and not empty.
func DomainErrors(byCode map[string]error) Option {
	return option(func(c *config) {
		if c.domain == nil {
			c.domain = make(map[string]error)
		}
		maps.Copy(c.domain, byCode)
	})
}

// TLS sets how a client talks to https addresses: which certificates it trusts,
// and which it shows. The default trusts those of the system and shows none.
func TLS(settings *tls.Config) ClientOption {
	return clientOption(func(c *config) { c.tls = settings.Clone() })
}

// Headers sets what adds headers to each request, such as those of a trace. It
// has to be safe for concurrent use.
func Headers(add func(ctx context.Context, h http.Header)) ClientOption {
	return clientOption(func(c *config) { c.headers = add })
}

// RequireClientCertificate lets a handler serve only who shows a certificate
// that the http.Server has verified: the ClientAuth of its tls.Config is
// [tls.VerifyClientCertIfGiven] or [tls.RequireAndVerifyClientCert]. The latter
// refuses others so late that their clients do not know what became of a
// command. allowed looks at the certificate and returns why it is not good for
// this; nil is for any that was verified. It has to be safe for concurrent use.
func RequireClientCertificate(allowed func(*x509.Certificate) error) HandlerOption {
	return handlerOption(func(c *config) {
		c.certificate = allowed
		if allowed == nil {
			c.certificate = func(*x509.Certificate) error { return nil }
		}
	})
}

// InsecurePlainHTTP lets a client talk to http addresses without a secret:
// anybody on the way can read and change commands.
func InsecurePlainHTTP() ClientOption {
	return clientOption(func(c *config) { c.plain = true })
}

// InsecureAnyCaller lets a handler serve anybody who can connect to it.
func InsecureAnyCaller() HandlerOption {
	return handlerOption(func(c *config) { c.anyCaller = true })
}

// check finds out whether the options that both sides have make sense.
func (c *config) check() error {
	switch {
	case c.timeout <= 0 || c.maxRequest <= 0 || c.maxResponse <= 0:
		return errors.New("es/kafka/forward: Timeout, MaxRequest and MaxResponse have to be above 0")
	case c.headers == nil:
		return errors.New("es/kafka/forward: the function given to Headers is nil")
	}
	for code, err := range c.domain {
		if code == "" || !utf8.ValidString(code) || err == nil {
			return fmt.Errorf("es/kafka/forward: DomainErrors has a code that is empty or not UTF-8, or no error for it: %q", code)
		}
	}
	if c.secrets != nil {
		return c.secrets.check()
	}
	return nil
}
