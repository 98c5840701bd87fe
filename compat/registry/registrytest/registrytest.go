// Package registrytest is a schema registry in memory, for tests, for esgen
// demo, and for trying things out. It speaks HTTP, and it refuses what a
// registry refuses: its verdicts come from esgen's own reading of the rules.
//
//	server := registrytest.New(registrytest.Options{})
//	defer server.Close()
//	client, err := registry.Open(registry.Config{URLs: []string{server.URL()}})
//
// Versions are stored by srfake, the fake registry of the franz-go client. This
// package answers in its place where it says yes to everything: registering,
// looking up, compatibility, levels, modes, the server's version, and deletion;
// and where a client asks for a Protobuf schema in the format "serialized".
//
// It keeps nothing on disk. It does not know Avro, rule sets, metadata, subject
// prefixes of tenants, the path /contexts/..., or compatibility groups. It is
// no measure for the speed of a registry.
package registrytest

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"sync"

	"github.com/twmb/franz-go/pkg/sr/srfake"

	"github.com/esgen-dev/esgen/compat/confluent"
	"github.com/esgen-dev/esgen/generator/schema"
)

// Options say what kind of registry it is. The zero value is a new one.
type Options struct {
	// Version is what the server tells about itself, and decides the rules for
	// oneofs. Default: "8.3.2". With "-" it does not know the question.
	Version string
	// Level is the level of subjects without their own. Default: BACKWARD.
	Level confluent.Level
	// OldCodes answers an incompatible schema with the code 409 in place of
	// 40901, and a registration with the id alone, as old versions do.
	OldCodes bool
	// Types are the types of schemas that it takes. Default: both that esgen
	// knows.
	Types []schema.Type
	// User and Password, or Token, are asked for when they are set.
	User, Password, Token string
	// Check decides which schemas are valid and compatible. Default: [Check].
	Check Checker
	// NoListener makes a server without an address, to serve its Handler
	// elsewhere.
	NoListener bool
	// TLS makes it an HTTPS server. Certificates in it are used; without any,
	// a certificate of the standard library's tests is.
	TLS *tls.Config
}

// Server is a registry. It is safe for concurrent use.
type Server struct {
	options Options
	fake    *srfake.Registry
	handler http.Handler
	http    *httptest.Server

	mu       sync.Mutex // held while something is registered, deleted or configured
	settings map[string]settings
	guids    map[string]string // from the registry's GUIDs to those of the store
	log      log
}

// New starts a registry. Without [Options.NoListener] it listens on a free port
// of the loopback interface until it is closed.
func New(options Options) *Server {
	if options.Version == "" {
		options.Version = "8.3.2"
	}
	if options.Level == "" {
		options.Level = confluent.Backward
	}
	if options.Types == nil {
		options.Types = []schema.Type{schema.JSON, schema.Protobuf}
	}
	if options.Check == nil {
		options.Check = Check
	}
	s := &Server{
		options: options, fake: srfake.NewRegistry(),
		settings: map[string]settings{"": {level: options.Level, mode: "READWRITE"}},
		guids:    map[string]string{},
	}
	s.handler = s.routes()
	if options.NoListener {
		return s
	}
	s.http = httptest.NewUnstartedServer(s.handler)
	s.http.EnableHTTP2 = true
	if options.TLS != nil {
		s.http.TLS = options.TLS.Clone()
		s.http.StartTLS()
	} else {
		s.http.Start()
	}
	return s
}

// URL returns the address; "" without a listener.
func (s *Server) URL() string {
	if s.http == nil {
		return ""
	}
	return s.http.URL
}

// Handler returns what answers requests.
func (s *Server) Handler() http.Handler { return s.handler }

// Close stops listening, and waits for requests that are being answered.
func (s *Server) Close() {
	if s.http != nil {
		s.http.Close()
	}
}
