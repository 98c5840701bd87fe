package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"github.com/twmb/franz-go/pkg/sasl/scram"
)

// newKafka returns the usual project beside a cluster, and an administrator.
func newKafka(t *testing.T, options []kfake.Opt, admin ...kgo.Opt) (client, *kadm.Client) {
	t.Helper()
	cluster, err := kfake.NewCluster(append(options, kfake.NumBrokers(1))...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cluster.Close)
	return beside(t, cluster, admin...)
}

// beside returns the usual project beside a cluster that runs, and an
// administrator.
func beside(t *testing.T, cluster *kfake.Cluster, admin ...kgo.Opt) (client, *kadm.Client) {
	t.Helper()
	root, err := kadm.NewOptClient(append(admin, kgo.SeedBrokers(cluster.ListenAddrs()...))...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(root.Close)
	c := client{t: t, dir: t.TempDir(), env: []string{"ESGEN_KAFKA_BROKERS=" + strings.Join(cluster.ListenAddrs(), ",")}}
	put(t, c.dir, usual(nil))
	return c, root
}

const single = "--profile=single-broker"

func TestTopics(t *testing.T) {
	t.Parallel()
	c, admin := newKafka(t, nil)

	got := c.run(0, "topics", "plan", single)
	says(t, got.stdout, "create bank.v1.account: 12 partitions, 1 replicas, cleanup.policy=delete, retention.ms=-1,",
		"create bank.v1.account.state: 12 partitions", "create bank.v1.account.routes: 1 partitions",
		"3 topics: 3 create, 0 alter, 0 differ, 0 unchanged\n")
	got = c.run(1, "topics", "check", single)
	says(t, got.stdout, "problem: topic bank.v1.account: topic.exists is false, wanted true\n  why: ", "  run: esgen topics apply\n",
		"kafka-topics.sh --bootstrap-server 127.0.0.1:", "3 topics, 3 problems\n")
	if topics, err := admin.ListTopics(t.Context()); err != nil || len(topics) != 0 {
		t.Fatalf("plan and check change nothing: %v, %v", topics.Names(), err)
	}

	got = c.run(0, "topics", "apply", single)
	says(t, got.stdout, "create bank.v1.account: ", "3 topics: 3 create, 0 alter, 0 differ, 0 unchanged\n")
	got = c.run(0, "topics", "apply", single, "--alter")
	if got.stdout != "3 topics: 0 create, 0 alter, 0 differ, 3 unchanged\n" {
		t.Error(got.stdout)
	}
	if got = c.run(0, "topics", "check", single); got.stdout != "3 topics, 0 problems\n" {
		t.Error(got.stdout)
	}
	if got = c.run(0, "topics", "check", single, "-q"); got.stdout != "" {
		t.Error(got.stdout)
	}

	week := "604800000"
	set := []kadm.AlterConfig{{Name: "retention.ms", Value: &week}}
	if _, err := admin.AlterTopicConfigs(t.Context(), set, "bank.v1.account"); err != nil {
		t.Fatal(err)
	}
	got = c.run(0, "topics", "apply", single)
	says(t, got.stdout, "differs bank.v1.account\n  retention.ms is 604800000 (7 days), wanted -1 (no limit)\n")
	says(t, got.stderr, "esgen topics check says")
	got = c.run(1, "topics", "check", single)
	says(t, got.stdout, "  run: esgen topics apply --alter\n", "--entity-name bank.v1.account --add-config retention.ms=-1\n")
	c.run(0, "topics", "check", single, "--exit-zero")
	got = c.run(0, "topics", "check", single, "--override", "retention.ms")
	says(t, got.stdout, "overridden: topic bank.v1.account: retention.ms is ")
	got = c.run(2, "topics", "check", single, "--override", "retention.m")
	says(t, got.stderr, `there is no requirement "retention.m" to override: did you mean retention.ms?`)
	got = c.run(0, "topics", "apply", single, "--alter")
	says(t, got.stdout, "alter bank.v1.account\n", "3 topics: 0 create, 1 alter, 0 differ, 2 unchanged\n")
	c.run(0, "topics", "check", single)

	old := kadm.FeatureUpdate{Feature: "transaction.version", MaxVersionLevel: 1, UpgradeType: 3}
	if _, err := admin.UpdateFeatures(t.Context(), false, old); err != nil {
		t.Fatal(err)
	}
	got = c.run(0, "topics", "check", single)
	says(t, got.stdout, "warning: transaction.version is 1, wanted 2\n", "run: kafka-features.sh ")
	c.run(1, "topics", "check", single, "--fail-on", "warning")

	got = c.run(1, "topics", "check")
	says(t, got.stdout, "replication.factor is 1, wanted 3", "there are 1; for development there is the profile single-broker")
}

func TestTopics_refuses(t *testing.T) {
	t.Parallel()
	c, _ := newKafka(t, nil)
	says(t, c.run(2, "topics", "plan", "--profile", "big").stderr, `invalid value "big"`)
	says(t, c.run(4, "topics", "apply").stderr, "not enough brokers for 3 replicas")
	c.env = nil
	says(t, c.run(2, "topics", "plan").stderr, "there are no Kafka brokers to ask", "ESGEN_KAFKA_BROKERS")
	says(t, c.run(4, "topics", "plan", "--brokers", "127.0.0.1:1").stderr, "no answer from Kafka at 127.0.0.1:1: ", "connection refused")
	for name, want := range map[string]string{
		"ESGEN_KAFKA_MECHANISM=PLAIN": "no user", "ESGEN_KAFKA_TLS=yes": "it is true or false",
		"ESGEN_KAFKA_CA=missing.pem": "cannot be read", "ESGEN_KAFKA_CERT=missing.pem": "client certificate cannot be used",
	} {
		c.env = []string{name, "ESGEN_KAFKA_BROKERS=127.0.0.1:1"}
		says(t, c.run(2, "topics", "plan").stderr, want)
	}
	c.env = []string{"ESGEN_KAFKA_BROKERS=127.0.0.1:1", "ESGEN_KAFKA_USER=u", "ESGEN_KAFKA_MECHANISM=scram-sha-255"}
	says(t, c.run(2, "topics", "plan").stderr, `did you mean "SCRAM-SHA-256"?`)
}

func TestTopics_access(t *testing.T) {
	t.Parallel()
	mechanism := scram.Auth{User: "root", Pass: "secret"}.AsSha256Mechanism()
	options := []kfake.Opt{
		kfake.EnableSASL(), kfake.EnableACLs(), kfake.Superuser("SCRAM-SHA-256", "root", "secret"), kfake.User("PLAIN", "guest", "guest"),
	}
	c, _ := newKafka(t, options, kgo.SASL(mechanism))
	brokers := c.env[0]
	c.env = []string{brokers, "ESGEN_KAFKA_USER=root", "ESGEN_KAFKA_PASSWORD=secret\n", "ESGEN_KAFKA_MECHANISM=SCRAM-SHA-256"}
	c.run(0, "topics", "apply", single)
	c.run(0, "topics", "check", single)
	c.env = []string{brokers, "ESGEN_KAFKA_USER=guest", "ESGEN_KAFKA_PASSWORD=guest"}
	got := c.run(4, "topics", "plan", single)
	says(t, got.stderr, "may not describe topic bank.v1.account: ", "allow it: kafka-acls.sh --bootstrap-server 127.0.0.1:", "--operation Describe --topic bank.v1.account")
	c.env = []string{brokers, "ESGEN_KAFKA_USER=guest", "ESGEN_KAFKA_PASSWORD=wrong-secret"}
	if got := c.run(4, "topics", "plan", single); strings.Contains(got.stderr+got.stdout, "wrong-secret") {
		t.Error("a password is shown")
	}
}

func TestTopics_encrypted(t *testing.T) {
	t.Parallel()
	server := httptest.NewTLSServer(nil) // for its certificate, which is for 127.0.0.1
	server.Close()
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	config := &tls.Config{MinVersion: tls.VersionTLS12, Certificates: server.TLS.Certificates}
	c, _ := newKafka(t, []kfake.Opt{kfake.TLS(config)}, kgo.DialTLSConfig(&tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots}))

	ca := filepath.Join(c.dir, "ca.pem")
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(ca, text, 0o600); err != nil {
		t.Fatal(err)
	}
	brokers := c.env[0]
	c.env = []string{brokers, "ESGEN_KAFKA_CA=" + ca}
	c.run(0, "topics", "apply", single)
	c.env = []string{brokers, "ESGEN_KAFKA_TLS=true"}
	says(t, c.run(4, "topics", "plan", single).stderr, "no answer from Kafka at 127.0.0.1:", "certificate")
	c.env = []string{brokers, "ESGEN_KAFKA_CA=" + filepath.Join(c.dir, "esgen.yaml")}
	says(t, c.run(2, "topics", "plan", single).stderr, "holds no certificate in PEM form")
}

