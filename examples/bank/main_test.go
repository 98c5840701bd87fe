package main

import (
	"bytes"
	"os"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/esgen-dev/esgen/es/kafka/kafkadev"
	"github.com/esgen-dev/esgen/examples/bank/accounts"
	bankv1 "github.com/esgen-dev/esgen/examples/bank/gen/bank/v1"
	"github.com/esgen-dev/esgen/examples/internal/proctest"
)

func TestMain(m *testing.M) {
	proctest.Main(m, map[string]func(){"bank": main}, bankv1.AccountType(accounts.Account{}).Spec())
}

// The story is printed in the README, so it has to be the same every time.
func TestRun_tellsTheStory(t *testing.T) {
	t.Parallel()
	var got bytes.Buffer
	if err := run(t.Context(), nil, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(told(t), got.String()); diff != "" {
		t.Errorf("the story has changed (-want +got):\n%s", diff)
	}
}

// On Kafka it is the same story, at other times: the engine reads the clock for
// its own records too.
func TestRun_tellsTheStoryOnKafka(t *testing.T) {
	t.Parallel()
	cluster, err := kafkadev.Start(kafkadev.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer cluster.Close()
	if err := cluster.CreateTopics(t.Context(), kafkadev.Aggregate(bankv1.AccountType(accounts.Account{}).Spec())); err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	if err := run(t.Context(), []string{"-engine", "kafka", "-brokers", cluster.Addresses()[0]}, &got); err != nil {
		t.Fatal(err)
	}
	times := regexp.MustCompile(`\d{4}-\d\d-\d\d \d\d:\d\d`)
	timeless := func(text string) string { return times.ReplaceAllString(text, "TIME") }
	if diff := cmp.Diff(timeless(told(t)), timeless(got.String())); diff != "" {
		t.Errorf("the story is another one on Kafka (-want +got):\n%s", diff)
	}
}

func told(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("testdata/story.txt")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
