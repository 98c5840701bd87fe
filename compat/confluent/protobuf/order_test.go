package protobuf_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/esgen-dev/esgen/compat/confluent/protobuf"
)

// TestOrder holds orders against what a Java program prints for
//
//	Set<K> set = new HashSet<>(keys of the original); set.addAll(keys of the update);
func TestOrder(t *testing.T) {
	t.Parallel()
	for _, test := range ordersOfJava {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			old, update := parse(t, test.schema(test.original)), parse(t, test.schema(test.update))
			var got []string
			for _, d := range protobuf.Diff(protobuf.V2, old, update) {
				got = append(got, strings.TrimPrefix(d.Path, test.prefix))
			}
			if diff := cmp.Diff(strings.Fields(test.want), got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

type orderTest struct {
	name, prefix, original, update, want string
	schema                               func(keys string) protobuf.Source
}

// fieldsOf, constantsOf, enumsOf and oneofsOf make schemas in which every key
// differs between two lists that share none.
func fieldsOf(keys string) protobuf.Source {
	return each(keys, "message M { %s }", "int32 f%[1]s = %[1]s;")
}

func constantsOf(keys string) protobuf.Source {
	return each(keys, "enum M { %s }", "C%[1]s = %[1]s;")
}

func enumsOf(keys string) protobuf.Source { return each(keys, "%s", "enum %s {}") }

func oneofsOf(keys string) protobuf.Source { return each(keys, "message M { %s }", "oneof %s {}") }

func each(keys, outer, inner string) protobuf.Source {
	var b strings.Builder
	for key := range strings.FieldsSeq(keys) {
		fmt.Fprintf(&b, inner+" ", key)
	}
	return protobuf.Source{Text: `syntax = "proto3"; package p; ` + fmt.Sprintf(outer, b.String())}
}
