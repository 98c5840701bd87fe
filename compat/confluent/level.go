package confluent

import (
	"fmt"
	"strings"
)

// Level is a compatibility level of a subject, by the registry's name.
type Level string

// The levels.
const (
	None               Level = "NONE"                // nothing is checked
	Backward           Level = "BACKWARD"            // the new schema reads what the last version wrote
	BackwardTransitive Level = "BACKWARD_TRANSITIVE" // the new schema reads what any version wrote
	Forward            Level = "FORWARD"             // the last version reads what the new schema writes
	ForwardTransitive  Level = "FORWARD_TRANSITIVE"  // any version reads what the new schema writes
	Full               Level = "FULL"                // backward and forward
	FullTransitive     Level = "FULL_TRANSITIVE"     // backward and forward, against every version
)

// Levels returns all levels, from the one that asks least.
func Levels() []Level {
	return []Level{None, Backward, BackwardTransitive, Forward, ForwardTransitive, Full, FullTransitive}
}

// ParseLevel reads the name of a level in capitals or small letters. The error
// lists the names.
func ParseLevel(name string) (Level, error) {
	var names []string
	for _, level := range Levels() {
		if strings.EqualFold(name, string(level)) {
			return level, nil
		}
		names = append(names, strings.ToLower(string(level)))
	}
	return "", fmt.Errorf("there is no compatibility level %q: the levels are %s", name, strings.Join(names, ", "))
}

// Transitive reports whether the level asks about every version.
func (l Level) Transitive() bool { return strings.HasSuffix(string(l), "_TRANSITIVE") }

// backward reports whether the new schema has to read what others wrote.
func (l Level) backward() bool {
	return l == Backward || l == BackwardTransitive || l == Full || l == FullTransitive
}

// forward reports whether others have to read what the new schema writes.
func (l Level) forward() bool {
	return l == Forward || l == ForwardTransitive || l == Full || l == FullTransitive
}
