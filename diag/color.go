package diag

import "bufio"

// style holds the ANSI sequences that start each part of a finding. The zero
// value is plain text. Only the sixteen colours that every terminal has, so
// that its theme decides what they look like.
type style struct {
	path, rule, note, help, gutter string
	error, warning, info           string
}

const reset = "\x1b[0m"

func styleOf(color bool) style {
	if !color {
		return style{}
	}
	const bold, red, green, yellow, blue, cyan, grey = "\x1b[1m", "\x1b[1;31m", "\x1b[1;32m", "\x1b[1;33m", "\x1b[1;34m", "\x1b[1;36m", "\x1b[90m"
	return style{
		path: bold, rule: grey, note: blue, help: green, gutter: grey,
		error: red, warning: yellow, info: cyan,
	}
}

func (s style) severity(severity Severity) string {
	switch severity {
	case Error:
		return s.error
	case Warning:
		return s.warning
	case Info:
		return s.info
	}
	return ""
}

// write writes a text in the given style.
func (style) write(w *bufio.Writer, start, text string) {
	if start == "" {
		_, _ = w.WriteString(text) // an error stays in w until it is flushed
		return
	}
	_, _ = w.WriteString(start + text + reset)
}
