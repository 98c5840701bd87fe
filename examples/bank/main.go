package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"buf.build/go/protovalidate"
	"google.golang.org/protobuf/proto"

	"github.com/esgen-dev/esgen/es/memory"
)

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "bank:", err)
		os.Exit(1)
	}
}

// run tells the story on w. Its clock is made up, an hour a command, so that
// the story is the same every time.
func run(ctx context.Context, w io.Writer) error {
	now := time.Date(2025, time.March, 1, 9, 0, 0, 0, time.UTC)
	engine := memory.New(
		memory.Clock(func() time.Time { now = now.Add(time.Hour); return now }),
		memory.Validate(func(c proto.Message) error { return protovalidate.Validate(c) }),
	)
	s := newStory(w, engine)
	if err := s.lastYear(ctx); err != nil {
		return err
	}
	now = now.AddDate(1, 0, 0)
	for _, chapter := range []func(context.Context) error{
		s.today, s.refusals, s.auditTrail, s.timeTravel, s.readModel, s.replay,
	} {
		if err := chapter(ctx); err != nil {
			return err
		}
	}
	return engine.Close()
}
