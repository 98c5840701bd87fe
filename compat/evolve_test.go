package compat_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/esgen-dev/esgen/compat"
	"github.com/esgen-dev/esgen/compat/confluent"
)

// shop is a service with two aggregates in two files.
const shop = `
-- shop/v1/order.proto --
syntax = "proto3";
package shop.v1;
import "esgen/v1/options.proto";
option go_package = "example.com/shop/v1;shopv1";
message Order { option (esgen.v1.aggregate) = { topic: { partitions: 6 } }; }
message Place { option (esgen.v1.command) = { aggregate: "Order" mode: MODE_CREATE emits: "Placed" }; string id = 1 [(esgen.v1.field).id = true]; }
message Placed { option (esgen.v1.event) = { aggregate: "Order" }; string item = 1; }
message Shipped { option (esgen.v1.event) = { aggregate: "Order" }; string to = 1; }
-- shop/v1/stock.proto --
syntax = "proto3";
package shop.v1;
import "esgen/v1/options.proto";
option go_package = "example.com/shop/v1;shopv1";
message Stock { option (esgen.v1.aggregate) = { topic: { name: "stock" partitions: 3 } }; }
message Fill { option (esgen.v1.command) = { aggregate: "Stock" mode: MODE_CREATE emits: "Filled" }; string id = 1 [(esgen.v1.field).id = true]; }
message Filled { option (esgen.v1.event) = { aggregate: "Stock" }; int32 count = 1; }
`

const (
	shipped = `message Shipped { option (esgen.v1.event) = { aggregate: "Order" }; string to = 1; }` + "\n"
	placed  = `message Placed { option (esgen.v1.event) = { aggregate: "Order" }; string item = 1; }` + "\n"
)

