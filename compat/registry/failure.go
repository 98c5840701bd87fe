package registry

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"syscall"

	"github.com/esgen-dev/esgen/diag"
)

// invalid returns the error of a configuration that cannot be used.
func (c Config) invalid(message, help string) *Error {
	if c.Name != "" {
		message += fmt.Sprintf(" (registry %s)", c.Name)
	}
	return &Error{Finding: finding(ruleConfig, message, help)}
}

// failure turns what went wrong into an error with a way out. What was being
// done is worded like "read the versions of subject x".
func (c *Client) failure(what string, err error) *Error {
	if known, ok := errors.AsType[*Error](err); ok {
		return known
	}
	rule, message, help := c.explain(err)
	return &Error{Finding: finding(rule, "cannot "+what+": "+message, help), cause: err}
}

// explain returns the rule, the cause and the way out of a failed request.
func (c *Client) explain(err error) (rule, message, help string) {
	address, attempts := c.address, 1
	var request *requestError
	if errors.As(err, &request) {
		address, attempts = request.address, request.attempts
	}
	var answer *answerError
	switch e := status(err); {
	case errors.Is(err, context.Canceled):
		return ruleCancelled, "it was cancelled", "run it again: what is registered by then is left alone"
	case e != nil:
		return c.explainStatus(e, address, attempts)
	case errors.As(err, &answer):
		return ruleAnswer, fmt.Sprintf("the answer of %s is not one of a schema registry: %s", address, answer.reason), c.checkAddress()
	case isTLS(err):
		return c.explainTLS(err, address)
	case timedOut(err):
		return ruleTimeout, fmt.Sprintf("%s did not answer in time%s", address, tries(attempts)),
			fmt.Sprintf("look whether the registry is busy or a firewall swallows packets; one attempt may take %s", c.config.Timeout)
	case request != nil:
		return c.explainConnection(err, address, attempts)
	}
	return ruleAnswer, fmt.Sprintf("the answer of %s is not one of a schema registry: %s", address, clean(err.Error(), 200)), c.checkAddress()
}

func (c *Client) checkAddress() string {
	return "check " + c.config.variable("URL") + ", or the url in esgen.yaml: the address of some registries has a path, such as /apis/ccompat/v7"
}

func tries(attempts int) string {
	if attempts == 1 {
		return ""
	}
	return fmt.Sprintf(", %d attempts", attempts)
}

func (c *Client) explainConnection(err error, address string, attempts int) (rule, message, help string) {
	var name *net.DNSError
	switch {
	case errors.As(err, &name):
		return ruleUnreachable, fmt.Sprintf("the name %q of the registry cannot be looked up", name.Name), c.checkAddress()
	case errors.Is(err, syscall.ECONNREFUSED):
		return ruleUnreachable, fmt.Sprintf("%s refuses the connection%s", address, tries(attempts)),
			"start the registry, or check host and port in " + c.config.variable("URL") + " or esgen.yaml"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return ruleUnreachable, fmt.Sprintf("%s closed the connection before its answer was complete%s", address, tries(attempts)),
			"run it again; if it stays so, look into the log of the registry and of the proxies before it"
	}
	return ruleUnreachable, fmt.Sprintf("%s cannot be reached%s: %s", address, tries(attempts), clean(cause(err).Error(), 200)),
		"check the network, the proxy in HTTPS_PROXY, and " + c.config.variable("URL")
}

// cause returns the innermost request error's cause, without the placeholder
// address that outer errors carry.
func cause(err error) error {
	if request, ok := errors.AsType[*requestError](err); ok {
		return request.err
	}
	return err
}

func (c *Client) explainTLS(err error, address string) (rule, message, help string) {
	var record tls.RecordHeaderError
	var op *net.OpError
	switch {
	case plainAnswer(err), errors.As(err, &record):
		return ruleTLS, address + " does not speak TLS", "write http instead of https in " + c.config.variable("URL")
	case isCertificate(err):
		return ruleTLS, fmt.Sprintf("the certificate of %s is not trusted: %s", address, clean(cause(err).Error(), 200)),
			fmt.Sprintf("set %s to a file with the certificate that signed it", c.config.variable("CA"))
	case errors.As(err, &op) && op.Op == "remote error":
		return ruleTLS, fmt.Sprintf("%s does not accept this client: %s", address, clean(op.Err.Error(), 200)),
			fmt.Sprintf("set %s and %s to a certificate that the registry trusts, and its key", c.config.variable("CERT"), c.config.variable("KEY"))
	}
	return ruleTLS, fmt.Sprintf("no secure connection to %s: %s", address, clean(cause(err).Error(), 200)),
		"check the certificates: " + c.config.variable("CA") + ", " + c.config.variable("CERT") + " and " + c.config.variable("KEY")
}

