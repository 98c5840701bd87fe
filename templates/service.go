package templates

import (
	"cmp"
	"fmt"
	"go/doc"
	"go/token"
	"path"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/mod/module"
)

// Service says what a new service is called, and what it consists of.
// ImportPath, Package and Out are required.
type Service struct {
	ImportPath string // of the directory, e.g. "example.com/bank"
	Package    string // of the .proto files, e.g. "bank.v1"
	Out        string // where generated code goes, e.g. "gen"

	NewModule bool   // whether a go.mod is written
	Version   string // of esgen in go.mod, e.g. "v0.3.1"; "" for none
	Sample    bool   // whether there is an aggregate to begin with
	Buf       bool   // whether buf gets its configuration

	// Workflow is where the GitHub workflow goes; "" for none. GitHub takes
	// it from the top of the repository.
	Workflow string
	// WorkingDirectory is where the service is, seen from there; "" at the top.
	WorkingDirectory string
	// GoModFile is where go.mod is, seen from there. Default: "go.mod".
	GoModFile string
}

// behavior is the directory and the name of the package that a user edits.
const behavior = "accounts"

var packageSyntax = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$`)

// Check reports what is wrong with the names, in words for whoever chose them.
func (s Service) Check() error {
	if err := module.CheckImportPath(s.ImportPath); err != nil {
		return fmt.Errorf("%q cannot be the path of a module: write it as example.com/bank", s.ImportPath)
	}
	parts := strings.Split(s.Package, ".")
	switch {
	case !packageSyntax.MatchString(s.Package):
		return fmt.Errorf("%q cannot be the package of .proto files: write it as bank.v1", s.Package)
	case parts[0] == "esgen", parts[0] == "google":
		return fmt.Errorf("the package %s belongs to others: choose a package of your own, such as bank.v1", s.Package)
	case slices.Contains(parts, "vendor"), slices.Contains(parts, "testdata"):
		return fmt.Errorf("the go command leaves directories named vendor and testdata out: choose a package other than %s", s.Package)
	case s.Sample && path.Join(s.Out, s.dir()) == behavior:
		return fmt.Errorf("generated code would go into %s, where the behaviour is: choose another package or output directory", behavior)
	}
	return s.checkOut()
}

func (s Service) checkOut() error {
	out := path.Clean(s.Out)
	if out != s.Out || path.IsAbs(out) || out == ".." || strings.HasPrefix(out, "../") ||
		out != "." && module.CheckImportPath(out) != nil {
		return fmt.Errorf("%q cannot be the directory of generated code: name one below the service, such as gen", s.Out)
	}
	return nil
}

// dir is the directory of the package, below the roots of .proto files.
func (s Service) dir() string { return strings.ReplaceAll(s.Package, ".", "/") }

// goPath is the import path of the generated package.
func (s Service) goPath() string { return path.Join(s.ImportPath, s.Out, s.dir()) }

// taken reports whether a name means something else in the files of a service.
func taken(name string) bool {
	const names = "account accounts ada c cents context ctx describe e engine err errors es ev fmt " +
		"io main math memory money os run s store t testing w"
	return token.IsKeyword(name) || doc.IsPredeclared(name) || slices.Contains(strings.Fields(names), name)
}

// goName is the name of the generated package: bankv1 for bank.v1.
func (s Service) goName() string {
	parts := strings.Split(strings.ReplaceAll(s.Package, "_", ""), ".")
	name := parts[len(parts)-1]
	if len(parts) > 1 && regexp.MustCompile(`^v[0-9]+([a-z]+[0-9]+)?$`).MatchString(name) {
		name = parts[len(parts)-2] + name
	}
	if taken(name) {
		name += "pb"
	}
	return name
}

// values are what the templates can use.
type values struct {
	Service
	Esgen, Tool, Go string
	Name            string // the base name of the service
	GoPath, GoName  string // of the generated package
	Generated       string // the directory of what is generated, in words
	YAMLOut         string // Out as a value in YAML
}

func (s Service) values() values {
	s.GoModFile = cmp.Or(s.GoModFile, "go.mod")
	v := values{
		Service: s, Esgen: Esgen, Tool: Tool, Go: Go,
		Name: path.Base(s.ImportPath), GoPath: s.goPath(), GoName: s.goName(),
		Generated: s.Out, YAMLOut: quote(s.Out),
	}
	if s.Out == "." {
		v.Generated = s.dir()
	}
	return v
}

// quote quotes what YAML could take for something other than a string.
func quote(text string) string {
	switch {
	case slices.Contains([]string{"true", "false", "null", "yes", "no", "on", "off", "y", "n"}, strings.ToLower(text)):
	case text == ".", regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_./-]*$`).MatchString(text):
		return text
	}
	return `"` + text + `"`
}
