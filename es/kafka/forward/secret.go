package forward

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// minSecret is the length of a secret that nobody guesses, in bytes.
const minSecret = 16

// scheme is what a secret is sent as: "Authorization: Bearer <secret>".
const scheme = "Bearer "

// Secrets sets what a client shows and a handler demands: at least 16 printable
// ASCII characters without spaces, known to all processes of the service and
// made at random. A client shows send. A handler takes that and the others in
// accept.
//
// To change a secret without a pause, deploy three times: Secrets(old, new),
// then Secrets(new, old), then Secrets(new).
func Secrets(send string, accept ...string) Option {
	all := append([]string{send}, accept...)
	return option(func(c *config) { c.secrets = func() []string { return all } })
}

// secrets returns the secrets, of which the first one is sent. It is a function
// because that is printed as an address, however a program prints a client.
type secrets func() []string

// check does not say which secret is wrong by its text.
func (s secrets) check() error {
	for i, secret := range s() {
		if len(secret) < minSecret {
			return fmt.Errorf("es/kafka/forward: secret %d of Secrets has %d bytes, and needs %d: make one with crypto/rand.Text",
				i+1, len(secret), minSecret)
		}
		if strings.ContainsFunc(secret, func(r rune) bool { return r <= ' ' || r > '~' }) {
			return fmt.Errorf("es/kafka/forward: secret %d of Secrets has characters that are not printable ASCII, or spaces", i+1)
		}
	}
	return nil
}

func (s secrets) show(h http.Header) { h.Set("Authorization", scheme+s()[0]) }

// accepts reports whether a request shows one of the secrets. How long it takes
// does not tell how much of a secret was right.
func (s secrets) accepts(h http.Header) bool {
	shown, ok := strings.CutPrefix(h.Get("Authorization"), scheme)
	if !ok {
		return false
	}
	got := sha256.Sum256([]byte(shown))
	equal := 0
	for _, secret := range s() {
		want := sha256.Sum256([]byte(secret))
		equal |= subtle.ConstantTimeCompare(got[:], want[:])
	}
	return equal == 1
}

// authorize finds out whether the caller of a request may call.
func (c *config) authorize(r *http.Request) error {
	if c.secrets != nil && !c.secrets.accepts(r.Header) {
		return refuse(http.StatusUnauthorized, "the secret is missing or not one that is accepted here")
	}
	if c.certificate == nil {
		return nil
	}
	if r.TLS == nil || len(r.TLS.VerifiedChains) == 0 {
		return refuse(http.StatusForbidden, "a client certificate is needed that this server has verified")
	}
	if err := c.certificate(r.TLS.VerifiedChains[0][0]); err != nil {
		return refuse(http.StatusForbidden, "the client certificate is not allowed: "+err.Error())
	}
	return nil
}

// checkHandler finds out whether a handler knows whom to serve.
func (c *config) checkHandler() error {
	protected := c.secrets != nil || c.certificate != nil
	switch {
	case !protected && !c.anyCaller:
		return errors.New("es/kafka/forward: anybody could execute commands: " +
			"give NewHandler Secrets or RequireClientCertificate, or InsecureAnyCaller if that is meant")
	case protected && c.anyCaller:
		return errors.New("es/kafka/forward: InsecureAnyCaller contradicts Secrets and RequireClientCertificate")
	}
	return nil
}