// explainStatus words what the registry, or something before it, answered.
func (c *Client) explainStatus(e *statusError, address string, attempts int) (rule, message, help string) {
	said := clean(e.message, 500)
	if e.code == 0 {
		said = "the answer is " + e.body
	}
	switch {
	case e.status == http.StatusUnauthorized:
		return ruleUnauthorized, fmt.Sprintf("%s does not know who asks (401)", address),
			fmt.Sprintf("set %s and %s, or %s", c.config.variable("USER"), c.config.variable("PASSWORD"), c.config.variable("TOKEN"))
	case e.status == http.StatusForbidden:
		return ruleForbidden, fmt.Sprintf("%s does not allow it (403): %s", address, said),
			"ask for the right to it: reading a subject, writing it, and setting its compatibility are separate rights"
	case e.status >= 300 && e.status < 400:
		return ruleRedirect, fmt.Sprintf("%s answers with a redirect to %s (%d)", address, e.location, e.status),
			"set " + c.config.variable("URL") + " to where the registry is: secrets are not sent to where a redirect leads"
	case e.status == http.StatusTooManyRequests:
		wait := "it does not say for how long"
		if e.retryAfter != "" {
			wait = "Retry-After: " + e.retryAfter
		}
		return ruleLimited, fmt.Sprintf("%s asks to wait (429; %s)", address, wait),
			"run it again after that: what is registered by then is left alone"
	case e.status >= 500:
		return ruleServer, fmt.Sprintf("%s failed (%s)%s: %s", address, e.codes(), tries(attempts), said), serverHelp(e.code)
	case e.code == 0:
		return ruleNotFound, fmt.Sprintf("there is no schema registry at %s (%d; %s)", address, e.status, said), c.checkAddress()
	}
	return c.explainCode(e, said)
}

// codes returns the status, and the registry's own code where it says more.
func (e *statusError) codes() string {
	if e.code == 0 || e.code == e.status {
		return fmt.Sprint(e.status)
	}
	return fmt.Sprint(e.code)
}

// explainCode words the registry's own codes.
func (c *Client) explainCode(e *statusError, said string) (rule, message, help string) {
	what := fmt.Sprintf("the registry says: %s (%s)", said, e.codes())
	switch {
	case e.status == http.StatusConflict:
		return ruleRefused, what, "run esgen compat to see which change it is"
	case e.code == 42201:
		return ruleInvalid, what, "check that the schemas it imports are registered, and that its type is supported"
	case e.code == 42203:
		return ruleRejected, what, "set a compatibility level that this registry knows"
	case e.code == 42205:
		return ruleReadOnly, what, "ask who runs the registry to set the mode of the subject to READWRITE"
	case e.code == 42209:
		return ruleRejected, what, "raise the registry's limit, or split the file"
	case e.status == http.StatusNotFound:
		return ruleGone, what, "it was there a moment ago, or another client deletes; plan again"
	}
	return ruleRejected, what, "look the code up in the documentation of the registry"
}

func serverHelp(code int) string {
	switch code {
	case 50001:
		return "the registry cannot reach its Kafka topic _schemas: look into its log"
	case 50002:
		return "the registry's own store was too slow; run it again: what is registered by then is left alone"
	case 50003, 50004:
		return "the registry has no leader at the moment, or cannot reach it; run it again in a while"
	}
	return "look into the log of the registry; run it again: what is registered by then is left alone"
}

// finding returns a finding of one of the package's rules.
func finding(rule, message, help string) diag.Finding {
	return diag.Finding{Rule: rule, Severity: ruleByID(rule).Severity, Message: message, Help: help}
}
