package forward_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/esgen-dev/esgen/es/kafka/forward"
)

const (
	older = "an-older-secret-of-this-service"
	newer = "a-newer-secret-of-this-service!"
)

// TestRotation goes through the deployments that change a secret. At each
// time, processes of two of them talk to each other.
func TestRotation(t *testing.T) {
	t.Parallel()
	steps := []forward.Option{
		forward.Secrets(older), forward.Secrets(older, newer), forward.Secrets(newer, older), forward.Secrets(newer),
	}
	for i := range steps {
		for j := range steps {
			h, _ := service(t, steps[i])
			_, err := execute(t.Context(), newClient(t, steps[j]), serve(t, h), post(1))
			switch distance := max(i-j, j-i); {
			case distance <= 1 && err != nil:
				t.Errorf("from step %d to step %d: %v", j, i, err)
			case distance == 3 && wantUndelivered(t, err).Status != http.StatusUnauthorized:
				t.Errorf("from step %d to step %d: %v", j, i, err)
			}
		}
	}
}

// TestSecretIsNotTold looks for a secret in what a program might log.
func TestSecretIsNotTold(t *testing.T) {
	t.Parallel()
	option := forward.Secrets(older, newer)
	c, h := newClient(t, option), newHandler(t, untouched{}, option) // not used: printing is no safe use of them
	_, refused := execute(t.Context(), newClient(t, option), serve(t, newHandler(t, untouched{})), post(1))
	wantUndelivered(t, refused)
	_, err := forward.NewClient(forward.Secrets("short-secret", older))
	if err == nil {
		t.Error("a short secret is good enough")
	}
	for _, v := range []any{option, c, h, *h, refused, err} {
		for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
			text := fmt.Sprintf(format, v)
			for _, secret := range []string{older, newer, "short-secret"} {
				if strings.Contains(text, secret) {
					t.Errorf("%T as %s: %s", v, format, text)
				}
			}
		}
	}
}

// TestOptions gives options that make no sense.
func TestOptions(t *testing.T) {
	t.Parallel()
	secrets := forward.Secrets(secret)
	for name, opts := range map[string][]forward.ClientOption{
		"no secret":               {forward.Secrets("")},
		"a secret with a newline": {forward.Secrets(secret + "\n")},
		"one of two is short":     {forward.Secrets(secret, "old")},
		"no time":                 {secrets, forward.Timeout(0)},
		"no request":              {secrets, forward.MaxRequest(0)},
		"no response":             {secrets, forward.MaxResponse(-1)},
		"no headers":              {secrets, forward.Headers(nil)},
		"an error without a code": {secrets, forward.DomainErrors(map[string]error{"": http.ErrNoCookie})},
		"a code without an error": {secrets, forward.DomainErrors(map[string]error{"A": nil})},
		"a code that is no text":  {secrets, forward.DomainErrors(map[string]error{"\xff": http.ErrNoCookie})},
	} {
		if _, err := forward.NewClient(opts...); err == nil {
			t.Errorf("%s: the client was made", name)
		}
	}
	for name, opts := range map[string][]forward.HandlerOption{
		"nothing":       {},
		"contradiction": {secrets, forward.InsecureAnyCaller()},
		"another one":   {forward.RequireClientCertificate(nil), forward.InsecureAnyCaller()},
		"no time":       {secrets, forward.Timeout(-1)},
		"no secret":     {forward.Secrets("")},
	} {
		if _, err := forward.NewHandler(untouched{}, opts...); err == nil {
			t.Errorf("%s: the handler was made", name)
		}
	}
}

// TestInsecure needs to be asked for, on both sides.
func TestInsecure(t *testing.T) {
	t.Parallel()
	h, err := forward.NewHandler(untouched{}, forward.InsecureAnyCaller())
	if err != nil {
		t.Fatal(err)
	}
	url := serve(t, h)
	for _, tc := range []struct {
		opts   []forward.ClientOption
		status int
	}{
		{nil, 0}, // not sent
		{[]forward.ClientOption{forward.InsecurePlainHTTP()}, http.StatusNotFound},
	} {
		c, err := forward.NewClient(tc.opts...)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(c.CloseIdleConnections)
		_, _, err = c.Execute(t.Context(), url, renamed{ledger()}, post(1), noOptions)
		if e := wantUndelivered(t, err); e.Status != tc.status {
			t.Errorf("%v, want the status %d", err, tc.status)
		}
	}
}
