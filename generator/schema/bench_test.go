package schema_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/esgen-dev/esgen/generator/schema"
)

// BenchmarkBuild makes the schemas of 4000 events in 200 files, each with types
// of its own, of its package and of another one.
func BenchmarkBuild(b *testing.B) {
	texts := map[string]string{"shared/v1/money.proto": `syntax = "proto3";
package shared.v1;
option go_package = "example.com/gen/shared/v1;sharedv1";
message Money { int64 cents = 1; }
`}
	for file := range 200 {
		var text strings.Builder
		fmt.Fprintf(&text, `syntax = "proto3";
package p%d.v1;
import "esgen/v1/options.proto";
import "shared/v1/money.proto";
option go_package = "example.com/gen/p%d/v1;p%dv1";
message State { option (esgen.v1.aggregate) = {}; }
message Party { string name = 1; Kind kind = 2; repeated Party others = 3; }
enum Kind { KIND_UNSPECIFIED = 0; KIND_A = 1; }
`, file, file, file)
		for event := range 20 {
			fmt.Fprintf(&text, `message Event%d {
  option (esgen.v1.event) = { retired: true };
  string a = 1; int64 b = 2; optional bool c = 3; Party d = 4; shared.v1.Money e = 5; map<string, Inner> f = 6;
  message Inner { repeated int32 days = 1; }
}
`, event)
		}
		texts[fmt.Sprintf("p%d/v1/p.proto", file)] = text.String()
	}
	l := files(b, texts)
	b.ReportAllocs()
	for b.Loop() {
		if schemas, findings := schema.Build(l.set, l.model, schema.Options{}); len(schemas) != 4001 || len(findings) > 0 {
			b.Fatal(len(schemas), findings)
		}
	}
}
