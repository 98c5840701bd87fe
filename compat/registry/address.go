package registry

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/url"
	"os"
	"regexp"
	"strings"
)

// contextName is the form of a context's name.
var contextName = regexp.MustCompile(`^\.[A-Za-z0-9._-]+$`)

// addresses returns the parsed addresses, and the configuration with the
// secrets that were in them. No message repeats an address that could not be
// parsed: it may hold a password.
func (c Config) addresses() (Config, []*url.URL, error) {
	var urls []*url.URL
	for _, text := range c.URLs {
		text = strings.TrimSpace(text)
		if text == "" {
			continue
		}
		parsed, err := url.Parse(text)
		if err != nil || (parsed.Scheme != "http" && parsed.Scheme != "https") || parsed.Hostname() == "" {
			return c, nil, c.invalid("the address of the registry is not valid",
				"write it like https://registry.example.com:8081; a user and password belong into "+c.variable("USER")+" and "+c.variable("PASSWORD"))
		}
		if parsed.RawQuery != "" || parsed.Fragment != "" {
			return c, nil, c.invalid("the address of the registry has a query or a fragment", "end it behind the path")
		}
		if c, err = c.takeUser(parsed); err != nil {
			return c, nil, err
		}
		urls = append(urls, parsed)
	}
	if c.Context = strings.Trim(c.Context, ":"); c.Context == "." {
		c.Context = "" // the default one
	}
	return c, urls, c.check(len(urls))
}

// takeUser moves user and password out of an address.
func (c Config) takeUser(address *url.URL) (Config, error) {
	if address.User == nil {
		return c, nil
	}
	password, _ := address.User.Password()
	user := address.User.Username()
	address.User = nil
	same := c.User == user && string(c.Password) == password
	if (c.User != "" || c.Password != "") && !same {
		return c, c.invalid("there are two users for the registry: one in the address and one beside it, or two in two addresses",
			"keep "+c.variable("USER")+" and "+c.variable("PASSWORD")+", and take the user out of the address")
	}
	c.User, c.Password = user, Secret(password)
	return c, nil
}

// check reports what does not fit together.
func (c Config) check(addresses int) error {
	control := func(r rune) bool { return r < ' ' || r == 0x7f }
	switch {
	case addresses == 0:
		return c.invalid("there is no address of the registry", "set "+c.variable("URL")+", or the url in esgen.yaml")
	case c.Token != "" && (c.User != "" || c.Password != ""):
		return c.invalid("there is both a user and a token for the registry",
			"unset "+c.variable("TOKEN")+", or "+c.variable("USER")+" and "+c.variable("PASSWORD"))
	case strings.ContainsFunc(string(c.Token), control), strings.ContainsFunc(c.User+string(c.Password), control):
		return c.invalid("the user, password or token of the registry holds a control character", "look for a line break in it")
	case strings.Contains(c.User, ":"):
		return c.invalid("the user of the registry holds a colon, which basic authentication cannot send", "")
	case (c.CertFile == "") != (c.KeyFile == ""):
		return c.invalid("a client certificate needs its key, and a key its certificate", "set both "+c.variable("CERT")+" and "+c.variable("KEY"))
	}
	if c.Context != "" && !contextName.MatchString(c.Context) {
		return c.invalid(fmt.Sprintf("invalid context %q", c.Context), "write a dot and a name, such as .staging")
	}
	return nil
}

// tls returns how connections are secured.
func (c Config) tls() (*tls.Config, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if c.CAFile != "" {
		text, err := os.ReadFile(c.CAFile)
		if err != nil {
			return nil, c.invalid("the certificates to trust cannot be read: "+err.Error(), "see "+c.variable("CA"))
		}
		pool, err := x509.SystemCertPool()
		if err != nil {
			pool = x509.NewCertPool()
		}
		if !pool.AppendCertsFromPEM(text) {
			return nil, c.invalid(fmt.Sprintf("%s holds no certificate in PEM form", c.CAFile), "see "+c.variable("CA"))
		}
		config.RootCAs = pool
	}
	if c.CertFile != "" {
		pair, err := tls.LoadX509KeyPair(c.CertFile, c.KeyFile)
		if err != nil {
			return nil, c.invalid("the client certificate cannot be used: "+err.Error(), "see "+c.variable("CERT")+" and "+c.variable("KEY"))
		}
		config.Certificates = []tls.Certificate{pair}
	}
	return config, nil
}
