package registrytest_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/sr"
	"go.uber.org/goleak"

	"github.com/esgen-dev/esgen/compat/confluent"
	"github.com/esgen-dev/esgen/compat/registry/registrytest"
	"github.com/esgen-dev/esgen/generator/schema"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	head   = "syntax = \"proto3\";\npackage a;\n\n"
	first  = head + "message M {\n  int32 a = 1;\n}\n"
	second = head + "message M {\n}\n"
	third  = head + "message M {\n  string a = 1;\n}\n"
)

// ask sends a request to a registry and returns status and body.
func ask(t *testing.T, server *registrytest.Server, method, path, body string) (int, string) {
	t.Helper()
	recorder := httptest.NewRecorder()
	req := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	server.Handler().ServeHTTP(recorder, req)
	return recorder.Code, strings.TrimSpace(recorder.Body.String())
}

func body(t *testing.T, text string, references ...sr.SchemaReference) string {
	t.Helper()
	encoded, err := json.Marshal(sr.Schema{Schema: text, Type: sr.TypeProtobuf, References: references})
	if err != nil {
		t.Fatal(err)
	}
	return string(encoded)
}

// want fails the test unless an answer has a status and holds some texts.
func want(t *testing.T, server *registrytest.Server, method, path, sent string, status int, parts ...string) {
	t.Helper()
	code, answer := ask(t, server, method, path, sent)
	if code != status {
		t.Errorf("%s %s: got %d, want %d: %s", method, path, code, status, answer)
	}
	for _, part := range parts {
		if !strings.Contains(answer, part) {
			t.Errorf("%s %s: %s does not hold %s", method, path, answer, part)
		}
	}
}

func local(options registrytest.Options) *registrytest.Server {
	options.NoListener = true
	return registrytest.New(options)
}

func TestLevels(t *testing.T) {
	t.Parallel()
	for level, status := range map[confluent.Level]int{
		confluent.None: 200, confluent.Backward: 200, confluent.BackwardTransitive: 409, confluent.Forward: 200,
		confluent.ForwardTransitive: 409, confluent.Full: 200, confluent.FullTransitive: 409,
	} {
		server := local(registrytest.Options{})
		server.SetLevel("s", level)
		want(t, server, "POST", "/subjects/s/versions", body(t, first), 200, `"version":1`, `"guid":"`)
		want(t, server, "POST", "/subjects/s/versions", body(t, second), 200, `"version":2`)
		want(t, server, "POST", "/compatibility/subjects/s/versions", body(t, third), 200, map[int]string{200: "true", 409: "false"}[status])
		want(t, server, "POST", "/compatibility/subjects/s/versions/latest", body(t, third), 200, "true")
		want(t, server, "POST", "/subjects/s/versions", body(t, third), status)
	}
}

func TestRefusal(t *testing.T) {
	t.Parallel()
	for old, code := range map[bool]string{false: `"error_code":40901`, true: `"error_code":409,`} {
		server := local(registrytest.Options{OldCodes: old})
		status, answer := ask(t, server, "POST", "/subjects/s/versions", body(t, first))
		if status != 200 || strings.Contains(answer, "version") == old {
			t.Errorf("got %d, %s", status, answer)
		}
		want(t, server, "POST", "/subjects/s/versions", body(t, third), 409, code, "FIELD_SCALAR_KIND_CHANGED")
		if len(server.Writes()) != 1 {
			t.Errorf("wrote %v", server.Writes())
		}
	}
	server := local(registrytest.Options{})
	want(t, server, "POST", "/subjects/s/versions", body(t, first), 200)
	want(t, server, "POST", "/compatibility/subjects/s/versions?verbose=true", body(t, third), 200, `"is_compatible":false`,
		`{errorType:\"FIELD_SCALAR_KIND_CHANGED\", description:\"`, "{oldSchemaVersion: 1}", "{oldSchema: 'syntax", "compatibility: 'BACKWARD'}")
	if _, answer := ask(t, server, "POST", "/compatibility/subjects/s/versions", body(t, third)); answer != `{"is_compatible":false}` {
		t.Errorf("a short answer is %s", answer)
	}
}

// Text that is there already is never compared, whatever came behind it.
func TestIdempotent(t *testing.T) {
	t.Parallel()
	server := local(registrytest.Options{})
	server.SetLevel("", confluent.None)
	for _, text := range []string{first, third} {
		want(t, server, "POST", "/subjects/s/versions", body(t, text), 200)
	}
	server.SetLevel("", confluent.FullTransitive)
	want(t, server, "POST", "/subjects/s/versions", body(t, "// the same\n"+first), 200, `"version":1`, `"id":1`)
	want(t, server, "POST", "/subjects/s", body(t, "// the same\n"+first), 200, `"version":1`)
	want(t, server, "POST", "/subjects/s", body(t, second), 404, "40403")
	want(t, server, "POST", "/subjects/none", body(t, first), 404, "40401")
	if len(server.Writes()) != 2 {
		t.Errorf("wrote %v", server.Writes())
	}
}

