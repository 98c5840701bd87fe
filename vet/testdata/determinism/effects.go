// Package determinism holds behaviours that depend on more than their
// arguments, and some that look like it.
package determinism

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"math"
	mrand "math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/esgen-dev/esgen/es"
	depotv1 "github.com/esgen-dev/esgen/vet/testdata/gen/depot/v1"
)

type clock struct{}

func (clock) ApplyPacked(m es.Meta, s *depotv1.Box, _ *depotv1.Packed) {
	s.PackedAt = timestamppb.New(time.Now()) // want `^ApplyPacked reads the clock with time.Now: the time is in es.Meta$`
	s.PackedAt = timestamppb.Now()           // want `reads the clock with timestamppb.Now`
	if time.Since(m.Time) > time.Hour {      // want `time.Since`
		s.Label = m.Time.Local().String() // want `depends on the machine's zones with time.Time.Local`
	}
	now := time.Now        // want `time.Now`
	s.Total = now().Unix() // want `asks a clock`
	time.Sleep(1)          // want `waits with time.Sleep`
	<-time.After(1)        // want `uses channels` `waits`

	// What is computed from times that are given is fine.
	s.PackedAt = timestamppb.New(m.Time.Add(time.Hour).Truncate(time.Minute).UTC())
	if m.Time.After(s.GetPackedAt().AsTime()) || http.Header(nil).Get("a") == "" {
		s.Total = 1
	}
	t, _ := time.Parse(time.RFC3339, s.GetLabel())
	s.Total = t.Unix() + time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC).Unix() + time.Unix(1, 0).Unix()
	s.Total += func() time.Time { return m.Time }().Unix()
}

type random struct{}

func (random) HandlePack(es.Meta, *depotv1.Box, *depotv1.Pack) ([]depotv1.PackOutcome, error) {
	if mrand.IntN(2) == 0 { // want `HandlePack draws random numbers with rand.IntN: let the caller put it into the command`
		return nil, nil
	}
	buf := make([]byte, 8)
	_, err := rand.Read(buf) // want `rand.Read`
	_ = rand.Reader          // want `rand.Reader`
	return nil, err
}

type world struct{}

func (world) UpcastFilled(_ es.Meta, e *depotv1.Filled) *depotv1.Packed {
	name := os.Getenv("DEPOT")                       // want `UpcastFilled does I/O with os.Getenv`
	file, err := os.Open(name)                       // want `os.Open`
	_ = file.Close()                                 // want `os.File.Close`
	fmt.Println(name)                                // want `fmt.Println`
	fmt.Fprintln(os.Stderr, name)                    // want `os.Stderr`
	slog.Info("upcast")                              // want `writes a log, once more for each replay with slog.Info`
	_, _ = http.Get(name)                            // want `http.Get`
	_, _ = http.DefaultClient.Do(nil)                // want `http.DefaultClient` `http.Client.Do`
	_, _ = (&net.Dialer{}).Dial("tcp", name)         // want `net.Dialer.Dial`
	_, _ = net.LookupHost(name)                      // want `net.LookupHost`
	_, _ = net.DefaultResolver.LookupHost(ctx(), "") // want `net.DefaultResolver` `net.Resolver.LookupHost`
	_, _ = filepath.Abs(name)                        // want `filepath.Abs`

	// Names, texts and errors of the same packages are fine.
	var b strings.Builder
	fmt.Fprintf(&b, "%s %v %v", filepath.Join("a", "b"), net.ParseIP("::1").To4(), http.StatusText(404))
	_, _ = url.Parse(name)
	if errors.Is(err, os.ErrNotExist) || errors.Is(err, fs.ErrExist) || math.IsNaN(1) {
		return nil
	}
	return &depotv1.Packed{Label: b.String()}
}

func ctx() context.Context { return context.Background() }

type concurrent struct{ mu *sync.Mutex }

func (b concurrent) HandleEmpty(es.Meta, *depotv1.Box, *depotv1.Empty) ([]depotv1.EmptyOutcome, error) {
	b.mu.Lock()            // want `synchronizes goroutines with sync.Mutex.Lock: the engine calls it for one command of an aggregate at a time`
	defer b.mu.Unlock()    // want `sync.Mutex.Unlock`
	done := make(chan int) // want `uses channels`
	go func() {            // want `starts a goroutine`
		done <- 1 // want `uses channels`
	}()
	select { // want `uses channels`
	case <-done:
	default:
	}
	for range done { // want `uses channels`
	}
	var n atomic.Int64
	n.Add(1) // want `atomic.Int64.Add`
	return nil, nil
}
