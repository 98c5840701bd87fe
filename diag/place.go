package diag

import (
	"cmp"
	"net/url"
	"path"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

// Tree is how the rest of the world sees the files that findings point to:
// services know the paths of a repository, not those of a working directory,
// and count characters, not bytes. The zero value changes neither.
type Tree struct {
	// Path returns a path as seen from the root of the repository. What is not
	// below it stays as it is.
	Path func(path string) string
	// Source returns the text of a file by the path of a position, or nil.
	Source func(path string) []byte
	// Anchor is the file that findings without a position are shown at, as a
	// user would type it. Default: esgen.yaml.
	Anchor string
}

// place returns a position with the path that the world knows, separated by
// slashes, and with columns in characters. What makes no span is left out.
func (t Tree) place(p Position) Position {
	if p.Line < 1 {
		p = Position{Path: p.Path}
	}
	if p.Column < 1 || p.EndLine < p.Line || p.EndLine == p.Line && p.EndColumn < p.Column || p.EndColumn < 1 {
		p.EndLine, p.EndColumn = 0, 0
	}
	p.Column = max(p.Column, 0)
	if t.Source != nil && p.Column > 0 {
		text := t.Source(p.Path)
		p.Column = characters(text, p.Line, p.Column)
		p.EndColumn = characters(text, p.EndLine, p.EndColumn)
	}
	if p.Path != "" {
		p.Path = t.path(p.Path)
	}
	return p
}

// anchored is as place, but always a line of a file.
func (t Tree) anchored(p Position) Position {
	if p.Path == "" {
		p = Position{Path: cmp.Or(t.Anchor, "esgen.yaml")}
	}
	p = t.place(p)
	p.Line = max(p.Line, 1)
	return p
}

func (t Tree) path(name string) string {
	if t.Path != nil {
		name = t.Path(name)
	}
	return path.Clean(filepath.ToSlash(name))
}

// characters turns a column in bytes into one in characters. Without the line
// it stays.
func characters(text []byte, line, column int) int {
	content, ok := nthLine(text, line)
	if !ok || column < 1 {
		return column
	}
	before := min(column-1, len(content))
	return utf8.RuneCount(content[:before]) + column - before
}

// uri returns a path as a relative reference, or as a URI if it does not lie
// below the root.
func uri(name string) string {
	segments := strings.Split(name, "/")
	for i, segment := range segments {
		segments[i] = strings.ReplaceAll(url.PathEscape(segment), ":", "%3A")
	}
	reference := strings.Join(segments, "/")
	switch {
	case strings.HasPrefix(name, "/"):
		return "file://" + reference
	case filepath.VolumeName(filepath.FromSlash(name)) != "":
		return "file:///" + strings.Replace(reference, "%3A", ":", 1)
	}
	return reference
}