func TestInvalid(t *testing.T) {
	t.Parallel()
	server := local(registrytest.Options{})
	const unknown = head + "message M {\n  Nowhere a = 1;\n}\n"
	want(t, server, "POST", "/subjects/s/versions", body(t, unknown), 422, "42201", "Nowhere")
	want(t, server, "POST", "/compatibility/subjects/s/versions", body(t, unknown), 422, "42201")
	want(t, server, "POST", "/compatibility/subjects/s/versions?verbose=true", body(t, unknown), 200, `"is_compatible":false`, "Nowhere")
	want(t, server, "POST", "/subjects/s/versions", `{"schema":"\"string\""}`, 422, "42201", "AVRO")
	want(t, server, "POST", "/subjects/s/versions", `{`, 422, "42201")
	want(t, server, "POST", "/subjects/s/versions", body(t, first, sr.SchemaReference{Name: "x.proto", Subject: "x", Version: 1}),
		422, "42201", `No schema reference found for subject \"x\" and version 1`)
	want(t, server, "PUT", "/config/s", `{"compatibility":"SOME"}`, 422, "42203")
	want(t, server, "PUT", "/mode/s", `{"mode":"SOME"}`, 422, "42204")
	if len(server.Writes()) != 0 {
		t.Errorf("wrote %v", server.Writes())
	}
}

// Where the server's version says so, oneofs are compared by the older rules.
func TestProfile(t *testing.T) {
	t.Parallel()
	const member = head + "message M {\n  oneof o {\n    int32 a = 1;\n    int32 b = 2;\n  }\n}\n"
	const moved = head + "message M {\n  int32 b = 2;\n\n  oneof o {\n    int32 a = 1;\n  }\n}\n"
	for version, status := range map[string]int{"8.3.1": 409, "8.3.2": 200} {
		server := local(registrytest.Options{Version: version})
		want(t, server, "GET", "/v1/metadata/version", "", 200, `"`+version+`"`)
		want(t, server, "POST", "/subjects/s/versions", body(t, member), 200)
		want(t, server, "POST", "/subjects/s/versions", body(t, moved), status)
	}
	want(t, local(registrytest.Options{Version: "-"}), "GET", "/v1/metadata/version", "", 404)
}

func TestReferences(t *testing.T) {
	t.Parallel()
	server := local(registrytest.Options{})
	const user = "syntax = \"proto3\";\npackage b;\n\nimport \"m.proto\";\n\nmessage U {\n  .a.M m = 1;\n}\n"
	want(t, server, "POST", "/subjects/u/versions", body(t, user), 422, "42201")
	want(t, server, "POST", "/subjects/m.proto/versions", body(t, first), 200)
	want(t, server, "POST", "/subjects/u/versions", body(t, user, sr.SchemaReference{Name: "m.proto", Subject: "m.proto", Version: -1}), 200)
	want(t, server, "GET", "/subjects/u/versions/latest", "", 200, `"version":1`, `"name":"m.proto","subject":"m.proto","version":1`)
	// The import changes under the same text: the message that is used is compared.
	server.SetLevel("m.proto", confluent.None)
	want(t, server, "POST", "/subjects/m.proto/versions", body(t, third), 200)
	want(t, server, "POST", "/subjects/u/versions", body(t, user, sr.SchemaReference{Name: "m.proto", Subject: "m.proto", Version: 2}), 409, "FIELD_NAMED_TYPE_CHANGED")
	want(t, server, "DELETE", "/subjects/m.proto/versions/1", "", 409)
}

func TestGUID(t *testing.T) {
	t.Parallel()
	server := local(registrytest.Options{})
	want(t, server, "POST", "/subjects/s/versions", body(t, first), 200)
	guid := confluent.GUID(first, nil)
	want(t, server, "GET", "/subjects/s/versions/1", "", 200, guid)
	want(t, server, "GET", "/schemas/guids/"+guid, "", 200, guid, "message M")
	want(t, server, "GET", "/schemas/guids/"+guid+"/ids", "", 200, `"id":1`)
	want(t, server, "GET", "/schemas/ids/1", "", 200, "message M")
	want(t, server, "GET", "/schemas/types", "", 200, `["JSON","PROTOBUF"]`)
	want(t, server, "GET", "/schemas/guids/none", "", 404)
}

