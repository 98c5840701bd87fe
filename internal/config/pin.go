package config

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

const module = "github.com/esgen-dev/esgen/cmd/esgen"

var (
	pinSyntax = regexp.MustCompile(`^(>=|<=|>|<|=)?v?[0-9]+(\.[0-9]+){0,2}( +(>=|<=|>|<|=)?v?[0-9]+(\.[0-9]+){0,2})*$`)
	release   = regexp.MustCompile(`^v?([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?(.*)$`)
)

// pin is a set of conditions on a version, all of which have to hold.
type pin []bound

type bound struct {
	op      string // ">=", "<=", ">", "<" or "="
	version number
}

// number is a version without what stands behind its three numbers.
type number [3]int

func (n number) String() string { return fmt.Sprintf("v%d.%d.%d", n[0], n[1], n[2]) }

// parsePin reads what pinSyntax matches; "" allows every version.
func parsePin(text string) pin {
	var p pin
	for term := range strings.FieldsSeq(text) {
		digits := strings.TrimLeft(term, "<>=")
		version, _, _ := parseNumber(digits)
		p = append(p, bound{op: cmp.Or(strings.TrimSuffix(term, digits), "="), version: version})
	}
	return p
}

func parseNumber(text string) (n number, rest string, ok bool) {
	match := release.FindStringSubmatch(text)
	if match == nil {
		return n, "", false
	}
	for i := range n {
		n[i], _ = strconv.Atoi(match[i+1]) // "" is 0
	}
	return n, match[4], true
}

// allows reports whether a version of esgen may run. Builds without a release,
// such as "(devel)" or a pseudo-version on v0.0.0, always may.
func (p pin) allows(version string) bool {
	n, rest, ok := parseNumber(version)
	if !ok || n == (number{}) && rest != "" {
		return true
	}
	for _, b := range p {
		c := slices.Compare(n[:], b.version[:])
		holds := map[string]bool{">=": c >= 0, "<=": c <= 0, ">": c > 0, "<": c < 0, "=": c == 0}
		if !holds[b.op] {
			return false
		}
	}
	return true
}

// install returns the command that brings a version that may run: the newest
// one below an upper bound.
func (p pin) install() string {
	query := "latest"
	for _, b := range p {
		switch b.op {
		case "=":
			query = b.version.String()
		case "<", "<=":
			query = b.op + b.version.String()
		}
	}
	return fmt.Sprintf("go get -tool '%s@%s'", module, query)
}
