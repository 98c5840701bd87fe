package docs

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Commands returns the page about the command line. help returns what a
// command prints for --help: esgen itself, or the command of that name.
func Commands(help func(name ...string) string) string {
	var out strings.Builder
	out.WriteString("# Commands\n\n" + edited)
	out.WriteString("What `esgen --help` and the `--help` of its commands print.\n\n")
	command(&out, help, nil)
	return strings.TrimRight(out.String(), "\n") + "\n"
}

func command(out *strings.Builder, help func(name ...string) string, name []string) {
	text := help(name...)
	fmt.Fprintf(out, "## %s\n\n", strings.Join(append([]string{"esgen"}, name...), " "))
	for line := range strings.Lines(text) {
		out.WriteString(strings.TrimRight("    "+line, " \n") + "\n")
	}
	out.WriteString("\n")
	for _, sub := range subcommands(text) {
		command(out, help, append(slices.Clip(name), sub))
	}
}

// subcommands finds the names in the lists of commands of a help text. Those
// that every cobra program has explain themselves.
func subcommands(help string) []string {
	var names []string
	listing := false
	entry := regexp.MustCompile(`^  ([a-z]+) {2,}\S`)
	for line := range strings.Lines(help) {
		switch m := entry.FindStringSubmatch(line); {
		case strings.HasPrefix(line, "Flags:"), strings.HasPrefix(line, "Global Flags:"),
			strings.HasPrefix(line, "Examples:"), strings.HasPrefix(line, "Exit codes:"):
			listing = false
		case regexp.MustCompile(`^[A-Z][A-Za-z ]*:$`).MatchString(strings.TrimSpace(line)):
			listing = true
		case listing && m != nil && m[1] != "help" && m[1] != "completion":
			names = append(names, m[1])
		}
	}
	return names
}
