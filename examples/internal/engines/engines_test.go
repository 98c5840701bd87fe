package engines_test

import (
	"flag"
	"strings"
	"testing"
	"time"

	"github.com/esgen-dev/esgen/examples/internal/engines"
)

func TestFlags(t *testing.T) {
	for _, c := range []struct {
		args, says string // "" is no error
	}{
		{"", ""},
		{"-engine memory", ""},
		{"-engine kafka", "needs -brokers"},
		{"-engine kafka -brokers 127.0.0.1:1,127.0.0.1:2", ""}, // Kafka is not waited for
		{"-engine paper", `no engine "paper"`},
	} {
		t.Setenv("ESGEN_KAFKA_BROKERS", "")
		var flags engines.Flags
		set := flag.NewFlagSet("test", flag.ContinueOnError)
		flags.Register(set)
		if err := set.Parse(strings.Fields(c.args)); err != nil {
			t.Fatal(err)
		}
		engine, err := flags.Open(engines.Setup{Application: "test", Clock: time.Now})
		if err == nil {
			err = engine.Close()
		}
		if c.says == "" && err != nil || c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("%s: %v, want %q", c.args, err, c.says)
		}
	}
}

func TestFlags_address(t *testing.T) {
	t.Parallel()
	var flags engines.Flags
	set := flag.NewFlagSet("test", flag.ContinueOnError)
	flags.Register(set)
	if got := flags.Address("127.0.0.1:1"); got != "127.0.0.1:1" {
		t.Errorf("without a flag it is %s", got)
	}
	if err := set.Parse([]string{"-advertise", "host:2"}); err != nil || flags.Address("127.0.0.1:1") != "host:2" {
		t.Errorf("with a flag it is %s, %v", flags.Address("127.0.0.1:1"), err)
	}
}
