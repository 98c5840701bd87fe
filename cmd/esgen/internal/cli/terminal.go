package cli

import (
	"io"
	"os"

	"golang.org/x/term"
)

// terminalWidth returns the width of the terminal that w is, or false.
func terminalWidth(w io.Writer) (int, bool) {
	file, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return 0, false
	}
	width, _, err := term.GetSize(int(file.Fd()))
	if err != nil {
		return 0, true
	}
	return width, true
}

// isTerminal reports whether somebody could type what r reads.
func isTerminal(r io.Reader) bool {
	file, ok := r.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// isStream reports whether w is one of the standard streams, as opposed to a
// file that --format names.
func isStream(w io.Writer, env Env) bool { return w == env.Stdout || w == env.Stderr }

// useColor decides about colours for one stream. The flag comes first, then
// the conventions among command-line programs, then the terminal. The logs of
// continuous integration show colours although they are not terminals.
func useColor(flag string, getenv func(string) string, terminal, stream bool) bool {
	on := func(name string) bool { v := getenv(name); return v != "" && v != "0" }
	switch {
	case !stream:
		return false
	case flag == colorAlways:
		return true
	case flag == colorNever, getenv("NO_COLOR") != "":
		return false
	case on("CLICOLOR_FORCE"), on("FORCE_COLOR"):
		return true
	case getenv("TERM") == "dumb":
		return false
	case on("GITHUB_ACTIONS"), on("GITLAB_CI"):
		return true
	}
	return terminal
}
