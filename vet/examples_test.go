package vet_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/esgen-dev/esgen/vet"
)

// TestExamples_clean finds nothing in the examples and their tests.
func TestExamples_clean(t *testing.T) {
	t.Parallel()
	if found := analyze(t, nil); len(found) > 0 {
		t.Errorf("found in the examples:\n%s", strings.Join(found, "\n"))
	}
}

// edit is a change of a file of the examples. Each line that ends in a comment
// such as "// eskeep" is to be found by that analyzer.
type edit struct{ file, old, new string }

// TestExamples_violated breaks every rule in each of the examples, where it can
// be broken, and finds these places and no other.
func TestExamples_violated(t *testing.T) {
	t.Parallel()
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	overlay := map[string][]byte{}
	for _, e := range slices.Concat(bankEdits(), shopEdits()) {
		path := filepath.Join(root, "examples", filepath.FromSlash(e.file))
		text := overlay[path]
		if text == nil {
			if text, err = os.ReadFile(path); err != nil {
				t.Fatal(err)
			}
		}
		if strings.Count(string(text), e.old) != 1 {
			t.Fatalf("%s: %q is not there, or more than once", e.file, e.old)
		}
		overlay[path] = []byte(strings.Replace(string(text), e.old, e.new, 1))
	}
	var want []string
	for path, text := range overlay {
		line := 0
		for s := range strings.Lines(string(text)) {
			line++
			if _, analyzer, ok := strings.Cut(s, "// es"); ok {
				for name := range strings.SplitSeq("es"+strings.TrimSpace(analyzer), " ") {
					want = append(want, fmt.Sprintf("%s:%d: %s", filepath.Base(path), line, name))
				}
			}
		}
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, analyze(t, overlay)); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

// analyze returns the findings of all analyzers in the examples, each once.
func analyze(t *testing.T, overlay map[string][]byte) []string {
	t.Helper()
	pkgs, err := packages.Load(&packages.Config{
		Mode: packages.LoadSyntax | packages.NeedModule, Context: t.Context(), Dir: "..", Tests: true, Overlay: overlay,
	}, "./examples/...")
	if err != nil {
		t.Fatal(err)
	}
	if packages.PrintErrors(pkgs) > 0 {
		t.Fatal("the examples do not compile")
	}
	graph, err := checker.Analyze(vet.Analyzers(), pkgs, nil)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for act := range graph.All() {
		if act.Err != nil {
			t.Fatal(act.Err)
		}
		for _, d := range act.Diagnostics {
			p := act.Package.Fset.Position(d.Pos)
			found = append(found, fmt.Sprintf("%s:%d: %s", filepath.Base(p.Filename), p.Line, act.Analyzer.Name))
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

func bankEdits() []edit {
	const file = "bank/accounts/accounts.go"
	const open = "\treturn []bankv1.OpenAccountOutcome{\n"
	return []edit{
		{file, "import (\n", "import (\n\t\"crypto/rand\"\n\t\"os\"\n\t\"sync\"\n\t\"time\"\n"},
		{file, "var _ bankv1.AccountBehavior = Account{}\n", `var _ bankv1.AccountBehavior = Account{}

var (
	opened sync.Map
	last   *bankv1.Withdrawn
	worker = make(chan int) // esdeterminism
)

func nonce() string { return rand.Text() } // esdeterminism
`},
		{file, open, "\t_, _ = os.Getwd() // esdeterminism\n" + open},
		{file, "{Owner: c.GetOwner(),", "{Owner: c.GetOwner() + nonce(),"},
		{file, "\tavailable := ", "\ts.BalanceCents -= c.GetAmountCents() // esreadonly\n\tavailable := "},
		{file, "\ts.Status = bankv1.Account_STATUS_OPEN\n", "\ts.Status = bankv1.Account_STATUS_OPEN\n" +
			"\topened.Store(e.GetOwner(), true) // esdeterminism\n"},
		{file, "\ts.BalanceCents += e.GetAmountCents()\n", "\ts.BalanceCents += e.GetAmountCents() + time.Now().Unix() // esdeterminism\n"},
		{file, "\ts.BalanceCents -= e.GetAmountCents()\n", "\ts.BalanceCents -= e.GetAmountCents()\n" +
			"\tworker <- 1 // esdeterminism\n" +
			"\tlast.AmountCents = 1 // esdeterminism\n"},
		{file, "\ts.Status = bankv1.Account_STATUS_FROZEN\n", "\tgo func() { // esdeterminism\n\t\ts.Status = bankv1.Account_STATUS_FROZEN\n\t}()\n"},
		{file, "\treturn &bankv1.DepositedV2{", "\tkept = e // eskeep esdeterminism\n\treturn &bankv1.DepositedV2{"},
		{file, "// Account implements", "var kept *bankv1.Deposited\n\n// Account implements"},
		{"bank/balances/balances.go", "\tcase *bankv1.AccountFrozen: // changes no balance\n", ""},
		{"bank/balances/balances.go", "\tswitch e := e.(type) {", "\tswitch e := e.(type) { // esexhaustive"},
	}
}

func shopEdits() []edit {
	const apply, decide, stock = "shop/orders/apply.go", "shop/orders/decide.go", "shop/stock/stock.go"
	return []edit{
		{apply, "\ts.ShipTo = proto.CloneOf(e.GetShipTo())\n", "\ts.ShipTo = e.GetShipTo() // eskeep\n"},
		{apply, "\ts.Lines[line.GetSku()] = proto.CloneOf(line)\n", "\ts.Lines[line.GetSku()] = line // eskeep\n\t_ = proto.CloneOf(line)\n"},
		{apply, "timestamppb.New(m.Time)", "timestamppb.Now() // esdeterminism"},
		{apply, "func (Order) ApplyReturnRequested(_ es.Meta, s", "func (Order) ApplyReturnRequested(m es.Meta, s"},
		{apply, "\ts.ReturnRequested = true\n", "\ts.ReturnRequested = m.Time.Local().Hour() > 8 // esdeterminism\n"},
		{apply, "\ts.PaidCents -= e.GetAmountCents()\n", "\tfor sku := range s.GetLines() {\n\t\ts.PaidCents = int64(len(sku)) // esdeterminism\n\t}\n"},
		{"shop/orders/orders.go", "\t\tlines = append(lines, proto.CloneOf(o.GetLines()[sku]))\n", "\t\tlines = append(lines, o.GetLines()[sku]) // esreadonly\n"},
		{"shop/orders/orders.go", "return sum\n", "return sum + int64(proto.Size(o))\n"},
		{decide, "\tdue := Total(s)\n", "\tdue := Total(s)\n\tclear(s.GetLines()) // esreadonly\n"},
		{decide, "\tline, ok := s.GetLines()[c.GetSku()]\n", "\tline, ok := s.GetLines()[c.GetSku()]\n\tdelete(s.GetLines(), c.GetSku()) // esreadonly\n"},
		{stock, "\ts.Reserved[e.GetOrderId()] += e.GetQuantity()\n", "\ts.Reserved[e.GetOrderId()] += e.GetQuantity()\n" +
			"\tfor id := range s.GetReserved() {\n\t\tif id != \"\" {\n\t\t\tids = append(ids, id) // esdeterminism\n\t\t}\n\t}\n"},
		{stock, "// Item implements", "var ids []string\n\n// Item implements"},
		{stock, "\ts.Discontinued = true\n", "\ts.Discontinued = rand.IntN(2) == 0 // esdeterminism\n"},
		{stock, "import (\n", "import (\n\t\"math/rand/v2\"\n"},
		{stock, "\tavailable := s.GetOnHand()\n", "\tavailable := s.GetOnHand()\n\ts.OnHand = 0 // esreadonly\n"},
		{"shop/demand/demand.go", "\tcase *shopv1.StockReserved:\n\t\ti.Available -= e.GetQuantity()\n", ""},
		{
			"shop/demand/demand.go", "func (i *Item) take(e shopv1.StockItemEvent) {\n\tswitch e := e.(type) {",
			"func (i *Item) take(e shopv1.StockItemEvent) {\n\tswitch e := e.(type) { // esexhaustive",
		},
	}
}
