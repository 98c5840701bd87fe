package nearest_test

import (
	"testing"

	"github.com/esgen-dev/esgen/internal/nearest"
)

func TestTo(t *testing.T) {
	t.Parallel()
	words := []string{"AccountOpened", "Deposited", "DepositedV2", "Withdrawn"}
	for _, c := range []struct{ name, want string }{
		{"AccountOpend", "AccountOpened"},
		{"accountopened", "AccountOpened"},
		{"Deposited", "Deposited"},
		{"Withdarwn", "Withdrawn"},
		{"DepositedV3", "DepositedV2"},
		{"Closed", ""},
		{"", ""},
		{"Ω", ""},
	} {
		got, ok := nearest.To(c.name, words)
		if got != c.want || ok != (c.want != "") {
			t.Errorf("To(%q) = %q, %v; want %q", c.name, got, ok, c.want)
		}
	}
}

func TestTo_takesTheFirstOfEquals(t *testing.T) {
	t.Parallel()
	if got, _ := nearest.To("cat", []string{"bat", "hat"}); got != "bat" {
		t.Errorf("got %q", got)
	}
}
