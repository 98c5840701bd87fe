package forward

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/esgen-dev/esgen/es"
	pb "github.com/esgen-dev/esgen/es/kafka/forward/internal/esgen/forward/v1"
	"github.com/esgen-dev/esgen/es/kafka/forward/internal/wire"
)

// Engine is what a handler needs of a [*kafka.Engine].
type Engine interface {
	// Local returns the aggregate type of a name, and a store that never
	// forwards. It reports false when the type is not bound.
	Local(aggregate string) (es.Aggregate, es.Store, bool)
}

// Handler is the [http.Handler] that takes what a [Client] sends. Make one with
// [NewHandler]. Safe for concurrent use.
//
// It answers 200 with whatever the engine returned. Any other status is a
// refusal: the engine was not called.
type Handler struct {
	config

	engine Engine
}

// NewHandler returns a handler for the aggregate types that are bound to an
// engine. It serves one URL, whatever its path. It fails when an option makes no
// sense, and when none says who may call.
func NewHandler(engine Engine, opts ...HandlerOption) (*Handler, error) {
	h := &Handler{config: defaults(), engine: engine}
	for _, opt := range opts {
		opt.applyHandler(&h.config)
	}
	if err := errors.Join(h.check(), h.checkHandler()); err != nil {
		return nil, err
	}
	return h, nil
}

// ServeHTTP implements [http.Handler].
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set(versionHeader, version)
	answer, err := h.serve(w, r)
	if err != nil {
		h.fail(w, err)
		return
	}
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Length", strconv.Itoa(len(answer)))
	_, _ = w.Write(answer) //nolint:gosec // no page, and who does not get it asks again
}

// serve returns the answer to a call. It fails with a [*refusal] when the
// engine was not called.
func (h *Handler) serve(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if err := h.admit(r); err != nil {
		return nil, err
	}
	ctx, cancel, err := h.deadline(r)
	if err != nil {
		return nil, err
	}
	defer cancel()
	data, err := h.read(ctx, w, r)
	if err != nil {
		return nil, err
	}
	request, err := wire.DecodeRequest(data)
	if err != nil {
		return nil, refuse(http.StatusBadRequest, err.Error())
	}
	if e := request.GetExecute(); e != nil {
		return h.execute(ctx, e)
	}
	return h.load(ctx, request.GetLoad())
}

// admit looks at the headers of a request.
func (h *Handler) admit(r *http.Request) error {
	if err := h.authorize(r); err != nil {
		return err
	}
	if r.Method != http.MethodPost {
		return refuse(http.StatusMethodNotAllowed, "commands are forwarded by POST, not by "+r.Method)
	}
	if v := r.Header.Get(versionHeader); v != version {
		return refuse(http.StatusUnsupportedMediaType, fmt.Sprintf("the caller speaks version %q of %s, and version %q is spoken here: "+
			"bring both processes to the same version of esgen", v, versionHeader, version))
	}
	return nil
}

// deadline returns a context that ends when the caller does not wait any longer.
func (h *Handler) deadline(r *http.Request) (context.Context, context.CancelFunc, error) {
	timeout := h.timeout
	if text := r.Header.Get(timeoutHeader); text != "" {
		d, err := time.ParseDuration(text)
		if err != nil {
			return nil, nil, refuse(http.StatusBadRequest, fmt.Sprintf("%s: %v", timeoutHeader, err))
		}
		timeout = min(timeout, d)
	}
	ctx, cancel := context.WithTimeout(r.Context(), timeout)
	return ctx, cancel, nil
}

// read returns the whole body of a request. Nothing is done before that: a
// client that kept the end back knows that its command was not executed.
func (h *Handler) read(ctx context.Context, w http.ResponseWriter, r *http.Request) ([]byte, error) {
	longAgo := time.Unix(1, 0)
	stop := context.AfterFunc(ctx, func() {
		_ = http.NewResponseController(w).SetReadDeadline(longAgo) // where it is not supported, the server has its own
	})
	defer stop()
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, h.maxRequest))
	if _, tooLong := errors.AsType[*http.MaxBytesError](err); tooLong {
		return nil, refuse(http.StatusRequestEntityTooLarge, fmt.Sprintf("the request has more than %d bytes: see MaxRequest", h.maxRequest))
	}
	if err != nil {
		return nil, refuse(http.StatusBadRequest, "the request was cut: "+err.Error())
	}
	return data, nil
}

func (h *Handler) execute(ctx context.Context, e *pb.Execute) ([]byte, error) {
	a, store, err := h.local(e.GetAggregate())
	if err != nil {
		return nil, err
	}
	command, options, err := wire.Command(a, e)
	if err != nil {
		return nil, refuse(http.StatusBadRequest, err.Error())
	}
	receipt, events, err := store.Execute(ctx, command, options)
	if err != nil {
		return wire.EncodeFailure(err, h.domain)
	}
	return wire.EncodeExecuted(a, receipt, events)
}

func (h *Handler) load(ctx context.Context, l *pb.Load) ([]byte, error) {
	a, store, err := h.local(l.GetAggregate())
	if err != nil {
		return nil, err
	}
	id, options, err := wire.Read(a.Spec(), l)
	if err != nil {
		return nil, refuse(http.StatusBadRequest, err.Error())
	}
	revision, err := store.Load(ctx, id, options)
	if err != nil {
		return wire.EncodeFailure(err, h.domain)
	}
	return wire.EncodeLoaded(revision)
}

func (h *Handler) local(aggregate string) (es.Aggregate, es.Store, error) {
	a, store, ok := h.engine.Local(aggregate)
	if !ok {
		return nil, nil, refuse(http.StatusNotFound, fmt.Sprintf("the aggregate type %q is not bound at this process", aggregate))
	}
	return a, store, nil
}

// refusal is why the engine was not called.
type refusal struct {
	status int
	text   string
}

func refuse(status int, text string) error { return &refusal{status: status, text: text} }

func (r *refusal) Error() string { return r.text }

// fail answers with an error. One that is no refusal happened after the engine
// was called: the answer could not be encoded.
func (*Handler) fail(w http.ResponseWriter, err error) {
	status := http.StatusInternalServerError
	if r, ok := errors.AsType[*refusal](err); ok {
		status = r.status
	}
	if status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", "Bearer")
	}
	http.Error(w, err.Error(), status)
}
