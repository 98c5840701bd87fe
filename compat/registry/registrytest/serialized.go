package registrytest

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/bufbuild/protocompile/parser"
	"github.com/bufbuild/protocompile/reporter"
	"github.com/twmb/franz-go/pkg/sr"
	"google.golang.org/protobuf/proto"
)

// serialized is the format in which clients without a parser for Protobuf text,
// such as those of Python, ask for a schema: a FileDescriptorProto in base64.
const serialized = "serialized"

// getSchema answers with the schema of an id, in the format that is asked for.
func (s *Server) getSchema(w http.ResponseWriter, r *http.Request) {
	var raw json.RawMessage
	status := s.store(r, http.MethodGet, r.URL.RequestURI(), &raw)
	answerIn(w, r, status, raw)
}

// answerIn answers with a schema of the store, in the format that is asked for.
// Only Protobuf has more than one.
func answerIn(w http.ResponseWriter, r *http.Request, status int, raw json.RawMessage) {
	var stored version
	if status != http.StatusOK || r.URL.Query().Get("format") != serialized ||
		json.Unmarshal(raw, &stored) != nil || stored.Type != sr.TypeProtobuf.String() {
		respond(w, status, raw)
		return
	}
	encoded, err := serialize(stored.Schema)
	if err != nil {
		refuse(w, http.StatusInternalServerError, 500, err.Error())
		return
	}
	stored.Schema = encoded
	respond(w, status, stored)
}

// serialize returns Protobuf text as a descriptor in base64. Names stay as they
// are written, absolute; which kind of type each is, whoever links it finds out.
func serialize(text string) (string, error) {
	handler := reporter.NewHandler(nil)
	tree, err := parser.Parse("default", strings.NewReader(text), handler)
	if err != nil {
		return "", fmt.Errorf("a stored schema does not parse: %w", err)
	}
	result, err := parser.ResultFromAST(tree, false, handler)
	if err != nil {
		return "", fmt.Errorf("a stored schema does not parse: %w", err)
	}
	data, err := proto.MarshalOptions{Deterministic: true}.Marshal(result.FileDescriptorProto())
	if err != nil {
		return "", fmt.Errorf("encode a stored schema: %w", err)
	}
	return base64.StdEncoding.EncodeToString(data), nil
}
