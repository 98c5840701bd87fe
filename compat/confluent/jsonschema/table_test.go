package jsonschema_test

import (
	"regexp"
	"testing"

	"github.com/esgen-dev/esgen/compat/confluent/jsonschema"
)

func TestChanges(t *testing.T) {
	t.Parallel()
	rules := jsonschema.Changes()
	ids, verdicts := map[string]bool{}, map[jsonschema.Verdict]int{}
	name, meaning := regexp.MustCompile(`^[A-Z]+(_[A-Z]+)*$`), regexp.MustCompile(`^[a-z].{5,110}[^.]$`)
	for i, r := range rules {
		if int(r.Change) != i || r.Change.String() != r.ID || ids[r.ID] || !name.MatchString(r.ID) || !meaning.MatchString(r.Meaning) {
			t.Errorf("row %d: %+v", i, r)
		}
		ids[r.ID] = true
		verdicts[r.Verdict]++
		strict, lenient := r.Change.Compatible(jsonschema.Strict), r.Change.Compatible(jsonschema.Lenient)
		if strict && !lenient || strict != (r.Verdict == jsonschema.Always) || lenient != (r.Verdict != jsonschema.Never) {
			t.Errorf("%s: strict %v, lenient %v", r.ID, strict, lenient)
		}
	}
	if len(rules) != 132 || verdicts[jsonschema.Always] != 65 || verdicts[jsonschema.OnlyLenient] != 9 {
		t.Errorf("%d rules: %v", len(rules), verdicts)
	}
	rules[0].ID = "X"
	if jsonschema.Changes()[0].ID == "X" {
		t.Error("the table can be changed")
	}
	if unknown := jsonschema.Change(255); unknown.String() != "UNKNOWN" || unknown.Compatible(jsonschema.Lenient) {
		t.Error("an unknown change has a verdict")
	}
}
