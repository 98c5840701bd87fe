package web

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"
)

// Listen returns a listener for [Serve]: port 0 of an address takes a free one.
func Listen(ctx context.Context, address string) (net.Listener, error) {
	var listening net.ListenConfig
	return listening.Listen(ctx, "tcp", address)
}

// Serve answers requests until the context ends, and then those that have begun.
func Serve(ctx context.Context, l net.Listener, h http.Handler) error {
	server := &http.Server{Handler: h, ReadHeaderTimeout: patience}
	closed := make(chan error, 1)
	stop := context.AfterFunc(ctx, func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience+time.Second)
		defer cancel()
		closed <- server.Shutdown(ctx)
	})
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		stop()
		return err
	}
	return <-closed
}
