package web

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es"
)

// State is an aggregate at a version.
type State struct {
	Version uint64          `json:"version"`
	Time    time.Time       `json:"time"` // of the event that made the version
	State   json.RawMessage `json:"state"`
}

// States serves the states of an aggregate type, as they are now.
func States[S proto.Message](load func(context.Context, string, ...es.LoadOption) (es.Revision[S], error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), patience)
		defer cancel()
		rev, err := load(ctx, r.PathValue("id"), es.Fresh())
		if err != nil {
			fail(w, r, err, nil)
			return
		}
		state, err := protojson.Marshal(rev.State)
		if err != nil {
			fail(w, r, err, nil)
			return
		}
		respond(w, State{Version: rev.Version, Time: rev.Time, State: state})
	})
}

func respond(w http.ResponseWriter, answer any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(answer) // a client that is gone will ask again
}
