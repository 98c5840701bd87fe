package write

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
)

// Target is the place for generated files. Root is required; the zero value of
// the rest is useful.
type Target struct {
	// Root is the directory of the project. No file outside is touched.
	Root string
	// Out is where the files go, slash-separated, below Root. Default: Root.
	Out string
	// Clean says whether to look for files that are no longer generated.
	Clean bool
	// Owns reports whether a .proto file, by the path under which others
	// import it, is ours or was before it was deleted; known is false when
	// nothing is left that would tell. It decides about files with the header
	// of protoc-gen-go, which name their source; a file with our [Header] is
	// always ours. Default: no such file is ours.
	Owns func(source string) (ours, known bool)
}

// Kind says how a file on disk differs from what is generated.
type Kind int8

// The kinds of changes.
const (
	Changed Kind = iota + 1 // its bytes differ
	Missing                 // it is not there
	Orphan                  // it is ours and no longer generated
)

// String returns "changed", "missing" or "orphan".
func (k Kind) String() string {
	switch k {
	case Changed:
		return "changed"
	case Missing:
		return "missing"
	case Orphan:
		return "orphan"
	}
	return "none"
}

// Change is what has to be done to one file.
type Change struct {
	Kind Kind
	Path string // slash-separated, below Target.Root
	Old  []byte // what is there; nil for Missing and Orphan
	New  []byte // what should be there; nil for Orphan
}

// Diff returns the change as a unified diff, or "" for an orphan: all of that
// would be removed.
func (c Change) Diff() string {
	if c.Kind == Orphan {
		return ""
	}
	text := diff.Diff("a/"+c.Path, c.Old, "b/"+c.Path, c.New)
	if _, hunks, ok := bytes.Cut(text, []byte("\n")); ok {
		return string(hunks) // without the line that repeats the two names
	}
	return ""
}

// Compare returns what has to be done so that the target holds exactly the
// given files, ordered by path. It changes nothing.
//
// A path that leaves the target, or stands there twice, or cannot be read, is
// an [*Error]. When the context ends, its error is returned.
func Compare(ctx context.Context, target Target, files []File) ([]Change, error) {
	generated, err := target.locate(files)
	if err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(target.Root)
	if err != nil {
		return nil, target.fail(".", err)
	}
	defer func() { _ = root.Close() }() // opened for reading: nothing is lost

	var changes []Change
	for _, file := range generated {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("compare generated files: %w", err)
		}
		change, err := compare(root, file)
		if err != nil {
			return nil, target.fail(file.Path, err)
		}
		if change.Kind != 0 {
			changes = append(changes, change)
		}
	}
	if target.Clean {
		orphans, err := target.orphans(ctx, root, generated)
		if err != nil {
			return nil, err
		}
		changes = append(changes, orphans...)
	}
	slices.SortFunc(changes, func(a, b Change) int { return strings.Compare(a.Path, b.Path) })
	return changes, nil
}

// locate returns the files with their paths below the root, ordered by path.
func (t Target) locate(files []File) ([]File, error) {
	located := make([]File, 0, len(files))
	for _, file := range files {
		below := path.Join(t.Out, file.Path)
		if !fs.ValidPath(file.Path) || file.Path == "." || !fs.ValidPath(below) {
			return nil, &Error{
				Path: file.Path,
				Err:  errors.New("the path leaves the output directory"),
				Help: "generated files stay below generate.go.out: check go_package and the place of the .proto file",
			}
		}
		located = append(located, File{Path: below, Content: file.Content})
	}
	slices.SortFunc(located, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	for i := 1; i < len(located); i++ {
		if located[i].Path == located[i-1].Path {
			return nil, &Error{
				Path: located[i].Path,
				Err:  errors.New("two .proto files lead to this one file"),
				Help: "give the .proto files different names or different Go packages",
			}
		}
	}
	return located, nil
}

// compare returns the change that a file needs; its kind is 0 if none.
func compare(root *os.Root, file File) (Change, error) {
	old, err := root.ReadFile(file.Path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Change{Kind: Missing, Path: file.Path, New: file.Content}, nil
	case err != nil:
		return Change{}, err //nolint:wrapcheck // Target.fail wraps it
	case bytes.Equal(old, file.Content):
		return Change{}, nil
	}
	return Change{Kind: Changed, Path: file.Path, Old: old, New: file.Content}, nil
}
