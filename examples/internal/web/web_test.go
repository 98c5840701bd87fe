package web_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"go.uber.org/goleak"
	"google.golang.org/protobuf/encoding/protojson"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/kafka"
	"github.com/esgen-dev/esgen/es/memory"
	"github.com/esgen-dev/esgen/examples/bank/accounts"
	bankv1 "github.com/esgen-dev/esgen/examples/bank/gen/bank/v1"
	"github.com/esgen-dev/esgen/examples/internal/web"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// bank is a service in memory that has other answers as long as there are some.
type bank struct {
	*httptest.Server

	answers []error
	asked   atomic.Int32
}

func newBank(t *testing.T, answers ...error) *bank {
	t.Helper()
	b := &bank{answers: answers}
	account := bankv1.NewAccountAggregate(memory.New(), accounts.Account{})
	execute := func(ctx context.Context, c bankv1.AccountCommand, opts ...es.CommandOption) (es.Result[bankv1.AccountEvent], error) {
		if n := int(b.asked.Add(1)); n <= len(b.answers) {
			return es.Result[bankv1.AccountEvent]{}, b.answers[n-1]
		}
		return account.Execute(ctx, c, opts...)
	}
	mux := http.NewServeMux()
	mux.Handle("POST /accounts/{command}", web.Commands(execute, accounts.ErrMoneyLeft))
	mux.Handle("GET /accounts/{id}", web.States(account.Load))
	b.Server = httptest.NewServer(mux)
	t.Cleanup(b.Close)
	return b
}

func (b *bank) address() string { return strings.TrimPrefix(b.URL, "http://") }

func TestCommands(t *testing.T) {
	t.Parallel()
	b := newBank(t)
	for _, c := range []struct {
		command, body string
		status        int
		says          string
	}{
		{"bank.v1.Deposit", `{"accountId": "a"}`, 404, "aggregate not found"},
		{"bank.v1.OpenAccount", `{"accountId": "a"}`, 200, `"version":1,"position":{`},
		{"bank.v1.OpenAccount", `{"accountId": "a"}`, 409, "aggregate exists"},
		{"bank.v1.Deposit", `{"accountId": "a", "amountCents": "5"}`, 200, `"events":["bank.v1.DepositedV2"]`},
		{"bank.v1.CloseAccount", `{"accountId": "a"}`, 422, "the balance is not zero"},
		{"bank.v1.FreezeAccount", `{"accountId": "a"}`, 200, ""},
		{"bank.v1.Withdraw", `{"accountId": "a", "amountCents": "5"}`, 422, "[ACCOUNT_FROZEN]"},
		{"bank.v1.Withdraw", `{}`, 400, "aggregate id is empty"},
		{"bank.v1.Withdraw", `{"amount": 5}`, 400, "amount"},
		{"bank.v1.Account", `{}`, 400, "bank.v1.Account is no command"},
		{"bank.v1.Rob", `{}`, 400, `no command "bank.v1.Rob"`},
	} {
		resp, err := http.Post(b.URL+"/accounts/"+c.command, "", strings.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if resp.StatusCode != c.status || !strings.Contains(string(body), c.says) {
			t.Errorf("%s %s: %d %s, want %d with %s", c.command, c.body, resp.StatusCode, body, c.status, c.says)
		}
	}
}

// TestClient goes on under the same command id until it knows the outcome, and
// goes where the owner is.
func TestClient(t *testing.T) {
	t.Parallel()
	owner := newBank(t, es.ErrOutcomeUnknown, kafka.ErrOverloaded, &kafka.NotOwnerError{})
	elsewhere := &kafka.NotOwnerError{Address: owner.address()}
	other := newBank(t, elsewhere, elsewhere, elsewhere, elsewhere)
	gone := httptest.NewServer(nil)
	gone.Close()
	client := web.NewClient(strings.TrimPrefix(gone.URL, "http://"), other.address())
	open := &bankv1.OpenAccount{AccountId: "a", Owner: "Ada"}
	first, err := client.Execute(t.Context(), "accounts", open, es.CommandID("open"))
	if err != nil || first.Version != 1 || first.CommandID != "open" || first.Duplicate {
		t.Fatalf("got %+v, %v", first, err)
	}
	if n := owner.asked.Load(); n != 4 {
		t.Errorf("the owner was asked %d times, want 4", n)
	}
	client = web.NewClient(owner.address())
	again, err := client.Execute(t.Context(), "accounts", open, es.CommandID("open"))
	if err != nil || !again.Duplicate || again.Version != first.Version || again.Position != first.Position || !again.Time.Equal(first.Time) {
		t.Errorf("again: %+v, %v, want a duplicate of %+v", again, err, first)
	}
	var refused *web.RefusedError
	if _, err := client.Execute(t.Context(), "accounts", open); !errors.As(err, &refused) || refused.Status != 409 {
		t.Errorf("another command: %v", err)
	}
}

func TestClient_loads(t *testing.T) {
	t.Parallel()
	client := web.NewClient(newBank(t).address())
	id := "a/b?c" // any text
	if _, err := client.Execute(t.Context(), "accounts", &bankv1.OpenAccount{AccountId: id, Owner: "Ada"}); err != nil {
		t.Fatal(err)
	}
	state, err := client.Load(t.Context(), "accounts", id)
	account := &bankv1.Account{}
	if err == nil {
		err = protojson.Unmarshal(state.State, account)
	}
	if err != nil || state.Version != 1 || account.GetOwner() != "Ada" {
		t.Errorf("got %+v, %v, %v", state, account, err)
	}
	var refused *web.RefusedError
	if _, err := client.Load(t.Context(), "accounts", "none"); !errors.As(err, &refused) || refused.Status != 404 {
		t.Errorf("an account that does not exist: %v", err)
	}
}

// TestClient_ends says what went wrong last when the context ends, even if it
// ends in the middle of a request.
func TestClient_ends(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var asked atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if asked.Add(1) == 1 {
			http.Error(w, "overloaded", http.StatusServiceUnavailable)
			return
		}
		cancel()
		_, _ = io.Copy(io.Discard, r.Body) // it sees the client go once the body is read
		<-r.Context().Done()
	}))
	defer server.Close()
	_, err := web.NewClient(strings.TrimPrefix(server.URL, "http://")).Execute(ctx, "accounts", &bankv1.OpenAccount{AccountId: "a"})
	if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "overloaded") {
		t.Errorf("got %v", err)
	}
}

// TestServe answers what has begun when it is told to end.
func TestServe(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	listener, err := web.Listen(ctx, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	begun := make(chan struct{})
	ended := make(chan error, 1)
	go func() {
		ended <- web.Serve(ctx, listener, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			close(begun)
			<-ctx.Done()
			_, _ = io.WriteString(w, "answered")
		}))
	}()
	go func() { <-begun; cancel() }()
	resp, err := http.Get("http://" + listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	if string(body) != "answered" || err != nil {
		t.Errorf("got %q, %v", body, err)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
