package model

import (
	"strings"
	"testing"
)

// The names that the generators of gRPC and its gateway make for a service end
// in words in which no emitted name ends, whatever it is called. So the two
// can stand in one package without a check.
func TestEmitted_neverEndsLikeAService(t *testing.T) {
	t.Parallel()
	theirs := []string{
		"Client", "Server", "_ServiceDesc", "_FullMethodName",
		"Handler", "HandlerFromEndpoint", "HandlerServer", "HandlerClient",
	}
	for _, goName := range []string{"Account", "Client", "Server", "Handler", "HTTPServer", "X_ServiceDesc", "RegisterServer"} {
		a := &Aggregate{Message: Message{GoName: goName}, Names: NewNames(goName)}
		a.Commands = []*Command{{Message: Message{GoName: goName}, Outcome: OutcomeName(goName)}}
		for _, n := range emitted(a) {
			for _, suffix := range theirs {
				if strings.HasSuffix(n.ident, suffix) {
					t.Errorf("%s ends in %s", n.ident, suffix)
				}
			}
		}
	}
}
