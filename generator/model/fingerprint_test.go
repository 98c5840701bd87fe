package model_test

import (
	"strings"
	"testing"
)

// A snapshot is thrown away when the schema of the state has changed, and
// kept when it has not.
func TestFingerprint(t *testing.T) {
	t.Parallel()
	const state = `
message Account {
  option (esgen.v1.aggregate) = {};
  enum Status { STATUS_UNSPECIFIED = 0; STATUS_OPEN = 1; STATUS_CLOSED = 2; }
  Status status = 1;
  Address address = 2;
  map<string, int64> limits = 3;
  oneof way { string card = 4; string iban = 5; }
}
message Address { string city = 1; Address former = 2; }
`
	base := fingerprintOf(t, state)
	for _, c := range []struct {
		name, old, new string
		same           bool
	}{
		{"nothing", "", "", true},
		{"a comment", "Status status = 1;", "Status status = 1; // how it is", true},
		{"the order", "Status status = 1;\n  Address address = 2;", "Address address = 2;\n  Status status = 1;", true},
		{"an option without effect on bytes", "Status status = 1;", "Status status = 1 [deprecated = true];", true},
		{"a message that is not reached", "message Address", "message Other { string x = 1; }\nmessage Address", true},
		{"the aggregate's options", "= {};", "= { snapshot: { every: 3 } };", true},
		{"a new field", "Status status = 1;", "Status status = 1; bool vip = 9;", false},
		{"a number", "string card = 4", "string card = 6", false},
		{"a name", "string card = 4", "string visa = 4", false},
		{"a type", "map<string, int64>", "map<string, int32>", false},
		{"presence", "Address address = 2;", "Address address = 2; optional bool vip = 9;", false},
		{"a oneof", "oneof way { string card = 4; string iban = 5; }", "string card = 4; string iban = 5;", false},
		{"a nested field", "string city = 1;", "string city = 1; string street = 3;", false},
		{"an enum value", "STATUS_CLOSED = 2;", "STATUS_CLOSED = 3;", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := fingerprintOf(t, strings.Replace(state, c.old, c.new, 1))
			if (got == base) != c.same {
				t.Errorf("fingerprint %s, before %s; want the same: %t", got, base, c.same)
			}
		})
	}
}

func fingerprintOf(t *testing.T, state string) string {
	t.Helper()
	m, _ := build(t, state)
	return m.Packages[0].Aggregates[0].Fingerprint
}