// TestCheck_evolution breaks what no schema shows, and does what is near and
// safe.
func TestCheck_evolution(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		edits []string
		want  string
	}{
		"event vanished": {[]string{shipped, ""}, `
proto/shop/v1/order.proto:5:9: event Shipped was accepted and is no longer declared, but Order may have stored it [EVENT_VANISHED shop.v1.Shipped]
  was schemas/shop.v1.Shipped/1.proto:4:1 message Shipped
  was esgen.lock:7:1 accepted here
  help declare it again; if it no longer matters: option (esgen.v1.event) = { retired: true }
    if it was renamed, the new message needs
      option (esgen.v1.event) = { type: "shop.v1.Shipped" }`},
		"event retired": {[]string{`message Shipped { option (esgen.v1.event) = { aggregate: "Order" }`, `message Shipped { option (esgen.v1.event) = { aggregate: "Order" retired: true }`}, ""},
		"event replaced": {[]string{shipped, `message Shipped { option (esgen.v1.event) = { aggregate: "Order" replaced_by: "ShippedV2" }; string to = 1; }
message ShippedV2 { option (esgen.v1.event) = { aggregate: "Order" }; bytes to = 1; }
`}, ""},
		"event renamed, type kept": {[]string{shipped, `message Sent { option (esgen.v1.event) = { aggregate: "Order" type: "shop.v1.Shipped" }; string to = 1; }
`}, ""},
		"event renamed, name among the aliases": {[]string{shipped, `message Sent { option (esgen.v1.event) = { aggregate: "Order" aliases: "shop.v1.Shipped" }; string to = 1; }
`}, ""},
		"event renamed and broken": {[]string{shipped, `message Sent { option (esgen.v1.event) = { aggregate: "Order" type: "shop.v1.Shipped" }; int32 to = 1; }
`}, `
proto/shop/v1/order.proto:8:96: field "to" was string and is int32: the two are encoded differently, so stored values are not read any more (Shipped, version 1) [REPLAY_FIELD_TYPE shop.v1.Shipped.to]
  was schemas/shop.v1.Shipped/1.proto:5:10 string to = 1
  help keep the type, and add a field with a new number beside it
    the registry would take it: the event had another name then, so it was another subject`},
		"event renamed, nothing kept": {[]string{shipped, `message Sent { option (esgen.v1.event) = { aggregate: "Order" }; string to = 1; }
`}, `
proto/shop/v1/order.proto:5:9: event Shipped was accepted and is no longer declared, but Order may have stored it [EVENT_VANISHED shop.v1.Shipped]
  was schemas/shop.v1.Shipped/1.proto:4:1 message Shipped
  was esgen.lock:7:1 accepted here
  help declare it again; if it no longer matters: option (esgen.v1.event) = { retired: true }
    if it was renamed, the new message needs
      option (esgen.v1.event) = { type: "shop.v1.Shipped" }`},
		"event moved to another file": {[]string{shipped, "", "message Fill {", shipped + "message Fill {"}, ""},
		"event moved to another aggregate": {[]string{shipped, `message Shipped { option (esgen.v1.event) = { aggregate: "Stock" }; string to = 1; }
`}, `
proto/shop/v1/order.proto:8:9: event Shipped belongs to shop.v1.Stock and belonged to shop.v1.Order, in whose log it is stored [EVENT_MOVED shop.v1.Shipped]
  was esgen.lock:7:1 accepted here
  help leave it with Order, retired if nobody emits it there any more, and declare an event of another name for Stock`},
		"event added":     {[]string{placed, placed + `message Paid { option (esgen.v1.event) = { aggregate: "Order" }; }` + "\n"}, ""},
		"command renamed": {[]string{`message Fill {`, `message Refill {`}, ""},
		"stored name changed": {[]string{`message Shipped { option (esgen.v1.event) = { aggregate: "Order"`, `message Shipped { option (esgen.v1.event) = { aggregate: "Order" type: "sent"`}, `
proto/shop/v1/order.proto:8:9: event Shipped was stored as "shop.v1.Shipped", which no event is called any more [EVENT_TYPE_CHANGED shop.v1.Shipped]
  was esgen.lock:7:1 accepted here
  help write aliases: "shop.v1.Shipped" in the option of Shipped`},
		"stored names written out": {[]string{
			`message Shipped { option (esgen.v1.event) = { aggregate: "Order"`, `message Shipped { option (esgen.v1.event) = { aggregate: "Order" type: "shop.v1.Shipped"`,
			`message Placed { option (esgen.v1.event) = { aggregate: "Order"`, `message Placed { option (esgen.v1.event) = { aggregate: "Order" type: "shop.v1.Placed"`,
		}, ""},
		"stored names swapped": {[]string{
			`message Shipped { option (esgen.v1.event) = { aggregate: "Order"`, `message Shipped { option (esgen.v1.event) = { aggregate: "Order" type: "shop.v1.Placed"`,
			`message Placed { option (esgen.v1.event) = { aggregate: "Order"`, `message Placed { option (esgen.v1.event) = { aggregate: "Order" type: "shop.v1.Shipped"`,
		}, `
proto/shop/v1/order.proto:7:9: event Placed was stored as "shop.v1.Placed", which Shipped is called now: what is stored of the one would be read as the other [EVENT_TYPE_CHANGED shop.v1.Placed]
  was esgen.lock:6:1 accepted here
  was proto/shop/v1/order.proto:8:9 the name is taken here
  help write type: "shop.v1.Placed" in the option of Placed, and take that name out of the option of Shipped
proto/shop/v1/order.proto:8:9: event Shipped was stored as "shop.v1.Shipped", which Placed is called now: what is stored of the one would be read as the other [EVENT_TYPE_CHANGED shop.v1.Shipped]
  was esgen.lock:7:1 accepted here
  was proto/shop/v1/order.proto:7:9 the name is taken here
  help write type: "shop.v1.Shipped" in the option of Shipped, and take that name out of the option of Placed`},
		"stored name among the aliases": {[]string{`message Shipped { option (esgen.v1.event) = { aggregate: "Order"`, `message Shipped { option (esgen.v1.event) = { aggregate: "Order" type: "sent" aliases: "shop.v1.Shipped"`}, ""},
		"topic changed": {[]string{`name: "stock"`, `name: "stocks"`}, `
proto/shop/v1/stock.proto:5:9: the topic of Stock is stocks and was stock, which holds its events [TOPIC_CHANGED shop.v1.Stock]
  was esgen.lock:4:1 accepted here
  help write topic: { name: "stock" } in the option of Stock`},
		"topic spelled out": {[]string{`topic: { partitions: 6 }`, `topic: { name: "shop.v1.order" partitions: 6 }`}, ""},
		"partitions changed": {[]string{`partitions: 3`, `partitions: 4`}, `
proto/shop/v1/stock.proto:5:9: topic stock has 4 partitions and had 3: keys would map to other partitions than their stored events [PARTITIONS_CHANGED shop.v1.Stock]
  was esgen.lock:4:1 accepted here
  help write topic: { partitions: 3 } in the option of Stock`},
		"aggregate renamed, topic kept": {[]string{`message Stock {`, `message Store {`, `aggregate: "Stock"`, `aggregate: "Store"`}, ""},
		"aggregate renamed, topic kept, partitions not": {[]string{`message Stock {`, `message Store {`, `aggregate: "Stock"`, `aggregate: "Store"`, `partitions: 3`, `partitions: 4`}, `
proto/shop/v1/stock.proto:5:9: topic stock has 4 partitions and had 3: keys would map to other partitions than their stored events [PARTITIONS_CHANGED shop.v1.Stock]
  was esgen.lock:4:1 accepted here
  help write topic: { partitions: 3 } in the option of Store`},
		"aggregate renamed": {[]string{`message Order {`, `message Purchase {`, `aggregate: "Order"`, `aggregate: "Purchase"`}, `
proto/shop/v1/order.proto:5:9: aggregate shop.v1.Order was accepted and is no longer declared [AGGREGATE_VANISHED shop.v1.Order]
  was esgen.lock:3:1 accepted here
  help declare it again: its events are stored, and nobody could read them;
    if it is shop.v1.Purchase now, write there
      topic: { name: "shop.v1.order" partitions: 6 }
    and in each event whose full name is another now what it was, as in
      message Placed { option (esgen.v1.event) = { type: "shop.v1.Placed" }; }`},
		// The topic belonged to another aggregate, which is no heir.
		"aggregate gone, and its topic taken": {[]string{"-- shop/v1/stock.proto --" + strings.SplitN(shop, "-- shop/v1/stock.proto --", 2)[1], "", "topic: { partitions: 6 }", `topic: { name: "stock" partitions: 6 }`}, `
esgen.lock:4:1: aggregate shop.v1.Stock was accepted and is no longer declared [AGGREGATE_VANISHED shop.v1.Stock]
  help declare it again: its events are stored, and nobody could read them;
    if it is another message now, write there
      topic: { name: "stock" partitions: 3 }
    and in each event whose full name is another now what it was, as in
      message Filled { option (esgen.v1.event) = { type: "shop.v1.Filled" }; }
proto/shop/v1/order.proto:5:9: the topic of Order is stock and was shop.v1.order, which holds its events [TOPIC_CHANGED shop.v1.Order]
  was esgen.lock:3:1 accepted here
  help write topic: { name: "shop.v1.order" } in the option of Order`},
		"aggregate gone with its events": {[]string{shop[len(shop)-len(stockFile):], ""}, `
esgen.lock:4:1: aggregate shop.v1.Stock was accepted and is no longer declared [AGGREGATE_VANISHED shop.v1.Stock]
  help declare it again: its events are stored, and nobody could read them;
    if it is another message now, write there
      topic: { name: "stock" partitions: 3 }
    and in each event whose full name is another now what it was, as in
      message Filled { option (esgen.v1.event) = { type: "shop.v1.Filled" }; }`},
		"aggregate added": {[]string{"message Stock {", "message Shelf { option (esgen.v1.aggregate) = { topic: { name: \"shelf\" } }; }\nmessage Stock {"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want(t, check(t, transitive, shop, edit(t, shop, c.edits...)).Findings, c.want)
		})
	}
}

