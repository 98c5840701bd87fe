package history

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// escape writes a value so that it can stand between the separators of a line.
func escape(value string) string {
	return escapeAll(value, func(r rune) bool {
		return r != ' ' && r != '%' && r != ',' && r != ':' && r != '@' && unicode.IsPrint(r)
	})
}

// escapeAll replaces all bytes of the characters that are not plain, and those
// that are not UTF-8.
func escapeAll(value string, plain func(rune) bool) string {
	if strings.IndexFunc(value, func(r rune) bool { return r >= utf8.RuneSelf || !plain(r) }) < 0 {
		return value
	}
	var out strings.Builder
	for at := 0; at < len(value); {
		r, size := utf8.DecodeRuneInString(value[at:])
		if plain(r) && (r != utf8.RuneError || size > 1) {
			out.WriteString(value[at : at+size])
		} else {
			for i := range size {
				fmt.Fprintf(&out, "%%%02X", value[at+i])
			}
		}
		at += size
	}
	return out.String()
}

// unescape reads what escape wrote. It does not check that escape would have
// written just this.
func unescape(text string) (string, bool) {
	if !strings.Contains(text, "%") {
		return text, true
	}
	var out strings.Builder
	for {
		before, after, found := strings.Cut(text, "%")
		out.WriteString(before)
		if !found {
			return out.String(), true
		}
		if len(after) < 2 {
			return "", false
		}
		b, err := strconv.ParseUint(after[:2], 16, 8)
		if err != nil {
			return "", false
		}
		out.WriteByte(byte(b))
		text = after[2:]
	}
}
