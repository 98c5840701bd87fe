package registry_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/esgen-dev/esgen/compat/confluent/protobuf"
	"github.com/esgen-dev/esgen/compat/registry"
	"github.com/esgen-dev/esgen/compat/registry/registrytest"
	"github.com/esgen-dev/esgen/generator/schema"
)

func TestAuthentication(t *testing.T) {
	t.Parallel()
	basic := registrytest.Options{User: "bank", Password: "hunter2/@:"}
	bearer := registrytest.Options{Token: "hunter2"}
	tests := map[string]struct {
		options registrytest.Options
		change  func(url string, c *registry.Config)
		rule    string
	}{
		"basic": {basic, func(_ string, c *registry.Config) { c.User, c.Password = "bank", "hunter2/@:" }, ""},
		"in the address": {basic, func(url string, c *registry.Config) {
			c.URLs = []string{strings.Replace(url, "//", "//bank:hunter2%2F%40%3A@", 1)}
		}, ""},
		"wrong password": {basic, func(_ string, c *registry.Config) { c.User, c.Password = "bank", "hunter2" }, "REGISTRY_UNAUTHORIZED"},
		"none":           {basic, func(string, *registry.Config) {}, "REGISTRY_UNAUTHORIZED"},
		"bearer":         {bearer, func(_ string, c *registry.Config) { c.Token = "hunter2" }, ""},
		"wrong token":    {bearer, func(_ string, c *registry.Config) { c.Token = "hunter3" }, "REGISTRY_UNAUTHORIZED"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := start(t, test.options)
			client := open(t, server.URL(), func(c *registry.Config) { test.change(server.URL(), c) })
			if strings.Contains(client.Address(), "hunter2") {
				t.Errorf("address %s", client.Address())
			}
			_, err := client.Server(t.Context())
			if test.rule == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if f := wantError(t, err, test.rule); strings.Contains(fmt.Sprintf("%+v %v %#v", f, err, err), "hunter") {
				t.Errorf("a secret is in %+v", f)
			}
		})
	}
}

// No way of printing a configuration shows what is secret in it.
func TestSecret(t *testing.T) {
	t.Parallel()
	config := registry.Config{User: "bank", Password: "hunter2", Token: "hunter2"}
	text, err := json.Marshal(config)
	if err != nil {
		t.Fatal(err)
	}
	for _, shown := range []string{string(text), fmt.Sprintf("%v %+v %#v %s %q", config, config, config, config.Password, config.Token)} {
		if strings.Contains(shown, "hunter2") || !strings.Contains(shown, "[secret]") {
			t.Errorf("got %s", shown)
		}
	}
	if registry.Secret("").String() != "" {
		t.Error("no secret is shown as one")
	}
}

