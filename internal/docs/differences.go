package docs

import (
	"strings"

	"github.com/esgen-dev/esgen/compat/confluent/jsonschema"
	"github.com/esgen-dev/esgen/compat/confluent/protobuf"
)

// Differences returns the page about the differences that the schema registry
// knows, and which of them it refuses.
func Differences() string {
	var out strings.Builder
	out.WriteString("# What the registry compares\n\n" + edited)
	out.WriteString("Every difference that the Confluent Schema Registry knows, by its own name, and whether a schema that has it may follow\n" +
		"the other one. `esgen compat diff` prints them for two files, in the registry's order. A refused one is the rule\n" +
		"`CONFLUENT_` and its name.\n\n" +
		"BACKWARD is the comparison of the old schema with the new one, FORWARD the same with the sides swapped, and FULL is both,\n" +
		"FORWARD first. The transitive levels compare with every version, from the newest back to the first that is incompatible.\n\n")
	out.WriteString("## Protobuf\n\n")
	var rows [][]string
	for _, c := range protobuf.Changes() {
		rows = append(rows, []string{code(c.ID), yes(c.Compatible), c.Meaning})
	}
	table(&out, []string{"difference", "compatible", "meaning"}, rows)
	out.WriteString("The profile `confluent-v1` has the rules for oneofs of before the middle of 2026, `confluent-v2` those of after. They differ\n" +
		"in what they report, not in which reports are compatible.\n\n## JSON Schema\n\n")
	rows = nil
	for _, c := range jsonschema.Changes() {
		rows = append(rows, []string{
			code(c.ID), yes(c.Change.Compatible(jsonschema.Strict)), yes(c.Change.Compatible(jsonschema.Lenient)), c.Meaning,
		})
	}
	table(&out, []string{"difference", "strict", "lenient", "meaning"}, rows)
	return strings.TrimRight(out.String(), "\n") + "\n"
}

func yes(compatible bool) string {
	if compatible {
		return "yes"
	}
	return "no"
}
