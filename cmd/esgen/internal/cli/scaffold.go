package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/esgen-dev/esgen/diag"
	"github.com/esgen-dev/esgen/internal/config"
	"github.com/esgen-dev/esgen/templates"
)

// scaffold is a service before it is written.
type scaffold struct {
	dir     string // as the user would type it
	module  *goModule
	service templates.Service
	origin  origin
	files   []templates.File // by path, generated ones too
}

// plan names everything and makes all files in memory.
func (a *app) plan(ctx context.Context, dir string, from origin, o initOptions) (*scaffold, error) {
	s := &scaffold{dir: dir, origin: from}
	if err := s.name(o); err != nil {
		return nil, err
	}
	files, err := s.service.Files()
	if err != nil {
		return nil, &defect{cause: err}
	}
	if s.service.Sample {
		generated, err := a.generateSample(ctx, files, s.service)
		if err != nil {
			return nil, err
		}
		files = append(files, generated...)
	}
	slices.SortFunc(files, func(a, b templates.File) int { return strings.Compare(a.Path, b.Path) })
	s.files = files
	return s, nil
}

// name finds the names that were not given.
func (s *scaffold) name(o initOptions) error {
	here, err := filepath.Abs(s.dir)
	if err != nil {
		return fmt.Errorf("find the directory: %w", err)
	}
	if s.module, err = findModule(s.dir); err != nil {
		return err
	}
	service := templates.Service{
		ImportPath: o.module, Package: o.pkg, Out: path.Clean(filepath.ToSlash(o.out)),
		Version: s.origin.version, Sample: !o.bare, Buf: o.buf,
	}
	base := identifier(filepath.Base(here))
	switch {
	case s.module != nil && o.module != "" && s.module.dir == here:
		return usage("leave --module out, or name another directory: esgen init --module "+o.module+" <directory>",
			"%s is the module %s already", s.dir, s.module.path())
	case o.module != "":
		s.module = nil // a module in a module
	case s.module != nil:
		if service.ImportPath, err = s.module.importPath(s.dir); err != nil {
			return err
		}
	case base == "":
		return usage("name it: esgen init --module example.com/bank", "the name of the directory %s makes no module path", here)
	default:
		service.ImportPath = "example.com/" + base
	}
	service.NewModule = s.module == nil
	if o.pkg == "" {
		service.Package = packageOf(path.Base(service.ImportPath))
		if service.Check() != nil {
			service.Package = "accounts.v1" // some names mean something already
		}
	}
	s.service = service
	if o.ci {
		if err := s.workflow(here); err != nil {
			return err
		}
	}
	if err := service.Check(); err != nil {
		return usage("see esgen init --help", "%v", err)
	}
	return nil
}

var foreign = regexp.MustCompile(`[^a-z0-9]+`)

// identifier returns the letters and digits of a name, with dashes for what is
// between them.
func identifier(name string) string {
	return strings.Trim(foreign.ReplaceAllString(strings.ToLower(name), "-"), "-")
}

// packageOf returns a package for the .proto files of a service: bank.v1 for
// bank.
func packageOf(name string) string {
	name = strings.ReplaceAll(identifier(name), "-", "_")
	return name + ".v1"
}

// workflow says where GitHub looks for the workflow of a service: at the top
// of the repository, which may be above.
func (s *scaffold) workflow(here string) error {
	top := here
	for !exists(filepath.Join(top, ".git")) {
		above := filepath.Dir(top)
		if above == top {
			top = here // no repository yet
			break
		}
		top = above
	}
	root := here // of the module
	if s.module != nil {
		root = s.module.dir
	}
	for into, ends := range map[*string][2]string{
		&s.service.Workflow:         {here, filepath.Join(top, ".github", "workflows", "esgen.yml")},
		&s.service.GoModFile:        {top, filepath.Join(root, "go.mod")},
		&s.service.WorkingDirectory: {top, here},
	} {
		rel, err := filepath.Rel(ends[0], ends[1])
		if err != nil {
			return fmt.Errorf("find the top of the repository: %w", err)
		}
		*into = strings.TrimPrefix(filepath.ToSlash(rel), "./")
	}
	if s.service.WorkingDirectory == "." {
		s.service.WorkingDirectory = ""
	}
	return nil
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// generateSample runs the generator over the sample in a directory of its own,
// so that nothing is written to the user's before all is well.
func (a *app) generateSample(ctx context.Context, files []templates.File, s templates.Service) ([]templates.File, error) {
	dir, err := os.MkdirTemp("", "esgen-init-")
	if err != nil {
		return nil, fmt.Errorf("make a temporary directory: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	below := slices.DeleteFunc(slices.Clone(files), func(f templates.File) bool { return strings.HasPrefix(f.Path, "../") })
	if err := place(ctx, dir, below); err != nil {
		return nil, err
	}
	quiet := *a
	quiet.flags.quiet, quiet.flags.config = true, ""
	quiet.flags.dir = dir
	p, result, err := quiet.files(ctx)
	if err != nil {
		return nil, err
	}
	if blocked(p, result) {
		return nil, declined(p.settled(result.Findings...))
	}
	generated := make([]templates.File, 0, len(result.Files))
	for _, file := range result.Files {
		generated = append(generated, templates.File{
			Path: path.Join(s.Out, file.Path), What: "generated", Content: bytes.Clone(file.Content),
		})
	}
	return generated, nil
}

// declined says why the sample cannot have the names that it was given.
func declined(findings []diag.Finding) error {
	for _, f := range findings {
		if f.Severity == diag.Error {
			return usage("choose another --package or --out", "the sample does not compile under these names: %s", f.Message)
		}
	}
	return usage("choose another --package or --out", "the sample does not compile under these names")
}

// obstacles returns what is in the way of the service, as the user would type
// it.
func (s *scaffold) obstacles() ([]string, error) {
	found, err := inTheWay(s.dir, s.files)
	if err != nil || !s.service.Sample {
		return found, err
	}
	others, err := s.neighbours()
	if err != nil && len(found) == 0 { // or else what is found explains it
		return nil, err
	}
	found = append(found, others...)
	slices.Sort(found)
	return slices.Compact(found), nil
}

// neighbours returns files that the sample cannot live with: Go files of
// another package beside main.go, and declarations that would be generated
// together with its own.
func (s *scaffold) neighbours() ([]string, error) {
	entries, err := os.ReadDir(s.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look for files in the way: %w", err)
	}
	var found []string
	for _, entry := range entries {
		if strings.HasSuffix(entry.Name(), ".go") {
			found = append(found, filepath.Join(s.dir, entry.Name()))
		}
	}
	err = filepath.WalkDir(filepath.Join(s.dir, "proto"), func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.HasSuffix(name, ".proto") {
			found = append(found, name)
		}
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("look for files in the way: %w", err)
	}
	return found, nil
}

// refuse says what is in the way and what to do instead, or returns nil.
func (s *scaffold) refuse() error {
	found, err := s.obstacles()
	if err != nil || len(found) == 0 {
		return err
	}
	again := "or name another directory: esgen init <directory>"
	if slices.Contains(found, filepath.Join(s.dir, config.Name)) {
		return usage("change the .proto files, then run: esgen generate\n"+again,
			"%s exists: the service is set up already, and nothing was written", filepath.Join(s.dir, config.Name))
	}
	if s.service.Sample {
		again += "\nor leave the sample out: esgen init --bare"
	}
	return usage("move them away: "+strings.Join(found, " ")+"\n"+again,
		"files are in the way, and nothing was written: %d", len(found))
}
