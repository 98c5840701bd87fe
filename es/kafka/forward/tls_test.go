package forward_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/kafka/forward"
)

var noOptions = es.CommandOptions{}

// authority signs certificates.
type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	a := &authority{}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "an authority"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	a.key = newKey(t)
	der, err := x509.CreateCertificate(rand.Reader, template, template, a.key.Public(), a.key)
	if err == nil {
		a.certificate, err = x509.ParseCertificate(der)
	}
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// issue returns a certificate of a process.
func (a *authority) issue(t *testing.T, name string) tls.Certificate {
	t.Helper()
	key := newKey(t)
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		DNSNames: []string{name}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}, a.certificate, key.Public(), a.key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

func (a *authority) pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.certificate)
	return pool
}

// serveTLS serves a handler, and returns its URL.
func (a *authority) serveTLS(t *testing.T, h http.Handler, auth tls.ClientAuthType) string {
	t.Helper()
	s := httptest.NewUnstartedServer(h)
	s.TLS = &tls.Config{
		Certificates: []tls.Certificate{a.issue(t, "server")}, ClientAuth: auth, ClientCAs: a.pool(), MinVersion: tls.VersionTLS12,
	}
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.EnableHTTP2 = true // offered, and not taken
	s.StartTLS()
	t.Cleanup(s.Close)
	return s.URL
}

// clientTLS returns settings that trust the authority.
func (a *authority) clientTLS(certificates ...tls.Certificate) *tls.Config {
	return &tls.Config{RootCAs: a.pool(), Certificates: certificates, MinVersion: tls.VersionTLS12}
}

func TestTLS(t *testing.T) {
	t.Parallel()
	ours, theirs := newAuthority(t), newAuthority(t)
	h, _ := service(t)
	url := ours.serveTLS(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor != 1 {
			t.Errorf("%s is spoken", r.Proto)
		}
		h.ServeHTTP(w, r)
	}), tls.NoClientCert)
	if _, err := execute(t.Context(), newClient(t, forward.TLS(ours.clientTLS())), url, post(1)); err != nil {
		t.Error(err)
	}
	_, err := execute(t.Context(), newClient(t, forward.TLS(theirs.clientTLS())), url, post(1))
	wantUndelivered(t, err)
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); !ok {
		t.Errorf("error %v, want one of the certificate", err)
	}
}

// TestClientCertificate demands one that the server has verified.
func TestClientCertificate(t *testing.T) {
	t.Parallel()
	ours, theirs := newAuthority(t), newAuthority(t)
	store := func() es.Store { _, s := service(t); return s }()
	h, err := forward.NewHandler(local{ledger(), store}, forward.RequireClientCertificate(func(c *x509.Certificate) error {
		return c.VerifyHostname("bank")
	}))
	if err != nil {
		t.Fatal(err)
	}
	anyone, err := forward.NewHandler(local{ledger(), store}, forward.RequireClientCertificate(nil))
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		handler *forward.Handler
		auth    tls.ClientAuthType
		show    []tls.Certificate
		status  int // 0: it is served
	}{
		"the right one":           {h, tls.VerifyClientCertIfGiven, []tls.Certificate{ours.issue(t, "bank")}, 0},
		"the right one, demanded": {h, tls.RequireAndVerifyClientCert, []tls.Certificate{ours.issue(t, "bank")}, 0},
		"any":                     {anyone, tls.VerifyClientCertIfGiven, []tls.Certificate{ours.issue(t, "shop")}, 0},
		"of another service":      {h, tls.VerifyClientCertIfGiven, []tls.Certificate{ours.issue(t, "shop")}, 403},
		"none":                    {anyone, tls.VerifyClientCertIfGiven, nil, 403},
		"not verified":            {anyone, tls.RequestClientCert, []tls.Certificate{ours.issue(t, "bank")}, 403},
		"not verified, of others": {anyone, tls.RequireAnyClientCert, []tls.Certificate{theirs.issue(t, "bank")}, 403},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := ours.serveTLS(t, tc.handler, tc.auth)
			_, err := execute(t.Context(), newClient(t, forward.TLS(ours.clientTLS(tc.show...))), url, post(1))
			if tc.status == 0 {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if e := wantUndelivered(t, err); e.Status != tc.status {
				t.Errorf("%v, want the status %d", err, tc.status)
			}
		})
	}
	t.Run("over plain HTTP", func(t *testing.T) {
		t.Parallel()
		_, err := execute(t.Context(), newClient(t), serve(t, anyone), post(1))
		if e := wantUndelivered(t, err); e.Status != http.StatusForbidden {
			t.Errorf("%v, want the status 403", err)
		}
	})
}

// TestRefusedInHandshake lets TLS refuse who shows no certificate. With TLS 1.3
// the client has sent its request by the time it hears of it, so it cannot know;
// but nothing is executed.
func TestRefusedInHandshake(t *testing.T) {
	t.Parallel()
	ours, theirs := newAuthority(t), newAuthority(t)
	url := ours.serveTLS(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		t.Error("a request was served")
	}), tls.RequireAndVerifyClientCert)
	for _, show := range [][]tls.Certificate{nil, {theirs.issue(t, "bank")}} {
		for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
			settings := ours.clientTLS(show...)
			settings.MaxVersion = version
			_, err := execute(t.Context(), newClient(t, forward.TLS(settings)), url, post(1))
			if _, ok := errors.AsType[*forward.UndeliveredError](err); !ok && version == tls.VersionTLS12 {
				t.Errorf("TLS 1.2: error %v, want an UndeliveredError", err)
			} else if !ok {
				wantUnknown(t, err)
			}
		}
	}
}
