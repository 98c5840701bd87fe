//go:build unix

package interop

import (
	"bytes"
	"os"
	"testing"
	"time"

	"github.com/esgen-dev/esgen/internal/jvm"
)

// application is a program that prints what it does.
type application struct {
	*jvm.Process

	log string // a file
}

func (a application) said(t *testing.T) []byte {
	t.Helper()
	content, err := os.ReadFile(a.log)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// awaitPrinted waits for a text behind what was printed before.
func (a application) awaitPrinted(t *testing.T, before int, text string) {
	t.Helper()
	for !bytes.Contains(a.said(t)[before:], []byte(text)) {
		a.alive(t)
		time.Sleep(time.Millisecond)
	}
}

// alive fails the test when the application has ended.
func (a application) alive(t *testing.T) {
	t.Helper()
	select {
	case <-a.Ended():
		t.Fatal("the application has ended")
	default:
	}
}
