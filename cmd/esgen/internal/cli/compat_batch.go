package cli

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/esgen-dev/esgen/compat"
	"github.com/esgen-dev/esgen/compat/confluent"
	"github.com/esgen-dev/esgen/generator/schema"
)

// batchPair is one line of the file that --batch names.
type batchPair struct {
	ID         json.RawMessage `json:"id"`
	Type       string          `json:"type"`
	Old        *string         `json:"old"`
	New        *string         `json:"new"`
	OldImports batchImports    `json:"old_imports"`
	NewImports batchImports    `json:"new_imports"`
}

// compatBatch compares the pairs of a file, several at a time, and prints the
// results in their order.
func (a *app) compatBatch(ctx context.Context, f diffFlags) (err error) {
	in := a.env.Stdin
	if f.batch != "-" {
		file, err := os.Open(a.flags.join(f.batch))
		if err != nil {
			return fmt.Errorf("read the pairs: %w", err)
		}
		defer func() { _ = file.Close() }() // it was only read
		in = file
	}
	worst := codeOK
	err = inOrder(ctx, lines(in), func(line numbered) result { return compareLine(f, line) }, func(r result) error {
		worst = max(worst, r.code)
		if _, err := a.env.Stdout.Write(r.out); err != nil {
			return fmt.Errorf("print the comparison: %w", err)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return a.comparisonVerdict(worst)
}

// result is what one line led to.
type result struct {
	out  []byte
	code int
}

// compareLine compares the pair of one line. A line that is no pair is answered
// like a schema that is none, so that answers and lines stay in step; so is one
// that finds a bug.
func compareLine(f diffFlags, line numbered) (r result) {
	var pair batchPair
	var out bytes.Buffer
	wrong := func(reason string) result {
		out.Reset()
		message := fmt.Sprintf("line %d: %s", line.number, reason)
		c := comparison{ID: pair.ID, Error: message, Differences: []difference{}}
		if err := json.NewEncoder(&out).Encode(c); err != nil { // of an id that is no JSON, which cannot be
			out.WriteString("{}\n")
		}
		return result{out.Bytes(), codeCompile}
	}
	defer func() {
		if cause := recover(); cause != nil {
			r = wrong(fmt.Sprintf("this looks like a bug in esgen: %v", cause))
			r.code = codeBug
		}
	}()
	if err := json.Unmarshal(line.text, &pair); err != nil {
		return wrong("not a pair of schemas: " + whyNotJSON(err))
	}
	if pair.Old == nil || pair.New == nil {
		return wrong("the fields old and new are needed")
	}
	typ := schema.Type(strings.ToUpper(f.typ.value))
	if pair.Type != "" {
		typ = schema.Type(strings.ToUpper(pair.Type))
	}
	c := compat.Compare(f.rules(), compat.Pair{
		Old: confluent.Source{Type: typ, Text: *pair.Old, Imports: pair.OldImports},
		New: confluent.Source{Type: typ, Text: *pair.New, Imports: pair.NewImports},
	})
	if err := printComparison(&out, pair.ID, c); err != nil {
		return wrong(err.Error())
	}
	return result{out.Bytes(), comparisonCode(c)}
}

// whyNotJSON words an error for who wrote the line, who knows no types of Go.
func whyNotJSON(err error) string {
	var typed *json.UnmarshalTypeError
	switch {
	case errors.As(err, &typed) && typed.Field == "":
		return "it is no object but a JSON " + typed.Value
	case errors.As(err, &typed):
		return fmt.Sprintf("the field %s is a JSON %s", typed.Field, typed.Value)
	}
	return err.Error()
}

// numbered is a line of a file, counting from 1.
type numbered struct {
	number int
	text   []byte
	err    error
}

// lines yields the lines of a file that are not blank, however long.
func lines(r io.Reader) func(yield func(numbered) bool) {
	return func(yield func(numbered) bool) {
		reader := bufio.NewReader(r)
		for n := 1; ; n++ {
			text, err := reader.ReadBytes('\n')
			if text = bytes.TrimSpace(text); len(text) > 0 && !yield(numbered{number: n, text: text}) {
				return
			}
			if err != nil {
				if !errors.Is(err, io.EOF) {
					yield(numbered{err: fmt.Errorf("read the pairs: %w", err)})
				}
				return
			}
		}
	}
}

// inOrder works on all lines at once, as far as there are processors, and hands
// the results on in the order of the lines.
func inOrder(ctx context.Context, all func(func(numbered) bool), work func(numbered) result, done func(result) error) error {
	group, ctx := errgroup.WithContext(ctx)
	waiting := make(chan chan result, 2*runtime.GOMAXPROCS(0))
	group.Go(func() error {
		defer close(waiting)
		var workers errgroup.Group
		workers.SetLimit(runtime.GOMAXPROCS(0))
		defer func() { _ = workers.Wait() }() // they return no errors
		for line := range all {
			if line.err != nil {
				return line.err
			}
			out := make(chan result, 1)
			select {
			case waiting <- out:
			case <-ctx.Done():
				return ctx.Err() // Run says that it was interrupted
			}
			workers.Go(func() error { out <- work(line); return nil })
		}
		return nil
	})
	group.Go(func() error {
		for out := range waiting {
			if err := done(<-out); err != nil {
				return err
			}
		}
		return nil
	})
	return group.Wait() //nolint:wrapcheck // what the two return says all
}
