package golang_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// pairService is code that a service could write, against a golden. It
// compiles; every case of TestCompile spoils it in one place.
const pairService = `package service

import (
	"testing"

	"github.com/esgen-dev/esgen/es"
	bankv1 "github.com/esgen-dev/esgen/testdata/golang/bank/v1"
	"github.com/esgen-dev/esgen/testdata/golang/fates"
	"github.com/esgen-dev/esgen/testdata/golang/fates/fatestest"
	"github.com/esgen-dev/esgen/testdata/golang/pair"
)

type chain struct{}

func (chain) HandleExtend(es.Meta, *fates.Chain, *fates.Extend) ([]fates.ExtendOutcome, error) {
	return []fates.ExtendOutcome{&fates.Extended{}}, nil
}
func (chain) ApplyExtended(es.Meta, *fates.Chain, *fates.Extended)                  {}
func (chain) UpcastExtendedV1(es.Meta, *fates.ExtendedV1) *fates.ExtendedV2         { return nil }
func (chain) UpcastExtendedV2(es.Meta, *fates.ExtendedV2) *fates.ExtendedV3         { return nil }
func (chain) UpcastExtendedV3(es.Meta, *fates.ExtendedV3) []fates.ChainEvent        { return nil }

type left struct{}

func (left) HandleAddLeft(es.Meta, *pair.Left, *pair.AddLeft) ([]pair.AddLeftOutcome, error) {
	return []pair.AddLeftOutcome{&pair.LeftAdded{}}, nil
}
func (left) ApplyLeftAdded(es.Meta, *pair.Left, *pair.LeftAdded) {}

func handleWithdraw(es.Meta, *bankv1.Account, *bankv1.Withdraw) ([]bankv1.WithdrawOutcome, error) {
	return []bankv1.WithdrawOutcome{&bankv1.Withdrawn{}}, nil
}

func Use(t testing.TB, engine es.Engine) {
	_ = fates.NewChainAggregate(engine, chain{})
	_ = fates.NewChainReader(engine, chain{})
	_ = pair.NewLeftAggregate(engine, left{})
	fatestest.Chain(t, chain{}).
		Given(&fates.Extended{}).
		GivenStored(&fates.ExtendedV1{}).
		When(&fates.Extend{}).
		Then(&fates.Extended{})
}
`

// TestCompile proves that each mistake is an error of the compiler that names
// what is missing or wrong. The service without a mistake is a case as well, so
// the mistake is the reason.
func TestCompile(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name     string
		old, new string
		want     string
	}{
		{name: "complete"},
		{
			name: "missing_apply",
			old:  "ApplyExtended(", new: "Other(",
			want: "chain does not implement fates.ChainBehavior (missing method ApplyExtended)",
		},
		{
			name: "missing_handle",
			old:  "HandleAddLeft(", new: "Other(",
			want: "left does not implement pair.LeftBehavior (missing method HandleAddLeft)",
		},
		{
			name: "missing_upcast",
			old:  "UpcastExtendedV2(", new: "Other(",
			want: "chain does not implement fates.ChainUpcasts (missing method UpcastExtendedV2)",
		},
		{
			name: "event_of_another_aggregate",
			old:  "AddLeftOutcome{&pair.LeftAdded{}}", new: "AddLeftOutcome{&pair.RightAdded{}}",
			want: "*pair.RightAdded does not implement pair.AddLeftOutcome (missing method isLeftEvent)",
		},
		{
			name: "undeclared_event",
			old:  "&bankv1.Withdrawn{}", new: "&bankv1.DepositedV2{}",
			want: "*bankv1.DepositedV2 does not implement bankv1.WithdrawOutcome (missing method outcomeOfWithdraw)",
		},
		{
			name: "old_event_returned",
			old:  "[]fates.ExtendOutcome{&fates.Extended{}}", new: "[]fates.ExtendOutcome{&fates.ExtendedV3{}}",
			want: "*fates.ExtendedV3 does not implement fates.ExtendOutcome (missing method isChainEvent)",
		},
		{
			name: "command_given",
			old:  "Given(&fates.Extended{})", new: "Given(&fates.Extend{})",
			want: "*fates.Extend does not implement fates.ChainEvent (missing method isChainEvent)",
		},
		{
			name: "old_event_given",
			old:  "Given(&fates.Extended{})", new: "Given(&fates.ExtendedV1{})",
			want: "*fates.ExtendedV1 does not implement fates.ChainEvent (missing method isChainEvent)",
		},
		{
			name: "event_executed",
			old:  "When(&fates.Extend{})", new: "When(&fates.Extended{})",
			want: "*fates.Extended does not implement fates.ChainCommand (missing method isChainCommand)",
		},
		{
			name: "command_of_another_aggregate",
			old:  "When(&fates.Extend{})", new: "When(&fates.Count{})",
			want: "*fates.Count does not implement fates.ChainCommand (missing method isChainCommand)",
		},
		{
			name: "behavior_of_another_aggregate",
			old:  "NewLeftAggregate(engine, left{})", new: "NewRightAggregate(engine, left{})",
			want: "left does not implement pair.RightBehavior (missing method ApplyRightAdded)",
		},
	}
	sources := map[string]string{}
	for _, c := range cases {
		if c.old != "" && strings.Count(pairService, c.old) != 1 {
			t.Fatalf("%s: %q does not stand once in the service", c.name, c.old)
		}
		sources[c.name] = strings.Replace(pairService, c.old, c.new, 1)
	}
	said := compile(t, sources)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := said[c.name]
			if c.want == "" && got != "" || !strings.Contains(got, c.want) {
				t.Errorf("compiler says\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

// compile compiles sources as packages of this module, without writing to it,
// and returns what the compiler says about each.
func compile(t *testing.T, sources map[string]string) map[string]string {
	t.Helper()
	root, err := filepath.Abs(goldenRoot)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	overlay := struct{ Replace map[string]string }{map[string]string{}}
	args := []string{"build", "-overlay=" + filepath.Join(dir, "overlay.json")}
	for name, text := range sources {
		file := filepath.Join(dir, name+".go")
		overlay.Replace[filepath.Join(root, "compile", name, "service.go")] = file
		args = append(args, filepath.Join(root, "compile", name))
		writeFile(t, file, []byte(text))
	}
	index, err := json.Marshal(overlay)
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(dir, "overlay.json"), index)

	out, err := exec.CommandContext(t.Context(), "go", args...).CombinedOutput()
	if err == nil {
		t.Fatal("everything compiles")
	}
	said := map[string]string{}
	for _, report := range strings.Split("\n"+string(out), "\n# ")[1:] {
		pkg, text, _ := strings.Cut(report, "\n")
		said[pkg[strings.LastIndexByte(pkg, '/')+1:]] = text
	}
	if len(said) == 0 {
		t.Fatalf("the compiler was not reached: %s", out)
	}
	return said
}

func writeFile(t *testing.T, name string, content []byte) {
	t.Helper()
	if err := os.WriteFile(name, content, 0o600); err != nil {
		t.Fatal(err)
	}
}