// TestTopics_complete leaves a transaction without an end. While its coordinator
// says that it goes on, it is left alone, and once that says that it was
// committed, its marker is written.
func TestTopics_complete(t *testing.T) {
	t.Parallel()
	cluster, err := kfake.NewCluster(kfake.NumBrokers(1))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cluster.Close)
	c, admin := beside(t, cluster)
	c.run(0, "topics", "apply", single)
	says(t, c.run(0, "topics", "complete").stdout, "0 hanging transactions: 0 markers written, 0 left\n")
	leaveOpen(t, cluster)
	complete := func(code int, more ...string) string {
		return c.run(code, append([]string{"topics", "complete", "--wait", "1ms"}, more...)...).stdout
	}
	const found = ": topic bank.v1.account, partition 3, offset 0: transaction of bank.bank.v1.account.3, "
	says(t, complete(1), "open"+found, "1 hanging transactions: 0 markers written, 1 left\n")
	complete(0, "--exit-zero")

	confirm(t, cluster, admin)
	says(t, complete(1, "--dry-run"), "committed"+found, "1 hanging transactions: 0 markers written, 1 left\n")
	if end := readable(t, admin); end != 0 {
		t.Errorf("readers come to offset %d, and nothing was to be written", end)
	}
	says(t, complete(0), "committed"+found, "1 hanging transactions: 1 markers written, 0 left\n")
	if end := readable(t, admin); end == 0 {
		t.Error("readers come no further")
	}
}