const stockFile = `-- shop/v1/stock.proto --
syntax = "proto3";
package shop.v1;
import "esgen/v1/options.proto";
option go_package = "example.com/shop/v1;shopv1";
message Stock { option (esgen.v1.aggregate) = { topic: { name: "stock" partitions: 3 } }; }
message Fill { option (esgen.v1.command) = { aggregate: "Stock" mode: MODE_CREATE emits: "Filled" }; string id = 1 [(esgen.v1.field).id = true]; }
message Filled { option (esgen.v1.event) = { aggregate: "Stock" }; int32 count = 1; }
`

// TestCheck_renamedTwice holds that the versions under every earlier name stay
// what an event is compared with, after the rename was accepted too.
func TestCheck_renamedTwice(t *testing.T) {
	t.Parallel()
	renamed := func(name, fields string) string {
		return edit(t, shop, shipped, "message "+name+` { option (esgen.v1.event) = { aggregate: "Order" type: "shop.v1.Shipped" }; `+fields+" }\n")
	}
	sent := renamed("Sent", "string to = 1; string via = 2;")
	if found := check(t, transitive, shop, sent, sent).Findings; len(found) > 0 {
		t.Errorf("renamed and accepted:%s", show(found))
	}
	if found := check(t, transitive, shop, sent, renamed("Left", "string to = 1; string via = 2;")).Findings; len(found) > 0 {
		t.Errorf("renamed twice:%s", show(found))
	}
	// What both names know is one finding; what only one knows is one, too.
	got := rules(check(t, transitive, shop, sent, renamed("Left", "int32 to = 1; int32 via = 2;")).Findings)
	if diff := cmp.Diff([]string{"REPLAY_FIELD_TYPE shop.v1.Shipped.to", "REPLAY_FIELD_TYPE shop.v1.Sent.via"}, got); diff != "" {
		t.Errorf("renamed twice and broken (-want +got):\n%s", diff)
	}
}

