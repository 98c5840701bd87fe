// Package registry brings schemas into a schema registry, and says what stands
// there: it plans, applies the plan, fetches versions and finds drift.
//
//	client, err := registry.Open(registry.Config{}.WithEnvironment(os.Getenv))
//	plan, findings, err := client.Plan(ctx, registry.Request{Schemas: schemas})
//	result, err := client.Apply(ctx, plan, func(o registry.Outcome) { fmt.Println(o) })
//
// A plan is made first, and it only reads: for each subject it says whether it
// will be created, updated, left alone or refused, and it asks the server
// itself for that, against all versions. Applying it registers in the order of
// dependencies. Before each write it looks whether the subject still is what
// the plan saw. A run that was interrupted is finished by planning and applying
// again: what is registered by then is unchanged.
//
// It never deletes, and it never writes to a subject that is not in the
// request. It sets a compatibility level only where that was asked for.
//
// Each error is an [*Error] and holds a finding with the cause and a way out.
// Secrets are in no finding, in no error and in no log; there is no log.
//
// The package speaks the REST interface of the Confluent Schema Registry and of
// the registries that follow it. It does not decide what is compatible: the
// server does, and [Request.Local] may give a second opinion. Apicurio Registry
// has rules of its own, which a plan reports.
package registry

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/twmb/franz-go/pkg/sr"
)

// Client talks to one registry. It is safe for concurrent use.
type Client struct {
	config   Config
	address  string // of the first node, without secrets
	sr       *sr.Client
	apicurio *sr.Client // the interface of its own that Apicurio has; nil when the address is not of its form
	close    func()
}

// Open returns a client. It checks the configuration and reads the files that
// it names; it sends nothing.
func Open(config Config) (*Client, error) {
	config = config.withDefaults()
	config, urls, err := config.addresses()
	if err != nil {
		return nil, err
	}
	tlsConfig, err := config.tls()
	if err != nil {
		return nil, err
	}
	base := newHTTPTransport(tlsConfig)
	client := &Client{config: config, address: urls[0].String(), close: base.CloseIdleConnections}
	if client.sr, err = config.open(base, urls); err != nil {
		return nil, err
	}
	if own := apicurioURLs(urls); own != nil {
		config.Retry.Attempts = 1 // nothing depends on the answer
		client.apicurio, err = config.open(base, own, sr.PreReq(acceptJSON))
	}
	return client, err
}

// open returns what speaks to addresses.
func (c Config) open(base http.RoundTripper, urls []*url.URL, more ...sr.ClientOpt) (*sr.Client, error) {
	options := []sr.ClientOpt{
		sr.URLs(placeholder),
		sr.HTTPClient(newHTTPClient(&transport{base: base, urls: urls, retry: c.Retry, timeout: c.Timeout, limit: c.MaxAnswer})),
		sr.UserAgent(c.UserAgent),
	}
	if c.Normalize {
		options = append(options, sr.DefaultParams(sr.Normalize))
	}
	if c.User != "" || c.Password != "" {
		options = append(options, sr.BasicAuth(c.User, string(c.Password)))
	}
	if c.Token != "" {
		options = append(options, sr.BearerToken(string(c.Token)))
	}
	client, err := sr.NewClient(append(options, more...)...)
	if err != nil {
		return nil, c.invalid("the client of the registry cannot be made: "+err.Error(), "")
	}
	return client, nil
}

// Close closes the connections that wait for further requests. The client may
// be used again.
func (c *Client) Close() { c.close() }

// Address returns where the registry is, without user and password.
func (c *Client) Address() string { return c.address }

// qualify returns the name of a subject in the client's context.
func (c *Client) qualify(subject string) string {
	if c.config.Context == "" {
		return subject
	}
	return ":" + c.config.Context + ":" + subject
}

// unqualify takes the client's context from the name of a subject. One in
// another context keeps it.
func (c *Client) unqualify(subject string) string {
	if c.config.Context == "" {
		return subject
	}
	return strings.TrimPrefix(subject, ":"+c.config.Context+":")
}
