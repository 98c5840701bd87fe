//go:build unix

package realkafka

import (
	"bufio"
	"errors"
	"io"
	"net"
	"os"
	"testing"
	"time"

	"github.com/esgen-dev/esgen/internal/jvm"
)

// echo is a server that says what it hears.
func echo(t *testing.T) (address string) {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				_, _ = io.Copy(c, c)
			}()
		}
	}()
	return l.Addr().String()
}

func openGate(t *testing.T, to string) *gate {
	t.Helper()
	g, err := newGate(to)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.close)
	return g
}

func dial(t *testing.T, address string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp4", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// TestGate shuts a gate under a connection, and another one that is made
// meanwhile. What was sent arrives when it is opened.
func TestGate(t *testing.T) {
	t.Parallel()
	g := openGate(t, echo(t))
	old := dial(t, g.address())
	say(t, old, "before")
	hear(t, old, "before")

	g.set(true)
	young := dial(t, g.address())
	for _, c := range []net.Conn{old, young} {
		say(t, c, "meanwhile")
		_ = c.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
		if n, err := c.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("a gate that is shut let %d bytes pass, and %v", n, err)
		}
	}
	g.set(false)
	for _, c := range []net.Conn{old, young} {
		_ = c.SetReadDeadline(time.Time{})
		hear(t, c, "meanwhile")
	}
}

// TestGate_close takes a gate away that is shut. Nothing hangs.
func TestGate_close(t *testing.T) {
	t.Parallel()
	g := openGate(t, echo(t))
	c := dial(t, g.address())
	say(t, c, "before")
	hear(t, c, "before")
	g.set(true)
	say(t, c, "never")
	g.close()
	if content, _ := io.ReadAll(c); len(content) > 0 {
		t.Errorf("%q arrived", content)
	}
}

// TestGate_nobody connects to a listener that is not there.
func TestGate_nobody(t *testing.T) {
	t.Parallel()
	port, err := jvm.FreePort()
	if err != nil {
		t.Fatal(err)
	}
	c := dial(t, openGate(t, loopback(port)).address())
	if _, err := c.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
		t.Errorf("%v, want the end of the connection", err)
	}
}

// TestNetwork_isolate shuts what leads to a node, and from it to controllers.
func TestNetwork_isolate(t *testing.T) {
	t.Parallel()
	all, err := layout(3)
	if err != nil {
		t.Fatal(err)
	}
	w, err := newNetwork(all)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.close)
	w.isolate(2)
	for id, g := range w.brokers {
		if g.shut != (id == 2) {
			t.Errorf("the gate to broker %d: shut is %t", id, g.shut)
		}
	}
	for way, g := range w.quorum {
		if g.shut != (way[0] == 2 || way[1] == 2) {
			t.Errorf("the gate from %d to controller %d: shut is %t", way[0], way[1], g.shut)
		}
	}
	w.mend()
	w.each(func(g *gate) {
		if g.shut {
			t.Error("a gate is still shut")
		}
	})
}

func say(t *testing.T, c net.Conn, text string) {
	t.Helper()
	if _, err := io.WriteString(c, text+"\n"); err != nil {
		t.Fatal(err)
	}
}

func hear(t *testing.T, c net.Conn, want string) {
	t.Helper()
	if got, err := bufio.NewReader(c).ReadString('\n'); err != nil || got != want+"\n" {
		t.Fatalf("%q, %v, want %q", got, err, want)
	}
}
