package registry_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/esgen-dev/esgen/compat/confluent"
	"github.com/esgen-dev/esgen/compat/registry"
	"github.com/esgen-dev/esgen/compat/registry/registrytest"
	"github.com/esgen-dev/esgen/generator/schema"
)

// Apicurio compares with all versions whatever the level is, and gives one
// reason or none; it registers by the level.
func TestPlan_apicurio(t *testing.T) {
	t.Parallel()
	for level, want := range map[confluent.Level]registry.Action{
		confluent.None: registry.Update, confluent.Backward: registry.Update, confluent.BackwardTransitive: registry.Refused,
	} {
		for answer, says := range map[string]string{
			`{"is_compatible":false,"reason":"Incompatible artifact"}`: "Incompatible artifact\n",
			`{"is_compatible":false}`:                                  "the registry does not say why\n",
		} {
			server := start(t, registrytest.Options{Level: level})
			seed(t, server, opened("string owner = 1", "int32 limit = 2"), opened("string owner = 1"))
			proxy := before(t, server, func(_ int64, w http.ResponseWriter, r *http.Request) bool {
				if !strings.HasPrefix(r.URL.Path, "/compatibility/") || !strings.HasSuffix(r.URL.Path, "/versions") {
					return false
				}
				w.Write([]byte(answer))
				return true
			})
			p, findings := plan(t, open(t, proxy.URL), registry.Request{Schemas: []schema.Schema{opened("string owner = 1", "string limit = 2")}})
			if p.Steps[0].Action != want {
				t.Errorf("%s: got %+v, %+v", level, p.Steps[0], findings)
			}
			if want == registry.Refused && !strings.HasPrefix(find(t, findings, "REGISTRY_REFUSED").Help, says) {
				t.Errorf("got %+v", findings)
			}
		}
	}
}
