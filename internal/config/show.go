package config

import (
	_ "embed" // for the schema
	"fmt"

	"go.yaml.in/yaml/v4"
)

//go:embed esgen.v1.schema.json
var jsonSchema string

// JSONSchema returns the JSON Schema of the file, for editors.
func JSONSchema() string { return jsonSchema }

// YAML returns the configuration with all defaults, in the form of the file.
// Variables stay as they are written.
func (c *Config) YAML() ([]byte, error) {
	text, err := yaml.Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("print the configuration: %w", err)
	}
	return text, nil
}
