package forward_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
)

// raw is a server that can do with its connections what an http.Server would
// not.
type raw struct {
	url   string
	calls atomic.Int32 // requests that were read to their end
	dials atomic.Int32

	mu    sync.Mutex
	conns []net.Conn
}

// newRaw calls script with each connection, which is closed when it returns.
func newRaw(t *testing.T, script func(*raw, *conn)) *raw {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &raw{url: "http://" + listener.Addr().String()}
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			r.dials.Add(1)
			r.mu.Lock()
			r.conns = append(r.conns, c)
			r.mu.Unlock()
			wg.Go(func() {
				defer c.Close()
				script(r, &conn{TCPConn: c.(*net.TCPConn), reader: bufio.NewReader(c)})
			})
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		r.mu.Lock()
		for _, c := range r.conns {
			_ = c.Close()
		}
		r.mu.Unlock()
		wg.Wait()
	})
	return r
}

type conn struct {
	*net.TCPConn

	reader *bufio.Reader
}

// request reads a request to its end, and reports whether there was one.
func (c *conn) request(r *raw) bool {
	req, err := http.ReadRequest(c.reader)
	if err != nil {
		return false
	}
	if _, err := io.Copy(io.Discard, req.Body); err != nil {
		return false
	}
	r.calls.Add(1)
	return true
}

// untilClosed waits until the client gives up.
func (c *conn) untilClosed() { _, _ = c.reader.ReadByte() }

// replies returns a script that answers every request with the same bytes.
func replies(answer string) func(*raw, *conn) {
	return func(r *raw, c *conn) {
		for c.request(r) {
			_, _ = io.WriteString(c, answer)
		}
	}
}

// repliesOnce returns a script that answers one request and closes.
func repliesOnce(answer string) func(*raw, *conn) {
	return func(r *raw, c *conn) {
		if c.request(r) {
			_, _ = io.WriteString(c, answer)
		}
	}
}

// answerOf returns the bytes that a handler answers to what call sends.
func answerOf(t *testing.T, h http.Handler, call func(url string)) string {
	t.Helper()
	var answer bytes.Buffer
	call(serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.ServeHTTP(&copying{ResponseWriter: w, to: &answer}, r)
	})))
	return answer.String()
}

// copying writes a response twice.
type copying struct {
	http.ResponseWriter

	to   *bytes.Buffer
	head bool
}

func (c *copying) Write(b []byte) (int, error) {
	if !c.head {
		c.head = true
		c.to.WriteString("HTTP/1.1 200 OK\r\n")
		_ = c.Header().Write(c.to)
		c.to.WriteString("\r\n")
	}
	c.to.Write(b)
	return c.ResponseWriter.Write(b)
}

// unread is an answer that cannot be read, after which the connection is used
// again.
const unread = "HTTP/1.1 200 OK\r\nEsgen-Forward: 1\r\nContent-Length: 3\r\n\r\n\xff\xff\xff"

// page is an answer of another server.
func page(status string) string {
	body := "<html><h1>" + status + "</h1></html>"
	return fmt.Sprintf("HTTP/1.1 %s\r\nConnection: close\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%s", status, len(body), body)
}