// readable returns where readers of what is committed come to.
func readable(t *testing.T, admin *kadm.Client) int64 {
	t.Helper()
	ends, err := admin.ListCommittedOffsets(t.Context(), "bank.v1.account")
	if err != nil {
		t.Fatal(err)
	}
	end, _ := ends.Lookup("bank.v1.account", 3)
	return end.Offset
}

// leaveOpen begins the transaction of an owner.
func leaveOpen(t *testing.T, cluster *kfake.Cluster) {
	t.Helper()
	writer, err := kgo.NewClient(
		kgo.SeedBrokers(cluster.ListenAddrs()...), kgo.TransactionalID("bank.bank.v1.account.3"), kgo.RecordPartitioner(kgo.ManualPartitioner()),
	)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(writer.Close)
	if err := writer.BeginTransaction(); err != nil {
		t.Fatal(err)
	}
	if err := writer.ProduceSync(t.Context(), &kgo.Record{Topic: "bank.v1.account", Partition: 3}).FirstErr(); err != nil {
		t.Fatal(err)
	}
}

// confirm lets the coordinator say that the transaction was committed.
func confirm(t *testing.T, cluster *kfake.Cluster, admin *kadm.Client) {
	t.Helper()
	open, err := admin.DescribeTransactions(t.Context())
	if err != nil || len(open) != 1 {
		t.Fatal(open, err)
	}
	was := open.Sorted()[0]
	cluster.ControlKey(int16(kmsg.DescribeTransactions), func(r kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		now := kmsg.NewDescribeTransactionsResponseTransactionState()
		now.TransactionalID, now.State, now.ProducerID, now.ProducerEpoch = was.TxnID, "CompleteCommit", was.ProducerID, was.ProducerEpoch+1
		resp := kmsg.NewPtrDescribeTransactionsResponse()
		resp.Version, resp.TransactionStates = r.GetVersion(), append(resp.TransactionStates, now)
		return resp, nil, true
	})
}
