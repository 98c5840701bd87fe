package docs

import (
	"encoding/json"
	"fmt"
	"strings"
)

// schema is the part of a JSON schema that the page shows.
type schema struct {
	Ref         string            `json:"$ref"`
	Defs        map[string]schema `json:"$defs"`
	Description string            `json:"description"`
	Type        json.RawMessage   `json:"type"`
	Const       string            `json:"const"`
	Enum        []string          `json:"enum"`
	Default     json.RawMessage   `json:"default"`
	Examples    []string          `json:"examples"`
	Properties  properties        `json:"properties"`
	Items       *schema           `json:"items"`
	Additional  json.RawMessage   `json:"additionalProperties"`

	named *schema // of the values under names that the user chooses
}

// Configuration returns the page about esgen.yaml. The argument is what
// "esgen config schema" prints.
func Configuration(printed []byte) (string, error) {
	var root schema
	if err := json.Unmarshal(printed, &root); err != nil {
		return "", fmt.Errorf("the schema of the configuration: %w", err)
	}
	var out strings.Builder
	out.WriteString("# Configuration\n\n" + edited)
	fmt.Fprintf(&out, "%s It is searched for from the working directory upwards, to the directory that holds go.mod;\n"+
		"`--config` or `ESGEN_CONFIG` names another one. `esgen config show` prints what is in force, `esgen config verify`\n"+
		"checks the file, and `esgen config schema` prints the JSON schema that this page is made of.\n\n", root.Description)
	var rows [][]string
	root.resolve(root.Defs).rows("", &rows)
	table(&out, []string{"key", "value", "default", "meaning"}, rows)
	return strings.TrimRight(out.String(), "\n") + "\n", nil
}

// resolve puts definitions where they are referred to. What stands beside a
// reference wins.
func (s schema) resolve(defs map[string]schema) schema {
	if name, ok := strings.CutPrefix(s.Ref, "#/$defs/"); ok {
		target := defs[name].resolve(defs)
		if s.Description != "" {
			target.Description = s.Description
		}
		return target
	}
	for i, p := range s.Properties {
		s.Properties[i].schema = p.schema.resolve(defs)
	}
	if s.Items != nil {
		items := s.Items.resolve(defs)
		s.Items = &items
	}
	if len(s.Additional) > 0 && s.Additional[0] == '{' {
		var named schema
		if json.Unmarshal(s.Additional, &named) == nil && len(named.Properties) > 0 {
			named = named.resolve(defs)
			s.named = &named
		}
	}
	return s
}

func (s schema) rows(prefix string, rows *[][]string) {
	for _, p := range s.Properties {
		key := prefix + p.name
		if len(p.schema.Properties) > 0 {
			p.schema.rows(key+".", rows)
			continue
		}
		if p.schema.named != nil {
			*rows = append(*rows, p.schema.row(key))
			p.schema.named.rows(key+".<name>.", rows)
			continue
		}
		if p.schema.Items != nil && len(p.schema.Items.Properties) > 0 {
			*rows = append(*rows, p.schema.row(key))
			p.schema.Items.rows(key+"[].", rows)
			continue
		}
		*rows = append(*rows, p.schema.row(key))
	}
}

func (s schema) row(key string) []string {
	meaning := []string{s.Description}
	for _, example := range s.Examples {
		meaning = append(meaning, "For example "+code(example)+".")
	}
	return []string{code(key), s.value(), code(string(s.Default)), strings.Join(meaning, " ")}
}

// value says what may stand there.
func (s schema) value() string {
	switch {
	case s.Const != "":
		return code(s.Const)
	case len(s.Enum) > 0:
		return code(strings.Join(s.Enum, "`, `"))
	case s.Items != nil:
		return "list"
	}
	for _, kind := range []string{"boolean", "object", "integer"} {
		if strings.Contains(string(s.Type), kind) {
			return kind
		}
	}
	return "text"
}

// properties are the properties of an object, in the order of the schema.
type properties []property

type property struct {
	name   string
	schema schema
}

// UnmarshalJSON keeps the order, which a map would not.
func (p *properties) UnmarshalJSON(data []byte) error {
	decoder := json.NewDecoder(strings.NewReader(string(data)))
	if _, err := decoder.Token(); err != nil {
		return fmt.Errorf("properties: %w", err)
	}
	for decoder.More() {
		token, err := decoder.Token()
		if err != nil {
			return fmt.Errorf("properties: %w", err)
		}
		next := property{name: fmt.Sprint(token)}
		if err := decoder.Decode(&next.schema); err != nil {
			return fmt.Errorf("property %s: %w", next.name, err)
		}
		*p = append(*p, next)
	}
	return nil
}
