package history

import (
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/esgen-dev/esgen/generator/schema"
)

// extension returns the suffix of text files, or "" for a type that is not known.
func extension(kind schema.Type) string {
	switch kind {
	case schema.Protobuf:
		return ".proto"
	case schema.JSON:
		return ".json"
	}
	return ""
}

// textPath returns where the text of a version is kept, below the directory of
// esgen.lock and with slashes.
func (s schemaLine) textPath() string {
	return path.Join(SchemasDir, keyDir(s.key), strconv.Itoa(s.number)+extension(s.kind))
}

// keyDir returns the directory of a key. Different keys have different
// directories, on file systems that tell capitals apart; see checkKeys.
func keyDir(key string) string {
	parts := strings.Split(key, "/")
	for i, part := range parts {
		part = escapeAll(part, isPlain)
		if reserved(part) || strings.HasPrefix(part, ".") {
			part = hexOf(part[0]) + part[1:]
		}
		if stem, ok := strings.CutSuffix(part, "."); ok {
			part = stem + hexOf('.')
		}
		parts[i] = part
	}
	return path.Join(parts...)
}

func isPlain(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("-._+", r)
}

func hexOf(b byte) string {
	const digits = "0123456789ABCDEF"
	return string([]byte{'%', digits[b>>4], digits[b&15]})
}

// reserved reports whether Windows takes a name for a device, whatever stands
// behind the first dot.
func reserved(name string) bool {
	base, _, _ := strings.Cut(strings.ToLower(name), ".")
	if len(base) == 4 && (strings.HasPrefix(base, "com") || strings.HasPrefix(base, "lpt")) {
		return '0' <= base[3] && base[3] <= '9'
	}
	return slices.Contains([]string{"con", "prn", "aux", "nul"}, base)
}

// maxName is how long the name of a directory may be on all file systems.
const maxName = 255

// validKey reports whether a key can be a directory.
func validKey(key string) bool {
	if !fs.ValidPath(key) || key == "." {
		return false
	}
	return !slices.ContainsFunc(strings.Split(keyDir(key), "/"), func(part string) bool { return len(part) > maxName })
}

// clash is two keys whose texts cannot be beside each other.
type clash struct {
	key, other string
	reason     string
}

// clashes finds keys whose directories are one where capitals do not count, or
// where one is a text file of the other. Keys are sorted.
func clashes(keys []string) []clash {
	var found []clash
	type owner struct{ spelled, key string }
	seen := map[string]owner{}
	files := map[string]string{}
	for _, key := range keys {
		dir := keyDir(key)
		files[strings.ToLower(dir)] = key
		for at := dir; at != "."; at = path.Dir(at) {
			first, taken := seen[strings.ToLower(at)]
			if !taken {
				seen[strings.ToLower(at)] = owner{at, key}
			} else if first.spelled != at {
				found = append(found, clash{key, first.key, "differ by capitals alone"})
				break
			}
		}
	}
	for _, key := range keys {
		for at := strings.ToLower(keyDir(key)); at != "."; at = path.Dir(at) {
			if other, ok := files[path.Dir(at)]; ok && isTextName(path.Base(at)) {
				found = append(found, clash{key, other, "need a directory and a file of one name"})
			}
		}
	}
	return found
}

// isTextName reports whether a file is called like the text of a version.
func isTextName(name string) bool {
	stem := strings.TrimSuffix(strings.TrimSuffix(name, extension(schema.Protobuf)), extension(schema.JSON))
	n, err := strconv.Atoi(stem)
	return err == nil && n > 0 && stem != name
}
