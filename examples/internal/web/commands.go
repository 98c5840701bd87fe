// Package web puts aggregates on HTTP: commands go in as JSON, receipts come
// out. It knows no aggregate, so that the examples can share it.
//
//	mux.Handle("POST /accounts/{command}", web.Commands(accounts.Execute))
//	mux.Handle("GET /accounts/{id}", web.States(accounts.Load))
//
// A command is posted under the full name of its message, with its id in a
// header:
//
//	curl -L localhost:8001/accounts/bank.v1.Deposit -H 'Command-Id: 7f3a' -d '{"accountId": "a", "amountCents": 500}'
//
// The process that gets it may not be the one that decides it: then it answers
// with a redirect, which every HTTP client follows. What may work later is
// answered with a status from 500 on. Both are safe to follow, because a command
// is executed once, however often it comes under its id. [Client] does that.
package web

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	"github.com/esgen-dev/esgen/es"
)

// The headers with what a command carries beside its message.
const (
	headerCommand     = "Command-Id"
	headerCorrelation = "Correlation-Id"
	headerActor       = "Actor"
)

const (
	patience = 10 * time.Second // of a request
	maxBody  = 1 << 20
)

// Outcome is the answer to a command that succeeded.
type Outcome struct {
	Receipt

	Events []string `json:"events"` // their names; none for a duplicate
}

// Receipt is an [es.Receipt] in JSON.
type Receipt struct {
	AggregateID string      `json:"aggregateId"`
	CommandID   string      `json:"commandId"`
	First       uint64      `json:"first"`
	Version     uint64      `json:"version"`
	Position    es.Position `json:"position"`
	Time        time.Time   `json:"time"`
	Duplicate   bool        `json:"duplicate"`
}

// Commands serves the commands C of an aggregate type. The errors are those that
// its behaviour refuses a command with.
func Commands[C, E proto.Message](
	execute func(context.Context, C, ...es.CommandOption) (es.Result[E], error), refusals ...error,
) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), patience)
		defer cancel()
		c, err := parse[C](w, r)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		res, err := execute(ctx, c, es.CommandID(r.Header.Get(headerCommand)),
			es.CorrelationID(r.Header.Get(headerCorrelation)), es.Actor(r.Header.Get(headerActor)))
		if err != nil {
			fail(w, r, err, refusals)
			return
		}
		outcome := Outcome{Receipt: Receipt(res.Receipt), Events: []string{}}
		for _, e := range res.Events {
			outcome.Events = append(outcome.Events, string(e.ProtoReflect().Descriptor().FullName()))
		}
		respond(w, outcome)
	})
}

// parse reads a command. That C is the sealed interface of an aggregate's
// commands keeps everything else out.
func parse[C proto.Message](w http.ResponseWriter, r *http.Request) (C, error) {
	var none C
	name := protoreflect.FullName(r.PathValue("command"))
	typ, err := protoregistry.GlobalTypes.FindMessageByName(name)
	if err != nil {
		return none, fmt.Errorf("there is no command %q", name)
	}
	c, ok := typ.New().Interface().(C)
	if !ok {
		return none, fmt.Errorf("%s is no command that is taken here", name)
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		return none, err
	}
	return c, protojson.Unmarshal(body, c)
}
