package history

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"github.com/esgen-dev/esgen/generator/schema"
)

// The lines that every esgen.lock begins with.
const (
	header  = `# esgen.lock: every accepted schema version. Written by "esgen lock update", not by hand.`
	version = "format 1"
)

// schemaLine is a line about a version, without its hash.
type schemaLine struct {
	track

	number  int
	subject string
	refs    []schema.Reference
}

// aggregateLine returns the line of an aggregate.
func aggregateLine(a Aggregate) string {
	return fmt.Sprintf("aggregate %s topic=%s partitions=%d", escape(a.Name), escape(a.Topic), a.Partitions)
}

// eventLine returns the line of an event.
func eventLine(e Event) string {
	line := fmt.Sprintf("event %s aggregate=%s type=%s", escape(e.Name), escape(e.Aggregate), escape(e.StoredName))
	if len(e.Aliases) == 0 {
		return line
	}
	aliases := make([]string, len(e.Aliases))
	for i, alias := range e.Aliases {
		aliases[i] = escape(alias)
	}
	return line + " aliases=" + strings.Join(aliases, ",")
}

// format returns the line with a hash.
func (s schemaLine) format(hash string) string {
	var out strings.Builder
	fmt.Fprintf(&out, "schema %s %d %s subject=%s sha256=%s", escape(s.key), s.number, escape(string(s.kind)), escape(s.subject), hash)
	for i, ref := range s.refs {
		out.WriteString([]string{",", " refs="}[btoi(i == 0)])
		fmt.Fprintf(&out, "%s@%s:%d", escape(ref.Name), escape(ref.Subject), ref.Version)
	}
	return out.String()
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// lineError says what is wrong with a line, and where.
type lineError struct {
	column int // from 1, in bytes
	text   string
}

// Error returns what is wrong.
func (e *lineError) Error() string { return e.text }

// fields are the words of a line.
type fields struct {
	words   []string
	columns []int
	values  map[string]string // of the words with =
}

// cut takes a line apart: a fixed number of names, then key=value in the order
// of keys, of which those behind required may be missing.
func cut(line string, names, required int, keys ...string) (fields, *lineError) {
	f := fields{values: map[string]string{}}
	for at := 0; ; {
		word, rest, more := strings.Cut(line[at:], " ")
		f.words, f.columns = append(f.words, word), append(f.columns, at+1)
		if word == "" {
			return f, &lineError{at + 1, "there is a space too much"}
		}
		if !more {
			break
		}
		at = len(line) - len(rest)
	}
	if len(f.words) < names+required {
		return f, &lineError{len(line) + 1, fmt.Sprintf("the line ends too early: expected %s", expected(len(f.words), names, keys))}
	}
	if last := names + len(keys); len(f.words) > last {
		return f, &lineError{f.columns[last], fmt.Sprintf("%s is too much", short(f.words[last]))}
	}
	for i, word := range f.words[names:] {
		value, ok := strings.CutPrefix(word, keys[i]+"=")
		if !ok {
			return f, &lineError{f.columns[names+i], fmt.Sprintf("expected %s=, found %s", keys[i], short(word))}
		}
		f.values[keys[i]] = value
	}
	return f, nil
}

func expected(have, names int, keys []string) string {
	if have < names {
		return "a name"
	}
	return keys[have-names] + "="
}

// name returns a word, unescaped.
func (f fields) name(i int) (string, *lineError) {
	name, ok := unescape(f.words[i])
	if !ok {
		return "", &lineError{f.columns[i], "the % of " + short(f.words[i]) + " is not followed by two hex digits"}
	}
	return name, nil
}

// value returns the value of a key, unescaped.
func (f fields) value(i int, key string) (string, *lineError) {
	value, ok := unescape(f.values[key])
	if !ok || value == "" {
		return "", &lineError{f.columns[i] + len(key) + 1, fmt.Sprintf("%s is no value of %s", short(f.values[key]), key)}
	}
	return value, nil
}

// count reads a number that is at least 1.
func count(text string, column int) (int, *lineError) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		return 0, &lineError{column, short(text) + " is not a number from 1 on"}
	}
	return n, nil
}

func parseAggregate(line string) (Aggregate, *lineError) {
	f, err := cut(line, 2, 2, "topic", "partitions")
	if err != nil {
		return Aggregate{}, err
	}
	name, err1 := f.name(1)
	topic, err2 := f.value(2, "topic")
	partitions, err3 := count(f.values["partitions"], f.columns[3]+len("partitions="))
	return Aggregate{Name: name, Topic: topic, Partitions: partitions}, firstOf(err1, err2, err3)
}

func parseEvent(line string) (Event, *lineError) {
	f, err := cut(line, 2, 2, "aggregate", "type", "aliases")
	if err != nil {
		return Event{}, err
	}
	name, err1 := f.name(1)
	aggregate, err2 := f.value(2, "aggregate")
	stored, err3 := f.value(3, "type")
	e := Event{Name: name, Aggregate: aggregate, StoredName: stored}
	if list, ok := f.values["aliases"]; ok {
		for alias := range strings.SplitSeq(list, ",") {
			text, ok := unescape(alias)
			if !ok || text == "" {
				return e, &lineError{f.columns[4], short(list) + " is no list of aliases"}
			}
			e.Aliases = append(e.Aliases, text)
		}
	}
	return e, firstOf(err1, err2, err3)
}

func parseSchema(line string) (s schemaLine, hash string, _ *lineError) {
	f, err := cut(line, 4, 2, "subject", "sha256", "refs")
	if err != nil {
		return s, "", err
	}
	var errs [4]*lineError
	s.key, errs[0] = f.name(1)
	s.number, errs[1] = count(f.words[2], f.columns[2])
	s.kind = schema.Type(f.words[3])
	s.subject, errs[2] = f.value(4, "subject")
	if hash = f.values["sha256"]; !isHash(hash) {
		return s, "", &lineError{f.columns[5] + len("sha256="), "sha256 is not 64 lower-case hex digits"}
	}
	if extension(s.kind) == "" {
		return s, "", &lineError{f.columns[3], short(f.words[3]) + " is neither PROTOBUF nor JSON"}
	}
	if list, ok := f.values["refs"]; ok {
		s.refs, errs[3] = parseRefs(list, f.columns[6]+len("refs="))
	}
	return s, hash, firstOf(errs[:]...)
}

func parseRefs(list string, column int) ([]schema.Reference, *lineError) {
	var refs []schema.Reference
	for text := range strings.SplitSeq(list, ",") {
		name, rest, ok1 := strings.Cut(text, "@")
		subject, number, ok2 := strings.Cut(rest, ":")
		name, ok3 := unescape(name)
		subject, ok4 := unescape(subject)
		if !ok1 || !ok2 || !ok3 || !ok4 || name == "" || subject == "" {
			return nil, &lineError{column, short(text) + " is not of the form path@subject:version"}
		}
		n, err := count(number, column+len(text)-len(number))
		if err != nil {
			return nil, err
		}
		refs = append(refs, schema.Reference{Name: name, Subject: subject, Version: n})
		column += len(text) + 1
	}
	return refs, nil
}

func isHash(text string) bool {
	_, err := hex.DecodeString(text)
	return err == nil && len(text) == 64 && strings.ToLower(text) == text
}

func firstOf(errs ...*lineError) *lineError {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// short quotes what stands in a file so that a message stays readable.
func short(text string) string {
	const limit = 60
	if len(text) > limit {
		return strconv.Quote(text[:limit]) + " and so on"
	}
	return strconv.Quote(text)
}
