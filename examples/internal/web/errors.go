package web

import (
	"errors"
	"net/http"
	"slices"

	"github.com/esgen-dev/esgen/es"
	"github.com/esgen-dev/esgen/es/kafka"
)

// fail answers with an error. Below 500 the command was refused, and will be
// refused again.
func fail(w http.ResponseWriter, r *http.Request, err error, refusals []error) {
	if owner, ok := errors.AsType[*kafka.NotOwnerError](err); ok && owner.Address != "" && owner.Address != r.Host {
		// 307 makes a client repeat the request as it was, body and all.
		http.Redirect(w, r, "http://"+owner.Address+r.URL.RequestURI(), http.StatusTemporaryRedirect)
		return
	}
	status := status(err, refusals)
	if status >= http.StatusInternalServerError {
		w.Header().Set("Retry-After", "1") // under the same command id
	}
	http.Error(w, err.Error(), status)
}

func status(err error, refusals []error) int {
	is := func(target error) bool { return errors.Is(err, target) }
	_, precondition := errors.AsType[*es.PreconditionError](err)
	_, invalid := errors.AsType[*es.InvalidCommandError](err)
	switch {
	case invalid, is(es.ErrEmptyID), is(es.ErrCommandIDTooLong):
		return http.StatusBadRequest
	case is(es.ErrNotFound):
		return http.StatusNotFound
	case is(es.ErrExists), is(es.ErrConflict):
		return http.StatusConflict
	case precondition, slices.ContainsFunc(refusals, is):
		return http.StatusUnprocessableEntity
	}
	// The owner is not known, the outcome is not known, Kafka cannot be reached.
	return http.StatusServiceUnavailable
}