func TestOpen_invalid(t *testing.T) {
	t.Parallel()
	const address = "https://registry.example.com"
	noPEM := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(noPEM, []byte("no certificate"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		config registry.Config
		says   string
	}{
		"no address":      {registry.Config{}, "ESGEN_REGISTRY_URL"},
		"empty address":   {registry.Config{URLs: []string{" "}}, "ESGEN_REGISTRY_URL"},
		"no scheme":       {registry.Config{URLs: []string{"hunter2:8081"}}, "https://registry.example.com:8081"},
		"not an address":  {registry.Config{URLs: []string{"https://bank:hunter2@%zz"}}, "https://registry.example.com:8081"},
		"other scheme":    {registry.Config{URLs: []string{"ftp://bank:hunter2@x"}}, "https://registry.example.com:8081"},
		"query":           {registry.Config{URLs: []string{address + "?key=hunter2"}}, "query"},
		"two users":       {registry.Config{URLs: []string{"https://bank:hunter2@x"}, User: "other"}, "two users"},
		"users differ":    {registry.Config{URLs: []string{"https://bank:hunter2@x", "https://bank:hunter3@x"}}, "two users"},
		"user and token":  {registry.Config{URLs: []string{address}, User: "bank", Token: "hunter2"}, "ESGEN_REGISTRY_TOKEN"},
		"line break":      {registry.Config{URLs: []string{address}, Token: "hunter2\nx"}, "line break"},
		"colon":           {registry.Config{URLs: []string{address}, User: "a:b", Password: "hunter2"}, "colon"},
		"key alone":       {registry.Config{URLs: []string{address}, KeyFile: "key.pem"}, "ESGEN_REGISTRY_CERT"},
		"no certificate":  {registry.Config{URLs: []string{address}, CertFile: "none.pem", KeyFile: "none.pem"}, "none.pem"},
		"no CA file":      {registry.Config{URLs: []string{address}, CAFile: "none.pem"}, "ESGEN_REGISTRY_CA"},
		"CA without PEM":  {registry.Config{URLs: []string{address}, CAFile: noPEM}, "PEM"},
		"invalid context": {registry.Config{URLs: []string{address}, Context: "a b"}, ".staging"},
		"named":           {registry.Config{Name: "eu-west"}, "ESGEN_REGISTRY_EU_WEST_URL"},
	} {
		_, err := registry.Open(test.config)
		f := wantError(t, err, "REGISTRY_CONFIG")
		if shown := f.Message + "\n" + f.Help; !strings.Contains(shown, test.says) || strings.Contains(shown, "hunter") {
			t.Errorf("%s: got %q, want %q in it", name, shown, test.says)
		}
	}
}

func TestConfig_WithEnvironment(t *testing.T) {
	t.Parallel()
	env := map[string]string{
		"ESGEN_REGISTRY_URL": "http://a:8081,http://b:8081", "ESGEN_REGISTRY_USER": "bank", "ESGEN_REGISTRY_PASSWORD": "hunter2\n",
		"ESGEN_REGISTRY_STAGING_URL": "http://s:8081", "ESGEN_REGISTRY_STAGING_TOKEN": "hunter3",
		"ESGEN_REGISTRY_CA": "ca.pem", "ESGEN_REGISTRY_CERT": "cert.pem", "ESGEN_REGISTRY_KEY": "key.pem",
	}
	getenv := func(name string) string { return env[name] }
	for name, test := range map[string]struct{ config, want registry.Config }{
		"all": {registry.Config{}, registry.Config{
			URLs: []string{"http://a:8081", "http://b:8081"}, User: "bank", Password: "hunter2", CAFile: "ca.pem", CertFile: "cert.pem", KeyFile: "key.pem",
		}},
		"a name of its own": {registry.Config{Name: "staging"}, registry.Config{Name: "staging", URLs: []string{"http://s:8081"}, Token: "hunter3"}},
		"what is set stays": {registry.Config{Name: "staging", URLs: []string{"http://other"}, Token: "t"}, registry.Config{Name: "staging", URLs: []string{"http://other"}, Token: "t"}},
	} {
		got := test.config.WithEnvironment(getenv)
		if !cmp.Equal(got, test.want) {
			t.Errorf("%s: got %#v, want %#v", name, got, test.want)
		}
	}
}

func TestContexts(t *testing.T) {
	t.Parallel()
	server := start(t, registrytest.Options{})
	plain := open(t, server.URL())
	staging := open(t, server.URL(), func(c *registry.Config) { c.Context = ".staging" })
	register(t, plain, money("int64 units = 1"))
	register(t, staging, deposited(), money("int64 units = 1"))
	want := []string{
		"register acme/v1/money.proto 1",
		"register :.staging:acme/v1/money.proto 1", "register :.staging:bank.account-bank.v1.Deposited 1",
	}
	if diff := cmp.Diff(want, written(server)); diff != "" {
		t.Error(diff)
	}
	stored, err := staging.Fetch(t.Context(), []string{deposited().Subject})
	if err != nil || len(stored) != 1 || stored[0].Subject != deposited().Subject || stored[0].References[0].Subject != "acme/v1/money.proto" {
		t.Errorf("got %+v, %v", stored, err)
	}
	for client, want := range map[*registry.Client][]string{
		plain: {"acme/v1/money.proto"}, staging: {"acme/v1/money.proto", "bank.account-bank.v1.Deposited"},
	} {
		got, err := client.Subjects(t.Context(), "")
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%v\n%s", err, diff)
		}
	}
	if got, err := staging.Subjects(t.Context(), "bank"); err != nil || len(got) != 1 {
		t.Errorf("got %v, %v", got, err)
	}
	p, findings := plan(t, staging, registry.Request{Schemas: []schema.Schema{deposited(), money("int64 units = 1")}})
	if p.Count(registry.Unchanged) != 2 || len(findings) > 0 {
		t.Errorf("got %v, %v", actions(p), findings)
	}
}

