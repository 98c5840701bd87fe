package cli

import (
	"context"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strings"

	"github.com/esgen-dev/esgen/templates"
)

// origin says where a service can get the esgen that is running from.
type origin struct {
	version  string // a release, or another version that the go command can fetch
	checkout string // or the directory that it was built from
}

// whence finds the origin of this program. Both fields are empty when it was
// built from a checkout that cannot be found: seen from dir, neither is it the
// module that the directory is in, nor what that module uses instead of a
// release.
func whence(ctx context.Context, dir string) origin {
	info, ok := debug.ReadBuildInfo()
	switch {
	case !ok:
	case info.Main.Replace != nil && filepath.IsAbs(info.Main.Replace.Path):
		return origin{checkout: info.Main.Replace.Path}
	case info.Main.Replace == nil && info.Main.Sum != "":
		return origin{version: info.Main.Version} // it came as a module, and so can be had again
	}
	const here = "{{if .Replace}}{{.Replace.Dir}}{{else if .Main}}{{.Dir}}{{end}}"
	cmd := exec.CommandContext(ctx, "go", "list", "-m", "-f", here, templates.Esgen)
	cmd.Dir = dir
	out, err := cmd.Output()
	if err != nil {
		return origin{}
	}
	return origin{checkout: strings.TrimSpace(string(out))}
}

// install returns the commands that make esgen a tool of a module.
func (o origin) install() []command {
	switch {
	case o.checkout != "":
		return []command{
			// Not "go get": that asks a proxy even for what is replaced.
			{"go", "mod", "edit", "-require=" + templates.Esgen + "@v0.0.0", "-replace=" + templates.Esgen + "=" + o.checkout},
			{"go", "list", "-mod=mod", "tool"},
		}
	case o.version != "":
		return []command{{"go", "get", "-tool", templates.Tool + "@" + o.version}}
	}
	return []command{{"go", "get", "-tool", templates.Tool + "@latest"}}
}

// command is a command line that a user can type.
type command []string

// String returns the command as a shell reads it.
func (c command) String() string {
	words := make([]string, 0, len(c))
	for _, word := range c {
		if !plain.MatchString(word) {
			word = "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
		}
		words = append(words, word)
	}
	return strings.Join(words, " ")
}

var plain = regexp.MustCompile(`^[A-Za-z0-9_./:=@-]+$`)
