package protobuf_test

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/esgen-dev/esgen/compat/confluent/protobuf"
)

// pair is a case of testdata/pairs.txtar.
type pair struct {
	old, update protobuf.Source
	v1, v2      []string
}

func readPair(t *testing.T, text string) pair {
	t.Helper()
	var p pair
	sawV1 := false
	for section := range strings.SplitSeq("\n"+text, "\n=== ") {
		head, body, _ := strings.Cut(section, "\n")
		words := strings.Fields(head)
		src := &p.old
		if len(words) > 0 && words[0] == "new" {
			src = &p.update
		}
		switch {
		case len(words) == 0:
		case words[0] == "v1":
			p.v1, sawV1 = nonEmptyLines(body), true
		case words[0] == "v2":
			p.v2 = nonEmptyLines(body)
		case len(words) == 1:
			src.Text = body
			if !strings.HasPrefix(body, "syntax") {
				src.Text = `syntax = "proto3"; package p; ` + body
			}
		default:
			imp := protobuf.Import{Name: words[2], Text: body}
			if len(words) == 5 {
				imp.Subject = words[3]
				imp.Version, _ = strconv.Atoi(words[4])
			}
			src.Imports = append(src.Imports, imp)
		}
	}
	if !sawV1 {
		p.v1 = p.v2
	}
	return p
}

func nonEmptyLines(text string) []string {
	all := []string{}
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, line)
		}
	}
	return all
}

func TestPairs(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/pairs.txtar")
	if err != nil {
		t.Fatal(err)
	}
	archive := txtar.Parse(data)
	for _, file := range archive.Files {
		t.Run(file.Name, func(t *testing.T) {
			t.Parallel()
			p := readPair(t, string(file.Data))
			old, update := parse(t, p.old), parse(t, p.update)
			if diff := cmp.Diff(p.v2, lines(protobuf.Diff(protobuf.V2, old, update))); diff != "" {
				t.Errorf("v2 (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(p.v1, lines(protobuf.Diff(protobuf.V1, old, update))); diff != "" {
				t.Errorf("v1 (-want +got):\n%s", diff)
			}
			for _, s := range []*protobuf.Schema{old, update} {
				if got := lines(protobuf.Diff(protobuf.V2, s, s)); len(got) > 0 {
					t.Errorf("a schema differs from itself: %v", got)
				}
			}
		})
	}
}
