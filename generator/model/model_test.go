package model_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/generator/load"
	"github.com/esgen-dev/esgen/generator/model"
)

func TestBuild(t *testing.T) {
	t.Parallel()
	m := sound(t, account+`
// A former way to open.
message Opened { option (esgen.v1.event) = { replaced_by: "AccountOpened" type: "acc.Opened" aliases: "Opened" }; }
message Noted { option (esgen.v1.event) = { retired: true }; }
message Merged { option (esgen.v1.event) = { upcast: UPCAST_MANY }; }
message CloseAccount {
  option (esgen.v1.command) = {
    emits: ["AccountClosed"]
    require: { field: "status" in: ["STATUS_OPEN"] code: "NOT_OPEN" }
    require: { field: "status" not_in: ["STATUS_CLOSED", "STATUS_UNSPECIFIED"] code: "CLOSED" message: "gone" }
  };
  string account_id = 1 [(esgen.v1.field).id = true];
}
message AccountClosed { option (esgen.v1.event) = {}; string name = 1 [(esgen.v1.field).pii = { category: "name" }]; }
message Balance {
  option (esgen.v1.view) = { events: "AccountOpened" ignores: "AccountClosed" key: "account_id" version: 3 };
  string account_id = 1;
}
message Welcome {
  option (esgen.v1.process) = { events: "AccountOpened" sends: "CloseAccount" key: "id" timers: { name: "Late" after: { seconds: 60 } } };
  string id = 1;
}
`)
	a := m.Packages[0].Aggregates[0]
	var got strings.Builder
	fmt.Fprintf(&got, "%s %s %s %d\n", m.Packages[0].ImportPath, m.Packages[0].Name, m.Packages[0].Dir, len(a.Fingerprint))
	fmt.Fprintf(&got, "%s %s %s %d\n", a.FullName, a.Output, a.Topic.Name, a.Topic.Partitions)
	for _, c := range a.Commands {
		fmt.Fprintf(&got, "command %s %s %s %s", c.GoName, c.Mode, c.IDGetter, c.Outcome)
		for _, e := range c.Emits {
			fmt.Fprintf(&got, " ->%s", e.GoName)
		}
		for _, p := range c.Require {
			fmt.Fprintf(&got, " [%s %v %v %s %q]", p.Getter, p.In, p.NotIn, p.Code, p.Message)
		}
		got.WriteString("\n")
	}
	for _, e := range a.Events {
		fmt.Fprintf(&got, "event %s %s %v %s pii=%v by=%d %q\n", e.GoName, e.StoredType, e.Aliases, e.Fate, e.PII, len(e.EmittedBy), e.Comment)
	}
	fmt.Fprintf(&got, "view %s %d %d %v %d\n", m.Views[0].FullName, len(m.Views[0].Events), len(m.Views[0].Ignores), m.Views[0].Key, m.Views[0].Version)
	fmt.Fprintf(&got, "process %s %d %d %s %v\n", m.Processes[0].FullName, len(m.Processes[0].Events), len(m.Processes[0].Sends), m.Processes[0].Key, m.Processes[0].Timers)

	const want = `example.com/bank/gen/bank/v1 bankv1 bank/v1 16
bank.v1.Account bank/v1/account bank.v1.account 12
command OpenAccount MODE_CREATE GetAccountId OpenAccountOutcome ->AccountOpened
command CloseAccount MODE_UPDATE GetAccountId CloseAccountOutcome ->AccountClosed [GetStatus [{{example.com/bank/gen/bank/v1 Account_STATUS_OPEN} STATUS_OPEN}] [] NOT_OPEN "status must be STATUS_OPEN"] [GetStatus [] [{{example.com/bank/gen/bank/v1 Account_STATUS_CLOSED} STATUS_CLOSED} {{example.com/bank/gen/bank/v1 Account_STATUS_UNSPECIFIED} STATUS_UNSPECIFIED}] CLOSED "gone"]
event AccountOpened bank.v1.AccountOpened [] still emitted pii=[] by=1 ""
event Opened acc.Opened [Opened] replaced by another event pii=[] by=0 " A former way to open.\n"
event Noted bank.v1.Noted [] retired pii=[] by=0 ""
event Merged bank.v1.Merged [] upcast to other events pii=[] by=0 ""
event AccountClosed bank.v1.AccountClosed [] still emitted pii=[{bank.v1.AccountClosed.name  name}] by=1 ""
view bank.v1.Balance 1 1 [account_id] 3
process bank.v1.Welcome 1 1 id [{Late 1m0s}]
`
	if diff := cmp.Diff(want, got.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if a.Events[1].ReplacedBy != a.Events[0] || len(a.Old()) != 3 || len(a.Today()) != 2 || len(a.Upcasts()) != 2 {
		t.Errorf("the fates of the events are not linked")
	}
}

// The aggregate of a command or event is the only one around it, or the one
// that is named.
func TestBuild_infersTheAggregate(t *testing.T) {
	t.Parallel()
	const card = `
message Card { option (esgen.v1.aggregate) = {}; }
message IssueCard {
  option (esgen.v1.command) = { mode: MODE_CREATE emits: "CardIssued" };
  string card_id = 1 [(esgen.v1.field).id = true];
}
message CardIssued { option (esgen.v1.event) = {}; }
`
	const more = `
message BlockCard {
  option (esgen.v1.command) = { aggregate: "Card" emits: "CardBlocked" };
  string card_id = 1 [(esgen.v1.field).id = true];
}
message CardBlocked { option (esgen.v1.event) = { aggregate: ".bank.v1.Card" }; }
`
	const defaulted = `option (esgen.v1.file) = { aggregate: "v1.Card" };
message CardLost { option (esgen.v1.event) = { retired: true }; }
`
	m, findings := model.Build(set(t, map[string]string{
		"bank/v1/account.proto":   header + account,
		"bank/v1/card.proto":      header + card,
		"bank/v1/more.proto":      header + more,
		"bank/v1/defaulted.proto": header + defaulted,
	}))
	if len(findings) > 0 {
		t.Fatalf("findings: %v", findings)
	}
	var got []string
	for _, a := range m.Packages[0].Aggregates {
		for _, e := range a.Events {
			got = append(got, fmt.Sprintf("%s.%s", a.GoName, e.GoName))
		}
	}
	want := []string{"Account.AccountOpened", "Card.CardIssued", "Card.CardLost", "Card.CardBlocked"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A name binds where its first part is found, from the innermost scope
// outwards, even if the rest of it is not there.
func TestBuild_resolvesAsProtobufDoes(t *testing.T) {
	t.Parallel()
	const inner = `
message Close {
  option (esgen.v1.command) = { emits: "%s" };
  string account_id = 1 [(esgen.v1.field).id = true];
  message v1 {}
}
`
	for name, wantRule := range map[string]string{
		"AccountOpened":          "",
		"bank.v1.AccountOpened":  "",
		".bank.v1.AccountOpened": "",
		"v1.AccountOpened":       "EVENT_UNKNOWN", // v1 is the nested message
		".AccountOpened":         "EVENT_UNKNOWN",
		"Account.Status":         "EVENT_UNKNOWN", // there, but an enum
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, findings := build(t, account+fmt.Sprintf(inner, name))
			if got := strings.Join(rules(findings), " "); got != wantRule {
				t.Errorf("got %q, want %q", got, wantRule)
			}
		})
	}
}

// The model is the same whether the files were read from disk or came in a
// request, but for the paths that users see.
func TestBuild_fromARequest(t *testing.T) {
	t.Parallel()
	s := set(t, map[string]string{"bank/v1/account.proto": header + account})
	data, err := proto.Marshal(s.Plugin.Request)
	if err != nil {
		t.Fatal(err)
	}
	requested, err := load.Request(data, nil)
	if err != nil {
		t.Fatal(err)
	}
	fromDisk, _ := model.Build(s)
	fromRequest, findings := model.Build(requested)
	if len(findings) > 0 {
		t.Fatalf("findings: %v", findings)
	}
	x, y := fromDisk.Packages[0].Aggregates[0], fromRequest.Packages[0].Aggregates[0]
	if x.Fingerprint != y.Fingerprint || len(x.Events) != len(y.Events) || x.Commands[0].Mode != y.Commands[0].Mode {
		t.Errorf("from disk: %+v\nfrom a request: %+v", x, y)
	}
	if got, want := y.Position.String(), "bank/v1/account.proto:6:9"; got != want {
		t.Errorf("position from a request is %s, want %s", got, want)
	}
}

func TestBuild_modes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]es.Mode{
		"mode: MODE_CREATE": es.Create, "mode: MODE_UPSERT": es.Upsert,
		"mode: MODE_UPDATE": es.Update, "": es.Update, "mode: MODE_UNSPECIFIED": es.Update,
	} {
		m, _ := build(t, strings.Replace(account, "mode: MODE_CREATE", text, 1))
		if got := m.Packages[0].Aggregates[0].Commands[0].Mode; got != want {
			t.Errorf("%q gives %v, want %v", text, got, want)
		}
	}
}

// A plugin may be given a part of a Go package; code made from that would lack
// events.
func TestBuild_partOfAPackage(t *testing.T) {
	t.Parallel()
	s := set(t, map[string]string{
		"bank/v1/account.proto": header + account,
		"bank/v1/more.proto": `syntax = "proto3";
package bank.v1;
import "bank/v1/account.proto";
import "esgen/v1/options.proto";
option go_package = "example.com/bank/gen/bank/v1;bankv1";
message AccountClosed { option (esgen.v1.event) = { aggregate: "Account" }; Account was = 1; }
`,
	})
	req := proto.CloneOf(s.Plugin.Request)
	req.FileToGenerate = []string{"bank/v1/more.proto"}
	data, err := proto.Marshal(req)
	if err != nil {
		t.Fatal(err)
	}
	part, err := load.Request(data, nil)
	if err != nil {
		t.Fatal(err)
	}
	_, findings := model.Build(part)
	if len(findings) != 1 || findings[0].Rule != "PACKAGE_INCOMPLETE" || findings[0].Position.String() != "bank/v1/more.proto:6:9" {
		t.Errorf("got %v", findings)
	}
}
