package jsonschema

import (
	"math/big"
	"slices"
	"strconv"
	"strings"
)

// key returns a text that two values share when the registry takes them for
// equal: 1 and 1.0 are not, nor are 1.0 and 1.00; the order of an object's
// members does not count.
func (v *value) key() string {
	var b strings.Builder
	v.appendKey(&b)
	return b.String()
}

func (v *value) appendKey(b *strings.Builder) {
	switch v.kind {
	case jsonNull:
		b.WriteByte('n')
	case jsonTrue:
		b.WriteByte('t')
	case jsonFalse:
		b.WriteByte('f')
	case jsonString:
		appendText(b, 's', v.text)
	case jsonInteger:
		appendText(b, 'i', integer(v.text))
	case jsonDecimal:
		digits, scale := decimal(v.text)
		appendText(b, 'd', digits)
		b.WriteString(strconv.FormatInt(scale, 10))
	case jsonArray:
		b.WriteByte('[')
		for _, item := range v.items {
			item.appendKey(b)
		}
		b.WriteByte(']')
	case jsonObject:
		b.WriteByte('{')
		members := slices.Clone(v.members)
		slices.SortFunc(members, func(a, b member) int { return strings.Compare(a.name, b.name) })
		for _, m := range members {
			appendText(b, 's', m.name)
			m.value.appendKey(b)
		}
		b.WriteByte('}')
	}
}

// appendText writes a text so that no other text continues it.
func appendText(b *strings.Builder, tag byte, text string) {
	b.WriteByte(tag)
	b.WriteString(strconv.Itoa(len(text)))
	b.WriteByte(':')
	b.WriteString(text)
}

// integer returns an integer as it is after reading: -0 is 0.
func integer(text string) string {
	if text == "-0" {
		return "0"
	}
	return text
}

// decimal splits a decimal number into its digits with sign, and the power of
// ten they are divided by: 1.50 is 150 and 2.
func decimal(text string) (digits string, scale int64) {
	mantissa := text
	if at := strings.IndexAny(text, "eE"); at >= 0 {
		exponent, _ := strconv.ParseInt(text[at+1:], 10, 64) // checked by the reader
		mantissa, scale = text[:at], -exponent
	}
	negative := strings.HasPrefix(mantissa, "-")
	mantissa = strings.TrimPrefix(mantissa, "-")
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits = strings.TrimLeft(whole+fraction, "0")
	scale += int64(len(fraction))
	if digits == "" {
		return "0", scale
	}
	if negative {
		digits = "-" + digits
	}
	return digits, scale
}

// number is a bound. Bounds are compared as doubles, as the registry does.
type number struct {
	float float64
	key   string
	text  string
}

func newNumber(v *value) *number {
	float, _ := strconv.ParseFloat(v.text, 64) // out of range is an infinity, as in Java
	return &number{float: float, key: v.key(), text: v.text}
}

// maxExact bounds the exponents that are worked with exactly: more digits are
// no multipleOf that anybody writes, and take time.
const maxExact = 1000

func (n *number) zero() bool {
	digits, _ := decimal(n.text)
	return digits == "0"
}

// divides says whether m is a multiple of n, exactly; ok is false when the
// numbers are too far apart to tell.
func (n *number) divides(m *number) (multiple, ok bool) {
	if n.zero() {
		return false, false
	}
	for _, each := range []*number{n, m} {
		if _, scale := decimal(each.text); scale > maxExact || scale < -maxExact {
			return false, false
		}
	}
	divisor, ok1 := new(big.Rat).SetString(n.text)
	dividend, ok2 := new(big.Rat).SetString(m.text)
	if !ok1 || !ok2 {
		return false, false
	}
	return new(big.Rat).Quo(dividend, divisor).IsInt(), true
}

// javaDecimal writes a decimal number as Java's BigDecimal does: with an
// exponent when the scale is negative or the number is below 0.000001.
func javaDecimal(text string) string {
	digits, scale := decimal(text)
	sign := ""
	if strings.HasPrefix(digits, "-") {
		sign, digits = "-", digits[1:]
	}
	exponent := int64(len(digits)) - 1 - scale
	if scale == 0 {
		return sign + digits
	}
	if scale > 0 && exponent >= -6 {
		if missing := scale - int64(len(digits)) + 1; missing > 0 {
			digits = strings.Repeat("0", int(missing)) + digits
		}
		point := int64(len(digits)) - scale
		return sign + digits[:point] + "." + digits[point:]
	}
	mantissa := digits[:1]
	if len(digits) > 1 {
		mantissa += "." + digits[1:]
	}
	if exponent == 0 {
		return sign + mantissa
	}
	power := strconv.FormatInt(exponent, 10)
	if exponent > 0 {
		power = "+" + power
	}
	return sign + mantissa + "E" + power
}
