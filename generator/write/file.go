// Package write brings generated files to disk.
package write

// File is a generated file that does not need to exist yet.
type File struct {
	Path    string // slash-separated, below the output root
	Content []byte
}
