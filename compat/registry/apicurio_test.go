package registry_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
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

// What is Apicurio is asked at the address beside this one, and only there.
func TestServer_apicurio(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ path, about, product string }{
		"2.6":       {"/apis/ccompat/v7", `{"name":"apicurio-registry","version":"2.6.13.Final"}`, "Apicurio Registry"},
		"3.3":       {"/registry/apis/ccompat/v8/", `{"name":"Apicurio Registry (SQL)","version":"3.3.3"}`, "Apicurio Registry"},
		"a gateway": {"/apis/ccompat/v7", `{"name":"gateway","version":"1"}`, ""},
		"no answer": {"/apis/ccompat/v7", "<html>", ""},
		"elsewhere": {"/registry", `{"name":"apicurio-registry","version":"2.6.13.Final"}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := start(t, registrytest.Options{Version: "-", Level: confluent.Backward})
			seed(t, server, opened("string owner = 1"))
			mux := http.NewServeMux()
			own := strings.TrimSuffix(test.path, "/")
			mux.Handle(own+"/", http.StripPrefix(own, server.Handler()))
			mux.HandleFunc("GET "+own[:max(0, strings.Index(own, "/apis"))]+"/apis/registry/v2/system/info", func(w http.ResponseWriter, r *http.Request) {
				if r.Header.Get("Accept") != "application/json" {
					w.WriteHeader(http.StatusNotAcceptable)
				}
				w.Write([]byte(test.about))
			})
			listener := httptest.NewServer(mux)
			t.Cleanup(listener.Close)
			p, findings := plan(t, open(t, listener.URL+test.path), registry.Request{Schemas: []schema.Schema{opened("string owner = 1", "int64 x = 2")}})
			if p.Server.Product != test.product || (p.Server.Version != "") != (test.product != "") {
				t.Errorf("got %+v", p.Server)
			}
			if want := test.product != ""; slices.Contains(rules(findings), "REGISTRY_OTHER_RULES") != want {
				t.Errorf("got %+v", findings)
			}
		})
	}
}

// Apicurio 3 does not find what a schema refers to when it is asked, and
// registers the schema: the second opinion counts in between.
func TestPlan_unresolved(t *testing.T) {
	t.Parallel()
	server := start(t, registrytest.Options{Version: "-"})
	register(t, open(t, server.URL()), deposited(), money("int64 units = 1"))
	mux := http.NewServeMux()
	mux.Handle("/apis/ccompat/v7/", http.StripPrefix("/apis/ccompat/v7", server.Handler()))
	mux.HandleFunc("/apis/ccompat/v7/compatibility/", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusUnprocessableEntity)
		w.Write([]byte(`{"error_code":42201,"message":"Invalid schema"}`))
	})
	about := `{"name":"Apicurio Registry (SQL)","version":"3.3.3"}`
	mux.HandleFunc("/apis/registry/v2/system/info", func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte(about)) })
	listener := httptest.NewServer(mux)
	t.Cleanup(listener.Close)
	client := open(t, listener.URL+"/apis/ccompat/v7")
	for name, test := range map[string]struct {
		update schema.Schema
		want   registry.Action
	}{
		"fine":          {deposited("string note = 2"), registry.Update},
		"refused here":  {deposited("string note = 2", "Missing m = 3"), registry.Refused},
		"no references": {money("int64 units = 1", "int32 nanos = 2"), registry.Refused},
	} {
		p, findings := plan(t, client, registry.Request{Schemas: []schema.Schema{test.update}, Local: offline})
		if step := p.Steps[0]; step.Action != test.want || step.Server != nil {
			t.Errorf("%s: got %+v, %+v", name, step, findings)
		}
	}
}

// Apicurio 2 does not take the level NONE for a subject that is not there.
func TestApply_levelOfNewSubject(t *testing.T) {
	t.Parallel()
	server := start(t, registrytest.Options{Level: confluent.Full})
	proxy := before(t, server, func(_ int64, w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodPut || len(server.Writes()) > 0 {
			return false
		}
		w.WriteHeader(http.StatusNotFound)
		w.Write([]byte(`{"error_code":40401,"message":"No artifact"}`))
		return true
	})
	client := open(t, proxy.URL)
	wanted := registry.Request{Schemas: []schema.Schema{opened("string owner = 1")}, Level: confluent.None, SetLevel: true}
	p, _ := plan(t, client, wanted)
	if _, err := client.Apply(t.Context(), p, nil); err != nil {
		t.Fatal(err)
	}
	wantLines(t, written(server), "register bank.account-bank.v1.AccountOpened 1", "level bank.account-bank.v1.AccountOpened NONE")
}