func TestServer(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]protobuf.Profile{
		"7.9.9-ccs": protobuf.V1, "7.9.10": protobuf.V2, "8.3.1": protobuf.V1, "8.3.2": protobuf.V2, "8.4.0": protobuf.V2, "-": protobuf.V2,
	} {
		server := start(t, registrytest.Options{Version: version})
		got, err := open(t, server.URL()).Server(t.Context())
		if err != nil || got.Profile != want || (got.Assumed != "") != (version == "-") {
			t.Errorf("%s: got %+v, %v", version, got, err)
		}
		if diff := cmp.Diff([]schema.Type{schema.JSON, schema.Protobuf}, got.Types); diff != "" {
			t.Error(diff)
		}
	}
}

func TestProfileOf(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]protobuf.Profile{
		"5.5.0": protobuf.V1, "7.5.99": protobuf.V1, "7.6.13": protobuf.V1, "7.6.14": protobuf.V2, "7.7.11": protobuf.V1, "7.7.12": protobuf.V2,
		"7.8.10": protobuf.V1, "7.8.11": protobuf.V2, "7.9.9": protobuf.V1, "7.9.10-ce": protobuf.V2, "7.10.0": protobuf.V1,
		"8.0.7": protobuf.V1, "8.0.8": protobuf.V2, "8.1.5": protobuf.V1, "8.1.6": protobuf.V2, "8.2.3": protobuf.V1, "8.2.4": protobuf.V2,
		"8.3.1": protobuf.V1, "8.3": protobuf.V1, "8.3.2": protobuf.V2, "8.4.0": protobuf.V2, "9.0.0": protobuf.V2, "v8.0.7": protobuf.V1,
		"8.3.2-SNAPSHOT": protobuf.V2,
	} {
		if got, assumed := registry.ProfileOf(version); got != want || assumed != "" {
			t.Errorf("%s: got %v, %q", version, got, assumed)
		}
	}
	for _, version := range []string{"", "latest", "8", "99999999999.1.1"} {
		if got, assumed := registry.ProfileOf(version); got != protobuf.V2 || assumed == "" {
			t.Errorf("%q: got %v, %q", version, got, assumed)
		}
	}
}

// authority signs certificates of tests.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	file string
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	a := &authority{}
	var pair tls.Certificate
	pair, a.file, _ = a.issue(t, "authority")
	a.cert, a.key = pair.Leaf, pair.PrivateKey.(*ecdsa.PrivateKey)
	return a
}

// issue returns a certificate for the loopback address and the files that hold
// it and its key. The first one signs itself.
func (a *authority) issue(t *testing.T, name string) (pair tls.Certificate, certFile, keyFile string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: a.cert == nil, BasicConstraintsValid: true,
		KeyUsage:    x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	parent, signer := a.cert, a.key
	if parent == nil {
		parent, signer = template, key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	certFile, keyFile = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for file, block := range map[string]*pem.Block{certFile: {Type: "CERTIFICATE", Bytes: der}, keyFile: {Type: "PRIVATE KEY", Bytes: keyDER}} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	pair, err = tls.LoadX509KeyPair(certFile, keyFile)
	if err != nil {
		t.Fatal(err)
	}
	return pair, certFile, keyFile
}

func TestTLS(t *testing.T) {
	t.Parallel()
	authority := newAuthority(t)
	pair, _, _ := authority.issue(t, "server")
	_, certFile, keyFile := authority.issue(t, "client")
	_, strangerCert, strangerKey := newAuthority(t).issue(t, "stranger")
	pool := x509.NewCertPool()
	pool.AddCert(authority.cert)

	secured := &tls.Config{Certificates: []tls.Certificate{pair}}
	mutual := &tls.Config{Certificates: []tls.Certificate{pair}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: pool}
	tests := map[string]struct {
		server *tls.Config
		change func(url string, c *registry.Config)
		rule   string
		says   string
	}{
		"trusted":     {secured, func(_ string, c *registry.Config) { c.CAFile = authority.file }, "", ""},
		"not trusted": {secured, func(string, *registry.Config) {}, "REGISTRY_TLS", "ESGEN_REGISTRY_CA"},
		"other name": {secured, func(url string, c *registry.Config) {
			c.CAFile, c.URLs = authority.file, []string{strings.Replace(url, "127.0.0.1", "localhost", 1)}
		}, "REGISTRY_TLS", "localhost"},
		"mutual": {mutual, func(_ string, c *registry.Config) {
			c.CAFile, c.CertFile, c.KeyFile = authority.file, certFile, keyFile
		}, "", ""},
		"no client certificate": {mutual, func(_ string, c *registry.Config) { c.CAFile = authority.file }, "REGISTRY_TLS", "ESGEN_REGISTRY_CERT"},
		"a stranger's": {mutual, func(_ string, c *registry.Config) {
			c.CAFile, c.CertFile, c.KeyFile = authority.file, strangerCert, strangerKey
		}, "REGISTRY_TLS", "ESGEN_REGISTRY_CERT"},
		"no TLS": {nil, func(url string, c *registry.Config) {
			c.URLs = []string{strings.Replace(url, "http:", "https:", 1)}
		}, "REGISTRY_TLS", "http instead of https"},
		"TLS spoken to without": {secured, func(url string, c *registry.Config) {
			c.URLs = []string{strings.Replace(url, "https:", "http:", 1)}
		}, "REGISTRY_NOT_FOUND", "HTTPS server"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := start(t, registrytest.Options{TLS: test.server})
			client := open(t, server.URL(), func(c *registry.Config) { test.change(server.URL(), c) })
			_, err := client.Server(t.Context())
			if test.rule == "" {
				if err != nil {
					t.Errorf("%v\n%s", err, help(err))
				}
				register(t, client, opened("string owner = 1"))
				return
			}
			if f := wantError(t, err, test.rule); !strings.Contains(f.Message+"\n"+f.Help, test.says) {
				t.Errorf("got %+v", f)
			}
		})
	}
}

