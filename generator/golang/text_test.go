package golang

import (
	"strings"
	"testing"
	"time"

	"github.com/dave/jennifer/jen"

	"github.com/esgen-dev/esgen/generator/model"
)

func TestSummary(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ comment, want string }{
		"none":                  {"", ""},
		"blank":                 {" \n\n", ""},
		"begins with the name":  {" Act acts.\n", "Does: acts."},
		"says what the name is": {" Act is a deed\n", "Does: a deed."},
		"a longer name":         {" Action is taken.\n", "Does. Action is taken."},
		"one paragraph of two":  {" It acts,\n at once.\n\n And again.\n", "Does. It acts, at once."},
		"before a list":         {" It acts:\n - once\n", "Does. It acts."},
		"before code":           {" It acts:\n   act()\n", "Does. It acts."},
		"only a list":           {" - once\n", ""},
		"deprecated":            {" Deprecated: use Do.\n", ""},
		"wrapped": {
			" " + strings.Repeat("word ", 20) + "\n",
			"Does. " + strings.TrimSpace(strings.Repeat("word ", 14)) + "\n" + strings.TrimSpace(strings.Repeat("word ", 6)) + ".",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := summary("Does", &model.Message{GoName: "Act", Comment: test.comment}); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestImportAlias(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"example.com/gen/bank/v1":      "bankv1",
		"example.com/gen/bank/v1beta2": "bankv1beta2",
		"example.com/gen/bank":         "bank",
		"example.com/gen/my-bank.go":   "mybankgo",
		"example.com/vat":              "vat",
		"v1":                           "v1",
		"example.com/2fa/v2":           "fav2",
		"example.com/es":               "espb",
		"example.com/state":            "statepb",
		"example.com/type":             "typepb",
		"example.com/string":           "stringpb",
		"example.com/42":               "pb",
	}
	for path, want := range tests {
		if got := importAlias(path); got != want {
			t.Errorf("importAlias(%q) = %q, want %q", path, got, want)
		}
	}
}

// TestImportEnums_sameName imports two packages that end alike.
func TestImportEnums_sameName(t *testing.T) {
	t.Parallel()
	value := func(path string) []model.EnumValue {
		return []model.EnumValue{{Go: model.Ident{ImportPath: path, Name: "E"}}}
	}
	require := []*model.Precondition{{In: value("x.example/bank/v1")}, {NotIn: value("y.example/bank/v1")}}
	f := newFile("example.com/x", "x", "x.proto")
	importEnums(f, &model.Aggregate{Commands: []*model.Command{{Require: require}}})
	for _, p := range require {
		f.Const().Id("_").Op("=").Add(enumValues(append(p.In, p.NotIn...))[0])
	}
	got, err := render("x.es.go", f)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"\tbankv1 \"x.example/bank/v1\"\n", "\nconst _ = bankv1.E\n",
		"\tbankv11 \"y.example/bank/v1\"\n", "\nconst _ = bankv11.E\n",
	} {
		if !strings.Contains(string(got.Content), want) {
			t.Errorf("%q is missing in\n%s", want, got.Content)
		}
	}
}

func TestDuration(t *testing.T) {
	t.Parallel()
	tests := map[time.Duration]string{
		8760 * time.Hour:        "8760 * time.Hour",
		90 * time.Minute:        "90 * time.Minute",
		time.Second + 1:         "1000000001 * time.Nanosecond",
		1500 * time.Microsecond: "1500 * time.Microsecond",
	}
	for d, want := range tests {
		if got := jen.Id("x").Op("=").Add(duration(d)).GoString(); got != "x = "+want {
			t.Errorf("duration(%d) = %s, want %s", d, got, want)
		}
	}
}

// TestRender_bug shows the text with line numbers when it is not Go.
func TestRender_bug(t *testing.T) {
	t.Parallel()
	f := newFile("example.com/x", "x", "x.proto")
	f.Var().Id("broken").Op(")")
	_, err := render("x.es.go", f)
	if err == nil {
		t.Fatal("rendered")
	}
	for _, want := range []string{"emit x.es.go: the text is not Go, which is a bug in esgen: 7:", "\n    7\tvar broken )"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error does not say %q:\n%v", want, err)
		}
	}
}
