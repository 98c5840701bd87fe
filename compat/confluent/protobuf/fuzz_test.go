package protobuf_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/esgen-dev/esgen/compat/confluent/protobuf"
)

// checkPair holds two schemas against what is true of every pair.
func checkPair(t *testing.T, old, update *protobuf.Schema) {
	t.Helper()
	for _, profile := range []protobuf.Profile{protobuf.V1, protobuf.V2} {
		for _, s := range []*protobuf.Schema{old, update} {
			if got := lines(protobuf.Diff(profile, s, s)); len(got) > 0 && !s.RepeatsTags() {
				t.Errorf("a schema differs from itself: %v\n%s", got, s.Canonical())
			}
		}
		there, again := lines(protobuf.Diff(profile, old, update)), lines(protobuf.Diff(profile, old, update))
		if strings.Join(there, "\n") != strings.Join(again, "\n") {
			t.Errorf("two answers for one pair:\n%v\n%v", there, again)
		}
		if len(there) == 0 && len(protobuf.Diff(profile, update, old)) > 0 {
			t.Errorf("no difference in one direction, but in the other:\n%s\n%s", old.Canonical(), update.Canonical())
		}
		for _, d := range protobuf.Diff(profile, old, update) {
			if !strings.HasPrefix(d.Path, "#/") || d.Type.String() == "" {
				t.Errorf("difference %v", d)
			}
		}
	}
}

func FuzzDiff(f *testing.F) {
	for _, p := range probes(f) {
		f.Add(p.Old, p.New)
	}
	for _, file := range []string{"testdata/pairs.txtar", "testdata/canonical.txtar"} {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add("message M { required int32 a = 1; oneof o { int32 b = 1; } }", "") // twice one number
		for _, part := range txtar.Parse(data).Files {
			f.Add(header+string(part.Data), header)
			f.Add(string(part.Data), string(part.Data))
		}
	}
	f.Fuzz(func(t *testing.T, original, changed string) {
		if len(original)+len(changed) > 1<<16 {
			t.Skip("the hostile ones have tests of their own")
		}
		old, err := protobuf.ParseStored(protobuf.Source{Text: original, Imports: []protobuf.Import{{Name: "i", Text: header}}})
		if err != nil {
			return
		}
		update, err := protobuf.ParseStored(protobuf.Source{Text: changed})
		if err != nil {
			return
		}
		checkPair(t, old, update)
		_, _, _ = old.Canonical(), old.Types(), old.RecordName()
		if _, err := protobuf.Parse(protobuf.Source{Text: original}); err == nil && len(old.Types()) > 0 && old.RecordName() == "" {
			t.Error("a schema with types has no name")
		}
	})
}

// TestRandomPairs compares schemas that are made by chance and so share names
// and numbers in ways that nobody writes down.
func TestRandomPairs(t *testing.T) {
	t.Parallel()
	for seed := range uint64(400) {
		g := generator{rand.New(rand.NewPCG(seed, 1))}
		source := func() protobuf.Source {
			return protobuf.Source{
				Text: `syntax = "proto3"; package p; ` + g.scope(0),
				Imports: []protobuf.Import{
					{Name: "t.proto", Text: `syntax = "proto3"; package t; ` + g.scope(1), Subject: "t", Version: 1 + g.IntN(2)},
				},
			}
		}
		first := source()
		old, update := parse(t, first), parse(t, source())
		checkPair(t, old, update)
		checkCanonical(t, old, first.Imports...)
	}
}

// generator makes schemas out of few names and numbers.
type generator struct{ *rand.Rand }

func (g generator) pick(words string) string {
	all := strings.Fields(words)
	return all[g.IntN(len(all))]
}

// scope makes the messages A, B and C, and the enums K and L, so that every
// name that a field uses exists.
func (g generator) scope(depth int) string {
	var b strings.Builder
	names := []string{"A", "B", "C"}
	g.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	for _, name := range names {
		if depth == 0 || g.IntN(3) > 0 || depth == 1 {
			fmt.Fprintf(&b, "message %s { %s } ", name, g.message(depth))
		}
	}
	for _, name := range []string{"K", "L"} {
		if depth < 2 || g.IntN(3) == 0 {
			fmt.Fprintf(&b, "enum %s { %s = 0; %s = %d; } ", name, g.pick("X Y"), g.pick("Z W"), 1+g.IntN(3))
		}
	}
	return b.String()
}

func (g generator) message(depth int) string {
	var b strings.Builder
	open := false
	for tag := range 6 {
		if g.IntN(3) == 0 {
			continue
		}
		if !open && g.IntN(3) == 0 {
			fmt.Fprintf(&b, "oneof o%d { ", g.IntN(2)+2*tag)
			open = true
		}
		typ := g.pick("int32 int64 sint32 string bytes float A B C K L t.A .t.B t.K google.type.Date map<string,A> map<string,int32>")
		label := ""
		if !open && !strings.HasPrefix(typ, "map") {
			label = g.pick("optional repeated - -")
		}
		fmt.Fprintf(&b, "%s %s %s = %d; ", strings.Trim(label, "-"), typ, g.pick("x y"), tag+1)
		if open && g.IntN(2) == 0 {
			b.WriteString("} ")
			open = false
		}
	}
	if open {
		b.WriteString("} ")
	}
	if depth < 2 && g.IntN(3) == 0 {
		b.WriteString(g.scope(depth + 2))
	}
	return b.String()
}