// A path in the address stays before all others, as Apicurio has it.
func TestOpen_path(t *testing.T) {
	t.Parallel()
	server := start(t, registrytest.Options{})
	mux := http.NewServeMux()
	mux.Handle("/apis/ccompat/v7/", http.StripPrefix("/apis/ccompat/v7", server.Handler()))
	proxy := before(t, server, func(_ int64, w http.ResponseWriter, r *http.Request) bool {
		mux.ServeHTTP(w, r)
		return true
	})
	for _, path := range []string{"/apis/ccompat/v7", "/apis/ccompat/v7/"} {
		register(t, open(t, proxy.URL+path), money("int64 units = 1"))
	}
	if len(server.Writes()) != 1 {
		t.Errorf("wrote %v", written(server))
	}
	_, err := open(t, proxy.URL).Fetch(t.Context(), []string{"x"})
	wantError(t, err, "REGISTRY_NOT_FOUND")
}

func TestRequests(t *testing.T) {
	t.Parallel()
	server := start(t, registrytest.Options{})
	client := open(t, server.URL(), func(c *registry.Config) { c.UserAgent, c.Normalize = "esgen/1.2", true })
	register(t, client, opened("string owner = 1"))
	asked := map[string]int{}
	for _, r := range server.Requests() {
		if agent := r.Header.Get("User-Agent"); agent != "esgen/1.2" {
			t.Errorf("user agent %q", agent)
		}
		if r.Method == http.MethodPost && !strings.Contains(r.Query, "normalize=true") {
			t.Errorf("%s %s is not normalized", r.Path, r.Query)
		}
		if r.Method == http.MethodPost && strings.HasPrefix(r.Path, "/compatibility/") {
			asked[r.Path]++
			if !strings.Contains(r.Query, "verbose=true") {
				t.Errorf("%s asks without a reason: %s", r.Path, r.Query)
			}
		}
	}
	if asked["/compatibility/subjects/"+opened().Subject+"/versions"] != 1 || len(asked) != 1 {
		t.Errorf("asked %v", asked)
	}
}

// HTTP/2 ends connections and streams in ways of its own.
func TestHTTP2(t *testing.T) {
	t.Parallel()
	authority := newAuthority(t)
	pair, _, _ := authority.issue(t, "server")
	server := start(t, registrytest.Options{TLS: &tls.Config{Certificates: []tls.Certificate{pair}}})
	aborted := map[string]bool{}
	server.Intercept(func(w http.ResponseWriter, r *http.Request) bool {
		if r.ProtoMajor != 2 {
			t.Errorf("%s over %s", r.URL, r.Proto)
		}
		w.Header().Set("Connection", "close") // the server says GOAWAY after the answer
		if key := r.Method + r.URL.Path; strings.HasSuffix(key, "Opened/versions") && !aborted[key] {
			aborted[key] = true
			panic(http.ErrAbortHandler) // and here it resets the stream
		}
		return false
	})
	client := open(t, server.URL(), func(c *registry.Config) { c.CAFile = authority.file })
	register(t, client, opened("string owner = 1"))
	if diff := cmp.Diff([]string{"register " + opened().Subject + " 1"}, written(server)); diff != "" || len(aborted) < 2 {
		t.Errorf("%s%v", diff, aborted)
	}
}