// TestCheck_subjectOfAnotherType gives an event the subject that another one's
// JSON Schemas are in.
func TestCheck_subjectOfAnotherType(t *testing.T) {
	t.Parallel()
	json := edit(t, shop, `message Shipped { option (esgen.v1.event) = { aggregate: "Order"`,
		`message Shipped { option (esgen.v1.event) = { aggregate: "Order" registry: { json: true }`)
	accepted := accept(t, json)
	subject := ""
	for _, s := range declare(t, json, accepted).schemas {
		if s.Type == "JSON" {
			subject = s.Subject
		}
	}
	moved := edit(t, shop, `message Shipped { option (esgen.v1.event) = { aggregate: "Order"`,
		`message Shipped { option (esgen.v1.event) = { aggregate: "Order" registry: { subject: "`+subject+`" }`)
	s := declare(t, moved, accepted)
	report := ask(t, transitive, s, accepted)
	want(t, report.Findings, `
proto/shop/v1/order.proto:8:9: the schemas of subject `+subject+` were JSON and are PROTOBUF [SCHEMA_TYPE_CHANGED shop.v1.Shipped]
  was schemas/shop.v1.Shipped/1.json:1:1
  help a subject holds schemas of one type: give the event another subject`)
	for _, sub := range report.Subjects {
		if sub.Registry.Compatible == (sub.Schema.Subject == subject) {
			t.Errorf("registry says %v of %s", sub.Registry.Compatible, sub.Schema.Subject)
		}
	}
	// None is the only level that lets the type change; and two types in two
	// subjects are fine.
	if found := ask(t, confluent.Rules{Level: confluent.None}, s, accepted).Findings; len(found) > 0 {
		t.Errorf("under none:%s", show(found))
	}
	if found := ask(t, transitive, declare(t, json, accepted), accepted).Findings; len(found) > 0 {
		t.Errorf("unchanged:%s", show(found))
	}
}

// TestCheck_moved moves everything to another package, and does what is said
// until nothing is.
func TestCheck_moved(t *testing.T) {
	t.Parallel()
	moved := edit(t, shop, "package shop.v1;", "package shop.v2;")
	want(t, check(t, transitive, shop, moved).Findings, `
proto/shop/v1/order.proto:5:9: aggregate shop.v1.Order was accepted and is no longer declared [AGGREGATE_VANISHED shop.v1.Order]
  was esgen.lock:3:1 accepted here
  help declare it again: its events are stored, and nobody could read them;
    if it is shop.v2.Order now, write there
      topic: { name: "shop.v1.order" partitions: 6 }
    and in each event whose full name is another now what it was, as in
      message Placed { option (esgen.v1.event) = { type: "shop.v1.Placed" }; }
proto/shop/v1/stock.proto:7:9: event Filled was accepted and is no longer declared, but Stock may have stored it [EVENT_VANISHED shop.v1.Filled]
  was schemas/shop.v1.Filled/1.proto:4:1 message Filled
  was esgen.lock:5:1 accepted here
  help if it is shop.v2.Filled now, write there
      option (esgen.v1.event) = { type: "shop.v1.Filled" }`)

	moved = edit(t, moved, "topic: { partitions: 6 }", `topic: { name: "shop.v1.order" partitions: 6 }`,
		`message Filled { option (esgen.v1.event) = {`, `message Filled { option (esgen.v1.event) = { type: "shop.v1.Filled"`)
	if diff := cmp.Diff([]string{"EVENT_VANISHED shop.v1.Placed", "EVENT_VANISHED shop.v1.Shipped"}, rules(check(t, transitive, shop, moved).Findings)); diff != "" {
		t.Errorf("with its topic (-want +got):\n%s", diff)
	}
	moved = edit(t, moved, `message Placed { option (esgen.v1.event) = {`, `message Placed { option (esgen.v1.event) = { type: "shop.v1.Placed"`,
		`message Shipped { option (esgen.v1.event) = {`, `message Shipped { option (esgen.v1.event) = { type: "shop.v1.Shipped"`)
	for name, revisions := range map[string][]string{"moved": {shop, moved}, "moved and accepted": {shop, moved, moved}} {
		want(t, check(t, transitive, revisions...).Findings, "")
		// What is checked of others is checked of it.
		broken := revisions[len(revisions)-1]
		broken = edit(t, broken, "string item = 1;", "int32 item = 1;", "partitions: 3", "partitions: 4", `type: "shop.v1.Filled"`, `type: "filled"`)
		got := check(t, transitive, append(slices.Clone(revisions[:len(revisions)-1]), broken)...).Findings
		if len(got) != 3 {
			t.Errorf("%s and broken:%s", name, show(got))
		}
	}
}

