//go:build unix

package realregistry_test

import (
	"testing"

	"github.com/twmb/franz-go/pkg/sr"

	"github.com/esgen-dev/esgen/internal/realregistry"
)

// TestRegistry_durable kills a registry right behind an answer: what it said
// that it has, it has.
func TestRegistry_durable(t *testing.T) {
	t.Parallel()
	r := realregistry.ForTest(t, realregistry.Options{Durable: true})
	client, err := sr.NewClient(sr.URLs(r.URL))
	if err != nil {
		t.Fatal(err)
	}
	text := "syntax = \"proto3\";\npackage bank.v1;\n\nmessage Opened {\n  string owner = 1;\n}\n"
	for _, subject := range []string{"first", "second"} {
		text += "// " + subject + "\n"
		id, err := client.RegisterSchema(t.Context(), subject, sr.Schema{Schema: text, Type: sr.TypeProtobuf}, -1, -1)
		if err != nil {
			t.Fatal(err)
		}
		r.Kill()
		if _, err := client.Subjects(t.Context()); err == nil {
			t.Fatal("a killed registry answers")
		}
		if err := r.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		got, err := client.SchemaByID(t.Context(), id)
		if err != nil || got.Schema != text {
			t.Errorf("after %s: got %+v, %v", subject, got, err)
		}
	}
}
