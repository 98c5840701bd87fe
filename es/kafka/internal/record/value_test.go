package record_test

import (
	"encoding/hex"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/sr"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"github.com/esgen-dev/esgen/es/kafka/internal/record"
)

// encodeValue returns the value of an event, and its schema header.
func encodeValue(s record.Schema, data []byte) (value, header []byte, err error) {
	ev := opened()
	ev.Schema, ev.Data = s, data
	value, headers, err := encode[record.Header](cloudEvents, ev)
	for _, h := range headers {
		if h.Key == "__value_schema_id" {
			header = h.Value
		}
	}
	return value, header, err
}

// parseValue reads a value, with its schema header unless that is nil.
func parseValue(value, header []byte) (record.Schema, []byte, error) {
	_, headers, err := encode[record.Header](cloudEvents, opened())
	if err != nil {
		return record.Schema{}, nil, err
	}
	if header != nil {
		headers = append(headers, record.Header{Key: "__value_schema_id", Value: header})
	}
	ev, err := record.ParseEvent([]byte("k"), value, headers)
	if err != nil {
		return record.Schema{}, nil, err
	}
	return ev.Schema, ev.Data, nil
}

func TestValue_bytes(t *testing.T) {
	t.Parallel()
	guid := [16]byte{0x89, 0x79, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14}
	const guidHex = "01" + "89790102030405060708090a0b0c0d0e"
	for _, tc := range []struct {
		schema        record.Schema
		data          string
		value, header string // in hex
	}{
		{record.Schema{ID: 1}, "\x08\x01", "00" + "00000001" + "00" + "0801", ""},
		{record.Schema{ID: math.MaxInt32}, "", "00" + "7fffffff" + "00", ""},
		{record.Schema{ID: 2, Indexes: []int32{1}}, "\x08\x01", "00" + "00000002" + "0202" + "0801", ""},
		{record.Schema{ID: 2, Indexes: []int32{2, 0}}, "", "00" + "00000002" + "040400", ""},
		{record.Schema{ID: 2, Indexes: []int32{64, 200}}, "", "00" + "00000002" + "0480019003", ""},
		{record.Schema{Framing: record.Bare}, "\x08\x01", "0801", ""},
		{record.Schema{Framing: record.Bare}, "", "c0a30900", ""},
		{record.Schema{Framing: record.InHeader, GUID: guid}, "\x08\x01", "0801", guidHex + "00"},
		{record.Schema{Framing: record.InHeader, GUID: guid, Indexes: []int32{1}}, "", "c0a30900", guidHex + "0202"},
	} {
		value, header, err := encodeValue(tc.schema, []byte(tc.data))
		if err != nil || hex.EncodeToString(value) != tc.value || hex.EncodeToString(header) != tc.header {
			t.Errorf("%+v: value %x, header %x, %v", tc.schema, value, header, err)
			continue
		}
		schema, data, err := parseValue(value, header)
		if diff := cmp.Diff(tc.schema, schema); diff != "" || string(data) != tc.data || err != nil {
			t.Errorf("%+v came back as %q, %v\n%s", tc.schema, data, err, diff)
		}
	}
	first, _, err := encodeValue(record.Schema{ID: 1, Indexes: []int32{0}}, nil)
	if err != nil || hex.EncodeToString(first) != "000000000100" {
		t.Errorf("path to the first message: %x, %v", first, err)
	}
}

// Clients of the registry read what we write, and we read what they write.
func TestValue_registryClient(t *testing.T) {
	t.Parallel()
	var client sr.ConfluentHeader
	for _, indexes := range [][]int32{nil, {0}, {1}, {0, 0}, {2, 0, 65}, {8192}} {
		path := make([]int, max(1, len(indexes)))
		for i, n := range indexes {
			path[i] = int(n)
		}
		want, err := client.AppendEncode(nil, 77, path)
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, 8, 1)
		got, _, err := encodeValue(record.Schema{ID: 77, Indexes: indexes}, []byte{8, 1})
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%v: %v\n%s", indexes, err, diff)
		}
		if _, _, err := parseValue(want, nil); err != nil {
			t.Errorf("%v is not read: %v", indexes, err)
		}
	}
}

// A reader that knows nothing of the mark finds an empty message.
func TestValue_empty(t *testing.T) {
	t.Parallel()
	value, _, err := encodeValue(record.Schema{Framing: record.Bare}, nil)
	if err != nil || len(value) == 0 {
		t.Fatalf("value %x, %v", value, err)
	}
	m := wrapperspb.String("left over")
	if err := proto.Unmarshal(value, m); err != nil || m.GetValue() != "" {
		t.Errorf("the mark is read as %v, %v", m, err)
	}
}

func TestValue_refuses(t *testing.T) {
	t.Parallel()
	bare := record.Schema{Framing: record.Bare}
	for _, tc := range []struct {
		schema record.Schema
		data   string
		want   string
	}{
		{record.Schema{}, "", "schema id 0"},
		{record.Schema{ID: -1}, "", "schema id -1"},
		{record.Schema{ID: 1, Indexes: []int32{-1}}, "", "index -1"},
		{record.Schema{Framing: record.InHeader}, "", "has no GUID"},
		{record.Schema{Framing: record.InHeader, GUID: [16]byte{1}, Indexes: []int32{0, -2}}, "", "index -2"},
		{record.Schema{Framing: 9}, "", "framing 9"},
		{bare, "\x00", "starts with a zero byte"},
		{bare, "\xc0\xa3\x09\x00", "the mark of an empty one"},
	} {
		if _, _, err := encodeValue(tc.schema, []byte(tc.data)); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%+v, %x: %v, want %q", tc.schema, tc.data, err, tc.want)
		}
	}
}

func TestValue_damaged(t *testing.T) {
	t.Parallel()
	guid := "01" + strings.Repeat("07", 16)
	for _, tc := range []struct{ value, header, want string }{
		{"", "", "empty or null"},
		{"00", "", "the value has 1 bytes, too few"},
		{"0000000001", "", "the value has 5 bytes, too few"},
		{"000000000000", "", "schema id 0"},
		{"008000000000", "", "schema id -2147483648"},
		{"000000000101", "", "number -1 in the path"},
		{"000000000180", "", "cut short"},
		{"000000000104" + "02", "", "2 indexes in 1 bytes"},
		{"000000000104" + "0280", "", "cut short"},
		{"000000000102" + "00", "", "not in its short form"},
		{"00000000018000", "", "not in its shortest form"},
		{"000000000102" + "8200", "", "not in its shortest form"},
		{"000000000102" + "8080808010", "", "number 2147483648 in the path"},
		{"000000000180808080f0ffffffff01", "", "in the path"},
		{"", guid + "00", "empty or null"},
		{"00", guid + "00", "starts with a zero byte although"},
		{"08", "02" + guid[2:] + "00", "version 2: written in a format"},
		{"08", guid, "has 17 bytes, too few"},
		{"08", guid + "0002", "1 bytes too many"},
		{"08", guid + "03", "number -2"},
		{"08", "01" + strings.Repeat("00", 17), "the GUID is zero"},
	} {
		value, _ := hex.DecodeString(tc.value)
		var header []byte
		if tc.header != "" {
			header, _ = hex.DecodeString(tc.header)
		}
		if s, _, err := parseValue(value, header); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s, header %s: %+v, %v, want %q", tc.value, tc.header, s, err, tc.want)
		}
	}
}
