package protobuf_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/esgen-dev/esgen/compat/confluent/protobuf"
)

// encodings are the types that a field may have. Types may replace each other
// where the letter is the same; a capital is no scalar.
var encodings = map[string]byte{
	"int32": 'v', "int64": 'v', "uint32": 'v', "uint64": 'v', "bool": 'v', "K": 'v', "L": 'v',
	"sint32": 'z', "sint64": 'z',
	"string": 's', "bytes": 's',
	"fixed32": '4', "sfixed32": '4',
	"fixed64": '8', "sfixed64": '8',
	"float":            'f',
	"double":           'd',
	"N":                'N',
	"O":                'O',
	"google.type.Date": 'D',
	"map<int32, bool>": 'M',
}

func isMessage(e byte) bool { return e == 'N' || e == 'O' || e == 'D' }

func schemaWith(t testing.TB, syntax, field string) *protobuf.Schema {
	t.Helper()
	return parse(t, protobuf.Source{Text: fmt.Sprintf(
		"syntax = %q; package p; message M { %s } message N {} message O {} enum K { A = 0; } enum L { B = 0; }", syntax, field)})
}

// TestTypeMatrix compares every type with every other, in a field and as the
// value of a map.
func TestTypeMatrix(t *testing.T) {
	t.Parallel()
	for from, a := range encodings {
		for to, b := range encodings {
			want := []string{}
			scalars := 'a' <= a && a <= 'z' || '0' <= a && a <= '9'
			others := 'a' <= b && b <= 'z' || '0' <= b && b <= '9'
			switch {
			case a == b:
			case isMessage(a) && isMessage(b):
				want = append(want, "FIELD_NAMED_TYPE_CHANGED #/M/1")
			case scalars && others:
				want = append(want, "FIELD_SCALAR_KIND_CHANGED #/M/1")
			default:
				want = append(want, "FIELD_KIND_CHANGED #/M/1")
			}
			for _, form := range []string{"%s x = 1;", "map<string, %s> x = 1;", "repeated %s x = 1;", "oneof o { %s x = 1; }"} {
				if form[0] == 'r' && (a == 'M' || b == 'M') || form[0] == 'm' && (a == 'M' || b == 'M') {
					continue
				}
				expected := append([]string{}, want...)
				if form[0] == 'o' && len(want) > 0 {
					expected[0] = expected[0][:len(expected[0])-1] + "o/1"
				}
				old, update := schemaWith(t, "proto3", fmt.Sprintf(form, from)), schemaWith(t, "proto3", fmt.Sprintf(form, to))
				for _, profile := range []protobuf.Profile{protobuf.V1, protobuf.V2} {
					if diff := cmp.Diff(expected, lines(protobuf.Diff(profile, old, update))); diff != "" {
						t.Errorf("%s from %s to %s (-want +got):\n%s", form, from, to, diff)
					}
				}
			}
		}
	}
}

// TestLabelMatrix compares every label with every other, for each kind of type.
func TestLabelMatrix(t *testing.T) {
	t.Parallel()
	spellings := []string{"", "optional", "repeated", "required"}
	for typ, encoding := range encodings {
		if encoding == 'M' {
			continue // a map has no label
		}
		for _, from := range spellings {
			for _, to := range spellings {
				want := []string{}
				switch {
				case from == to || from == "" || to == "" || isMessage(encoding):
				case encoding == 's':
					want = append(want, "FIELD_STRING_OR_BYTES_LABEL_CHANGED #/M/1")
				default:
					want = append(want, "FIELD_NUMERIC_LABEL_CHANGED #/M/1")
				}
				got := lines(protobuf.Diff(protobuf.V2, labelled(t, from, typ), labelled(t, to, typ)))
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s from %q to %q (-want +got):\n%s", typ, from, to, diff)
				}
			}
		}
	}
}

// labelled returns a schema in the syntax that allows the label.
func labelled(t testing.TB, label, typ string) *protobuf.Schema {
	t.Helper()
	syntax := "proto2"
	if label == "" {
		syntax = "proto3"
	}
	return schemaWith(t, syntax, label+" "+typ+" x = 1;")
}

func TestChanges(t *testing.T) {
	t.Parallel()
	incompatible := map[string]bool{
		"PACKAGE_CHANGED": true, "MESSAGE_REMOVED": true, "FIELD_KIND_CHANGED": true, "FIELD_SCALAR_KIND_CHANGED": true,
		"FIELD_NAMED_TYPE_CHANGED": true, "FIELD_NUMERIC_LABEL_CHANGED": true, "REQUIRED_FIELD_ADDED": true,
		"REQUIRED_FIELD_REMOVED": true, "ONEOF_FIELD_REMOVED": true, "MULTIPLE_FIELDS_MOVED_TO_ONEOF": true,
		"FIELD_MOVED_TO_EXISTING_ONEOF": true,
	}
	rules := protobuf.Changes()
	if len(rules) != 26 {
		t.Errorf("there are %d rules, want 26", len(rules))
	}
	seen := map[string]bool{}
	for _, rule := range rules {
		if rule.Change.String() != rule.ID || rule.Change.Compatible() != rule.Compatible {
			t.Errorf("row %s stands in the place of %s", rule.ID, rule.Change)
		}
		if rule.Compatible == incompatible[rule.ID] {
			t.Errorf("%s: compatible = %v", rule.ID, rule.Compatible)
		}
		if seen[rule.ID] || rule.Meaning == "" {
			t.Errorf("%s is given twice or means nothing", rule.ID)
		}
		seen[rule.ID] = true
	}
	rules[0].Compatible = true
	if protobuf.PackageChanged.Compatible() {
		t.Error("the table can be written to")
	}
}
