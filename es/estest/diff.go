package estest

import (
	"strings"

	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/proto"
)

// lines returns messages as text, line by line.
func lines(messages ...proto.Message) text {
	var out text
	for _, m := range messages {
		if m == nil || !m.ProtoReflect().IsValid() {
			out = append(out, "nil")
			continue
		}
		name := string(m.ProtoReflect().Descriptor().FullName())
		body := prototext.MarshalOptions{Multiline: true, AllowPartial: true, EmitASCII: false}.Format(m)
		if body == "" {
			out = append(out, name+" {}")
			continue
		}
		out = append(out, name+" {")
		for line := range strings.Lines(body) {
			out = append(out, "  "+steady(strings.TrimSuffix(line, "\n")))
		}
		out = append(out, "}")
	}
	return out
}

// steady takes out the second space that prototext puts behind some colons, at
// random by build.
func steady(line string) string {
	name, value, ok := strings.Cut(line, ":")
	if !ok || strings.ContainsRune(name, '"') {
		return line
	}
	return name + ": " + strings.TrimLeft(value, " ")
}

type text []string

// maxDiff is how many pairs of lines are worth a comparison.
const maxDiff = 4_000_000

func (t text) indented() string {
	if len(t) == 0 {
		return "  (none)"
	}
	return "  " + strings.Join(t, "\n  ")
}

// diff returns the lines of both texts: those of want alone with a minus,
// those of got alone with a plus.
func diff(want, got text) string {
	if len(want)*len(got) > maxDiff {
		return "- " + strings.Join(want, "\n- ") + "\n+ " + strings.Join(got, "\n+ ")
	}
	common := commonLines(want, got)
	var out text
	i, j := 0, 0
	for i < len(want) && j < len(got) {
		switch {
		case want[i] == got[j]:
			out = append(out, "  "+want[i])
			i, j = i+1, j+1
		case common[i+1][j] >= common[i][j+1]:
			out = append(out, "- "+want[i])
			i++
		default:
			out = append(out, "+ "+got[j])
			j++
		}
	}
	for ; i < len(want); i++ {
		out = append(out, "- "+want[i])
	}
	for ; j < len(got); j++ {
		out = append(out, "+ "+got[j])
	}
	return strings.Join(out, "\n")
}

// commonLines returns at [i][j] how many lines the texts have in common, in
// order, from the lines i and j on.
func commonLines(a, b text) [][]int {
	common := make([][]int, len(a)+1)
	common[len(a)] = make([]int, len(b)+1)
	for i := len(a) - 1; i >= 0; i-- {
		common[i] = make([]int, len(b)+1)
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	return common
}
