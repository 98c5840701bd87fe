package config

import (
	"fmt"
	"regexp"
)

var variable = regexp.MustCompile(`\$\{([A-Za-z_][A-Za-z0-9_]*)\}`)

// Expand returns the address of the registry with its variables replaced by
// what getenv returns. A variable that is not set is an error that names it,
// never its value.
func (s Server) Expand(getenv func(string) string) (string, error) {
	var missing string
	url := variable.ReplaceAllStringFunc(s.URL, func(match string) string {
		name := match[len("${") : len(match)-len("}")]
		value := getenv(name)
		if value == "" && missing == "" {
			missing = name
		}
		return value
	})
	if missing != "" {
		return "", fmt.Errorf("the address of the registry needs the environment variable %s, which is not set: "+
			"type export %s= and its value", missing, missing)
	}
	return url, nil
}
