package cli

import (
	"crypto/tls"
	"crypto/x509"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sasl"
	saslplain "github.com/twmb/franz-go/pkg/sasl/plain"
	"github.com/twmb/franz-go/pkg/sasl/scram"
)

// kafkaPatience is how long brokers are tried that do not answer.
const kafkaPatience = 5 * time.Second

// openKafka returns a client for the brokers that flags or environment name.
func (a *app) openKafka(o *topicsOptions) (*kgo.Client, error) {
	if len(o.brokers) == 0 {
		o.brokers = strings.FieldsFunc(a.env.Getenv("ESGEN_KAFKA_BROKERS"), func(r rune) bool { return r == ',' || r == ' ' })
	}
	if len(o.brokers) == 0 {
		return nil, usage("give --brokers host:port, or set ESGEN_KAFKA_BROKERS", "there are no Kafka brokers to ask")
	}
	options := []kgo.Opt{
		kgo.SeedBrokers(o.brokers...), kgo.ClientID("esgen"),
		kgo.RetryTimeout(kafkaPatience), kgo.DialTimeout(kafkaPatience),
	}
	config, err := a.kafkaTLS()
	if err != nil {
		return nil, err
	}
	if config != nil {
		options = append(options, kgo.DialTLSConfig(config))
	}
	mechanism, err := a.kafkaSASL()
	if err != nil {
		return nil, err
	}
	if mechanism != nil {
		options = append(options, kgo.SASL(mechanism))
	}
	client, err := kgo.NewClient(options...)
	if err != nil {
		return nil, usage("", "the Kafka settings make no sense: %v", err)
	}
	return client, nil
}

// kafkaSASL returns how the client says who it is; nil if it does not.
func (a *app) kafkaSASL() (sasl.Mechanism, error) {
	variable := func(name string) string { return strings.TrimRight(a.env.Getenv("ESGEN_KAFKA_"+name), "\r\n") }
	user, password, mechanism := variable("USER"), variable("PASSWORD"), strings.ToUpper(variable("MECHANISM"))
	if user == "" {
		if password != "" || mechanism != "" {
			return nil, usage("set ESGEN_KAFKA_USER too", "there is a Kafka password or mechanism, and no user")
		}
		return nil, nil
	}
	switch mechanism {
	case "", "PLAIN":
		return saslplain.Auth{User: user, Pass: password}.AsMechanism(), nil
	case "SCRAM-SHA-256":
		return scram.Auth{User: user, Pass: password}.AsSha256Mechanism(), nil
	case "SCRAM-SHA-512":
		return scram.Auth{User: user, Pass: password}.AsSha512Mechanism(), nil
	}
	known := []string{"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"}
	return nil, usage(suggest(mechanism, known, "the mechanisms are "+strings.Join(known, ", ")), "unknown ESGEN_KAFKA_MECHANISM %q", mechanism)
}

// kafkaTLS returns how connections are encrypted; nil if they are not.
func (a *app) kafkaTLS() (*tls.Config, error) {
	on, ca := a.env.Getenv("ESGEN_KAFKA_TLS"), a.env.Getenv("ESGEN_KAFKA_CA")
	cert, key := a.env.Getenv("ESGEN_KAFKA_CERT"), a.env.Getenv("ESGEN_KAFKA_KEY")
	if !slices.Contains([]string{"", "true", "false"}, on) {
		return nil, usage("it is true or false", "invalid value %q for ESGEN_KAFKA_TLS", on)
	}
	if on != "true" && ca == "" && cert == "" {
		return nil, nil
	}
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if ca != "" {
		text, err := os.ReadFile(ca)
		if err != nil {
			return nil, usage("see ESGEN_KAFKA_CA", "the certificates cannot be read: %v", err)
		}
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(text) {
			return nil, usage("see ESGEN_KAFKA_CA", "%s holds no certificate in PEM form", ca)
		}
	}
	if cert != "" {
		pair, err := tls.LoadX509KeyPair(cert, key)
		if err != nil {
			return nil, usage("see ESGEN_KAFKA_CERT and ESGEN_KAFKA_KEY", "the client certificate cannot be used: %v", err)
		}
		config.Certificates = []tls.Certificate{pair}
	}
	return config, nil
}
