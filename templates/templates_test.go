package templates_test

import (
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v4"

	"github.com/esgen-dev/esgen/templates"
)

func bank() templates.Service {
	return templates.Service{ImportPath: "example.com/bank", Package: "bank.v1", Out: "gen", NewModule: true, Sample: true}
}

func TestFiles(t *testing.T) {
	t.Parallel()
	everything := bank()
	everything.Buf, everything.Workflow = true, ".github/workflows/esgen.yml"
	bare := bank()
	bare.NewModule, bare.Sample = false, false
	for name, c := range map[string]struct {
		service templates.Service
		want    []string
	}{
		"everything": {everything, []string{
			".github/workflows/esgen.yml", "accounts/accounts.go", "accounts/accounts_test.go", "buf.gen.yaml", "buf.yaml",
			"esgen.yaml", "go.mod", "main.go", "proto/bank/v1/account.proto", "third_party/esgen/v1/options.proto",
		}},
		"bare": {bare, []string{"esgen.yaml", "third_party/esgen/v1/options.proto"}},
	} {
		var got []string
		for _, file := range files(t, c.service) {
			got = append(got, file.Path)
			if file.What == "" || strings.HasPrefix(file.What, "the ") {
				t.Errorf("%s: %s: %q does not say what it is for", name, file.Path, file.What)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestFiles_format holds Go files to gofmt and YAML to its syntax, whatever
// the names are: they decide about the order of imports, and about quotes.
func TestFiles_format(t *testing.T) {
	t.Parallel()
	early, late := bank(), bank()
	early.ImportPath, early.Package, early.Out = "a.example/x", "a_b.v1beta1", "."
	late.ImportPath, late.Package, late.Out = "zoo.example/long/path", "errors", "true/on"
	for _, service := range []templates.Service{bank(), early, late} {
		service.Buf, service.Workflow, service.WorkingDirectory = true, "../.github/workflows/esgen.yml", "services/a b"
		for _, file := range files(t, service) {
			switch {
			case strings.HasSuffix(file.Path, ".go"):
				want, err := format.Source(file.Content)
				if err != nil {
					t.Fatalf("%s: %v", file.Path, err)
				}
				if diff := cmp.Diff(string(want), string(file.Content)); diff != "" {
					t.Errorf("%s (-want +got):\n%s", file.Path, diff)
				}
			case strings.HasSuffix(file.Path, ".yaml"), strings.HasSuffix(file.Path, ".yml"):
				var value map[string]any
				if err := yaml.Unmarshal(file.Content, &value); err != nil {
					t.Errorf("%s: %v", file.Path, err)
				}
				if out, ok := value["generate"]; ok && !strings.Contains(strings.ReplaceAll(string(mustYAML(t, out)), `"`, ""), "out: "+service.Out) {
					t.Errorf("%s: %v", file.Path, out)
				}
			}
			if strings.Contains(string(file.Content), "<no value>") || !strings.HasSuffix(string(file.Content), "\n") {
				t.Errorf("%s: %q", file.Path, file.Content)
			}
		}
	}
}

func mustYAML(t *testing.T, value any) []byte {
	t.Helper()
	text, err := yaml.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestCheck(t *testing.T) {
	t.Parallel()
	if err := bank().Check(); err != nil {
		t.Error(err)
	}
	for want, change := range map[string]func(*templates.Service){
		`"a b" cannot be the path of a module`:             func(s *templates.Service) { s.ImportPath = "a b" },
		`"" cannot be the package of .proto files`:         func(s *templates.Service) { s.Package = "" },
		`"bank..v1" cannot be the package of .proto files`: func(s *templates.Service) { s.Package = "bank..v1" },
		`"Bank" cannot be the package of .proto files`:     func(s *templates.Service) { s.Package = "Bank" },
		"the package esgen.v1 belongs to others":           func(s *templates.Service) { s.Package = "esgen.v1" },
		"the package google.x belongs to others":           func(s *templates.Service) { s.Package = "google.x" },
		"directories named vendor and testdata":            func(s *templates.Service) { s.Package = "vendor.v1" },
		"generated code would go into accounts":            func(s *templates.Service) { s.Package, s.Out = "accounts", "." },
		`"../gen" cannot be the directory`:                 func(s *templates.Service) { s.Out = "../gen" },
		`"/gen" cannot be the directory`:                   func(s *templates.Service) { s.Out = "/gen" },
		`"a//b" cannot be the directory`:                   func(s *templates.Service) { s.Out = "a//b" },
		`"my gen" cannot be the directory`:                 func(s *templates.Service) { s.Out = "my gen" },
	} {
		s := bank()
		change(&s)
		if err := s.Check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestGoNames(t *testing.T) {
	t.Parallel()
	for pkg, want := range map[string]string{
		"bank.v1": "bankv1", "acme.bank.v1beta2": "bankv1beta2", "bank": "bank", "my_bank.v1": "mybankv1",
		"v1": "v1", "errors": "errorspb", "accounts": "accountspb", "type": "typepb", "main": "mainpb", "string": "stringpb",
	} {
		if got := goName(t, pkg); got != want {
			t.Errorf("%s: got %q, want %s", pkg, got, want)
		}
	}
}

// TestGoNames_apart gives the generated package a name that nothing else has
// in the files that import it.
func TestGoNames_apart(t *testing.T) {
	t.Parallel()
	for _, file := range files(t, bank()) {
		if !strings.HasSuffix(file.Path, ".go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file.Path, file.Content, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && regexp.MustCompile(`^[a-z][a-z0-9]*$`).MatchString(id.Name) && !strings.HasPrefix(id.Name, "bankv1") {
				if got := goName(t, id.Name); got != id.Name+"pb" {
					t.Errorf("the package %s would be called %s, and %s has that name", id.Name, got, file.Path)
				}
			}
			return true
		})
	}
}

// goName returns the name of the Go package for a Protobuf package.
func goName(t *testing.T, pkg string) string {
	t.Helper()
	s := bank()
	s.Package = pkg
	for _, file := range files(t, s) {
		if match := regexp.MustCompile(`go_package = "example.com/bank/gen/.*;(.*)"`).FindSubmatch(file.Content); match != nil {
			return string(match[1])
		}
	}
	t.Fatalf("%s: no file names its Go package", pkg)
	return ""
}

// TestGo asks services for no more than esgen itself needs.
func TestGo(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), "\ngo "+templates.Go+"\n") || !strings.HasPrefix(string(text), "module "+templates.Esgen+"\n") {
		t.Errorf("go %s and module %s are not those of go.mod", templates.Go, templates.Esgen)
	}
}

func files(t *testing.T, s templates.Service) []templates.File {
	t.Helper()
	found, err := s.Files()
	if err != nil {
		t.Fatal(err)
	}
	return found
}
