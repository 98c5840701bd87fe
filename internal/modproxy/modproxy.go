// Package modproxy makes a Go module proxy of plain files from a directory, so
// that tests can install a module that is not published, by the very commands
// that install a published one:
//
//	err := modproxy.Add(dir, "../..", module.Version{Path: "example.com/m", Version: "v0.1.0"})
//	// GOPROXY=file://dir,file://$GOMODCACHE/cache/download GOSUMDB=off go get example.com/m@v0.1.0
//
// What the module depends on is served by the download cache of the machine,
// which is laid out as such a proxy is; see [URL].
//
// It is for tests alone: it never removes a version, and it does not sign
// anything.
package modproxy

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/module"
	"golang.org/x/mod/zip"
)

// Add publishes the module whose go.mod is in source, as it is now, in the
// proxy below dir. The same directory may be published as several versions.
// An error is about files, or about a module that no proxy would take, such as
// one that is too large. Not safe for concurrent use on one dir.
func Add(dir, source string, m module.Version) error {
	escaped, err := module.EscapePath(m.Path)
	if err != nil {
		return fmt.Errorf("publish %s: %w", m, err)
	}
	versions := filepath.Join(dir, filepath.FromSlash(escaped), "@v")
	if err := os.MkdirAll(versions, 0o700); err != nil {
		return fmt.Errorf("publish %s: %w", m, err)
	}
	mod, err := os.ReadFile(filepath.Join(source, "go.mod"))
	if err != nil {
		return fmt.Errorf("publish %s: %w", m, err)
	}
	info := fmt.Appendf(nil, `{"Version":%q,"Time":"2026-01-01T00:00:00Z"}`, m.Version)
	for suffix, content := range map[string][]byte{".mod": mod, ".info": info} {
		if err := os.WriteFile(filepath.Join(versions, m.Version+suffix), content, 0o600); err != nil {
			return fmt.Errorf("publish %s: %w", m, err)
		}
	}
	if err := archive(filepath.Join(versions, m.Version+".zip"), source, m); err != nil {
		return fmt.Errorf("publish %s: %w", m, err)
	}
	return list(versions, m.Version)
}

func archive(path, source string, m module.Version) (err error) {
	file, err := os.Create(path)
	if err != nil {
		return err //nolint:wrapcheck // Add wraps it
	}
	defer func() {
		if closed := file.Close(); err == nil {
			err = closed
		}
	}()
	return zip.CreateFromDir(file, m, source) //nolint:wrapcheck // Add wraps it
}

// list adds a version to those that the proxy knows.
func list(versions, version string) (err error) {
	file, err := os.OpenFile(filepath.Join(versions, "list"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("list a version: %w", err)
	}
	defer func() {
		if closed := file.Close(); err == nil {
			err = closed
		}
	}()
	_, err = fmt.Fprintln(file, version)
	return err //nolint:wrapcheck // it names the file
}

// URL returns what stands for a directory in GOPROXY.
func URL(dir string) string {
	path := filepath.ToSlash(dir)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // a drive letter
	}
	return (&url.URL{Scheme: "file", Path: path}).String()
}