// TestCheck_renamedWithAliases holds that a renamed event keeps the other names
// that it was stored under.
func TestCheck_renamedWithAliases(t *testing.T) {
	t.Parallel()
	first := edit(t, shop, `message Shipped { option (esgen.v1.event) = { aggregate: "Order"`,
		`message Shipped { option (esgen.v1.event) = { aggregate: "Order" aliases: "sent"`)
	renamed := edit(t, shop, `message Shipped { option (esgen.v1.event) = { aggregate: "Order"`,
		`message Left { option (esgen.v1.event) = { aggregate: "Order" type: "shop.v1.Shipped"`)
	want(t, check(t, transitive, first, renamed).Findings, `
proto/shop/v1/order.proto:8:9: event Left was stored as "sent", which no event is called any more [EVENT_TYPE_CHANGED shop.v1.Shipped]
  was esgen.lock:7:1 accepted here
  help write aliases: "sent" in the option of Left`)
	kept := edit(t, renamed, `type: "shop.v1.Shipped"`, `type: "shop.v1.Shipped" aliases: "sent"`)
	want(t, check(t, transitive, first, kept).Findings, "")
	want(t, check(t, transitive, first, kept, kept).Findings, "")
}

// TestCheck_acceptedAllTheSame holds what an approval is needed for once the
// change was accepted: not for what the lock has one value of.
func TestCheck_acceptedAllTheSame(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		edits []string
		after []string
	}{
		"partitions":                  {[]string{"partitions: 3", "partitions: 4"}, []string{}},
		"topic":                       {[]string{`name: "stock"`, `name: "stocks"`}, []string{}},
		"stored name":                 {[]string{`message Shipped { option (esgen.v1.event) = {`, `message Shipped { option (esgen.v1.event) = { type: "sent"`}, []string{}},
		"moved":                       {[]string{`message Shipped { option (esgen.v1.event) = { aggregate: "Order"`, `message Shipped { option (esgen.v1.event) = { aggregate: "Stock"`}, []string{}},
		"partitions of a renamed one": {[]string{"message Stock {", "message Store {", `aggregate: "Stock"`, `aggregate: "Store"`, "partitions: 3", "partitions: 4"}, []string{}},
		"vanished":                    {[]string{shipped, ""}, []string{"EVENT_VANISHED shop.v1.Shipped"}},
		"schema":                      {[]string{"string item", "int32 item"}, []string{"REPLAY_FIELD_TYPE shop.v1.Placed.item"}},
	} {
		changed := edit(t, shop, c.edits...)
		if found := check(t, transitive, shop, changed).Findings; len(found) != 1 {
			t.Errorf("%s:%s", name, show(found))
		}
		if diff := cmp.Diff(c.after, rules(check(t, transitive, shop, changed, changed).Findings)); diff != "" {
			t.Errorf("%s, accepted (-want +got):\n%s", name, diff)
		}
	}
}

// TestApprove_storedName holds that who approves that a name is lost has not
// approved that another event takes it.
func TestApprove_storedName(t *testing.T) {
	t.Parallel()
	lost := []string{`message Shipped { option (esgen.v1.event) = {`, `message Shipped { option (esgen.v1.event) = { type: "sent"`}
	taken := append(slices.Clone(lost), `message Placed { option (esgen.v1.event) = {`, `message Placed { option (esgen.v1.event) = { aliases: "shop.v1.Shipped"`)
	drafts := compat.Draft(check(t, transitive, shop, edit(t, shop, lost...)).Findings, day(t, "2027-01-31"))
	left := compat.Approve(check(t, transitive, shop, edit(t, shop, taken...)).Findings, drafts, day(t, "2026-11-20"))
	if diff := cmp.Diff([]string{"EVENT_TYPE_CHANGED shop.v1.Shipped"}, slices.DeleteFunc(rules(left), func(rule string) bool { return strings.HasPrefix(rule, "APPROVAL") })); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
