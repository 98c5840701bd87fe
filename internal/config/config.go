// Package config reads esgen.yaml.
//
//	version: v1
//	proto: { roots: [proto], imports: [third_party] }
//	generate: { go: { out: gen, clean: true } }
//
// [Open] finds the file and reads it, [Config.Check] holds it against the rest
// of the world. The reader is strict: a key that is not known, a value of the
// wrong type, a version of the future are findings that point into the file.
// [JSONSchema] says the same to editors; a test holds the two together.
//
// All paths in the file are relative to the directory that holds it.
//
// Environment variables are expanded in the addresses of registries and nowhere
// else, and not before the registry is needed, see [Server.Expand].
//
// A Config is not changed after it was read and safe for concurrent use.
package config

import (
	"path/filepath"

	"github.com/esgen-dev/esgen/diag"
)

// Name is the name of the file.
const Name = "esgen.yaml"

// Version is the only value of the key version that is understood.
const Version = "v1"

// Config is what esgen.yaml says, with the defaults for what it does not say.
type Config struct {
	// Path is the path of the file as a user would type it; "" without a file.
	Path string `yaml:"-"`
	// Dir is the directory that paths are relative to, as a user would type it.
	Dir string `yaml:"-"`

	Version  string   `yaml:"version"`
	Esgen    string   `yaml:"esgen,omitempty"` // e.g. ">=0.3 <0.5": the versions of esgen that may run
	Proto    Proto    `yaml:"proto"`
	Generate Generate `yaml:"generate"`
	Compat   Compat   `yaml:"compat"`
	Rules    Rules    `yaml:"rules"`
	Registry Registry `yaml:"registry"`

	positions map[string]diag.Position // by path, e.g. "proto.roots[0]"
}

// Proto says where the .proto files are.
type Proto struct {
	Roots   []string `yaml:"roots"`   // what is generated; import paths too. Default: proto
	Imports []string `yaml:"imports"` // directories, or descriptor sets that end in .binpb
}

// Generate says what is generated.
type Generate struct {
	Go Go `yaml:"go"`
}

// Go says which Go code is generated, and where it goes.
type Go struct {
	Out      string `yaml:"out"`              // directory. Default: "."
	Paths    string `yaml:"paths"`            // "source_relative" (default) or "import", as for protoc-gen-go
	Module   string `yaml:"module,omitempty"` // prefix that paths: import leaves out
	Clean    bool   `yaml:"clean"`            // remove what is no longer generated. Default: true
	Messages bool   `yaml:"messages"`         // write the .pb.go files too. Default: true
	Kit      bool   `yaml:"kit"`              // write the test kits. Default: true
}

// Compat says when a schema may replace another.
type Compat struct {
	Level   string     `yaml:"level"`   // default: backward_transitive
	Profile string     `yaml:"profile"` // whose rules hold: confluent-v1, confluent-v2, or confluent (default) for the latest
	Policy  string     `yaml:"policy"`  // how JSON Schema is compared: strict (default) or lenient
	Against string     `yaml:"against"` // lock (default), registry, git:REF or dir:PATH
	Allow   []Approval `yaml:"allow"`
}

// Approval lets one intended break pass. All keys are required.
type Approval struct {
	Rule        string `yaml:"rule"`
	Symbol      string `yaml:"symbol"`
	Fingerprint string `yaml:"fingerprint"`
	Reason      string `yaml:"reason"`
	Until       string `yaml:"until"` // the last day, e.g. "2027-01-31"
}

// Registry says which schema registries are used, and for what.
type Registry struct {
	Server  `yaml:",inline"`
	Subject string            `yaml:"subject"`         // topic_record (default), record or topic
	Text    string            `yaml:"text"`            // event (default): the event and what it reaches; file: the whole file
	Named   map[string]Server `yaml:"named,omitempty"` // further registries, e.g. of other stages
}

// Server is a schema registry.
type Server struct {
	URL       string `yaml:"url,omitempty"`     // as written, with ${VAR}
	Context   string `yaml:"context,omitempty"` // e.g. ".staging"; "" is the default context
	Protected bool   `yaml:"protected"`         // ask before anything is registered
}

// Default returns the configuration of a directory without a file.
func Default(dir string) *Config {
	return &Config{
		Dir:      dir,
		Version:  Version,
		Proto:    Proto{Roots: []string{"proto"}, Imports: []string{}},
		Generate: Generate{Go: Go{Out: ".", Paths: "source_relative", Clean: true, Messages: true, Kit: true}},
		Compat:   Compat{Level: "backward_transitive", Profile: "confluent", Policy: "strict", Against: "lock", Allow: []Approval{}},
		Rules:    Rules{Disable: []string{}, Severity: map[string]diag.Severity{}},
		Registry: Registry{Subject: "topic_record", Text: "event"},
	}
}

// Join returns a path of the file as a user would type it.
func (c *Config) Join(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(c.Dir, filepath.FromSlash(path))
}

// Position returns where a value stands in the file, by its path such as
// "proto.roots[0]", or where the nearest thing around it stands.
func (c *Config) Position(path string) diag.Position {
	for {
		if p, ok := c.positions[path]; ok || path == "" {
			if !ok {
				p = diag.Position{Path: c.Path}
			}
			return p
		}
		path = parent(path)
	}
}