// A subject that was deleted comes back with the next version, and what was
// deleted is not compared with.
func TestDelete(t *testing.T) {
	t.Parallel()
	server := local(registrytest.Options{})
	want(t, server, "POST", "/subjects/s/versions", body(t, first), 200)
	want(t, server, "POST", "/subjects/s/versions", body(t, second), 200)
	want(t, server, "DELETE", "/subjects/s/versions/2", "", 200, "2")
	want(t, server, "GET", "/subjects/s/versions", "", 200, "[1]")
	want(t, server, "DELETE", "/subjects/s", "", 200, "[1]")
	want(t, server, "GET", "/subjects", "", 200, "[]")
	want(t, server, "GET", "/subjects?deleted=true", "", 200, `["s"]`)
	want(t, server, "GET", "/subjects/s/versions", "", 404, "40401")
	want(t, server, "GET", "/subjects/s/versions/latest", "", 404, "40401")
	want(t, server, "GET", "/subjects/s/versions?deleted=true", "", 200, "[1,2]")
	want(t, server, "POST", "/subjects/s/versions", body(t, third), 200, `"version":3`)
	var kinds []string
	for _, w := range server.Writes() {
		kinds = append(kinds, w.Kind)
	}
	if diff := cmp.Diff([]string{"register", "register", "delete", "delete", "register"}, kinds); diff != "" {
		t.Error(diff)
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	server := local(registrytest.Options{Level: confluent.Full})
	want(t, server, "GET", "/config", "", 200, `"FULL"`)
	want(t, server, "GET", "/config/s", "", 404, "40408")
	want(t, server, "GET", "/config/s?defaultToGlobal=true", "", 200, `"FULL"`)
	want(t, server, "PUT", "/config/s", `{"compatibility":"NONE","normalize":true}`, 200, `"NONE"`)
	want(t, server, "GET", "/config/s", "", 200, `"compatibilityLevel":"NONE"`, `"normalize":true`)
	want(t, server, "DELETE", "/config/s", "", 200)
	if server.Level("s") != confluent.Full {
		t.Errorf("the level is %s", server.Level("s"))
	}
	want(t, server, "GET", "/mode/s", "", 404, "40409")
	want(t, server, "GET", "/mode/s?defaultToGlobal=true", "", 200, "READWRITE")
	want(t, server, "PUT", "/mode/s", `{"mode":"READONLY"}`, 200)
	want(t, server, "POST", "/subjects/s/versions", body(t, first), 422, "42205")
	want(t, server, "POST", "/subjects/other/versions", body(t, first), 200)
	server.SetAlias("alias", "other")
	want(t, server, "GET", "/subjects/alias/versions", "", 200, "[1]")
}

func TestJSONSchema(t *testing.T) {
	t.Parallel()
	server := local(registrytest.Options{Types: []schema.Type{schema.JSON}})
	send := func(text string) string {
		encoded, err := json.Marshal(sr.Schema{Schema: text, Type: sr.TypeJSON})
		if err != nil {
			t.Fatal(err)
		}
		return string(encoded)
	}
	want(t, server, "POST", "/subjects/s/versions", send(`{"type":"object","additionalProperties":false,"properties":{"a":{"type":"integer"}}}`), 200)
	want(t, server, "POST", "/subjects/s/versions", send(`{"type":"object","additionalProperties":false,"properties":{"a":{"type":"string"}}}`), 409, "TYPE_CHANGED")
	want(t, server, "POST", "/subjects/s/versions", send(`{"type":`), 422, "42201")
	want(t, server, "GET", "/schemas/types", "", 200, `["JSON"]`)
}

func TestIntercept(t *testing.T) {
	t.Parallel()
	server := registrytest.New(registrytest.Options{Token: "secret"})
	defer server.Close()
	server.Intercept(func(w http.ResponseWriter, r *http.Request) bool {
		w.WriteHeader(http.StatusTeapot)
		return r.URL.Path == "/subjects"
	})
	get := func(path string) int {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL()+path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		transport := &http.Transport{DisableKeepAlives: true}
		resp, err := transport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		io.Copy(io.Discard, resp.Body)
		return resp.StatusCode
	}
	if got := get("/subjects"); got != http.StatusTeapot {
		t.Errorf("got %d", got)
	}
	server.ClearInterceptors()
	if got := get("/subjects"); got != http.StatusUnauthorized {
		t.Errorf("got %d", got)
	}
	if all := server.Requests(); len(all) != 2 || all[1].Status != http.StatusUnauthorized || all[0].Path != "/subjects" {
		t.Errorf("got %+v", all)
	}
}
