package registry

import (
	"strings"
	"time"
)

// Secret is a text that must not be seen: printed, it says that it is there
// and nothing else.
type Secret string

// String returns "[secret]", or "" when there is none.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return "[secret]"
}

// GoString returns the same as String.
func (s Secret) GoString() string { return s.String() }

// MarshalText returns the same as String. It never fails.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Config says how a registry is reached. Zero values mean the defaults.
type Config struct {
	// Name is what the configuration calls the registry; "" for the only one.
	Name string
	// URLs are the addresses of one registry's nodes, with http or https. A
	// path stays: "https://host/apis/ccompat/v7". A user and password in an
	// address are taken out of it and used as User and Password.
	URLs []string
	// User and Password are sent as basic authentication.
	User     string
	Password Secret
	// Token is sent as bearer token. There is either a user or a token.
	Token Secret
	// CAFile holds certificates, in PEM, to trust beside the system's.
	CAFile string
	// CertFile and KeyFile, in PEM, are what the client shows to the server.
	CertFile, KeyFile string
	// Context is prefixed to all subjects, e.g. ".staging" makes
	// ":.staging:orders". Without it they are in the default context.
	Context string
	// UserAgent is sent with each request. Default: "esgen".
	UserAgent string
	// Normalize asks the registry to bring schemas into its normal form before
	// it compares, looks up and stores them.
	Normalize bool
	// Timeout is for one try of one request, the answer's body included.
	// Default: 15 seconds. The time for everything is the context's.
	Timeout time.Duration
	// Retry says how often a request is tried again.
	Retry Retry
	// MaxAnswer is the largest answer that is read, in bytes. Default: 32 MiB.
	MaxAnswer int64
}

// WithEnvironment returns the configuration with what is not set yet taken
// from environment variables: ESGEN_REGISTRY_URL (addresses separated by
// commas), _USER, _PASSWORD, _TOKEN, _CA, _CERT and _KEY. For a registry with
// a name, such as staging, they are ESGEN_REGISTRY_STAGING_URL and so on;
// those without a name are then not looked at, so that the password of one
// registry is never sent to another.
func (c Config) WithEnvironment(getenv func(string) string) Config {
	if value := getenv(c.variable("URL")); value != "" && len(c.URLs) == 0 {
		c.URLs = strings.Split(value, ",")
	}
	for name, into := range map[string]*string{
		"USER": &c.User, "PASSWORD": (*string)(&c.Password), "TOKEN": (*string)(&c.Token),
		"CA": &c.CAFile, "CERT": &c.CertFile, "KEY": &c.KeyFile,
	} {
		if *into == "" {
			*into = strings.TrimRight(getenv(c.variable(name)), "\r\n") // a file's last line is a common slip
		}
	}
	return c
}

// variable returns the name of an environment variable of this registry.
func (c Config) variable(what string) string {
	if c.Name == "" {
		return "ESGEN_REGISTRY_" + what
	}
	name := strings.NewReplacer("-", "_", ".", "_").Replace(c.Name)
	return "ESGEN_REGISTRY_" + strings.ToUpper(name) + "_" + what
}

// withDefaults returns the configuration with all numbers set.
func (c Config) withDefaults() Config {
	if c.UserAgent == "" {
		c.UserAgent = "esgen"
	}
	if c.Timeout <= 0 {
		c.Timeout = 15 * time.Second
	}
	if c.MaxAnswer <= 0 {
		c.MaxAnswer = 32 << 20
	}
	if c.Retry.Attempts <= 0 {
		c.Retry.Attempts = 4
	}
	if c.Retry.Pause <= 0 {
		c.Retry.Pause = 250 * time.Millisecond
	}
	if c.Retry.MaxPause <= 0 {
		c.Retry.MaxPause = 5 * time.Second
	}
	return c
}
