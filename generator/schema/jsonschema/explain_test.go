package jsonschema_test

import (
	"encoding/base64"
	"encoding/json"
	"math"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"time"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// tooMuch names the reason, of those in the manual of the package, why a
// schema accepts a mutant that protojson refuses; it is empty if there is none.
func tooMuch(m mutant) string {
	switch m.kind {
	case "key", "only key":
		if n, ok := new(big.Int).SetString(strings.TrimPrefix(m.raw, "+"), 10); ok {
			if !inRange(m.fd.Kind(), new(big.Rat).SetInt(n)) {
				return "range of a key"
			}
			if m.kind == "key" {
				return "two spellings of a key"
			}
		}
	case "value":
		return tooMuchOf(m.fd, m.raw)
	case "oneof":
		if reason := tooMuchOf(m.fd, m.raw); reason != "" {
			return reason
		}
		return "members of a oneof"
	}
	return ""
}

func tooMuchOf(fd protoreflect.FieldDescriptor, raw string) string {
	text, isString := unquote(raw)
	if fd.Message() != nil && !strings.HasSuffix(string(fd.Message().Name()), "Value") {
		return tooMuchOfMessage(fd.Message().Name(), text, raw)
	}
	number, isNumber := parseNumber(text)
	switch kind := scalarKind(fd); kind {
	case protoreflect.BytesKind:
		if body := strings.TrimRight(text, "="); isString && len(text)-len(body) <= 2 && (len(body)%4 == 1 || len(text)%4 != 0 || len(text) != len(body)) {
			return "padding of base64"
		}
	case protoreflect.FloatKind, protoreflect.DoubleKind:
		if _, err := strconv.ParseFloat(text, 8*size(kind)); isNumber && err != nil {
			return "range of a float"
		}
	case protoreflect.StringKind, protoreflect.BoolKind, protoreflect.EnumKind, protoreflect.MessageKind, protoreflect.GroupKind:
	default:
		switch {
		case !isNumber:
		case isString && number == nil:
			return "range in a string"
		case isString && !number.IsInt() && strings.ContainsAny(text, "eE"):
			return "fraction in a string"
		case isString && number.IsInt() && (!inRange(kind, number) || unsigned(kind) && strings.HasPrefix(text, "-")):
			return "range in a string"
		case !isString && unsigned(kind) && number.Sign() < 0: // a schema can say that
		case !isString && size(kind) == 8 && number.IsInt() && !inRange(kind, number):
			return "range of a 64-bit number"
		}
	}
	return ""
}

func tooMuchOfMessage(name protoreflect.Name, text, raw string) string {
	switch name {
	case "Any":
		if strings.Contains(raw, `"@type":"nope/x"`) {
			return "content of an Any"
		}
	case "Timestamp":
		at, err := time.Parse(time.RFC3339Nano, text)
		if err == nil && (at.Unix() < -62135596800 || at.Unix() > 253402300799) {
			return "range of a timestamp"
		}
	case "Duration":
		seconds, err := strconv.ParseFloat(strings.TrimSuffix(text, "s"), 64)
		if err == nil && math.Abs(seconds) > 315576000000 && math.Abs(seconds) < 1e12 {
			return "range of a duration"
		}
	}
	return ""
}

// tooLittle names the reason why a schema refuses a mutant that protojson
// accepts.
func tooLittle(m mutant) string {
	if m.kind == "original name" {
		return "original name"
	}
	if m.fd == nil || m.kind == "key" || m.kind == "only key" {
		return ""
	}
	text, isString := unquote(m.raw)
	if !isString {
		return ""
	}
	if scalarKind(m.fd) == protoreflect.BytesKind {
		body := strings.NewReplacer("\n", "", "\r", "").Replace(text)
		if _, err := base64.StdEncoding.DecodeString(body); body != text && (err == nil || len(text)%4 != 0) {
			return "line break in base64"
		}
	}
	if m.fd.Message() == nil {
		return ""
	}
	switch m.fd.Message().Name() {
	case "Timestamp":
		switch {
		case strings.Contains(text, ","):
			return "comma in a timestamp"
		case regexp.MustCompile(`T\d:`).MatchString(text):
			return "hour of one digit"
		case regexp.MustCompile(`[+-](24:..|..:60)$`).MatchString(text):
			return "offset of a day"
		}
	case "FieldMask":
		if strings.TrimSpace(text) != text {
			return "space around a field mask"
		}
	}
	return ""
}

// scalarKind is the kind of a value, also if it stands in a wrapper.
func scalarKind(fd protoreflect.FieldDescriptor) protoreflect.Kind {
	if md := fd.Message(); md != nil {
		switch value := md.Fields().ByName("value"); {
		case md.FullName() == "google.protobuf.Value":
			return protoreflect.DoubleKind
		case md.FullName().Parent() == "google.protobuf" && value != nil && strings.HasSuffix(string(md.Name()), "Value"):
			return value.Kind()
		}
	}
	return fd.Kind()
}

func size(kind protoreflect.Kind) int {
	switch kind {
	case protoreflect.Int32Kind, protoreflect.Sint32Kind, protoreflect.Sfixed32Kind, protoreflect.Uint32Kind, protoreflect.Fixed32Kind, protoreflect.FloatKind:
		return 4
	default:
		return 8
	}
}

// parseNumber reads what JSON calls a number; an absurd exponent gives nil.
func parseNumber(text string) (*big.Rat, bool) {
	var number json.Number
	if text == "" || !strings.ContainsAny(text[:1], "-0123456789") || json.Unmarshal([]byte(text), &number) != nil {
		return nil, false
	}
	if n, ok := new(big.Rat).SetString(text); ok {
		return n, true
	}
	return nil, true
}

func unsigned(kind protoreflect.Kind) bool {
	switch kind {
	case protoreflect.Uint32Kind, protoreflect.Fixed32Kind, protoreflect.Uint64Kind, protoreflect.Fixed64Kind:
		return true
	default:
		return false
	}
}

// inRange reports whether an integer fits its kind.
func inRange(kind protoreflect.Kind, n *big.Rat) bool {
	bits := uint(8 * size(kind))
	low, high := new(big.Int), new(big.Int).Lsh(big.NewInt(1), bits)
	if !unsigned(kind) {
		high.Rsh(high, 1)
		low.Neg(high)
	}
	return n.IsInt() && n.Num().Cmp(low) >= 0 && n.Num().Cmp(high) < 0
}

// unquote returns the content of a JSON string, or the text as it is.
func unquote(raw string) (string, bool) {
	var text string
	if err := json.Unmarshal([]byte(raw), &text); err != nil || raw == "null" {
		return raw, false
	}
	return text, true
}
