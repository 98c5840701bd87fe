//go:build unix

package interop

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/esgen-dev/esgen/compat/registry/registrytest"
	"github.com/esgen-dev/esgen/es/kafka/kafkadev"
	"github.com/esgen-dev/esgen/es/kafka/topics"
	"github.com/esgen-dev/esgen/internal/realkafka"
	"github.com/esgen-dev/esgen/internal/realregistry"
)

// TestProtos_exported compares the declaration that is given to others with the
// bank's own.
func TestProtos_exported(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	esgen(t, "export", "protos", "--quiet", "--out", dir)
	const name = "bank/v1/account.proto"
	want, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join(protos, name))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("run esgen -C examples/bank export protos --out ../streams/src/main/proto (-want +got):\n%s", diff)
	}
}

// TestClients lets clients of all kinds read what a bank has stored. They share
// a Kafka and a registry. At last one of them writes to the log.
func TestClients(t *testing.T) {
	w := newWorld(t)
	w.story(t)
	t.Run("read", func(t *testing.T) {
		t.Run("Python", func(t *testing.T) {
			t.Parallel()
			w.same(t, w.python(t))
		})
		t.Run("Java", func(t *testing.T) {
			t.Parallel()
			w.same(t, w.java(t))
		})
	})
	t.Run("Streams", func(t *testing.T) { w.streams(t) })
	t.Run("write", func(t *testing.T) { w.foreign(t) })
}

const (
	repository = "../.."
	protos     = repository + "/examples/streams/src/main/proto" // as esgen export protos writes them
)

// world is a Kafka and a registry, with the topics and the schemas of the bank.
type world struct {
	*realkafka.Cluster

	admin    *kadm.Client
	registry string // its address, of what is compatible with Confluent's
	apicurio string // the address of Apicurio's own interface, if it is one
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{Cluster: realkafka.ForTest(t, realkafka.Options{})}
	client, err := kgo.NewClient(kgo.SeedBrokers(w.Brokers()...))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	w.admin = kadm.NewClient(client)
	w.makeTopics(t)

	w.startRegistry(t)
	t.Setenv("ESGEN_REGISTRY_URL", w.registry)
	esgen(t, "register", "--yes")
	return w
}

// startRegistry starts Apicurio when it is asked for, and our own registry for
// tests if not.
func (w *world) startRegistry(t *testing.T) {
	t.Helper()
	if asked := os.Getenv("ESGEN_REAL_REGISTRY"); asked == "" || asked == "0" {
		server := registrytest.New(registrytest.Options{})
		t.Cleanup(server.Close)
		w.registry = server.URL()
		return
	}
	w.registry = realregistry.ForTest(t, realregistry.Options{}).URL
	for _, version := range []string{"v3", "v2"} {
		address := strings.TrimSuffix(w.registry, "/ccompat/v7") + "/registry/" + version
		resp, err := http.Get(address + "/system/info")
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode == http.StatusOK {
			w.apicurio = address
			return
		}
	}
	t.Fatalf("the registry at %s is no Apicurio", w.registry)
}

// esgen runs esgen for the bank.
func esgen(t *testing.T, args ...string) {
	t.Helper()
	output(t, repository, "go", append([]string{"run", "./cmd/esgen", "-C", "examples/bank"}, args...)...)
}

func (w *world) makeTopics(t *testing.T) {
	t.Helper()
	wanted, err := topics.Wanted([]topics.Aggregate{kafkadev.Aggregate(account().Spec())}, topics.SingleBroker())
	if err != nil {
		t.Fatal(err)
	}
	plan, err := topics.MakePlan(t.Context(), w.admin, wanted, topics.Options{})
	if err == nil {
		err = topics.Apply(t.Context(), w.admin, plan, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
}
